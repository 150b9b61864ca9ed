import { create } from '@bufbuild/protobuf';
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalFromWire, decimalToWire } from './decimal-text.ts';
import { isFault } from './fault.ts';
import { formatDuration, formatTimestamp, parseDuration, parseTimestamp } from './time-text.ts';

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (thrown) {
    if (isFault(thrown)) return thrown.code;
  }
  return 'accepted';
}

const NANOS = fc.oneof(fc.nat({ max: 999_999_999 }), fc.constantFrom(0, 1000, 1_000_000, 500_000_000));

describe('a point in time', () => {
  it('is read back from its text', () => {
    const seconds = fc.bigInt({ min: -62_135_596_800n, max: 253_402_300_799n });
    fc.assert(
      fc.property(seconds, NANOS, (second, nanos) => {
        const time = create(TimestampSchema, { seconds: second, nanos });
        expect(parseTimestamp(formatTimestamp(time))).toEqual(time);
      }),
    );
  });

  it('has as few groups of three digits as it needs', () => {
    const text = (nanos: number): string => formatTimestamp(create(TimestampSchema, { seconds: 1n, nanos }));
    expect([0, 500_000_000, 500_000, 5].map(text)).toEqual([
      '1970-01-01T00:00:01Z',
      '1970-01-01T00:00:01.500Z',
      '1970-01-01T00:00:01.000500Z',
      '1970-01-01T00:00:01.000000005Z',
    ]);
    expect(formatTimestamp(create(TimestampSchema, { seconds: -62_135_596_800n }))).toBe('0001-01-01T00:00:00Z');
  });

  it('may be given in another zone', () => {
    expect(parseTimestamp('2026-11-21T11:46:37.5+02:00')).toEqual(parseTimestamp('2026-11-21T09:46:37.500Z'));
  });

  it('is refused when it is none', () => {
    for (const text of [
      '',
      '2026-11-21',
      '2026-13-21T00:00:00Z',
      '2026-02-30T00:00:00Z',
      '2026-11-21T00:00:00',
      '2026-11-21 00:00:00Z',
    ]) {
      expect(
        codeOf(() => parseTimestamp(text)),
        text,
      ).toBe('TIME_INVALID');
    }
    for (const seconds of [-62_135_596_801n, 253_402_300_800n, 2n ** 62n]) {
      expect(codeOf(() => formatTimestamp(create(TimestampSchema, { seconds })))).toBe('TIME_INVALID');
    }
  });
});

describe('a span of time', () => {
  it('is read back from its text', () => {
    const seconds = fc.bigInt({ min: -315_576_000_000n, max: 315_576_000_000n });
    fc.assert(
      fc.property(seconds, NANOS, (second, nanos) => {
        const span = create(DurationSchema, { seconds: second, nanos: second < 0n ? -nanos || 0 : nanos });
        expect(parseDuration(formatDuration(span))).toEqual(span);
      }),
    );
    expect(formatDuration(create(DurationSchema, { seconds: 1_814_400n }))).toBe('1814400s');
    expect(formatDuration(create(DurationSchema, { nanos: -5_000_000 }))).toBe('-0.005s');
  });

  it('is refused when it is none', () => {
    for (const text of ['', '10', 's', '1.s', '1m', '--1s', '1.0000000001s']) {
      expect(
        codeOf(() => parseDuration(text)),
        text,
      ).toBe('TIME_INVALID');
    }
  });
});

describe('a number of eighteen decimals', () => {
  it('is scaled on the wire and has a point in JSON', () => {
    expect(decimalFromWire('100000000000000000')).toBe('0.100000000000000000');
    expect(decimalFromWire('-1')).toBe('-0.000000000000000001');
    expect(decimalFromWire('12000000000000000000')).toBe('12.000000000000000000');
    expect([decimalToWire('0.1'), decimalToWire('7'), decimalToWire('-0.5')]).toEqual([
      '100000000000000000',
      '7000000000000000000',
      '-500000000000000000',
    ]);
  });

  it('is read back from its text', () => {
    fc.assert(
      fc.property(fc.bigInt(), (scaled) => {
        expect(decimalToWire(decimalFromWire(scaled.toString()))).toBe(scaled.toString());
      }),
    );
  });

  it('is refused when it is none', () => {
    for (const text of ['', '1.', '.5', '1e3', '0.0000000000000000001', '+1', 'x']) {
      expect(
        codeOf(() => decimalToWire(text)),
        text,
      ).toBe('DECIMAL_INVALID');
    }
    for (const text of ['', '1.5', '+1'])
      expect(
        codeOf(() => decimalFromWire(text)),
        text,
      ).toBe('DECIMAL_INVALID');
  });
});
