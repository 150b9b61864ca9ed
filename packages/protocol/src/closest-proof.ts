/**
 * The proof that a leaf is in a session tree, and near the path that was asked for.
 *
 * Two judges. `verifyClosestProof` decides as Shannon's chain does: it proves membership, but takes the prover's word
 * for where his path left the one asked for. `verifyRelayProof` adds what an honest tree of relays always satisfies,
 * and so proves the nearest leaf, of the right weight, holding the relay that its place was computed from.
 * Both give a verdict for any proof and never throw.
 * Source: pokt-network/smt v0.14.1 `proofs.go`; pokt-network/poktroll `x/proof/keeper/proof_validation.go`.
 */
import { concat, equalBytes, readU64be, toHex } from './bytes.ts';
import { sha256 } from './hash.ts';
import {
  bitAt,
  DIGEST_BYTES,
  digestOfInner,
  digestOfNodeBytes,
  isPlaceholder,
  META_BYTES,
  PATH_BYTES,
  PLACEHOLDER,
} from './trie-node.ts';

const PATH_BITS = 8 * PATH_BYTES;
/** A leaf that proves absence has at least its kind and its path. */
const NON_MEMBERSHIP_BYTES_MIN = 1 + PATH_BYTES;
const LEAF_KIND = Uint8Array.of(0);

export type MembershipProof = {
  /** Sibling digests from the leaf upward, 48 bytes each; an empty sibling is 48 zeros. */
  readonly sideNodes: readonly Uint8Array[];
  /** Only in proofs of absence, which the protocol does not use. */
  readonly nonMembershipLeafData: Uint8Array | null;
  /** The bytes of the node behind the first of `sideNodes`; null when that side is empty. */
  readonly siblingData: Uint8Array | null;
};

/** Names as on the wire. The value is called a hash there for the sake of other tries; here it is the value itself. */
export type ClosestProof = {
  /** The path that was asked for. */
  readonly path: Uint8Array;
  /** Bits of `path` at which the wanted side was empty, ascending. */
  readonly flippedBits: readonly number[];
  /** Bits from the root to the leaf. */
  readonly depth: number;
  /** The leaf's path. */
  readonly closestPath: Uint8Array;
  /** `value | weight (8) | count (8)`; null in a proof of an empty tree. */
  readonly closestValueHash: Uint8Array | null;
  readonly closestProof: MembershipProof;
};

/** What can be wrong with a proof, in the order in which it is looked for. */
export type ProofFlaw =
  // The parts do not fit together.
  | 'PROOF_PATH_LENGTH'
  | 'PROOF_DEPTH'
  | 'PROOF_FLIPPED_BIT'
  | 'PROOF_CLOSEST_PATH'
  | 'PROOF_SIDE_NODES'
  | 'PROOF_NON_MEMBERSHIP'
  | 'PROOF_SIBLING'
  | 'PROOF_VALUE'
  // They do, and lead to another root.
  | 'PROOF_ROOT'
  // They lead to the root, but prove less than a relay's proof must.
  | 'PROOF_NO_LEAF'
  | 'PROOF_LOOSE_SHAPE'
  | 'PROOF_NOT_CLOSEST'
  | 'PROOF_LEAF_WORK'
  | 'PROOF_LEAF_PLACE';

export type ProofVerdict =
  { readonly valid: true } | { readonly valid: false; readonly flaw: ProofFlaw; readonly message: string };

const VALID: ProofVerdict = { valid: true };

function invalid(flaw: ProofFlaw, message: string): ProofVerdict {
  return { valid: false, flaw, message };
}

/** The leaf that a proof shows, as its value splits; null when the value is too short to hold a weight and a count. */
export function provenLeaf(proof: ClosestProof): { value: Uint8Array; weight: bigint; count: bigint } | null {
  const tail = proof.closestValueHash;
  if (tail === null || tail.length < META_BYTES) return null;
  const meta = tail.length - META_BYTES;
  return { value: tail.subarray(0, meta), weight: readU64be(tail, meta), count: readU64be(tail, meta + 8) };
}

/** Whether the proof leads to the root, judged as Shannon's chain judges. */
export function verifyClosestProof(proof: ClosestProof, root: Uint8Array): ProofVerdict {
  const shape = checkProofShape(proof);
  if (!shape.valid) return shape;
  if (proof.closestPath.length < PATH_BYTES) {
    return invalid('PROOF_CLOSEST_PATH', `closest path is ${proof.closestPath.length} bytes long, not ${PATH_BYTES}`);
  }
  const leafPath = proof.closestPath.subarray(0, PATH_BYTES);
  const start =
    proof.closestValueHash === null || provesAbsence(proof.closestValueHash)
      ? digestOfAbsence(leafPath, proof.closestProof.nonMembershipLeafData)
      : digestOfPresence(leafPath, proof.closestValueHash);
  if (!(start instanceof Uint8Array)) return start;
  const top = foldSideNodes(start, leafPath, proof.closestProof.sideNodes);
  return equalBytes(top, root) ? VALID : invalid('PROOF_ROOT', `proof leads to root ${toHex(top)}, not ${toHex(root)}`);
}

/**
 * Whether the proof shows the relay nearest to its path in the tree of a claim.
 *
 * Beyond `verifyClosestProof`, in this order: there is a leaf; all lengths are exact, and the depth is the number of
 * side nodes; wherever the leaf's path leaves the path asked for, the other side is empty, and these are the flipped
 * bits; the leaf counts once and weighs `computeUnitsPerRelay`; its path is the double hash of its value. So one
 * leaf alone can be shown for a path, and it weighs what its relay is worth. Every honest proof passes.
 *
 * @param computeUnitsPerRelay of the service, at the session's start.
 */
export function verifyRelayProof(proof: ClosestProof, root: Uint8Array, computeUnitsPerRelay: bigint): ProofVerdict {
  const membership = verifyClosestProof(proof, root);
  if (!membership.valid) return membership;

  const leaf = provenLeaf(proof);
  if (leaf === null || provesAbsence(proof.closestValueHash!)) return invalid('PROOF_NO_LEAF', 'proof shows no leaf');

  const { closestPath, depth } = proof;
  const { sideNodes } = proof.closestProof;
  if (closestPath.length !== PATH_BYTES || depth !== sideNodes.length || sideNodes.some(hasOddLength)) {
    return invalid('PROOF_LOOSE_SHAPE', 'closest path, side nodes or depth are not of their exact length');
  }

  const leavings: number[] = [];
  for (let bit = 0; bit < depth; bit++) {
    if (bitAt(proof.path, bit) === bitAt(closestPath, bit)) continue;
    if (!isPlaceholder(sideNodes[depth - 1 - bit]!)) {
      return invalid('PROOF_NOT_CLOSEST', `leaf leaves the path at bit ${bit}, where the other side is not empty`);
    }
    leavings.push(bit);
  }
  if (leavings.join() !== proof.flippedBits.join()) {
    return invalid('PROOF_NOT_CLOSEST', `flipped bits are [${proof.flippedBits.join()}], not [${leavings.join()}]`);
  }

  if (leaf.count !== 1n || leaf.weight !== computeUnitsPerRelay) {
    return invalid(
      'PROOF_LEAF_WORK',
      `leaf weighs ${leaf.weight} and counts ${leaf.count}, not ${computeUnitsPerRelay} and 1`,
    );
  }
  if (!equalBytes(closestPath, sha256(sha256(leaf.value)))) {
    return invalid('PROOF_LEAF_PLACE', 'the place of the leaf is not that of its relay');
  }
  return VALID;
}

/** Whether the parts of a proof fit together, whatever the root: what is checked before a proof is made compact. */
export function checkProofShape(proof: ClosestProof): ProofVerdict {
  const { path, depth, flippedBits, closestPath } = proof;
  const { sideNodes, nonMembershipLeafData, siblingData } = proof.closestProof;
  if (path.length !== PATH_BYTES) {
    return invalid('PROOF_PATH_LENGTH', `path is ${path.length} bytes long, not ${PATH_BYTES}`);
  }
  if (!isWithin(depth, 0, PATH_BITS)) return invalid('PROOF_DEPTH', `depth ${depth} is not between 0 and ${PATH_BITS}`);

  const flipped = path.slice();
  for (const bit of flippedBits) {
    if (!isWithin(bit, 0, Math.min(depth, PATH_BITS - 1))) {
      return invalid('PROOF_FLIPPED_BIT', `flipped bit ${bit} is not between 0 and the depth, ${depth}`);
    }
    flipped[bit >> 3]! ^= 0x80 >> (bit & 7);
  }
  if (8 * closestPath.length < depth) {
    return invalid(
      'PROOF_CLOSEST_PATH',
      `closest path is ${closestPath.length} bytes long, too short for depth ${depth}`,
    );
  }
  for (let bit = 0; bit < depth; bit++) {
    if (bitAt(flipped, bit) !== bitAt(closestPath, bit)) {
      return invalid('PROOF_CLOSEST_PATH', `closest path differs from the flipped path at bit ${bit}`);
    }
  }

  if (sideNodes.length > PATH_BITS) {
    return invalid('PROOF_SIDE_NODES', `${sideNodes.length} side nodes, at most ${PATH_BITS} expected`);
  }
  if (nonMembershipLeafData !== null && nonMembershipLeafData.length < NON_MEMBERSHIP_BYTES_MIN) {
    return invalid('PROOF_NON_MEMBERSHIP', `non-membership data is ${nonMembershipLeafData.length} bytes long`);
  }
  return siblingData === null || sideNodes.length === 0 ? VALID : checkSibling(sideNodes, siblingData);
}

function checkSibling(sideNodes: readonly Uint8Array[], siblingData: Uint8Array): ProofVerdict {
  const odd = sideNodes.find(hasOddLength);
  if (odd !== undefined)
    return invalid('PROOF_SIDE_NODES', `a side node is ${odd.length} bytes long, not ${DIGEST_BYTES}`);
  const digest = digestOfNodeBytes(siblingData);
  if (digest === undefined) return invalid('PROOF_SIBLING', `sibling data of ${siblingData.length} bytes is no node`);
  if (equalBytes(digest, sideNodes[0]!)) return VALID;
  return invalid('PROOF_SIBLING', `sibling data has digest ${toHex(digest)}, not ${toHex(sideNodes[0]!)}`);
}

/** Where the fold begins if there is a leaf: at its digest. */
function digestOfPresence(path: Uint8Array, valueHash: Uint8Array): Uint8Array | ProofVerdict {
  if (valueHash.length >= META_BYTES) return digestOfNodeBytes(concat(LEAF_KIND, path, valueHash))!;
  return invalid('PROOF_VALUE', `value is ${valueHash.length} bytes long, at least ${META_BYTES} expected`);
}

/** Where the fold begins if there is none: at nothing, or at the leaf of another path that stands there instead. */
function digestOfAbsence(path: Uint8Array, otherLeaf: Uint8Array | null): Uint8Array | ProofVerdict {
  if (otherLeaf === null) return PLACEHOLDER;
  if (otherLeaf[0] === LEAF_KIND[0] && !equalBytes(otherLeaf.subarray(1, 1 + PATH_BYTES), path)) {
    return digestOfNodeBytes(otherLeaf)!;
  }
  return invalid('PROOF_NON_MEMBERSHIP', 'non-membership data is no leaf of another path');
}

/** An empty value without weight reads as no leaf at all. */
function provesAbsence(valueHash: Uint8Array): boolean {
  return valueHash.length === META_BYTES && readU64be(valueHash, 0) === 0n;
}

function foldSideNodes(start: Uint8Array, leafPath: Uint8Array, sideNodes: readonly Uint8Array[]): Uint8Array {
  let digest = start;
  for (const [index, sideNode] of sideNodes.entries()) {
    const exact = hasOddLength(sideNode) ? cutOrPad(sideNode) : sideNode;
    const onTheLeft = bitAt(leafPath, sideNodes.length - 1 - index) === 0;
    digest = onTheLeft ? digestOfInner(digest, exact) : digestOfInner(exact, digest);
  }
  return digest;
}

/** The reference copies a side node of another length into 48 bytes, whatever comes of it. */
function cutOrPad(sideNode: Uint8Array): Uint8Array {
  const exact = new Uint8Array(DIGEST_BYTES);
  exact.set(sideNode.subarray(0, DIGEST_BYTES));
  return exact;
}

function hasOddLength(sideNode: Uint8Array): boolean {
  return sideNode.length !== DIGEST_BYTES;
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
