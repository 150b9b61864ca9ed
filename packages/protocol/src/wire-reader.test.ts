import { BinaryWriter } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from './bytes.ts';
import { isFault } from './fault.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

const UINT64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.integer({ min: 0, max: 63 }).map((bits) => 2n ** BigInt(bits)),
  fc.integer({ min: 1, max: 64 }).map((bits) => 2n ** BigInt(bits) - 1n),
);

function written(write: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter();
  write(writer);
  return writer.finish();
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (thrown) {
    if (isFault(thrown)) return thrown.code;
    throw thrown;
  }
  return 'nothing thrown';
}

describe('varints', () => {
  it('are those of the protobuf library, in both directions', () => {
    fc.assert(
      fc.property(UINT64, (value) => {
        const bytes = written((writer) => writer.varint64(value));
        expect(toHex(bytes)).toBe(toHex(new BinaryWriter().uint64(value).finish()));
        expect(new WireReader(bytes).varint()).toBe(value);
        if (value <= Number.MAX_SAFE_INTEGER) {
          expect(toHex(written((writer) => writer.varint(Number(value))))).toBe(toHex(bytes));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('of negative integers are ten bytes of two’s complement', () => {
    expect(toHex(written((writer) => writer.varint64(-1n)))).toBe('ffffffffffffffffff01');
    expect(BigInt.asIntN(64, new WireReader(fromHex('ffffffffffffffffff01')).varint())).toBe(-1n);
  });

  it('need not be shortest, and end within 64 bits', () => {
    expect(new WireReader(fromHex('8100')).varint()).toBe(1n);
    expect(new WireReader(fromHex('81808080808080808000')).varint()).toBe(1n);
    expect(codeOf(() => new WireReader(fromHex('ffffffffffffffffff02')).varint())).toBe('WIRE_VARINT_TOO_LONG');
    expect(codeOf(() => new WireReader(fromHex('8080808080808080808001')).varint())).toBe('WIRE_VARINT_TOO_LONG');
    expect(codeOf(() => new WireReader(fromHex('ff')).varint())).toBe('WIRE_TRUNCATED');
  });
});

describe('the writer', () => {
  it('keeps what it has written when it grows', () => {
    const [small, large] = [new Uint8Array(3000).fill(1), new Uint8Array(10_000).fill(2)];
    const bytes = written((writer) => {
      for (const part of [small, large, small]) writer.raw(part);
    });
    expect(bytes).toEqual(new Uint8Array([...small, ...large, ...small]));
  });

  it('hands out bytes that later writing does not touch', () => {
    const writer = new WireWriter();
    writer.text('first');
    const first = writer.finish();
    writer.text('other');
    expect(Buffer.from(first).toString()).toBe('first');
    expect(Buffer.from(writer.finish()).toString()).toBe('other');
  });

  it('starts anew after a message too large to keep room for', () => {
    const writer = new WireWriter();
    writer.raw(new Uint8Array(2 << 20));
    expect(writer.finish()).toHaveLength(2 << 20);
    writer.varint(5);
    expect(toHex(writer.finish())).toBe('05');
  });

  it('refuses half a surrogate pair and writes a whole one', () => {
    expect(codeOf(() => written((writer) => writer.text('\ud800')))).toBe('WIRE_TEXT_INVALID');
    expect(toHex(written((writer) => writer.text('\ud83d\ude00')))).toBe('f09f9880');
  });
});

describe('the reader', () => {
  it('reads doubles and texts as the protobuf library writes them', () => {
    fc.assert(
      fc.property(fc.double(), fc.string({ unit: 'binary' }), (number, text) => {
        const reader = new WireReader(new BinaryWriter().double(number).string(text).finish());
        expect(reader.double()).toEqual(number);
        expect(reader.text()).toBe(text);
        expect(reader.atEnd).toBe(true);
      }),
    );
  });

  it('refuses fields that cannot be', () => {
    expect(codeOf(() => new WireReader(fromHex('02')).tag())).toBe('WIRE_FIELD_NUMBER');
    for (const tag of ['0b', '0c', '0e', '0f']) {
      expect(
        codeOf(() => new WireReader(fromHex(tag)).tag()),
        tag,
      ).toBe('WIRE_TYPE_UNKNOWN');
    }
    expect(codeOf(() => new WireReader(fromHex('8888888818')).tag())).toBe('WIRE_VARINT_TOO_LONG');
    expect(codeOf(() => new WireReader(fromHex('888888888001')).tag())).toBe('WIRE_VARINT_TOO_LONG');
  });

  it('does not read past the end of a part', () => {
    const reader = new WireReader(fromHex('0102030405'));
    reader.end = 2;
    expect(codeOf(() => reader.double())).toBe('WIRE_TRUNCATED');
    expect(codeOf(() => new WireReader(fromHex('05616263')).text())).toBe('WIRE_TRUNCATED');
    expect(codeOf(() => new WireReader(fromHex('ffffffff0f61')).bytes())).toBe('WIRE_TRUNCATED');
    expect(codeOf(() => new WireReader(fromHex('02c328')).text())).toBe('WIRE_TEXT_INVALID');
  });

  it('passes over a value of any kind', () => {
    const bytes = new BinaryWriter().uint64(300n).double(1).fixed32(7).string('skipped').string('kept').finish();
    const reader = new WireReader(bytes);
    for (const wireType of [0, 1, 5, 2] as const) reader.skip(wireType);
    expect(reader.text()).toBe('kept');
    expect(reader.atEnd).toBe(true);
  });
});
