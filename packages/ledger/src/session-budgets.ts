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

/** A session of the block. */
type Counted = { claims: bigint; budget: SessionBudget | undefined; demand: SessionDemand };

export class SessionBudgets {
  private readonly state: State;
  private readonly sessions = new Map<string, Counted>();

  /** `collected`: every claim of the block, also those that will not settle: each has its floor. */
  constructor(state: State, collected: readonly Claim[]) {
    this.state = state;
    for (const { sessionHeader } of collected) {
      const key = sessionKey(sessionHeader);
      const session = this.sessions.get(key);
      if (session === undefined) this.sessions.set(key, { claims: 1n, budget: undefined, demand: NO_DEMAND });
      else session.claims += 1n;
    }
  }

  /** Counts a claim that will settle. */
  demand(claim: BudgetedClaim): void {
    const session = this.sessionOf(claim);
    const { inflation } = claim.terms.rules;
    session.demand = addDemand(session.demand, this.budget(session, claim), claim.price.claimedUpokt, inflation);
  }

  /** What a claim may settle for, and whether its session is held back by the application's own limit. */
  allow(claim: BudgetedClaim): { readonly allowance: ClaimAllowance; readonly spendLimitExceeded: boolean } {
    const session = this.sessionOf(claim);
    const budget = this.budget(session, claim);
    const { rules, bonusMultiplier } = claim.terms;
    const allowance = allowClaim(budget, session.demand, claim.price.claimedUpokt, rules.inflation, bonusMultiplier);
    return { allowance, spendLimitExceeded: budget.spendLimitExceeded };
  }

  private sessionOf({ header }: BudgetedClaim): Counted {
    return this.sessions.get(sessionKey(header))!;
  }

  private budget(session: Counted, { header, application }: BudgetedClaim): SessionBudget {
    if (session.budget !== undefined) return session.budget;
    const timings = timingsAt(this.state, Number(header.sessionEndBlockHeight));
    session.budget = sessionBudget({
      stakeUpokt: application.initialStakeUpokt,
      pendingSessions: BigInt(numPendingSessions(timings)),
      claims: session.claims,
      spendLimitUpokt: application.spendLimitUpokt,
    });
    return session.budget;
  }
}

function sessionKey(header: SessionHeader | undefined): string {
  return `${header?.applicationAddress ?? ''}/${header?.sessionId ?? ''}`;
}
