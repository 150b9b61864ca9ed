/**
 * What every event about a claim says of it.
 *
 * Source: pokt-network/poktroll `proto/pocket/proof/event.proto`, `proto/pocket/tokenomics/event.proto`.
 */
import type { Claim, ClaimProofStatus } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { ClaimPrice } from './claim-price.ts';
import { UPOKT } from './coins.ts';

/** Whose claim it is, on what, and how far its proof has come. */
export type ClaimSubject = {
  readonly serviceId: string;
  readonly applicationAddress: string;
  readonly sessionEndBlockHeight: bigint;
  readonly claimProofStatusInt: ClaimProofStatus;
  readonly supplierOperatorAddress: string;
};

export type ClaimEventFields = ClaimSubject & {
  readonly numRelays: bigint;
  readonly numClaimedComputeUnits: bigint;
  readonly numEstimatedComputeUnits: bigint;
  readonly numEstimatedRelays: bigint;
  readonly claimedUpokt: string;
};

export function claimSubject(claim: Claim): ClaimSubject {
  const header = claim.sessionHeader!;
  return {
    serviceId: header.serviceId,
    applicationAddress: header.applicationAddress,
    sessionEndBlockHeight: header.sessionEndBlockHeight,
    claimProofStatusInt: claim.proofValidationStatus,
    supplierOperatorAddress: claim.supplierOperatorAddress,
  };
}

export function claimEventFields(claim: Claim, price: ClaimPrice): ClaimEventFields {
  return {
    numRelays: price.root.count,
    numClaimedComputeUnits: price.root.sum,
    numEstimatedComputeUnits: price.estimatedComputeUnits,
    numEstimatedRelays: price.estimatedRelays,
    claimedUpokt: `${price.claimedUpokt}${UPOKT}`,
    // Last, here and wherever these fields are taken over: an object that grows after a spread costs ten times as much.
    ...claimSubject(claim),
  };
}
