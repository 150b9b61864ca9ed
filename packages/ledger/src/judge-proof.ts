/**
 * Whether a proof proves its claim: everything about it that needs no state, as a pure function of bytes.
 *
 * What the state has to say (keys, ring, path, root) is in the case, so that any thread can judge it; the verdict names
 * the first thing that is wrong, and validate-proofs.ts finds the words. One case has one verdict, wherever it is judged.
 *
 * Source: pokt-network/poktroll `x/proof/keeper/proof_validation.go`, `pkg/crypto/rings/client.go`.
 */
import { concat, equalBytes } from '@decai/protocol/bytes';
import { verifyClosestProof } from '@decai/protocol/closest-proof';
import { isFault } from '@decai/protocol/fault';
import type { RelayResponse } from '@decai/protocol/gen/pocket/service/relay_pb';
import type { Judge, SharedJudge } from '@decai/protocol/judge';
import { requestHash, responseHash } from '@decai/protocol/relay';
import { decodeRing, type RingSignature, verifyRing } from '@decai/protocol/ring';
import { checkRingMembers } from '@decai/protocol/ring-members';
import { verifyResponseHash } from '@decai/protocol/signature';
import { readRelayProof } from './relay-proof.ts';

export type ProofCase = {
  /** The compact closest proof, as it was submitted. */
  readonly proof: Uint8Array;
  /** The supplier's, of secp256k1. */
  readonly supplierKey: Uint8Array;
  /** The path that the lot drew. */
  readonly path: Uint8Array;
  /** The claim's. */
  readonly rootHash: Uint8Array;
  /** The keys that may sign for the application; none where there is no ring. */
  readonly ring: readonly Uint8Array[];
};

/**
 * What can be said of a proof, in the order in which it is looked for: it or its relay cannot be read; the request's
 * signature cannot; the application has no ring; another key than the ring's is in the signature; the signature does not
 * hold; the supplier has not signed the response; the path is not the drawn one; the path does not lead to the root.
 */
export const PROOF_VERDICTS = [
  'valid',
  'unreadable',
  'signature unreadable',
  'no ring',
  'foreign ring',
  'request not signed',
  'response not signed',
  'other path',
  'other root',
] as const;

export type ProofVerdict = (typeof PROOF_VERDICTS)[number];

/** Whoever judges a list of cases: one verdict each, in order, those of `judgeProof`. */
export type ProofJudges = (cases: readonly ProofCase[]) => readonly ProofVerdict[];

export function judgeProof({ proof, supplierKey, path, rootHash, ring }: ProofCase): ProofVerdict {
  const read = readRelayProof(proof);
  if (!read.ok) return 'unreadable';
  const { request, response } = read.value;
  const signature = readRing(request.meta?.signature ?? new Uint8Array());
  if (typeof signature === 'string') return 'signature unreadable';
  if (ring.length === 0) return 'no ring';
  if (checkRingMembers(signature.members, ring) !== undefined) return 'foreign ring';
  if (!verifyRing(requestHash(request), signature)) return 'request not signed';
  if (!isResponseSigned(response, supplierKey)) return 'response not signed';
  if (!equalBytes(read.value.proof.path, path)) return 'other path';
  return verifyClosestProof(read.value.proof, rootHash).valid ? 'valid' : 'other root';
}

/** A ring signature, or what is wrong with its bytes. */
export function readRing(bytes: Uint8Array): RingSignature | string {
  try {
    return decodeRing(bytes);
  } catch (thrown) {
    if (isFault(thrown)) return thrown.message;
    throw thrown;
  }
}

function isResponseSigned(response: RelayResponse | undefined, supplierKey: Uint8Array): boolean {
  const signature = response?.meta?.supplierOperatorSignature;
  return signature !== undefined && verifyResponseHash(responseHash(response!), signature, supplierKey);
}

/** A case as bytes for another thread: proof, supplier's key, path, root and the ring's keys, each after its length (4). */
export function encodeProofCase({ proof, supplierKey, path, rootHash, ring }: ProofCase): Uint8Array {
  return concat(...[proof, supplierKey, path, rootHash, ...ring].flatMap((part) => [lengthBytes(part), part]));
}

function lengthBytes({ length }: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
}

/** Reads what `encodeProofCase` wrote, and only that. */
export function decodeProofCase(bytes: Uint8Array): ProofCase {
  const parts: Uint8Array[] = [];
  const lengths = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset < bytes.length;) {
    const end = offset + 4 + lengths.getUint32(offset);
    parts.push(bytes.subarray(offset + 4, end));
    offset = end;
  }
  const [proof, supplierKey, path, rootHash, ...ring] = parts;
  return { proof: proof!, supplierKey: supplierKey!, path: path!, rootHash: rootHash!, ring };
}

/** The verdict on an encoded case as a number: its place in `PROOF_VERDICTS`, from 1. */
export const judge: Judge = (task) => 1 + PROOF_VERDICTS.indexOf(judgeProof(decodeProofCase(task)));

/** For whoever has threads. They run built code, also when this file itself runs from its sources. */
export const PROOF_JUDGE: SharedJudge = { judge, module: new URL('../dist/judge-proof.js', import.meta.url).href };

/** Proof judges out of judges of bytes, which were given `PROOF_JUDGE`. */
export function proofJudges(judgeAll: (tasks: readonly Uint8Array[]) => Uint8Array): ProofJudges {
  return (cases) => Array.from(judgeAll(cases.map(encodeProofCase)), (verdict) => PROOF_VERDICTS[verdict - 1]!);
}

/** On the caller's thread. */
export const inlineProofJudges: ProofJudges = (cases) => cases.map(judgeProof);
