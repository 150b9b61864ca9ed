import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextMovingAverage } from './moving-average.ts';

test.each([
  [100n, 0n, 89n],
  [100n, 1n, 90n],
  [1000000n, 100n, 900009n],
  [484935n, 49915n, 441432n],
  [10n, 20n, 11n],
  [100000n, 123456n, 102345n],
  [1234567n, 7654321n, 1876542n],
  [100000n, 100n, 90009n],
  [2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 53n - 1n],
  [2n ** 64n - 1n, 0n, 16602069666338596351n],
  [0n, 2n ** 64n - 1n, 1844674407370955263n],
  [12345678901234567n, 98765432109876543n, 20987654222098765n],
])('after %i, a count of %i moves the average to %i', (previous, current, next) => {
  expect(nextMovingAverage(previous, current)).toBe(next);
});

test('a count equal to the average leaves it', () => {
  for (let count = 1n; count <= 2000n; count++) expect(nextMovingAverage(count, count)).toBe(count);
});

test('the average stays within one of exact decimal arithmetic while a double is precise enough', () => {
  const count = fc.bigInt({ min: 0n, max: 2n ** 50n });
  fc.assert(
    fc.property(count, count, (previous, current) => {
      const difference = (9n * previous + current) / 10n - nextMovingAverage(previous, current);
      expect(difference >= -1n && difference <= 1n).toBe(true);
    }),
    { numRuns: 500 },
  );
});
