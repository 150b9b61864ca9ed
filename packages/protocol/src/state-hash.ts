/**
 * The hashes that make one root of all records of a state.
 *
 * The tree is a sparse Merkle tree over 256 bits: a record lies on the path that is the hash of its key, at the first
 * depth at which it is alone; what is empty counts as 32 zero bytes. So a set of records has one root, whatever was
 * written before, and whoever has the same records has the same root.
 *
 * Source: cosmos/ics23 `go/proof.go` (SmtSpec), whose verifiers read proofs under this root.
 */
import { sha256, sha256Into } from './hash.ts';

/** What stands for a side on which nothing is. Not to be written to. */
export const EMPTY_STATE_HASH: Uint8Array = new Uint8Array(32);

export const STATE_LEAF_PREFIX = 0;
export const STATE_INNER_PREFIX = 1;

const leafInput = Uint8Array.of(STATE_LEAF_PREFIX, ...new Uint8Array(64));
const innerInput = Uint8Array.of(STATE_INNER_PREFIX, ...new Uint8Array(64));

/** Where the record with this key lies: its bits, from the highest of the first byte on, lead left (0) or right (1). */
export function statePath(key: Uint8Array): Uint8Array {
  return sha256(key);
}

/** SHA-256(0 ‖ path ‖ SHA-256(value)). */
export function stateLeafHash(path: Uint8Array, value: Uint8Array): Uint8Array {
  leafInput.set(path, 1);
  leafInput.set(sha256(value), 33);
  return sha256(leafInput);
}

/** SHA-256(1 ‖ left ‖ right). */
export function stateInnerHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const hash = new Uint8Array(32);
  innerInput.set(left, 1);
  innerInput.set(right, 33);
  sha256Into(innerInput, hash);
  return hash;
}
