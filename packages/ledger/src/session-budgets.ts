/**
 * The budgets of all sessions whose claims settle in one block, worked out before the first of them does.
 *
 * Source: pokt-network/poktroll `x/tokenomics/keeper` (session budget).
 */
import type { Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { numPendingSessions } from '@decai/protocol/session-grid';
import {
  addDemand,
  allowClaim,
  type ClaimAllowance,
  NO_DEMAND,
  sessionBudget,
  type SessionBudget,
  type SessionDemand,
} from './session-budget.ts';
import { timingsAt } from './session-timings.ts';
import type { Terms } from './settlement-terms.ts';
import type { SettlingApplication } from './settling-actors.ts';
import type { State } from './state.ts';

/** What a budget needs of a claim. */
type BudgetedClaim = {
  readonly header: SessionHeader;
  readonly application: SettlingApplication;
  readonly price: { readonly claimedUpokt: bigint };
  readonly terms: Terms;
};

export class SessionBudgets {
  private readonly state: State;
  private readonly claimCounts = new Map<string, bigint>();
  private readonly budgets = new Map<string, SessionBudget>();
  private readonly demands = new Map<string, SessionDemand>();

  /** `collected`: every claim of the block, also those that will not settle: each has its floor. */
  constructor(state: State, collected: readonly Claim[]) {
    this.state = state;
    for (const { sessionHeader } of collected) {
      const key = sessionKey(sessionHeader);
      this.claimCounts.set(key, (this.claimCounts.get(key) ?? 0n) + 1n);
    }
  }

  /** Counts a claim that will settle. */
  demand(claim: BudgetedClaim): void {
    const key = sessionKey(claim.header);
    const demand = this.demands.get(key) ?? NO_DEMAND;
    this.demands.set(key, addDemand(demand, this.budget(claim), claim.price.claimedUpokt, claim.terms.rules.inflation));
  }

  /** What a claim may settle for, and whether its session is held back by the application's own limit. */
  allow(claim: BudgetedClaim): { readonly allowance: ClaimAllowance; readonly spendLimitExceeded: boolean } {
    const budget = this.budget(claim);
    const demand = this.demands.get(sessionKey(claim.header)) ?? NO_DEMAND;
    const { rules, bonusMultiplier } = claim.terms;
    const allowance = allowClaim(budget, demand, claim.price.claimedUpokt, rules.inflation, bonusMultiplier);
    return { allowance, spendLimitExceeded: budget.spendLimitExceeded };
  }

  private budget({ header, application }: BudgetedClaim): SessionBudget {
    const key = sessionKey(header);
    const known = this.budgets.get(key);
    if (known !== undefined) return known;
    const timings = timingsAt(this.state, Number(header.sessionEndBlockHeight));
    const budget = sessionBudget({
      stakeUpokt: application.initialStakeUpokt,
      pendingSessions: BigInt(numPendingSessions(timings)),
      claims: this.claimCounts.get(key)!,
      spendLimitUpokt: application.spendLimitUpokt,
    });
    this.budgets.set(key, budget);
    return budget;
  }
}

function sessionKey(header: SessionHeader | undefined): string {
  return `${header?.applicationAddress ?? ''}/${header?.sessionId ?? ''}`;
}
