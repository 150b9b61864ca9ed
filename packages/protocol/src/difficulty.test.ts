import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toBigInt, toHex } from './bytes.ts';
import { baseTarget, difficultyMultiplier, isRelayApplicable, scaleTarget, targetFor } from './difficulty.ts';

const FF = 'ff'.repeat(32);
const targetFault = expect.objectContaining({ code: 'DIFFICULTY_TARGET' });

test.each([
  [100000n, 1n, FF],
  [100000n, 99999n, FF],
  [100000n, 100000n, FF],
  [100000n, 100001n, 'ffff583ac1ac1c114b9160ddeb4791b75f9f6ad33e74a874e0d123c1525382ef'],
  [100000n, 1000000n, '19'.padEnd(64, '9')],
  [100000n, 100000000n, '004189374bc6a7ef9db22d0e5604189374bc6a7ef9db22d0e5604189374bc6a7'],
  [1n, 3n, '5'.repeat(64)],
  [3n, 2n ** 62n, '000000000000000b'.padEnd(64, 'f')],
  [1n, 2n ** 63n - 1n, '0000000000000002000000000000000400000000000000080000000000000010'],
  [50n, 100n, '7'.padEnd(64, 'f')],
  [50n, 800n, '0'.padEnd(64, 'f')],
  [50n, 6400n, '01'.padEnd(64, 'f')],
  [50n, 0n, FF],
])('%i relays wanted of %i', (wanted, average, target) => {
  expect(toHex(targetFor(wanted, average))).toBe(target);
});

// The reference's own table in `relay_difficulty_test.go`.
test.each([
  [FF, 1n, 10n, '19'.padEnd(64, '9')],
  ['19'.padEnd(64, '9'), 10n, 1n, 'fa'.padStart(64, 'f')],
  ['3'.padEnd(64, 'f'), 4n, 1n, 'fc'.padStart(64, 'f')],
  [FF, 1n, 10n ** 13n, '00000000001c25c268497681c2650cb4be40d60df7311e9872477f201c409ec0'],
  ['00000000001c25c268497681c2650cb4be40d60df7311e9872477f201c409ec0', 10n ** 13n, 1n, '8cd94b80000'.padStart(64, 'f')],
  ['0'.padEnd(64, 'f'), 1n, 10n ** 13n, '000000000001c25c268497681c2650cb4be40d60df7311e9872477f201c409ec'],
  ['0000000'.padEnd(64, 'f'), 10n ** 13n, 1n, FF],
])('%s scaled by %i / %i', (target, numerator, denominator, scaled) => {
  expect(toHex(scaleTarget(fromHex(target), { numerator, denominator }))).toBe(scaled);
});

test('a hash equal to the target does not count, one below does', () => {
  const target = fromHex('00ff'.padEnd(64, '0'));
  expect(isRelayApplicable(target, target)).toBe(false);
  expect(isRelayApplicable(fromHex('00fe'.padEnd(64, 'f')), target)).toBe(true);
  expect(isRelayApplicable(fromHex('0100'.padEnd(64, '0')), target)).toBe(false);
  expect(isRelayApplicable(baseTarget(), baseTarget())).toBe(false);
});

test.each([
  [FF, 1n],
  ['7'.padEnd(64, 'f'), 2n],
  ['3'.padEnd(64, 'f'), 4n],
  ['01'.padStart(64, '0'), 2n ** 256n - 1n],
])('the multiplier of %s has the integer part %i', (target, integerPart) => {
  const { numerator, denominator } = difficultyMultiplier(fromHex(target));
  expect(numerator / denominator).toBe(integerPart);
});

describe('a target that cannot be one is a fault', () => {
  test.each([['00'.repeat(32)], ['ff'.repeat(31)], ['ff'.repeat(33)]])('%s', (target) => {
    expect(() => difficultyMultiplier(fromHex(target))).toThrow(targetFault);
  });
  test('when scaled', () => {
    expect(() => scaleTarget(fromHex('ff'), { numerator: 1n, denominator: 2n })).toThrow(targetFault);
    expect(() => scaleTarget(baseTarget(), { numerator: 1n, denominator: 0n })).toThrow(targetFault);
  });
});

test('a higher average never makes relays easier to count', () => {
  const amount = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });
  fc.assert(
    fc.property(amount, amount, amount, (wanted, a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      expect(toBigInt(targetFor(wanted, high)) <= toBigInt(targetFor(wanted, low))).toBe(true);
    }),
    { numRuns: 200 },
  );
});
