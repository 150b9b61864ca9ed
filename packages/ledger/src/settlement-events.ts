/**
 * What the ledger tells of a claim at settlement: that it expired, was discarded, was held back, or settled and who was paid.
 *
 * Source: pokt-network/poktroll `proto/pocket/tokenomics/event.proto`, `x/tokenomics/keeper/settle_pending_claims.go`.
 */
import { ClaimProofStatus, type Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import {
  ClaimExpirationReason,
  EventApplicationOverservicedSchema,
  EventApplicationReimbursementRequestSchema,
  EventClaimDiscardedSchema,
  EventClaimExpiredSchema,
  EventClaimSettledSchema,
  EventSupplierRevShareFallbackDistributionSchema,
} from '@decai/protocol/gen/pocket/tokenomics/event_pb';
import { claimEventFields, claimSubject } from './claim-event.ts';
import { UPOKT } from './coins.ts';
import type { Refusal } from './refusal.ts';
import type { ClaimAllowance } from './session-budget.ts';
import type { State } from './state.ts';
import type { ClaimReward } from './token-logic.ts';
import type { SettlingClaim } from './settle-claim.ts';

/** Raises EventClaimExpired. */
export function expireClaim(state: State, { claim, price }: SettlingClaim): void {
  const isPending = claim.proofValidationStatus === ClaimProofStatus.PENDING_VALIDATION;
  state.journal.emit(EventClaimExpiredSchema, {
    ...claimEventFields(claim, price),
    expirationReason: isPending ? ClaimExpirationReason.PROOF_MISSING : ClaimExpirationReason.PROOF_INVALID,
  });
}

/** Raises EventClaimDiscarded. */
export function discardClaim(state: State, claim: Claim, refusal: Refusal): void {
  const { sessionHeader, supplierOperatorAddress } = claim;
  const named = `claim of ${supplierOperatorAddress} for session "${sessionHeader?.sessionId ?? ''}" is discarded`;
  const subject = sessionHeader === undefined ? { supplierOperatorAddress } : claimSubject(claim);
  state.journal.emit(EventClaimDiscardedSchema, { ...subject, error: `${named}: ${refusal.message}` });
}

/** Raises EventApplicationOverserviced: the claim settles for less than it claims. */
export function emitOverserviced(
  state: State,
  { claim, header }: SettlingClaim,
  { expectedBurnUpokt, effectiveBurnUpokt }: ClaimAllowance,
  spendLimitExceeded: boolean,
): void {
  state.journal.emit(EventApplicationOverservicedSchema, {
    applicationAddr: header.applicationAddress,
    supplierOperatorAddr: claim.supplierOperatorAddress,
    expectedBurn: `${expectedBurnUpokt}${UPOKT}`,
    effectiveBurn: `${effectiveBurnUpokt}${UPOKT}`,
    serviceId: header.serviceId,
    sessionEndBlockHeight: header.sessionEndBlockHeight,
    spendLimitExceeded,
  });
}

/** Raises EventSupplierRevShareFallbackDistribution for each part that went to the owner, and EventApplicationReimbursementRequest. */
export function emitReward(state: State, { claim, header, supplier }: SettlingClaim, reward: ClaimReward): void {
  const { ownerAddress } = supplier.record;
  for (const { amountUpokt, opReason, observedSumPercentage, reason } of reward.fallbacks) {
    state.journal.emit(EventSupplierRevShareFallbackDistributionSchema, {
      supplierOperatorAddress: claim.supplierOperatorAddress,
      supplierOwnerAddress: ownerAddress,
      serviceId: header.serviceId,
      sessionEndBlockHeight: header.sessionEndBlockHeight,
      amount: `${amountUpokt}${UPOKT}`,
      opReason,
      observedSumPercentage,
      reason,
    });
  }
  if (reward.inflationUpokt === 0n) return;
  state.journal.emit(EventApplicationReimbursementRequestSchema, {
    applicationAddr: header.applicationAddress,
    supplierOperatorAddr: claim.supplierOperatorAddress,
    supplierOwnerAddr: ownerAddress,
    serviceId: header.serviceId,
    sessionId: header.sessionId,
    amount: `${reward.inflationUpokt}${UPOKT}`,
  });
}

/** Raises EventClaimSettled, with every payment to an account. */
export function emitSettled(
  state: State,
  { claim, header, price, requirement, supplier, terms }: SettlingClaim,
  settlementUpokt: bigint,
  { operations, mintedUpokt }: ClaimReward,
): void {
  const toAccounts = operations.filter(({ type }) => type === 'mod_to_acct');
  const total = new Map<string, bigint>();
  for (const { recipient, amountUpokt } of toAccounts) total.set(recipient, (total.get(recipient) ?? 0n) + amountUpokt);
  // Without a prototype it is a table from the start: an object would be given a shape for each set of recipients.
  const rewardDistribution = Object.create(null) as Record<string, string>;
  for (const [recipient, amountUpokt] of total) rewardDistribution[recipient] = `${amountUpokt}${UPOKT}`;
  const overservicingUpokt = price.claimedUpokt - settlementUpokt;
  state.journal.emit(EventClaimSettledSchema, {
    proofRequirementInt: requirement,
    rewardDistribution,
    rewardDistributionDetailed: toAccounts.map(({ recipient, reason, amountUpokt }) => ({
      recipientAddress: recipient,
      opReason: reason,
      amount: `${amountUpokt}${UPOKT}`,
    })),
    settledUpokt: `${settlementUpokt}${UPOKT}`,
    mintRatio: terms.rules.mintRatioText,
    sessionId: header.sessionId,
    supplierOwnerAddress: supplier.record.ownerAddress,
    mintedUpokt: `${mintedUpokt}${UPOKT}`,
    overservicingLossUpokt: `${overservicingUpokt}${UPOKT}`,
    deflationLossUpokt: `${settlementUpokt - mintedUpokt}${UPOKT}`,
    ...claimEventFields(claim, price),
  });
}
