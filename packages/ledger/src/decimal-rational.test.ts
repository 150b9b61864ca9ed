import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ceilShare, decimalRational, decimalText, floorShare } from './decimal-rational.ts';

test('a parameter is the decimal that was written, not its binary value', () => {
  expect(decimalRational(0.975)).toEqual({ numerator: 975n, denominator: 1000n });
  expect(floorShare(100_000_000n, decimalRational(0.045))).toBe(4_500_000n);
  expect(floorShare(100n, decimalRational(0.29))).toBe(29n);
});

test('exponents are written out', () => {
  expect(decimalText(1e-7)).toBe('0.0000001');
  expect(decimalText(1.25e-9)).toBe('0.00000000125');
  expect(decimalText(1e21)).toBe('1000000000000000000000');
  expect(decimalText(1.5e22)).toBe('15000000000000000000000');
  expect(decimalText(0)).toBe('0');
  expect(decimalText(1)).toBe('1');
  expect(decimalText(0.123456789)).toBe('0.123456789');
  expect(decimalText(-0.5)).toBe('-0.5');
  expect(decimalRational(1e-7)).toEqual({ numerator: 1n, denominator: 10n ** 7n });
  expect(decimalRational(1e21)).toEqual({ numerator: 10n ** 21n, denominator: 1n });
  expect(decimalRational(-2.5)).toEqual({ numerator: -25n, denominator: 10n });
});

test('what is not finite is no decimal', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(() => decimalText(value)).toThrow(expect.objectContaining({ code: 'DECIMAL_NOT_FINITE' }));
    expect(() => decimalRational(value)).toThrow(expect.objectContaining({ code: 'DECIMAL_NOT_FINITE' }));
  }
});

test('rounding is named: floor for shares, ceil for inflation', () => {
  expect(floorShare(7n, decimalRational(0.5))).toBe(3n);
  expect(ceilShare(7n, decimalRational(0.5))).toBe(4n);
  expect(ceilShare(1_000_000n, decimalRational(0.000001))).toBe(1n);
  expect(ceilShare(1_000_001n, decimalRational(0.000001))).toBe(2n);
  expect(ceilShare(0n, decimalRational(0.1))).toBe(0n);
});

test('text and rational name the number that a double reads back as', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = decimalText(value);
      expect(text).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Number(text)).toBe(value === 0 ? 0 : value);
      const { numerator, denominator } = decimalRational(value);
      const scale = denominator.toString().length - 1;
      expect(Number(`${numerator}e-${scale}`)).toBe(value === 0 ? 0 : value);
    }),
  );
});
