/**
 * Whether a stored claim must be proven: asked when a proof comes in, and again when the claim is settled.
 *
 * The claim is hashed as the supplier himself did before he proved it. A failed proof does not change that: otherwise it
 * would buy a second lot. One that was found valid does, as in Shannon: the claim is settled whatever is drawn, and only the
 * reason that its events name, and whether the proof may be handed in once more, follow the second lot. Threshold and
 * probability are those that govern the session.
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

/** The requirement of a claim in this block. */
export function claimRequirement(state: State, claim: Claim, claimedUpokt: bigint): ProofRequirementReason {
  const requirement = drawn(state, claimHash(claim), claim, claimedUpokt);
  if (claim.proofValidationStatus !== ClaimProofStatus.INVALID) return requirement;
  const second = drawn(state, sha256(encode(ClaimSchema, claim)), claim, claimedUpokt);
  return second !== requirement && state.relaxes('REQUIREMENT_WITHOUT_STATUS') ? second : requirement;
}

/** SHA-256 of the claim; one whose proof has failed counts as it was before. */
export function claimHash(claim: Claim): Uint8Array {
  const { INVALID, PENDING_VALIDATION } = ClaimProofStatus;
  const failed = claim.proofValidationStatus === INVALID;
  return sha256(encode(ClaimSchema, failed ? { ...claim, proofValidationStatus: PENDING_VALIDATION } : claim));
}

/** What threshold and draw say of a claim with this hash. */
function drawn(state: State, hash: Uint8Array, { sessionHeader }: Claim, claimedUpokt: bigint): ProofRequirementReason {
  const params = state.params.proof.governing(Number(sessionHeader?.sessionStartBlockHeight ?? 0n));
  const sessionEndHeight = Number(sessionHeader?.sessionEndBlockHeight ?? 0n);
  const requirement = proofRequirement(
    { claimedUpokt, claimHash: hash, seedHash: proofSeedHash(state, sessionEndHeight) },
    {
      proofRequirementThresholdUpokt: amountUpoktOf(params.proofRequirementThreshold),
      proofRequestProbability: params.proofRequestProbability,
    },
  );
  return ProofRequirementReason[requirement];
}

/** Hash of the block before the proof window of the session that ends at a height: nobody knows it while claims are accepted. */
export function proofSeedHash(state: State, sessionEndHeight: number): Uint8Array {
  return state.blockHashes.at(sessionWindows(timingsAt(state, sessionEndHeight), sessionEndHeight).proofSeed);
}
