import fc from 'fast-check';
import { expect, test } from 'vitest';
import { divideByLargestRemainder } from './largest-remainder.ts';

function divide(amount: bigint, ...weights: number[]): number[] {
  const recipients = weights.map((weight, index) => ({ address: `a${index}`, weight: BigInt(weight) }));
  return divideByLargestRemainder(amount, recipients).map(Number);
}

test('the units left over go to the largest fractions', () => {
  expect(divide(1_000_003n, 600_000, 300_000, 100_000)).toEqual([600_002, 300_001, 100_000]);
  expect(divide(100n, 333, 333, 334)).toEqual([33, 33, 34]);
  expect(divide(9_240n, 700_000, 200_000, 100_000)).toEqual([6_468, 1_848, 924]);
  expect(divide(1_234n, 1500, 1500, 1000, 1000, 1000)).toEqual([308, 308, 206, 206, 206]);
  expect(divide(1_000n, 2000, 1000, 3000, 1000)).toEqual([286, 143, 428, 143]);
});

test('equal fractions: the lower address comes first', () => {
  expect(divide(100n, 333, 333, 333)).toEqual([34, 33, 33]);
  expect(divide(500n, 1, 1, 1)).toEqual([167, 167, 166]);
  const reversed = ['c', 'b', 'a'].map((address) => ({ address, weight: 1n }));
  expect(divideByLargestRemainder(100n, reversed)).toEqual([33n, 33n, 34n]);
});

test('one batch is fairer than many small ones', () => {
  const thrice = [1, 2, 3].map(() => divide(10n, 333, 333, 334));
  expect(thrice.reduce((sum, parts) => sum.map((part, i) => part + parts[i]!))).toEqual([9, 9, 12]);
  expect(divide(30n, 333, 333, 334)).toEqual([10, 10, 10]);
  const weights = [31, 10, 8, 7, 7, 6, 5, 5, 5, 4, 4, 3, 3, 2];
  expect(divide(40_000n, ...weights)).toEqual([
    12400, 4000, 3200, 2800, 2800, 2400, 2000, 2000, 2000, 1600, 1600, 1200, 1200, 800,
  ]);
});

test('weight zero gets nothing, and no weight at all is a fault', () => {
  expect(divide(10n, 0, 5)).toEqual([0, 10]);
  expect(() => divide(10n, 0, 0)).toThrow(expect.objectContaining({ code: 'NO_WEIGHT' }));
  expect(() => divide(10n)).toThrow(expect.objectContaining({ code: 'NO_WEIGHT' }));
});

test('the parts sum to the amount, and nobody is a whole unit away from the exact part', () => {
  const weights = fc.array(fc.bigInt(0n, 10n ** 20n), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 18n), weights, (amount, list) => {
      const total = list.reduce((sum, weight) => sum + weight, 0n);
      fc.pre(total > 0n);
      const parts = divideByLargestRemainder(
        amount,
        list.map((weight, index) => ({ address: `a${index}`, weight })),
      );
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(amount);
      for (const [index, part] of parts.entries()) {
        const distance = part * total - list[index]! * amount;
        expect(distance > -total && distance < total).toBe(true);
      }
    }),
  );
});
