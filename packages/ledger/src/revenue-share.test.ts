import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareRevenue } from './revenue-share.ts';

function share(amount: bigint, ...percentages: number[]): Record<string, number> {
  const shares = percentages.map((percentage, index) => ({
    address: `s${index}`,
    revSharePercentage: BigInt(percentage),
  }));
  return Object.fromEntries(
    shareRevenue(amount, shares, 'owner').payouts.map(({ recipient, amount: part }) => [recipient, Number(part)]),
  );
}

test('floors of the percentages, the rest to the recipient listed first', () => {
  expect(share(4_691_362n, 50, 30, 20)).toEqual({ s0: 2_345_682, s1: 1_407_408, s2: 938_272 });
  expect(share(5n, 50, 30, 20)).toEqual({ s0: 3, s1: 1, s2: 1 });
  expect(share(700n, 12, 38, 50)).toEqual({ s0: 84, s1: 266, s2: 350 });
  expect(share(70n, 12, 38, 50)).toEqual({ s0: 9, s1: 26, s2: 35 });
  expect(share(4n, 33, 33, 34)).toEqual({ s0: 2, s1: 1, s2: 1 });
  expect(share(770_249n, 33, 33, 34)).toEqual({ s0: 254_183, s1: 254_182, s2: 261_884 });
  expect(share(1_000n, 12, 38, 50)).toEqual({ s0: 120, s1: 380, s2: 500 });
  expect(share(100_001n, 12, 38, 50)).toEqual({ s0: 12_001, s1: 38_000, s2: 50_000 });
  expect(share(730n, 12, 38, 50)).toEqual({ s0: 88, s1: 277, s2: 365 });
  expect(share(1_000n, 30, 70)).toEqual({ s0: 300, s1: 700 });
  expect(share(100n, 33, 33, 34)).toEqual({ s0: 33, s1: 33, s2: 34 });
});

test('the first is the first of the list, while the payouts are in address order', () => {
  const shares = [
    { address: 'z', revSharePercentage: 50n },
    { address: 'a', revSharePercentage: 50n },
  ];
  expect(shareRevenue(3n, shares, 'owner').payouts).toEqual([
    { recipient: 'a', amount: 1n },
    { recipient: 'z', amount: 2n },
  ]);
});

test('a part of zero is no payout', () => {
  expect(share(1n, 50, 50)).toEqual({ s0: 1 });
  expect(share(0n, 50, 50)).toEqual({});
});

test('a list that cannot be followed pays the owner, and says why', () => {
  const one = (address: string, percentage: number) => ({ address, revSharePercentage: BigInt(percentage) });
  expect(shareRevenue(500n, [one('a', 50), one('b', 30)], 'owner')).toEqual({
    payouts: [{ recipient: 'owner', amount: 500n }],
    fallback: { reason: 'revshare percentage sum 80 != required 100', observedSumPercentage: 80n },
  });
  expect(shareRevenue(1_000n, [one('a', 110), one('b', 30)], 'owner').fallback?.observedSumPercentage).toBe(140n);
  expect(shareRevenue(1_000n, [one('a', 30), one('a', 70)], 'owner')).toEqual({
    payouts: [{ recipient: 'owner', amount: 1_000n }],
    fallback: { reason: 'duplicate revshare recipient address: "a"', observedSumPercentage: 100n },
  });
});

test('whatever the list, the payouts sum to the reward', () => {
  const shares = fc.array(
    fc.record({ address: fc.constantFrom('a', 'b', 'c', 'd'), revSharePercentage: fc.bigInt(0n, 100n) }),
    { minLength: 1, maxLength: 5 },
  );
  const whole = fc
    .array(fc.integer({ min: 1, max: 99 }), { maxLength: 3 })
    .map((cuts) => [0, ...[...new Set(cuts)].sort((a, b) => a - b), 100])
    .map((cuts) => cuts.slice(1).map((cut, i) => ({ address: `s${i}`, revSharePercentage: BigInt(cut - cuts[i]!) })));
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 15n), fc.oneof(shares, whole), (amount, list) => {
      const { payouts } = shareRevenue(amount, list, 'owner');
      expect(payouts.reduce((sum, payout) => sum + payout.amount, 0n)).toBe(amount);
    }),
  );
});
