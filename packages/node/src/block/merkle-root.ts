/**
 * The Merkle root of a list, as CometBFT takes it: over header fields, transactions, results, validators and block parts.
 *
 * A leaf is hashed behind a zero byte and a pair behind a one byte, so that no leaf can pass for a pair. The left half holds
 * the largest power of two below the length; the root of nothing is SHA-256 of nothing.
 *
 * Source: cometbft/cometbft v0.38 `crypto/merkle/tree.go`, `hash.go`; RFC 6962 §2.1.
 */
import { concat, EMPTY } from '@decai/protocol/bytes';
import { sha256 } from '@decai/protocol/hash';

const LEAF = new Uint8Array([0]);
const PAIR = new Uint8Array([1]);

/** 32 bytes. */
export function merkleRoot(items: readonly Uint8Array[]): Uint8Array {
  if (items.length === 0) return sha256(EMPTY);
  if (items.length === 1) return sha256(concat(LEAF, items[0]!));
  const left = leftHalf(items.length);
  return sha256(concat(PAIR, merkleRoot(items.slice(0, left)), merkleRoot(items.slice(left))));
}

/** How an item leads to the root of its list. */
export type MerkleProof = {
  /** How many items the list has. */
  readonly total: number;
  readonly index: number;
  readonly leafHash: Uint8Array;
  /** The hashes beside the way, from the leaf up to the root. */
  readonly aunts: readonly Uint8Array[];
};

/** The proof of the item at `index`, which the list has. */
export function merkleProof(items: readonly Uint8Array[], index: number): MerkleProof {
  return { total: items.length, index, leafHash: sha256(concat(LEAF, items[index]!)), aunts: auntsOf(items, index) };
}

function auntsOf(items: readonly Uint8Array[], index: number): Uint8Array[] {
  if (items.length === 1) return [];
  const left = leftHalf(items.length);
  const [first, second] = [items.slice(0, left), items.slice(left)];
  return index < left
    ? [...auntsOf(first, index), merkleRoot(second)]
    : [...auntsOf(second, index - left), merkleRoot(first)];
}

function leftHalf(length: number): number {
  return 2 ** (Math.ceil(Math.log2(length)) - 1);
}
