/**
 * End of block: the claims whose time has come are settled, those who earned are paid, those who failed are slashed.
 *
 * The order matters: budgets need all claims of the block before the first settles; stakes are written before the bank
 * moves; validators are paid once for all claims, in the same batches; slashing comes after everybody has been paid.
 *
 * Source: pokt-network/poktroll `x/tokenomics/module/abci.go`, `x/tokenomics/keeper/settle_pending_claims.go`.
 */
import type { Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import { collectClaims } from './collect-claims.ts';
import { orDiscard, recordDiscarded } from './discard-culprit.ts';
import { batchOperations, payOut, type SettlementBatch } from './pay-out.ts';
import { type OwedToValidators, queueValidatorRewards } from './pay-validators.ts';
import { type Outcome, refuse } from './refusal.ts';
import { TOKENOMICS } from './registered-error.ts';
import { SessionBudgets } from './session-budgets.ts';
import { isExpired, prepareClaim, settleClaim } from './settle-claim.ts';
import type { SettledClaim, SettlingClaim } from './settle-claim.ts';
import { discardClaim, expireClaim } from './settlement-events.ts';
import { assertConserved, type SettlementOperation } from './settlement-operation.ts';
import { SettlementTerms } from './settlement-terms.ts';
import { SettlingActors } from './settling-actors.ts';
import { slashSupplier } from './slash.ts';
import type { State } from './state.ts';

/** What became of the claims of a block. */
export type Settlement = {
  /** In the order in which they settled. */
  readonly settled: readonly SettledClaim[];
  readonly expired: readonly SettlingClaim[];
  readonly discarded: readonly Claim[];
  /** What pays the validators, beside the operations of the claims. */
  readonly validatorOperations: readonly SettlementOperation[];
  /** As they were executed. */
  readonly batches: readonly SettlementBatch[];
  /** As they were executed, after the batches. */
  readonly slashes: readonly SettlementOperation[];
};

const NOTHING_DUE: Settlement = {
  settled: [],
  expired: [],
  discarded: [],
  validatorOperations: [],
  batches: [],
  slashes: [],
};

/** Settles the claims that are due at the end of this block; all of them are gone afterwards. */
export function settleClaims(state: State): Settlement {
  const claims = collectClaims(state);
  // Most blocks are like that, and need no terms.
  if (claims.length === 0) return NOTHING_DUE;
  const actors = new SettlingActors(state);
  const terms = new SettlementTerms(state);
  const budgets = new SessionBudgets(state, claims);

  const prepared = claims.map((claim) => prepareClaim(state, { actors, terms }, claim));
  for (const outcome of prepared) {
    // What makes a demand impossible makes its claim impossible as well, and is told when that is settled.
    if (outcome.ok && !isExpired(outcome.value))
      orDiscard(
        state,
        () => budgets.demand(outcome.value),
        () => undefined,
      );
  }
  const { settled, expired, discarded } = settleEach(state, claims, prepared, budgets);
  actors.writeApplications();

  const firstHeader = settled[0]?.claim.sessionHeader;
  const first = firstHeader?.sessionEndBlockHeight ?? 0n;
  const { daoAddress } = terms.of(firstHeader).rules;
  const validatorOperations = orDiscard(
    state,
    () => queueValidatorRewards(state, owedToValidators(settled), first, daoAddress),
    (reason) => {
      recordDiscarded(state, 'tokenomics', 'rewards of validators', reason);
      return [];
    },
  );
  const batches = batchOperations(allOperations(settled, validatorOperations));
  assertPaidOut(settled, validatorOperations, batches);
  payOut(state, batches, first);

  const slashes = expired.flatMap(({ claim, supplier }) =>
    orDiscard(
      state,
      () =>
        slashSupplier(
          state,
          claim,
          [...supplier.configs.values()].flatMap((config) => config ?? []),
        ),
      (reason) => {
        discardClaim(state, claim, refuse(TOKENOMICS.CONSTRAINT, reason));
        return [];
      },
    ),
  );
  return { settled, expired, discarded, validatorOperations, batches, slashes };
}

function* allOperations(
  settled: readonly SettledClaim[],
  ofValidators: readonly SettlementOperation[],
): Generator<SettlementOperation> {
  for (const { operations } of settled) yield* operations;
  yield* ofValidators;
}

/** Relays of the settled claims by service: what steers difficulty. */
export function settledRelays({ settled }: Settlement): Map<string, bigint> {
  const relays = new Map<string, bigint>();
  for (const { claim, price } of settled) {
    const { serviceId } = claim.sessionHeader!;
    relays.set(serviceId, (relays.get(serviceId) ?? 0n) + price.root.count);
  }
  return relays;
}

function settleEach(
  state: State,
  claims: readonly Claim[],
  prepared: readonly Outcome<SettlingClaim>[],
  budgets: SessionBudgets,
): Pick<Settlement, 'settled' | 'expired' | 'discarded'> {
  const settled: SettledClaim[] = [];
  const expired: SettlingClaim[] = [];
  const discarded: Claim[] = [];
  for (const [index, claim] of claims.entries()) {
    const outcome = prepared[index]!;
    if (outcome.ok && isExpired(outcome.value)) {
      expireClaim(state, outcome.value);
      expired.push(outcome.value);
    } else {
      const result = outcome.ok ? settleClaim(state, outcome.value, (due) => budgets.allow(due)) : outcome;
      if (result.ok) {
        settled.push(result.value);
      } else {
        discardClaim(state, claim, result);
        discarded.push(claim);
      }
    }
    state.claims.remove(claim);
  }
  return { settled, expired, discarded };
}

/**
 * Before any coin moves: the batches take from applications what their stakes lost, and leave in tokenomics nothing but
 * what validators are owed and nobody can be paid.
 *
 * @throws MONEY_NOT_CONSERVED
 */
function assertPaidOut(
  settled: readonly SettledClaim[],
  validatorOperations: readonly SettlementOperation[],
  batches: readonly SettlementBatch[],
): void {
  const { ofMint, ofInflation } = owedToValidators(settled);
  const paidUpokt = validatorOperations.reduce((sum, { amountUpokt }) => sum + amountUpokt, 0n);
  const burnedUpokt = settled.reduce((sum, { burnUpokt }) => sum + burnUpokt, 0n);
  assertConserved(batches, { applicationUpokt: -burnedUpokt, tokenomicsUpokt: ofMint + ofInflation - paidUpokt });
}

function owedToValidators(settled: readonly SettledClaim[]): OwedToValidators {
  let [ofMint, ofInflation] = [0n, 0n];
  for (const { validatorUpokt } of settled) {
    ofMint += validatorUpokt.ofMint;
    ofInflation += validatorUpokt.ofInflation;
  }
  return { ofMint, ofInflation };
}
