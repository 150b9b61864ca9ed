/**
 * Closest proofs as they travel: empty side nodes folded into a bit mask, integers as short byte strings.
 *
 * Source: pokt-network/smt v0.14.1 `proofs.go`, `utils.go`.
 */
import { checkProofShape, type ClosestProof } from './closest-proof.ts';
import { Fault } from './fault.ts';
import { bitAt, isPlaceholder, PATH_BYTES, PLACEHOLDER } from './trie-node.ts';

const SIDE_NODES_MAX = 8 * PATH_BYTES;
/** Depths and bit indexes reach 256 at most. */
const INTEGER_BYTES_MAX = 2;

export type CompactMembershipProof = {
  /** Non-empty siblings from the leaf upward. */
  readonly sideNodes: readonly Uint8Array[];
  readonly nonMembershipLeafData: Uint8Array | null;
  /** Bit i, most significant first, is set where the i-th sibling from the leaf is empty. */
  readonly bitMask: Uint8Array;
  /** Siblings, empty ones included. */
  readonly numSideNodes: number;
  readonly siblingData: Uint8Array | null;
};

export type CompactClosestProof = {
  readonly path: Uint8Array;
  /** Big-endian, without leading zeros; a zero is one byte. So is `depth`. */
  readonly flippedBits: readonly Uint8Array[];
  readonly depth: Uint8Array;
  readonly closestPath: Uint8Array;
  readonly closestValueHash: Uint8Array | null;
  readonly closestProof: CompactMembershipProof;
};

/**
 * Makes a proof compact.
 *
 * @throws CLOSEST_PROOF_INVALID when the parts of the proof do not fit together.
 */
export function compactProof(proof: ClosestProof): CompactClosestProof {
  const shape = checkProofShape(proof);
  if (!shape.valid) throw new Fault('CLOSEST_PROOF_INVALID', shape.message, { flaw: shape.flaw });
  const { sideNodes, nonMembershipLeafData, siblingData } = proof.closestProof;
  const bitMask = new Uint8Array(maskLength(sideNodes.length));
  for (const [index, sideNode] of sideNodes.entries()) {
    if (isPlaceholder(sideNode)) bitMask[index >> 3]! |= 0x80 >> (index & 7);
  }
  return {
    path: proof.path,
    flippedBits: proof.flippedBits.map(toShortBytes),
    depth: toShortBytes(proof.depth),
    closestPath: proof.closestPath,
    closestValueHash: proof.closestValueHash,
    closestProof: {
      sideNodes: sideNodes.filter((sideNode) => !isPlaceholder(sideNode)),
      nonMembershipLeafData,
      bitMask,
      numSideNodes: sideNodes.length,
      siblingData,
    },
  };
}

/**
 * The inverse of `compactProof`.
 *
 * The outcome need not be a valid proof, only one that can be judged. An empty string reads as the integer 0.
 *
 * @throws COMPACT_PROOF_INVALID when lengths and counts contradict each other or pass their bounds.
 */
export function decompactProof(compact: CompactClosestProof): ClosestProof {
  const { nonMembershipLeafData, siblingData } = compact.closestProof;
  if (compact.path.length !== PATH_BYTES) refuse('path', PATH_BYTES, compact.path.length);
  return {
    path: compact.path,
    flippedBits: compact.flippedBits.map((bytes) => fromShortBytes('flippedBits', bytes)),
    depth: fromShortBytes('depth', compact.depth),
    closestPath: compact.closestPath,
    closestValueHash: compact.closestValueHash,
    closestProof: { sideNodes: allSideNodes(compact.closestProof), nonMembershipLeafData, siblingData },
  };
}

function allSideNodes({ sideNodes, bitMask, numSideNodes }: CompactMembershipProof): Uint8Array[] {
  if (!Number.isInteger(numSideNodes) || numSideNodes < 0 || numSideNodes > SIDE_NODES_MAX) {
    refuse('numSideNodes', SIDE_NODES_MAX, numSideNodes);
  }
  if (bitMask.length !== maskLength(numSideNodes)) refuse('bitMask', maskLength(numSideNodes), bitMask.length);
  // Spare bits of the mask count as well, so a set one shows as a missing side node.
  const empty = bitMask.reduce((count, byte) => count + setBits(byte), 0);
  if (numSideNodes > 0 && sideNodes.length !== numSideNodes - empty) {
    refuse('sideNodes', numSideNodes - empty, sideNodes.length);
  }
  const kept = sideNodes.values();
  return Array.from({ length: numSideNodes }, (_, index) =>
    bitAt(bitMask, index) === 1 ? PLACEHOLDER.slice() : (kept.next().value ?? refuse('sideNodes', numSideNodes, index)),
  );
}

function maskLength(numSideNodes: number): number {
  return Math.ceil(numSideNodes / 8);
}

function setBits(byte: number): number {
  let count = 0;
  for (let rest = byte; rest > 0; rest &= rest - 1) count += 1;
  return count;
}

/** 0 … 65535 as one or two bytes. */
export function toShortBytes(value: number): Uint8Array {
  return value < 0x100 ? Uint8Array.of(value) : Uint8Array.of(value >> 8, value & 0xff);
}

function fromShortBytes(field: string, bytes: Uint8Array): number {
  if (bytes.length > INTEGER_BYTES_MAX) refuse(field, INTEGER_BYTES_MAX, bytes.length);
  return bytes.reduce((value, byte) => 0x100 * value + byte, 0);
}

function refuse(field: string, expected: number, actual: number): never {
  throw new Fault('COMPACT_PROOF_INVALID', `${field} of a compact proof is out of bounds`, { field, expected, actual });
}
