/**
 * Checking a proof that a ledger's state has a record, or has none under that key.
 *
 * The root comes from elsewhere: the header of the block after the height in question carries it, signed. What is asked
 * of a proof is all that the specification asks, and also that every step turns the way that the key's hash says.
 *
 * Source: cosmos/ics23 `go/proof.go`, `go/ics23.go` (SmtSpec).
 */
import { compareBytes, equalBytes } from './bytes.ts';
import {
  HashOp,
  LengthOp,
  type CommitmentProof,
  type ExistenceProof,
  type InnerOp,
  type LeafOp,
  type NonExistenceProof,
} from './gen/cosmos/ics23/v1/proofs_pb.ts';
import {
  EMPTY_STATE_HASH,
  STATE_INNER_PREFIX,
  STATE_LEAF_PREFIX,
  stateInnerHash,
  stateLeafHash,
  statePath,
} from './state-hash.ts';

export type StateProofVerdict =
  /** `value`: the record's bytes; undefined where the proof shows that there is no record. */
  | { readonly valid: true; readonly value: Uint8Array | undefined }
  | { readonly valid: false; readonly message: string };

/** A step from a node up to its parent. */
type Step = { readonly isRight: boolean; readonly sibling: Uint8Array };

/** A leaf that hashes up to the root: its place, and the steps from the root down to it. */
type ProvenLeaf = { readonly path: Uint8Array; readonly steps: readonly Step[] };

const DEPTH_MAX = 256;

/** What a proof says about `key` under `root` (32 bytes). Never throws, whatever the proof is. */
export function verifyStateProof(root: Uint8Array, key: Uint8Array, { proof }: CommitmentProof): StateProofVerdict {
  if (proof.case === 'exist') return verifyExistence(root, key, proof.value);
  if (proof.case === 'nonexist') return verifyAbsence(root, key, proof.value);
  return invalid('neither a proof of existence nor of absence');
}

function verifyExistence(root: Uint8Array, key: Uint8Array, proof: ExistenceProof): StateProofVerdict {
  if (!equalBytes(proof.key, key)) return invalid('the proof is about another key');
  const leaf = provenLeaf(root, proof);
  return typeof leaf === 'string' ? invalid(leaf) : { valid: true, value: proof.value };
}

/** There is nothing between two neighbours, or beside one that is the outermost. */
function verifyAbsence(root: Uint8Array, key: Uint8Array, proof: NonExistenceProof): StateProofVerdict {
  if (!equalBytes(proof.key, key)) return invalid('the proof is about another key');
  const left = proof.left && provenLeaf(root, proof.left);
  const right = proof.right && provenLeaf(root, proof.right);
  if (typeof left === 'string') return invalid(`left neighbour: ${left}`);
  if (typeof right === 'string') return invalid(`right neighbour: ${right}`);
  if (left === undefined && right === undefined) return invalid('no neighbour');
  const path = statePath(key);
  if (left !== undefined && compareBytes(left.path, path) >= 0) return invalid('the left neighbour is not on the left');
  if (right !== undefined && compareBytes(right.path, path) <= 0) {
    return invalid('the right neighbour is not on the right');
  }
  // Below the node where the two part, nothing may lie between them; without a second one, below the root.
  const parted = left === undefined || right === undefined ? 0 : firstDifference(left.path, right.path) + 1;
  if (left !== undefined && !isOutermost(left, parted, true))
    return invalid('something lies right of the left neighbour');
  if (right !== undefined && !isOutermost(right, parted, false)) {
    return invalid('something lies left of the right neighbour');
  }
  return { valid: true, value: undefined };
}

/** The leaf, if its proof leads to the root; otherwise why not. */
function provenLeaf(root: Uint8Array, { key, value, leaf, path: inners }: ExistenceProof): ProvenLeaf | string {
  if (leaf === undefined || !isStateLeaf(leaf)) return 'the leaf is hashed in another way';
  if (inners.length > DEPTH_MAX) return `${inners.length} steps, the tree has ${DEPTH_MAX}`;
  const path = statePath(key);
  const steps: Step[] = [];
  let hash = stateLeafHash(path, value);
  for (const [index, inner] of inners.entries()) {
    const step = stepOf(inner);
    if (step === undefined) return 'a step is hashed in another way';
    if (step.isRight !== bitAt(path, inners.length - 1 - index)) return 'a step turns away from the key';
    hash = step.isRight ? stateInnerHash(step.sibling, hash) : stateInnerHash(hash, step.sibling);
    steps.push(step);
  }
  return equalBytes(hash, root) ? { path, steps: steps.reverse() } : 'the proof leads to another root';
}

function isStateLeaf({ hash, prehashKey, prehashValue, length, prefix }: LeafOp): boolean {
  const isHashed = [hash, prehashKey, prehashValue].every((op) => op === HashOp.SHA256);
  return isHashed && length === LengthOp.NO_PREFIX && prefix.length === 1 && prefix[0] === STATE_LEAF_PREFIX;
}

function stepOf({ hash, prefix, suffix }: InnerOp): Step | undefined {
  if (hash !== HashOp.SHA256 || prefix[0] !== STATE_INNER_PREFIX) return undefined;
  if (prefix.length === 1 && suffix.length === 32) return { isRight: false, sibling: suffix };
  if (prefix.length === 33 && suffix.length === 0) return { isRight: true, sibling: prefix.subarray(1) };
  return undefined;
}

/** Whether nothing lies beyond a leaf, on its right or on its left, in the subtree that begins at a depth. */
function isOutermost({ steps }: ProvenLeaf, depth: number, onRight: boolean): boolean {
  return steps
    .slice(depth)
    .every(({ isRight, sibling }) => isRight === onRight || equalBytes(sibling, EMPTY_STATE_HASH));
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  let depth = 0;
  while (depth < DEPTH_MAX && bitAt(a, depth) === bitAt(b, depth)) depth += 1;
  return depth;
}

function bitAt(path: Uint8Array, depth: number): boolean {
  return ((path[depth >> 3]! >> (7 - (depth & 7))) & 1) === 1;
}

function invalid(message: string): StateProofVerdict {
  return { valid: false, message };
}
