import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BondedValidator, ONE_DEC, rewardValidators, type ValidatorRewards } from './validator-rewards.ts';

type Sketch = { rate?: string; delegations?: Record<string, number>; tokens?: number };

/** A validator whose tokens equal its shares unless given. */
function validator(account: string, { rate = '0', delegations = {}, tokens }: Sketch): BondedValidator {
  const shares = Object.values(delegations).reduce((sum, part) => sum + part, 0);
  return {
    operatorAddress: `valoper-${account}`,
    accountAddress: account,
    tokens: BigInt(tokens ?? shares),
    commissionRate: BigInt(Math.round(Number(rate) * 1e6)) * 10n ** 12n,
    delegatorShares: BigInt(shares) * ONE_DEC,
    delegations: Object.entries(delegations).map(([delegator, part]) => ({
      delegator,
      shares: BigInt(part) * ONE_DEC,
    })),
  };
}

function paid({ payouts }: ValidatorRewards): Record<string, number> {
  return Object.fromEntries(payouts.map(({ recipient, amountUpokt }) => [recipient, Number(amountUpokt)]));
}

test('pools by stake, commission, then delegations', () => {
  const result = rewardValidators(1_000_003n, [
    validator('vA', { rate: '0.1', delegations: { vA: 100_000, d1: 500_000 } }),
    validator('vB', { rate: '0.05', delegations: { vB: 300_000 } }),
    validator('vC', { delegations: { vC: 50_000, d1: 50_000 } }),
  ]);
  expect(paid(result)).toEqual({ d1: 500_002, vA: 150_000, vB: 300_001, vC: 50_000 });
  expect(result.payouts.map(({ recipient, isValidator }) => [recipient, isValidator])).toEqual([
    ['d1', false],
    ['vA', true],
    ['vB', true],
    ['vC', true],
  ]);
  expect(result.rewards).toMatchObject([
    {
      poolUpokt: 600_002n,
      commissionUpokt: 60_000n,
      selfDelegationUpokt: 90_000n,
      delegatorsUpokt: 450_002n,
      delegatedTokens: 600_000n,
      delegators: 1,
    },
    {
      poolUpokt: 300_001n,
      commissionUpokt: 15_000n,
      selfDelegationUpokt: 285_001n,
      delegatorsUpokt: 0n,
      delegators: 0,
    },
    { poolUpokt: 100_000n, commissionUpokt: 0n, selfDelegationUpokt: 50_000n, delegatorsUpokt: 50_000n, delegators: 1 },
  ]);
});

test('the cases of the reference tests', () => {
  const self = (...stakes: [string, number][]) =>
    stakes.map(([account, stake]) => validator(account, { delegations: { [account]: stake } }));
  expect(paid(rewardValidators(9_240n, self(['a', 700_000], ['b', 200_000], ['c', 100_000])))).toEqual({
    a: 6_468,
    b: 1_848,
    c: 924,
  });
  expect(paid(rewardValidators(500n, self(['a', 1], ['b', 1], ['c', 1])))).toEqual({ a: 167, b: 167, c: 166 });
  const commissioned = (rate: string, own: number, delegated: number) =>
    paid(rewardValidators(100_000n, [validator('v', { rate, delegations: { v: own, d: delegated } })]));
  expect(commissioned('0.1', 100_000, 900_000)).toEqual({ v: 19_000, d: 81_000 });
  expect(commissioned('0', 100_000, 900_000)).toEqual({ v: 10_000, d: 90_000 });
  expect(commissioned('0.5', 200_000, 800_000)).toEqual({ v: 60_000, d: 40_000 });
  expect(commissioned('1', 200_000, 800_000)).toEqual({ v: 100_000 });
  const three = [
    validator('v1', { delegations: { v1: 400_000, d: 600_000 } }),
    validator('v2', { delegations: { v2: 400_000, d: 200_000 } }),
    validator('v3', { delegations: { v3: 400_000 } }),
  ];
  expect(paid(rewardValidators(100_000n, three))).toEqual({ d: 40_000, v1: 20_000, v2: 20_000, v3: 20_000 });
  const shared = [
    validator('v1', { delegations: { v1: 100_000, D: 200_000 } }),
    validator('v2', { delegations: { v2: 100_000, D: 100_000 } }),
  ];
  expect(paid(rewardValidators(500_000n, shared))).toEqual({ D: 300_000, v1: 100_000, v2: 100_000 });
});

test('a validator that delegates to another is paid as a validator', () => {
  const { rewards, payouts } = rewardValidators(200_000n, [
    validator('A', { rate: '0.1', delegations: { A: 1_000_000 } }),
    validator('B', { rate: '0.1', delegations: { B: 800_000, A: 200_000 } }),
  ]);
  expect(payouts).toEqual([
    { recipient: 'A', amountUpokt: 118_000n, isValidator: true },
    { recipient: 'B', amountUpokt: 82_000n, isValidator: true },
  ]);
  expect(rewards).toMatchObject([
    { commissionUpokt: 10_000n, selfDelegationUpokt: 90_000n, delegatorsUpokt: 0n, delegators: 0 },
    {
      commissionUpokt: 10_000n,
      selfDelegationUpokt: 72_000n,
      delegatorsUpokt: 18_000n,
      delegators: 1,
      delegatedTokens: 1_000_000n,
    },
  ]);
});

test('full commission does not even count the delegations', () => {
  const [reward] = rewardValidators(100_000n, [validator('v', { rate: '1', delegations: { v: 1, d: 9 } })]).rewards;
  expect(reward).toMatchObject({
    commissionUpokt: 100_000n,
    selfDelegationUpokt: 0n,
    delegatorsUpokt: 0n,
    delegatedTokens: 0n,
    delegators: 0,
  });
});

test('without delegations the rest is the validator’s own', () => {
  const { rewards, payouts } = rewardValidators(1_000n, [validator('v', { rate: '0.1', tokens: 5 })]);
  expect(payouts).toEqual([{ recipient: 'v', amountUpokt: 1_000n, isValidator: true }]);
  expect(rewards).toMatchObject([
    { commissionUpokt: 100n, selfDelegationUpokt: 900n, delegatedTokens: 0n, delegators: 0 },
  ]);
});

test('no stake, no validators, nothing to divide: nothing happens', () => {
  const nothing = { rewards: [], payouts: [] };
  expect(rewardValidators(0n, [validator('v', { delegations: { v: 1 } })])).toEqual(nothing);
  expect(rewardValidators(10n, [])).toEqual(nothing);
  expect(rewardValidators(10n, [validator('v', { delegations: { v: 1 }, tokens: 0 })])).toEqual(nothing);
});

test('of a validator that is listed twice only the first counts', () => {
  const twice = [
    validator('a', { delegations: { a: 1_000_000 } }),
    validator('a', { delegations: { a: 1_000_000 } }),
    validator('b', { delegations: { b: 500_000 } }),
  ];
  expect(paid(rewardValidators(1_500_000n, twice))).toEqual({ a: 1_000_000, b: 500_000 });
});

test('shares are turned into tokens at the validator’s rate, rounded at the 18th decimal before they are cut', () => {
  const slashed = { ...validator('v', { delegations: { a: 669_557, b: 2 } }), tokens: 649_472n };
  expect(rewardValidators(1_000_000n, [slashed]).rewards[0]).toMatchObject({
    delegatedTokens: 649_470n + 1n,
    delegators: 2,
  });
  const thirds: BondedValidator = {
    ...validator('v', {}),
    tokens: 1n,
    delegatorShares: 3_333_333_333_333_333_333n,
    delegations: [{ delegator: 'd', shares: 3_333_333_333_333_333_332n }],
  };
  // 3.333…332 of 3.333…333 shares are 0.9999999999999999997 tokens: one at 18 decimals.
  expect(rewardValidators(10n, [thirds]).rewards[0]).toMatchObject({ delegatedTokens: 1n, delegatorsUpokt: 10n });
  const less = { ...thirds, delegations: [{ delegator: 'd', shares: 3_333_333_333_333_333_330n }] };
  expect(rewardValidators(10n, [less]).rewards[0]).toMatchObject({ delegatedTokens: 0n, selfDelegationUpokt: 10n });
});

test('the payouts sum to the amount whenever somebody has stake', () => {
  const sketch = fc.record({
    account: fc.constantFrom('a', 'b', 'c', 'd'),
    rate: fc.constantFrom('0', '0.05', '0.333333', '1'),
    delegations: fc.dictionary(fc.constantFrom('a', 'b', 'x', 'y', 'z'), fc.integer({ min: 1, max: 1_000_000 })),
    tokens: fc.integer({ min: 0, max: 2_000_000 }),
  });
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 12n), fc.array(sketch, { minLength: 1, maxLength: 5 }), (amount, sketches) => {
      const validators = sketches.map(({ account, ...rest }) => validator(account, rest));
      fc.pre(validators.some(({ tokens }) => tokens > 0n));
      const { payouts, rewards } = rewardValidators(amount, validators);
      expect(payouts.reduce((sum, { amountUpokt }) => sum + amountUpokt, 0n)).toBe(amount);
      for (const { poolUpokt, commissionUpokt, selfDelegationUpokt, delegatorsUpokt } of rewards) {
        expect(commissionUpokt + selfDelegationUpokt + delegatorsUpokt).toBe(poolUpokt);
      }
    }),
  );
});
