/**
 * Whether a claim must be proven, and the proof: one leaf, drawn by a block that came after the claims.
 *
 * The requirement is computed from the claim as the ledger holds it, with the same draw as the ledger's. A proof that is
 * not asked for would be refused, a missing one is punished; so when ledger and record differ, nothing is guessed.
 *
 * Source: pokt-network/poktroll `pkg/relayer/session/proof.go`, `x/proof/keeper/proof_requirement.go`.
 */
import type { LedgerClient } from '@decai/client/ledger-client';
import type { SessionClock } from '@decai/client/session-clock';
import type { TypedMessage } from '@decai/protocol/any';
import { equalBytes, fromHex, toHex } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import { amountOf } from '@decai/protocol/coin';
import { Fault } from '@decai/protocol/fault';
import { MsgSubmitProofSchema } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { ClaimProofStatus, ClaimSchema, type Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import { sha256 } from '@decai/protocol/hash';
import { encodeClosestProof, verifyClosestProofBytes } from '@decai/protocol/proof-bytes';
import { proofPath } from '@decai/protocol/proof-path';
import { proofRequirement } from '@decai/protocol/proof-requirement';
import { sessionHeaderMismatch } from '@decai/protocol/session-header';
import type { World } from '@decai/protocol/world';
import type { Evidence } from './mine-relay.ts';
import { headerOf, type SessionRecord } from './session-record.ts';
import { buildSessionTree } from './session-tree.ts';

export type Proving = {
  readonly evidence: Evidence;
  readonly world: Pick<World, 'sleep'>;
  readonly ledger: Pick<LedgerClient, 'claim' | 'proofParams' | 'blockHash'>;
  readonly clock: Pick<SessionClock, 'windowsAt'>;
};

/**
 * Takes a claimed session one step on: `proof-not-required`, or `proof-built` with the bytes to submit. Expects that the
 * block whose hash draws is known.
 *
 * Aside: `rejected` when the ledger's claim is not ours.
 *
 * @throws JOURNAL_ROOT_DIFFERS when the journal no longer gives the claimed root; PROOF_UNSOUND when a proof that we made
 * does not hold; and what the ledger's client throws.
 */
export async function proveSession(proving: Proving, record: SessionRecord): Promise<SessionRecord> {
  const { ledger, clock } = proving;
  const { records } = proving.evidence;
  const claim = await ledger.claim(record.sessionId, record.supplier);
  const difference = claim === undefined ? 'the ledger has no such claim' : claimDifference(claim, record);
  if (difference !== undefined) return await records.change(record, { state: 'rejected', reason: difference });

  const { proofSeed } = await clock.windowsAt(record.endHeight);
  const seedHash = await ledger.blockHash(proofSeed);
  if (!(await isProofRequired(ledger, claim!, record, seedHash))) {
    return await records.change(record, { state: 'proof-not-required' });
  }
  const proof = await buildProof(proving, record, proofPath(seedHash, record.sessionId));
  return await records.change(record, { state: 'proof-built', proof: toHex(proof) });
}

/** What the ledger is told of a built proof. */
export function proofMessage(record: SessionRecord): TypedMessage {
  const message = decode(MsgSubmitProofSchema, new Uint8Array(0));
  message.supplierOperatorAddress = record.supplier;
  message.sessionHeader = headerOf(record);
  message.proof = fromHex(record.proof!);
  return { schema: MsgSubmitProofSchema, message };
}

/** How the ledger's claim differs from what we claimed, or undefined. */
export function claimDifference(claim: Claim, record: SessionRecord): string | undefined {
  if (toHex(claim.rootHash) !== record.root) {
    return `the ledger holds a claim of root ${toHex(claim.rootHash)}, ours is ${record.root}`;
  }
  return sessionHeaderMismatch(headerOf(record), claim.sessionHeader);
}

async function isProofRequired(
  ledger: Proving['ledger'],
  claim: Claim,
  record: SessionRecord,
  seedHash: Uint8Array,
): Promise<boolean> {
  const { proofRequirementThreshold, proofRequestProbability } = await ledger.proofParams();
  const lot = {
    proofRequirementThresholdUpokt: proofRequirementThreshold === undefined ? 0n : amountOf(proofRequirementThreshold),
    proofRequestProbability,
  };
  // The status field is left out, whatever it is by now: that is how the claim was stored at first.
  const stored = { ...claim, proofValidationStatus: ClaimProofStatus.PENDING_VALIDATION };
  const claimHash = sha256(encode(ClaimSchema, stored));
  const requirement = proofRequirement({ claimedUpokt: BigInt(record.claimedUpokt!), claimHash, seedHash }, lot);
  return requirement !== 'NOT_REQUIRED';
}

async function buildProof({ evidence, world }: Proving, record: SessionRecord, path: Uint8Array): Promise<Uint8Array> {
  const root = fromHex(record.root!);
  const trie = await buildSessionTree(evidence.journal, record, world);
  if (!equalBytes(trie.root(), root)) {
    throw new Fault('JOURNAL_ROOT_DIFFERS', 'the journal no longer gives the root that was claimed', {
      sessionId: record.sessionId,
      supplier: record.supplier,
    });
  }
  const proof = encodeClosestProof(trie.proveClosest(path));
  const verdict = verifyClosestProofBytes(proof, root);
  if (!verdict.valid) throw new Fault('PROOF_UNSOUND', verdict.message, { sessionId: record.sessionId });
  return proof;
}
