/**
 * Events in the life of a claim before anybody is paid: made, replaced, proven, judged.
 *
 * Source: pokt-network/poktroll `proto/pocket/proof/event.proto`.
 */
import type {
  EventClaimCreated,
  EventClaimUpdated,
  EventProofSubmitted,
  EventProofUpdated,
  EventProofValidityChecked,
} from '@decai/protocol/gen/pocket/proof/event_pb';
import { ClaimProofStatus } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { BlockChanges, ClaimKey } from './block-changes.ts';
import { claimedVolume, claimKey } from './claim-columns.ts';

/** @param sessionId of the message that made the claim; undefined if it is not known. */
export function recordClaimCreated(
  changes: BlockChanges,
  event: EventClaimCreated,
  sessionId: string | undefined,
): void {
  putClaim(changes, event, sessionId);
  changes.count(claimKey(event), { claimsCreated: 1n });
}

/** The new claim stands in the place of the old one. */
export function recordClaimUpdated(
  changes: BlockChanges,
  event: EventClaimUpdated,
  sessionId: string | undefined,
): void {
  putClaim(changes, event, sessionId);
  changes.count(claimKey(event), { claimsUpdated: 1n });
}

function putClaim(
  changes: BlockChanges,
  event: EventClaimCreated | EventClaimUpdated,
  sessionId: string | undefined,
): void {
  const named = sessionId === undefined ? {} : { sessionId };
  const row = { ...claimKey(event), ...claimedVolume(event), ...named, status: 'pending', proofStatus: 'none' };
  changes.put('claims', row, { createdHeight: changes.height });
}

export function recordProof(changes: BlockChanges, event: EventProofSubmitted | EventProofUpdated): void {
  const key = claimKey(event);
  changes.put('claims', { ...key, proofStatus: 'submitted', proofHeight: changes.height });
  if (event.$typeName === 'pocket.proof.EventProofSubmitted') changes.count(key, { proofsSubmitted: 1n });
}

export function recordValidity(changes: BlockChanges, event: EventProofValidityChecked): void {
  const key: ClaimKey = claimKey(event);
  const isValid = event.claimProofStatusInt === ClaimProofStatus.VALIDATED;
  const proofFailure = event.failureReason === '' ? null : event.failureReason;
  changes.put('claims', { ...key, proofStatus: isValid ? 'valid' : 'invalid', proofFailure });
  changes.count(key, isValid ? { proofsValid: 1n } : { proofsInvalid: 1n });
}
