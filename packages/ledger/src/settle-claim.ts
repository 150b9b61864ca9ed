/**
 * Settling one claim: expired, discarded, or settled for what the budget of its session allows.
 *
 * Everything that can go wrong with one claim ends with that claim: it is discarded, with an event that says why, and the
 * others go on. Operations and rewards of a claim are worked out apart and join those of the block only when all of them
 * stand.
 *
 * Source: pokt-network/poktroll `x/tokenomics/keeper/settle_pending_claims.go`, `x/tokenomics/token_logic_module`.
 */
import {
  ApplicationUnbondingReason,
  EventApplicationUnbondingBeginSchema,
} from '@decai/protocol/gen/pocket/application/event_pb';
import { ClaimProofStatus, ProofRequirementReason, type Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { sessionHeaderProblem } from '@decai/protocol/session-header';
import { priceClaim, type ClaimPrice } from './claim-price.ts';
import { claimRequirement } from './claim-requirement.ts';
import { UPOKT } from './coins.ts';
import { orDiscard } from './discard-culprit.ts';
import { type Outcome, type Refusal, refuse, wrapRefusal } from './refusal.ts';
import { TOKENOMICS } from './registered-error.ts';
import type { RevenueShare } from './revenue-share.ts';
import type { ClaimAllowance } from './session-budget.ts';
import { currentSessionEnd } from './session-timings.ts';
import { assertConserved, type SettlementOperation } from './settlement-operation.ts';
import type { SettlementTerms, Terms } from './settlement-terms.ts';
import type { SettlingActors, SettlingApplication, SettlingSupplier } from './settling-actors.ts';
import { amountUpoktOf } from './stake.ts';
import type { State } from './state.ts';
import { type ClaimReward, rewardClaim } from './token-logic.ts';
import { applicationUnbondingEnd } from './unbonding.ts';
import { emitOverserviced, emitReward, emitSettled } from './settlement-events.ts';

/** What the claims of a block have in common. */
export type SettlingBlock = {
  readonly actors: SettlingActors;
  readonly terms: SettlementTerms;
};

/** A claim with all that settlement needs to know about it. */
export type SettlingClaim = {
  readonly claim: Claim;
  readonly header: SessionHeader;
  readonly price: ClaimPrice;
  readonly requirement: ProofRequirementReason;
  readonly application: SettlingApplication;
  readonly supplier: SettlingSupplier;
  /** By which the supplier's part is shared; undefined without an active configuration. */
  readonly revenueShares: readonly RevenueShare[] | undefined;
  readonly terms: Terms;
  readonly sourceOwnerAddress: string;
  /** Of the service, at the session's start. */
  readonly unitsPerRelay: bigint;
};

export type SettledClaim = {
  readonly claim: Claim;
  readonly price: ClaimPrice;
  readonly settlementUpokt: bigint;
  /** What the application's stake lost: settlement and inflation. */
  readonly burnUpokt: bigint;
  readonly operations: readonly SettlementOperation[];
  readonly validatorUpokt: ClaimReward['validatorUpokt'];
};

const NO_REWARD: ClaimReward = {
  operations: [],
  mintedUpokt: 0n,
  inflationUpokt: 0n,
  validatorUpokt: { ofMint: 0n, ofInflation: 0n },
  fallbacks: [],
};

/**
 * Looks up everything about a claim.
 *
 * Refuses, in this order: no such service (tokenomics 1115), application (1106), supplier (1105); a claim that cannot be
 * priced, or whose records cannot be read (1116). The text of each ends in 1117.
 */
export function prepareClaim(state: State, block: SettlingBlock, claim: Claim): Outcome<SettlingClaim> {
  return orDiscard(state, () => prepare(state, block, claim), faulty);
}

function prepare(state: State, { actors, terms }: SettlingBlock, claim: Claim): Outcome<SettlingClaim> {
  const header = claim.sessionHeader;
  if (header === undefined) return discardable(refuse(TOKENOMICS.SESSION_HEADER_MISSING));
  const { serviceId, applicationAddress } = header;
  const service = state.services.get(serviceId);
  if (service === undefined) return discardable(refuse(TOKENOMICS.SERVICE_NOT_FOUND, `service "${serviceId}"`));
  const application = actors.application(applicationAddress);
  if (application === undefined) return discardable(refuse(TOKENOMICS.APPLICATION_NOT_FOUND, applicationAddress));
  const supplier = actors.supplier(claim.supplierOperatorAddress);
  if (supplier === undefined) return discardable(refuse(TOKENOMICS.SUPPLIER_NOT_FOUND, claim.supplierOperatorAddress));
  const revenueShares = actors.config(supplier, header)?.revShare;
  const price = priceClaim(state, header, claim.rootHash);
  const requirement = claimRequirement(state, claim, price.claimedUpokt);
  const unitsPerRelay = state.services.unitsPerRelayAt(serviceId, Number(header.sessionStartBlockHeight))!;
  const { ownerAddress: sourceOwnerAddress } = service;
  const parties = { application, supplier, revenueShares, sourceOwnerAddress };
  return {
    ok: true,
    value: { claim, header, price, requirement, terms: terms.of(header), unitsPerRelay, ...parties },
  };
}

/** Whether a claim has no right to be settled: a proof was required, and none that is valid came. */
export function isExpired({ claim, requirement }: SettlingClaim): boolean {
  return (
    requirement !== ProofRequirementReason.NOT_REQUIRED && claim.proofValidationStatus !== ClaimProofStatus.VALIDATED
  );
}

type Allow = (settling: SettlingClaim) => { readonly allowance: ClaimAllowance; readonly spendLimitExceeded: boolean };

/**
 * Settles a claim for what it is allowed, raises its events and takes the money out of the application's stake.
 *
 * Refuses, in this order: a malformed header (1103); a root without work, or whose sum is not count times units per relay
 * (1109); a reward that cannot be worked out (1119). Such a claim is to be discarded. A claim that is allowed nothing
 * settles at zero.
 *
 * As in Shannon, a claim whose reward cannot be worked out has already cost the application its settlement: the stake
 * falls, and the coins stay in the application module. A claim that a fault ends has cost nothing.
 */
export function settleClaim(state: State, settling: SettlingClaim, allow: Allow): Outcome<SettledClaim> {
  const { application } = settling;
  const { stakeUpokt, unstakeSessionEndHeight } = application;
  return orDiscard(
    state,
    () => settle(state, settling, allow),
    (reason) => {
      Object.assign(application, { stakeUpokt, unstakeSessionEndHeight });
      return faulty(reason);
    },
  );
}

function settle(state: State, settling: SettlingClaim, allow: Allow): Outcome<SettledClaim> {
  const malformed = checkSettlingClaim(settling);
  if (malformed !== undefined) return discardable(malformed);
  const { allowance, spendLimitExceeded } = allow(settling);
  const { settlementUpokt } = allowance;
  if (allowance.overserviced) emitOverserviced(state, settling, allowance, spendLimitExceeded);
  const reward =
    settlementUpokt === 0n ? { ok: true as const, value: NO_REWARD } : rewardSettlement(settling, settlementUpokt);
  if (!reward.ok) return discardable(reward);
  const { operations, inflationUpokt, validatorUpokt } = reward.value;
  emitReward(state, settling, reward.value);
  if (settlementUpokt > 0n) unbondBelowMinimum(state, settling.application);
  emitSettled(state, settling, settlementUpokt, reward.value);
  const { claim, price } = settling;
  const burnUpokt = settlementUpokt + inflationUpokt;
  return { ok: true, value: { claim, price, settlementUpokt, burnUpokt, operations, validatorUpokt } };
}

function checkSettlingClaim({ header, price, unitsPerRelay }: SettlingClaim): Refusal | undefined {
  const flaw = sessionHeaderProblem(header);
  if (flaw !== undefined) return refuse(TOKENOMICS.SESSION_HEADER_INVALID, flaw);
  const { sum, count } = price.root;
  if (sum === 0n) return refuse(TOKENOMICS.ROOT_HASH_INVALID, 'the root sums to no compute units');
  if (sum === count * unitsPerRelay) return undefined;
  const expected = `${count} relays of ${unitsPerRelay} compute units`;
  return refuse(TOKENOMICS.ROOT_HASH_INVALID, `the root sums to ${sum} compute units, expected ${expected}`);
}

/** Works the reward out and, whatever comes of it, takes the settlement out of the stake. */
function rewardSettlement(settling: SettlingClaim, settlementUpokt: bigint): Outcome<ClaimReward> {
  const { application, supplier, header, claim, sourceOwnerAddress, revenueShares } = settling;
  const settled = application.stakeUpokt - settlementUpokt;
  if (settled < 0n) return refuseStake(application, settlementUpokt);
  const outcome = rewardClaim(
    settlementUpokt,
    {
      applicationAddress: header.applicationAddress,
      supplierOperatorAddress: claim.supplierOperatorAddress,
      supplierOwnerAddress: supplier.record.ownerAddress,
      serviceId: header.serviceId,
      sourceOwnerAddress,
      revenueShares,
    },
    settling.terms.rules,
  );
  const stakeUpokt = outcome.ok ? settled - outcome.value.inflationUpokt : settled;
  if (!outcome.ok || stakeUpokt < 0n) {
    application.stakeUpokt = settled;
    return outcome.ok ? refuseStake(application, outcome.value.inflationUpokt) : outcome;
  }
  const { operations, validatorUpokt } = outcome.value;
  assertConserved(operations, {
    applicationUpokt: stakeUpokt - application.stakeUpokt,
    tokenomicsUpokt: validatorUpokt.ofMint + validatorUpokt.ofInflation,
  });
  application.stakeUpokt = stakeUpokt;
  return outcome;
}

function refuseStake({ address, stakeUpokt }: SettlingApplication, burnUpokt: bigint): Refusal {
  const details = `application ${address} has a stake of ${stakeUpokt}${UPOKT}, ${burnUpokt}${UPOKT} are to be burned`;
  return wrapRefusal(refuse(TOKENOMICS.APPLICATION_STAKE_INVALID, details), TOKENOMICS.PROCESSING_TOKEN_LOGIC);
}

/** Starts the unbonding of an application whose stake has fallen below the minimum; one that is unbonding already is left alone. */
function unbondBelowMinimum(state: State, application: SettlingApplication): void {
  const minStakeUpokt = amountUpoktOf(state.params.application.live().minStake);
  if (application.stakeUpokt >= minStakeUpokt || application.wasUnbonding) return;
  const sessionEndHeight = BigInt(currentSessionEnd(state));
  application.unstakeSessionEndHeight = sessionEndHeight;
  // As in Shannon, told anew with every further claim of the block.
  state.journal.emit(EventApplicationUnbondingBeginSchema, {
    application: application.record(),
    reason: ApplicationUnbondingReason.BELOW_MIN_STAKE,
    sessionEndHeight,
    unbondingEndHeight: applicationUnbondingEnd(state.params.shared.live(), sessionEndHeight),
  });
}

function faulty(reason: string): Refusal {
  return discardable(refuse(TOKENOMICS.CONSTRAINT, reason));
}

function discardable(refusal: Refusal): Refusal {
  return wrapRefusal(refusal, TOKENOMICS.SETTLEMENT_INTERNAL);
}
