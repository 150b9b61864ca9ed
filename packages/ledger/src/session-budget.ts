/**
 * Session budgets: how much of an application's stake one session may spend, and what each claim on it may settle for.
 *
 * The stake is divided by the sessions that can be pending at once and then equally among the claims of the session:
 * the floor of each claim. What some leave of their floors may serve others, up to a multiple of the floor, where the
 * multiplier allows it. Whatever the claims, their burns with inflation stay within floor times the number of claims.
 *
 * Source: pokt-network/poktroll `x/tokenomics/keeper` (session budget, overservicing).
 */
import { ceilShare, type Rational } from './decimal-rational.ts';

export type SessionStake = {
  /** The application's stake before any claim of this block settled. */
  readonly stakeUpokt: bigint;
  /** Sessions of one application that can await settlement at the same time. */
  readonly pendingSessions: bigint;
  /** Claims collected for the session, also those that will expire or be discarded. */
  readonly claims: bigint;
  /** Zero: the application sets no limit. */
  readonly spendLimitUpokt: bigint;
};

export type SessionBudget = {
  /** What one claim may always spend, inflation included. */
  readonly floorUpokt: bigint;
  /** Whether the application's own limit, not its stake, made the floor; a fact of the session, spent or not. */
  readonly spendLimitExceeded: boolean;
};

/** What the claims of a session that will settle leave of their floors, and by how much others pass theirs. */
export type SessionDemand = { readonly unusedUpokt: bigint; readonly excessUpokt: bigint };

export const NO_DEMAND: SessionDemand = { unusedUpokt: 0n, excessUpokt: 0n };

export type ClaimAllowance = {
  /** What the claim settles for: the claimed amount or the cap below it. */
  readonly settlementUpokt: bigint;
  /** Claimed amount with inflation. */
  readonly expectedBurnUpokt: bigint;
  /** The part of it that the budget bears; may pass settlement and inflation by one, by rounding. */
  readonly effectiveBurnUpokt: bigint;
  readonly overserviced: boolean;
};

export function sessionBudget({ stakeUpokt, pendingSessions, claims, spendLimitUpokt }: SessionStake): SessionBudget {
  const sessionUpokt = stakeUpokt / pendingSessions;
  const byStake = sessionUpokt / claims;
  if (spendLimitUpokt <= 0n) return { floorUpokt: byStake, spendLimitExceeded: false };
  const byLimit = (spendLimitUpokt < sessionUpokt ? spendLimitUpokt : sessionUpokt) / claims;
  return byLimit < byStake
    ? { floorUpokt: byLimit, spendLimitExceeded: true }
    : { floorUpokt: byStake, spendLimitExceeded: false };
}

/** Counts one claim that will settle. */
export function addDemand(
  demand: SessionDemand,
  budget: SessionBudget,
  claimedUpokt: bigint,
  inflation: Rational,
): SessionDemand {
  const burn = claimedUpokt + ceilShare(claimedUpokt, inflation);
  const { unusedUpokt, excessUpokt } = demand;
  return burn < budget.floorUpokt
    ? { unusedUpokt: unusedUpokt + budget.floorUpokt - burn, excessUpokt }
    : { unusedUpokt, excessUpokt: excessUpokt + burn - budget.floorUpokt };
}

/** What one claim may settle for. `bonusMultiplier`: 0 and 1 both mean that no claim passes its floor. */
export function allowClaim(
  budget: SessionBudget,
  demand: SessionDemand,
  claimedUpokt: bigint,
  inflation: Rational,
  bonusMultiplier: bigint,
): ClaimAllowance {
  const expectedBurnUpokt = claimedUpokt + ceilShare(claimedUpokt, inflation);
  const maximum = claimMaximum(budget.floorUpokt, demand, expectedBurnUpokt, bonusMultiplier);
  const cap = (maximum * inflation.denominator) / (inflation.denominator + inflation.numerator);
  // Rounding can hold a claim one unit back although its burn is within the maximum; it then counts as overserviced.
  const overserviced = claimedUpokt > cap;
  return {
    settlementUpokt: overserviced ? cap : claimedUpokt,
    expectedBurnUpokt,
    effectiveBurnUpokt: expectedBurnUpokt < maximum ? expectedBurnUpokt : maximum,
    overserviced,
  };
}

function claimMaximum(
  floor: bigint,
  { unusedUpokt, excessUpokt }: SessionDemand,
  burn: bigint,
  multiplier: bigint,
): bigint {
  if (multiplier <= 1n || excessUpokt === 0n || burn <= floor) return floor;
  const shared = floor + (unusedUpokt * (burn - floor)) / excessUpokt;
  return shared < floor * multiplier ? shared : floor * multiplier;
}
