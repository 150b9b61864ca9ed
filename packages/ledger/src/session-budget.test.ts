import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalRational } from './decimal-rational.ts';
import {
  addDemand,
  allowClaim,
  type ClaimAllowance,
  NO_DEMAND,
  sessionBudget,
  type SessionStake,
} from './session-budget.ts';

const MAINNET = 0.000001;

type Session = Partial<SessionStake> & { inflation?: number; multiplier?: number; expired?: number };

/** Allowances of all claims of one session; `expired` more claims were collected but will not settle. */
function allow(claims: number[], { inflation = 0, multiplier = 1, expired = 0, ...stake }: Session): ClaimAllowance[] {
  const rate = decimalRational(inflation);
  const budget = sessionBudget({
    stakeUpokt: 1_000n,
    pendingSessions: 1n,
    claims: BigInt(claims.length + expired),
    spendLimitUpokt: 0n,
    ...stake,
  });
  const demand = claims.reduce((sum, claim) => addDemand(sum, budget, BigInt(claim), rate), NO_DEMAND);
  return claims.map((claim) => allowClaim(budget, demand, BigInt(claim), rate, BigInt(multiplier)));
}

function settled(claims: number[], session: Session): number[] {
  return allow(claims, session).map(({ settlementUpokt }) => Number(settlementUpokt));
}

/** A floor of 1,000 for every claim. */
const flat = (claims: number[], multiplier: number) =>
  settled(claims, { stakeUpokt: BigInt(1_000 * claims.length), multiplier });

const E6: Session = { stakeUpokt: 1_000_000_000n, pendingSessions: 2n, inflation: MAINNET };

describe('the floor', () => {
  test('is stake by pending sessions by claims, each floored', () => {
    const stake = { stakeUpokt: 1_000_000_000n, pendingSessions: 2n, claims: 3n, spendLimitUpokt: 0n };
    expect(sessionBudget(stake)).toEqual({ floorUpokt: 166_666_666n, spendLimitExceeded: false });
  });

  test('is lowered by the spend limit of the application, which is then said of the whole session', () => {
    const stake = { stakeUpokt: 1_000_000_000n, pendingSessions: 2n, claims: 3n };
    expect(sessionBudget({ ...stake, spendLimitUpokt: 100_000_000n })).toEqual({
      floorUpokt: 33_333_333n,
      spendLimitExceeded: true,
    });
    expect(sessionBudget({ ...stake, spendLimitUpokt: 500_000_000n }).spendLimitExceeded).toBe(false);
    expect(sessionBudget({ ...stake, spendLimitUpokt: 2_000_000_000n }).spendLimitExceeded).toBe(false);
  });
});

describe('without a bonus', () => {
  test('a claim settles for at most its floor, inflation included', () => {
    const [first, second, third] = allow([250_000_000, 120_000_000, 40_000_000], E6);
    expect(first).toEqual({
      settlementUpokt: 166_666_499n,
      expectedBurnUpokt: 250_000_250n,
      effectiveBurnUpokt: 166_666_666n,
      overserviced: true,
    });
    expect([second!.settlementUpokt, third!.settlementUpokt]).toEqual([120_000_000n, 40_000_000n]);
    expect([second!.overserviced, third!.overserviced]).toEqual([false, false]);
  });

  test('inflation turns a claim under the floor into an overserviced one', () => {
    expect(settled([950], { inflation: 0.1 })).toEqual([909]);
    expect(settled([909], { inflation: 0.1 })).toEqual([909]);
    expect(allow([909], { inflation: 0.1 })[0]!.overserviced).toBe(false);
  });

  test('a spend limit caps every claim of the session', () => {
    const claims = [60_000_000, 60_000_000, 10_000_000];
    expect(settled(claims, { ...E6, spendLimitUpokt: 100_000_000n })).toEqual([33_333_299, 33_333_299, 10_000_000]);
    expect(settled([1_000, 1_000, 1_000], { stakeUpokt: 10_000n, spendLimitUpokt: 1_000n })).toEqual([333, 333, 333]);
    expect(settled([1_000], { stakeUpokt: 2_000n, spendLimitUpokt: 20_000n })).toEqual([1_000]);
  });

  test('many suppliers within the stake are paid in full', () => {
    expect(settled(Array<number>(50).fill(1_000), { stakeUpokt: 50_000_000n })).toEqual(Array(50).fill(1_000));
  });

  test('one claim beyond the stake takes the stake', () => {
    expect(settled([500_000], { stakeUpokt: 100_001n })).toEqual([100_001]);
    expect(settled([210], { stakeUpokt: 100n, inflation: 0.1 })).toEqual([90]);
  });
});

describe('with a bonus', () => {
  test('what some leave serves those who did more', () => {
    expect(settled([250_000_000, 120_000_000, 40_000_000], { ...E6, multiplier: 3 })).toEqual([
      250_000_000, 120_000_000, 40_000_000,
    ]);
    const two = allow([300_000_000, 200_000_000, 40_000_000], { ...E6, multiplier: 3 });
    expect(two.map(({ settlementUpokt }) => settlementUpokt)).toEqual([267_999_622n, 191_999_875n, 40_000_000n]);
    expect(two.map(({ effectiveBurnUpokt }) => effectiveBurnUpokt)).toEqual([267_999_890n, 192_000_067n, 40_000_040n]);
  });

  test('but never beyond the multiple of the floor', () => {
    expect(settled([450_000_000, 30_000_000, 20_000_000], { ...E6, multiplier: 2 })[0]).toBe(333_332_998);
  });

  test('claims that expire count for the floor and leave nothing', () => {
    expect(settled([1_500], { stakeUpokt: 4_000n, pendingSessions: 2n, multiplier: 5, expired: 1 })).toEqual([1_000]);
  });

  test('the cases of the reference tests, floor 1,000', () => {
    expect(flat([1_500, 1_500, 500, 500], 1)).toEqual([1_000, 1_000, 500, 500]);
    expect(flat([1_500, 1_500, 500, 500], 0)).toEqual([1_000, 1_000, 500, 500]);
    expect(flat([1_500, 1_500, 500, 500], 100)).toEqual([1_500, 1_500, 500, 500]);
    expect(flat([500, 500, 1_500, 1_500], 100)).toEqual([500, 500, 1_500, 1_500]);
    expect(flat([3_000, 100, 100, 100], 2)[0]).toBe(2_000);
    expect(flat([3_000, 100, 100, 100], 100)[0]).toBe(3_000);
    expect(flat([2_000, 100, 100], 100)).toEqual([2_000, 100, 100]);
    expect(flat([2_000, 100, 100, 1_000_000], 100)).toEqual([1_001, 100, 100, 2_798]);
    for (const multiplier of [0, 1, 2, 100])
      expect(flat([100, 200, 300, 400], multiplier)).toEqual([100, 200, 300, 400]);
    expect(flat([800], 1)).toEqual([800]);
    expect(flat([1_500], 1)).toEqual([1_000]);
  });
});

test('the burns of a session never pass its part of the stake', () => {
  const amount = fc.integer({ min: 0, max: 2_000_000 });
  fc.assert(
    fc.property(
      fc.array(amount, { minLength: 1, maxLength: 8 }),
      fc.bigInt(0n, 4_000_000n),
      fc.bigInt(1n, 4n),
      fc.constantFrom(0, MAINNET, 0.1, 0.25, 1),
      fc.integer({ min: 0, max: 100 }),
      fc.bigInt(0n, 1_000_000n),
      (claims, stakeUpokt, pendingSessions, inflation, multiplier, spendLimitUpokt) => {
        const rate = decimalRational(inflation);
        const allowances = allow(claims, { stakeUpokt, pendingSessions, inflation, multiplier, spendLimitUpokt });
        const burns = allowances.map(({ settlementUpokt: settlement }) => {
          return settlement + (settlement * rate.numerator + rate.denominator - 1n) / rate.denominator;
        });
        const total = burns.reduce((sum, burn) => sum + burn, 0n);
        expect(total <= stakeUpokt / pendingSessions).toBe(true);
        for (const [index, allowance] of allowances.entries()) {
          expect(allowance.settlementUpokt <= BigInt(claims[index]!)).toBe(true);
          expect(allowance.overserviced).toBe(allowance.settlementUpokt < BigInt(claims[index]!));
        }
      },
    ),
  );
});
