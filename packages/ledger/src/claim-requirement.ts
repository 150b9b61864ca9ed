/**
 * Whether a stored claim must be proven: asked when a proof comes in, and again when the claim is settled.
 *
 * The claim is hashed as it was first stored, without the status that validation adds, so both answers and the supplier's
 * own agree. Threshold and probability are the parameters of now.
 *
 * Source: pokt-network/poktroll `x/proof/keeper/proof_requirement.go`.
 */
import { encode } from '@decai/protocol/codec';
import {
  ClaimProofStatus,
  ClaimSchema,
  ProofRequirementReason,
  type Claim,
} from '@decai/protocol/gen/pocket/proof/types_pb';
import { sha256 } from '@decai/protocol/hash';
import { proofRequirement } from '@decai/protocol/proof-requirement';
import { sessionWindows } from '@decai/protocol/session-grid';
import { amountUpoktOf } from './stake.ts';
import { timingsAt } from './session-timings.ts';
import type { State } from './state.ts';

export function claimRequirement(state: State, claim: Claim, claimedUpokt: bigint): ProofRequirementReason {
  const params = state.params.proof.live();
  const sessionEndHeight = Number(claim.sessionHeader?.sessionEndBlockHeight ?? 0n);
  const requirement = proofRequirement(
    { claimedUpokt, claimHash: claimHash(claim), seedHash: proofSeedHash(state, sessionEndHeight) },
    {
      proofRequirementThresholdUpokt: amountUpoktOf(params.proofRequirementThreshold),
      proofRequestProbability: params.proofRequestProbability,
    },
  );
  return ProofRequirementReason[requirement];
}

/** SHA-256 of the claim without its validation status. */
export function claimHash(claim: Claim): Uint8Array {
  return sha256(encode(ClaimSchema, { ...claim, proofValidationStatus: ClaimProofStatus.PENDING_VALIDATION }));
}

/** Hash of the block before the proof window of the session that ends at a height: nobody knows it while claims are accepted. */
export function proofSeedHash(state: State, sessionEndHeight: number): Uint8Array {
  return state.blockHashes.at(sessionWindows(timingsAt(state, sessionEndHeight), sessionEndHeight).proofSeed);
}
