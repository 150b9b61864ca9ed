import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalRational, floorShare } from './decimal-rational.ts';
import { rewardShares, splitReward } from './split-reward.ts';

const MAINNET = rewardShares({ supplier: 0.79, proposer: 0.14, sourceOwner: 0.025, application: 0 });
const MAINNET_INFLATION = rewardShares({ supplier: 0.8, proposer: 0, sourceOwner: 0.1, application: 0 });
const DEFAULTS = rewardShares({ supplier: 0.7, proposer: 0.05, sourceOwner: 0.15, application: 0 });

function parts(amount: bigint, shares: typeof MAINNET): number[] {
  const { supplier, proposer, sourceOwner, dao } = splitReward(amount, shares);
  return [supplier, proposer, sourceOwner, dao].map(Number);
}

test('supplier, proposer, source owner and treasury, as worked out by hand', () => {
  const minted = floorShare(6_090_702n, decimalRational(0.975));
  expect(minted).toBe(5_938_434n);
  expect(parts(minted, MAINNET)).toEqual([4_691_362, 831_380, 148_460, 267_232]);
  expect(parts(7n, MAINNET_INFLATION)).toEqual([5, 0, 0, 2]);
  expect(parts(1_000n, DEFAULTS)).toEqual([700, 50, 150, 100]);
  expect(parts(100n, DEFAULTS)).toEqual([70, 5, 15, 10]);
  expect(parts(1_203_702n, MAINNET)).toEqual([950_924, 168_518, 30_092, 54_168]);
  expect(parts(2n, MAINNET_INFLATION)).toEqual([1, 0, 0, 1]);
  expect(parts(974_999n, MAINNET)).toEqual([770_249, 136_499, 24_374, 43_877]);
  const tests = rewardShares({ supplier: 0.73, proposer: 0.14, sourceOwner: 0.03, application: 0 });
  expect(parts(1_000n, tests)).toEqual([730, 140, 30, 100]);
});

test('dust goes to the treasury', () => {
  expect(parts(1n, MAINNET)).toEqual([0, 0, 0, 1]);
  expect(parts(39n, MAINNET)).toEqual([30, 5, 0, 4]);
  expect(parts(7n, DEFAULTS)).toEqual([4, 0, 1, 2]);
});

test('shares above one are a fault, never a negative payout', () => {
  const shares = rewardShares({ supplier: 0.7, proposer: 0.2, sourceOwner: 0.2, application: 0.2 });
  expect(() => splitReward(100n, shares)).toThrow(expect.objectContaining({ code: 'SHARES_ABOVE_ONE' }));
});

test('the parts sum to what was minted, and no party gets more than its exact share', () => {
  const cuts = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 18n), cuts, (amount, points) => {
      const [a, b, c, d] = points.sort((x, y) => x - y) as [number, number, number, number];
      const shares = rewardShares({
        supplier: a / 10_000,
        proposer: (b - a) / 10_000,
        sourceOwner: (c - b) / 10_000,
        application: (d - c) / 10_000,
      });
      const split = splitReward(amount, shares);
      expect(split.supplier + split.proposer + split.sourceOwner + split.application + split.dao).toBe(amount);
      for (const [party, share] of Object.entries(shares)) {
        const part = split[party as keyof typeof shares];
        expect(part * share.denominator <= amount * share.numerator).toBe(true);
      }
    }),
  );
});
