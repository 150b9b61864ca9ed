import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ratioText } from './ratio-text.ts';

test.each<[bigint, bigint, string | null]>([
  [1n, 0n, null],
  [0n, 3n, '0'],
  [1n, 3n, '0.333333333'],
  [10n, 4n, '2.5'],
  [1n, 1_000_000_000n, '0.000000001'],
  [1n, 10_000_000_000n, '0'],
  [2n ** 64n, 2n, '9223372036854775808'],
])('%d / %d is %s', (dividend, divisor, text) => {
  expect(ratioText(dividend, divisor)).toBe(text);
});

test('it is never more than the ratio, nor less by as much as its last digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 80n }), fc.bigInt({ min: 1n, max: 2n ** 80n }), (dividend, divisor) => {
      const [whole, fraction = ''] = ratioText(dividend, divisor)!.split('.');
      const scaled = BigInt(whole! + fraction.padEnd(9, '0'));
      const below = dividend * 10n ** 9n - scaled * divisor;
      return below >= 0n && below < divisor;
    }),
  );
});
