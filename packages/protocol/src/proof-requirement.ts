/**
 * Whether a claim must be proven: because of its value, or by lot.
 *
 * Supplier and ledger compute this apart from each other and must agree: a proof nobody asked for is refused, a
 * missing one is punished. So the claim is hashed as it was stored at first, with its status field absent.
 * Source: pokt-network/poktroll `x/proof/keeper/proof_requirement.go`.
 */
import { concat } from './bytes.ts';
import { seededFloat64 } from './go-random.ts';

export type ProofRequirement = 'THRESHOLD' | 'PROBABILISTIC' | 'NOT_REQUIRED';

export type ClaimAtStake = {
  /** What the claim is worth, under the parameters of its session's start. */
  readonly claimedUpokt: bigint;
  /** SHA-256 of the encoded claim without its validation status. */
  readonly claimHash: Uint8Array;
  /** Hash of the block before the proof window, `sessionWindows().proofSeed`. */
  readonly seedHash: Uint8Array;
};

/** Two proof parameters, those of now and not of the session's start. */
export type ProofLot = {
  readonly proofRequirementThresholdUpokt: bigint;
  /** 0 to 1. */
  readonly proofRequestProbability: number;
};

/** Why a claim must be proven, or that it need not be. Both bounds are included: threshold and probability. */
export function proofRequirement(claim: ClaimAtStake, lot: ProofLot): ProofRequirement {
  if (claim.claimedUpokt >= lot.proofRequirementThresholdUpokt) return 'THRESHOLD';
  return proofSample(claim.claimHash, claim.seedHash) <= lot.proofRequestProbability ? 'PROBABILISTIC' : 'NOT_REQUIRED';
}

/** The lot drawn for a claim, a double in [0, 1). */
export function proofSample(claimHash: Uint8Array, seedHash: Uint8Array): number {
  return seededFloat64(concat(claimHash, seedHash));
}
