import { expect, test } from 'vitest';
import { seededRandom } from './seeded-random.ts';

const draws = (seed: number, count: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
};

test('the same seed gives the same numbers, another seed others', () => {
  expect(draws(7, 20)).toEqual(draws(7, 20));
  for (const other of [8, -7, 7 + 2 ** 32, 0]) expect(draws(other, 5)).not.toEqual(draws(7, 5));
});

test('numbers lie in [0, 1) and fill it evenly', () => {
  const numbers = draws(1, 20_000);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  const tenths = Array.from({ length: 10 }, (_, tenth) => numbers.filter((n) => Math.floor(n * 10) === tenth).length);
  for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(250);
});
