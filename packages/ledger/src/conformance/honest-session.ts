/**
 * One honest session of the vectors, from its leaves to the validated claim, with every value in between.
 */
import { create } from '@bufbuild/protobuf';
import { fromHex, toHex } from '@decai/protocol/bytes';
import type { ClosestProof } from '@decai/protocol/closest-proof';
import { encode } from '@decai/protocol/codec';
import type { CaseVerdict } from '@decai/protocol/conformance';
import { MsgCreateClaimSchema, MsgSubmitProofSchema } from '@decai/protocol/gen/pocket/proof/tx_pb';
import {
  ClaimProofStatus,
  ClaimSchema,
  ProofRequirementReason,
  type Claim,
} from '@decai/protocol/gen/pocket/proof/types_pb';
import { SessionHeaderSchema, type SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { sha256 } from '@decai/protocol/hash';
import { encodeClosestProof } from '@decai/protocol/proof-bytes';
import { proofPath } from '@decai/protocol/proof-path';
import { proofSample } from '@decai/protocol/proof-requirement';
import { relayHash } from '@decai/protocol/relay';
import { sessionWindows } from '@decai/protocol/session-grid';
import { SumTrie } from '@decai/protocol/sum-trie';
import { priceClaim } from '../claim-price.ts';
import { claimHash, claimRequirement, proofSeedHash } from '../claim-requirement.ts';
import { UPOKT } from '../coins.ts';
import { checkCreateClaim, createClaim } from '../create-claim.ts';
import { timingsAt } from '../session-timings.ts';
import type { State } from '../state.ts';
import { checkSubmitProof, submitProof } from '../submit-proof.ts';
import { validateProofs } from '../validate-proofs.ts';
import { compareCase } from './first-difference.ts';
import { emptyStore, read, stateAt, typedEvents } from './vector-state.ts';
import type { ClaimsProofsDocument, HonestSession, Setting } from './claims-proofs-document.ts';
import { buildState, setProofParams } from './claims-proofs-state.ts';
import { mustAccept } from './comparable-refusal.ts';

/** Everything that a session's vector says, worked out from its leaves. */
export function checkSession({ state: setting }: ClaimsProofsDocument, session: HonestSession): CaseVerdict {
  const { createClaimTx: _claimTx, submitProofTx: _proofTx, ...expected } = session;
  return compareCase(session.name, expected, () => {
    const store = emptyStore();
    const claiming = buildState(setting, session.createClaim.height, store);
    const trie = trieOf(session);
    const { claim, claimedUpokt, created } = claimed(claiming, session, trie.root());
    const header = claim.sessionHeader!;

    const { proofSeed, seedHash, ...drawn } = lotOf(claiming, claim);
    const path = proofPath(seedHash, header.sessionId);
    const proving = stateAt(session.submitProof.height, store);
    const requirements = requirementsOf(proving, session, claim, claimedUpokt, setting);
    const submitted = proven(proving, session, header, trie.proveClosest(path));
    return {
      name: session.name,
      application: header.applicationAddress,
      supplier: session.supplier,
      sessionHeader: session.sessionHeader,
      leaves: session.leaves.map(({ value, weight }) => ({ key: toHex(relayHash(fromHex(value))), value, weight })),
      rootHash: toHex(trie.root()),
      sum: trie.sum,
      count: trie.count,
      createClaim: created,
      seedHeight: proofSeed,
      seedHash: toHex(seedHash),
      ...drawn,
      requirements,
      proofPath: toHex(path),
      submitProof: submitted,
      validation: validation(proving, claim),
    };
  });
}

function trieOf({ leaves }: HonestSession): SumTrie {
  const trie = new SumTrie();
  for (const { value, weight } of leaves) trie.update(relayHash(fromHex(value)), fromHex(value), BigInt(weight));
  return trie;
}

function claimed(state: State, { supplier, sessionHeader }: HonestSession, rootHash: Uint8Array) {
  const header = read(SessionHeaderSchema, sessionHeader);
  const fields = { supplierOperatorAddress: supplier, sessionHeader: header, rootHash };
  const message = create(MsgCreateClaimSchema, fields);
  mustAccept(checkCreateClaim(message) ?? createClaim(state, message));
  const claim = state.claims.get(header.sessionId, supplier)!;
  const { claimedUpokt } = priceClaim(state, header, claim.rootHash);
  const created = {
    height: state.height,
    messageBytes: toHex(encode(MsgCreateClaimSchema, message)),
    claimBytes: toHex(encode(ClaimSchema, claim)),
    claimHash: toHex(claimHash(claim)),
    claimed: claimedUpokt,
    events: typedEvents(state),
  };
  return { claim, claimedUpokt, created };
}

/** The seed of the claim's lots, and what was drawn from it. */
function lotOf(state: State, claim: Claim) {
  const endHeight = Number(claim.sessionHeader!.sessionEndBlockHeight);
  const { proofSeed } = sessionWindows(timingsAt(state, endHeight), endHeight);
  const seedHash = proofSeedHash(state, endHeight);
  const sample = proofSample(claimHash(claim), seedHash);
  return { proofSeed, seedHash, sample: String(sample), sampleBits: float64Bits(sample) };
}

/** Whether the claim must be proven, under each of the parameters that the vector lists. */
function requirementsOf(
  state: State,
  { requirements }: HonestSession,
  claim: Claim,
  claimedUpokt: bigint,
  setting: Setting,
): unknown[] {
  const found = requirements.map(({ probability, threshold }) => {
    const changed = {
      proof_request_probability: probability,
      proof_requirement_threshold: `${threshold}${UPOKT}`,
    };
    setProofParams(state, changed, setting);
    return { probability, threshold, requirement: requirementName(claimRequirement(state, claim, claimedUpokt)) };
  });
  setProofParams(state, {}, setting);
  return found;
}

function proven(state: State, { supplier }: HonestSession, header: SessionHeader, proof: ClosestProof): unknown {
  const bytes = encodeClosestProof(proof);
  const fields = { supplierOperatorAddress: supplier, sessionHeader: header, proof: bytes };
  const message = create(MsgSubmitProofSchema, fields);
  mustAccept(checkSubmitProof(message) ?? submitProof(state, message));
  return {
    height: state.height,
    proof: toHex(bytes),
    closestPath: toHex(proof.closestPath),
    depth: proof.depth,
    flippedBits: proof.flippedBits,
    events: typedEvents(state),
  };
}

function validation(state: State, { sessionHeader, supplierOperatorAddress }: Claim): unknown {
  const mark = state.journal.mark();
  validateProofs(state);
  const claim = state.claims.get(sessionHeader!.sessionId, supplierOperatorAddress)!;
  const bytes = encode(ClaimSchema, claim);
  const isValid = claim.proofValidationStatus === ClaimProofStatus.VALIDATED;
  return {
    claimBytes: toHex(bytes),
    claimHash: toHex(sha256(bytes)),
    events: typedEvents(state, mark),
    valid: isValid ? 1 : 0,
    invalid: isValid ? 0 : 1,
  };
}

function requirementName(requirement: ProofRequirementReason): string {
  return Object.entries(ProofRequirementReason).find(([, value]) => value === requirement)![0];
}

function float64Bits(value: number): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return toHex(bytes);
}
