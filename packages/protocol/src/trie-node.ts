/**
 * The nodes of the sum trie: their shapes, their bytes, and the digests under which they are known.
 *
 * A node's bytes (its preimage) end in its sum and count, and so does its digest: `SHA-256 (32) | sum (8) | count (8)`.
 * The exception is the extension, which stands for a run of inner nodes with one empty side each and has the digest
 * that this run would have. So no root depends on where extensions happen to be.
 * Source: pokt-network/smt v0.14.1 `hasher.go`, `types.go`, `smst.go`, `extension_node.go`.
 */
import { equalBytes, readU64be } from './bytes.ts';
import { Fault } from './fault.ts';
import { sha256Into } from './hash.ts';

export const PATH_BYTES = 32;
export const DIGEST_BYTES = 48;
/** Sum and count at the end of preimages, digests and proven values. */
export const META_BYTES = 16;

const LEAF = 0;
const INNER = 1;
const EXTENSION = 2;
const INNER_BYTES = 1 + 2 * DIGEST_BYTES + META_BYTES;
const EXTENSION_BYTES = 3 + PATH_BYTES + DIGEST_BYTES + META_BYTES;

/** The digest of nothing: 48 zero bytes. Shared; copy it before handing it out. */
export const PLACEHOLDER: Uint8Array = new Uint8Array(DIGEST_BYTES);

/** What every node remembers: its digest until it changes, and whether the store holds it under that digest. */
type Known = { digest: Uint8Array | null; stored: boolean };

export type Leaf = Known & {
  readonly kind: 'leaf';
  readonly path: Uint8Array;
  /** The value, or where to get it again. */
  readonly value: Uint8Array | (() => Uint8Array);
  readonly weight: bigint;
};

export type Inner = Known & { readonly kind: 'inner'; left: TrieNode | null; right: TrieNode | null };

/** Covers bits `start` … `end` − 1 of `path`; the other bits are those of the leaf whose insertion made it. */
export type Extension = Known & {
  readonly kind: 'extension';
  readonly start: number;
  readonly end: number;
  readonly path: Uint8Array;
  child: TrieNode;
};

/** A node known by its digest only; its bytes are in the store. */
export type Unloaded = { readonly kind: 'unloaded'; readonly digest: Uint8Array; readonly stored: true };

export type LoadedNode = Leaf | Inner | Extension;
export type TrieNode = LoadedNode | Unloaded;

/** Bit `index` of a path, counted from the most significant bit of the first byte. */
export function bitAt(path: Uint8Array, index: number): 0 | 1 {
  return ((path[index >> 3]! >> (7 - (index & 7))) & 1) as 0 | 1;
}

export function isPlaceholder(digest: Uint8Array): boolean {
  return equalBytes(digest, PLACEHOLDER);
}

export function valueOf(leaf: Leaf): Uint8Array {
  return typeof leaf.value === 'function' ? leaf.value() : leaf.value;
}

/** The digest of a node, 48 bytes, computed once. Not a copy: do not change it. */
export function digestOf(node: TrieNode | null): Uint8Array {
  if (node === null) return PLACEHOLDER;
  if (node.kind === 'unloaded') return node.digest;
  return (node.digest ??= freshDigest(node));
}

function freshDigest(node: LoadedNode): Uint8Array {
  switch (node.kind) {
    case 'leaf':
      return digestOfLeaf(node.path, valueOf(node), node.weight);
    case 'inner':
      return digestOfInner(digestOf(node.left), digestOf(node.right));
    case 'extension':
      return digestOfRun(digestOf(node.child), node.path, node.start, node.end);
  }
}

/** Preimages that are hashed at once and not kept are written here. */
const innerScratch = new Uint8Array(INNER_BYTES);
const leafScratch = new Uint8Array(64 * 1024);

export function digestOfLeaf(path: Uint8Array, value: Uint8Array, weight: bigint): Uint8Array {
  const length = leafLength(value);
  const preimage = length <= leafScratch.length ? leafScratch.subarray(0, length) : new Uint8Array(length);
  writeLeaf(preimage, path, value, weight);
  return digestOfPreimage(preimage);
}

/** Digest of the inner node above two digests. */
export function digestOfInner(left: Uint8Array, right: Uint8Array): Uint8Array {
  writeInner(innerScratch, left, right);
  return digestOfPreimage(innerScratch);
}

/** Digest of the inner nodes that a run of bits stands for: each leads on to the path's side only. */
function digestOfRun(digest: Uint8Array, path: Uint8Array, start: number, end: number): Uint8Array {
  let top = digest;
  for (let bit = end - 1; bit >= start; bit--) {
    top = bitAt(path, bit) === 0 ? digestOfInner(top, PLACEHOLDER) : digestOfInner(PLACEHOLDER, top);
  }
  return top;
}

function digestOfPreimage(preimage: Uint8Array): Uint8Array {
  const digest = new Uint8Array(DIGEST_BYTES);
  sha256Into(preimage, digest);
  const meta = preimage.length - META_BYTES;
  for (let index = 0; index < META_BYTES; index++) digest[PATH_BYTES + index] = preimage[meta + index]!;
  return digest;
}

/**
 * The digest of a node given as bytes from elsewhere, or nothing when they cannot be a node's.
 *
 * An extension's repeated sum and count are not looked at; those in its child's digest count.
 */
export function digestOfNodeBytes(bytes: Uint8Array): Uint8Array | undefined {
  const [kind, start, end] = bytes;
  if (bytes.length < META_BYTES || kind! > EXTENSION) return undefined;
  if (kind !== EXTENSION) return digestOfPreimage(bytes);
  if (bytes.length !== EXTENSION_BYTES || start! >= end!) return undefined;
  return digestOfRun(bytes.subarray(35, 35 + DIGEST_BYTES), bytes.subarray(3, 3 + PATH_BYTES), start!, end!);
}

/**
 * The bytes of a node, a fresh copy.
 *
 * Leaf: `00 | path (32) | value | weight (8) | 1 (8)`. Inner: `01 | left (48) | right (48) | sum (8) | count (8)`.
 * Extension: `02 | start | end | path (32) | child (48) | child's sum (8) | child's count (8)`.
 */
export function encodeNode(node: LoadedNode): Uint8Array {
  switch (node.kind) {
    case 'leaf': {
      const value = valueOf(node);
      const bytes = new Uint8Array(leafLength(value));
      writeLeaf(bytes, node.path, value, node.weight);
      return bytes;
    }
    case 'inner': {
      const bytes = new Uint8Array(INNER_BYTES);
      writeInner(bytes, digestOf(node.left), digestOf(node.right));
      return bytes;
    }
    case 'extension': {
      const child = digestOf(node.child);
      const bytes = new Uint8Array(EXTENSION_BYTES);
      bytes.set([EXTENSION, node.start, node.end]);
      bytes.set(node.path, 3);
      bytes.set(child, 35);
      bytes.set(child.subarray(PATH_BYTES), 35 + DIGEST_BYTES);
      return bytes;
    }
  }
}

/**
 * Reads a node that was stored under `digest`. Its children are not loaded. Views of `bytes`, not copies.
 *
 * @throws TRIE_NODE_CORRUPT when the bytes are no node, or a leaf that counts for more or less than one.
 */
export function decodeNode(bytes: Uint8Array, digest: Uint8Array): LoadedNode {
  const known = { digest, stored: true };
  const [kind, start, end] = bytes;
  if (kind === LEAF && bytes.length >= 1 + PATH_BYTES + META_BYTES) {
    const tail = bytes.length - META_BYTES;
    if (readU64be(bytes, tail + 8) === 1n) {
      const path = bytes.subarray(1, 1 + PATH_BYTES);
      return {
        kind: 'leaf',
        path,
        value: bytes.subarray(1 + PATH_BYTES, tail),
        weight: readU64be(bytes, tail),
        ...known,
      };
    }
  }
  if (kind === INNER && bytes.length === INNER_BYTES) {
    const left = unloaded(bytes.subarray(1, 1 + DIGEST_BYTES));
    return { kind: 'inner', left, right: unloaded(bytes.subarray(1 + DIGEST_BYTES, 1 + 2 * DIGEST_BYTES)), ...known };
  }
  if (kind === EXTENSION && bytes.length === EXTENSION_BYTES && start! < end!) {
    const child = unloaded(bytes.subarray(35, 35 + DIGEST_BYTES));
    const path = bytes.subarray(3, 3 + PATH_BYTES);
    if (child !== null) return { kind: 'extension', start: start!, end: end!, path, child, ...known };
  }
  throw new Fault('TRIE_NODE_CORRUPT', 'stored bytes are no node of a sum trie', {
    kind: kind ?? -1,
    length: bytes.length,
  });
}

/** A node that is only known by its digest; nothing for the placeholder. */
export function unloaded(digest: Uint8Array): Unloaded | null {
  return isPlaceholder(digest) ? null : { kind: 'unloaded', digest, stored: true };
}

function leafLength(value: Uint8Array): number {
  return 1 + PATH_BYTES + value.length + META_BYTES;
}

function writeLeaf(into: Uint8Array, path: Uint8Array, value: Uint8Array, weight: bigint): void {
  into[0] = LEAF;
  into.set(path, 1);
  into.set(value, 1 + PATH_BYTES);
  // Two 32-bit halves: eight steps on a bigint would cost as much as the hash.
  const at = into.length - META_BYTES;
  writeU32(into, at, Number(weight >> 32n));
  writeU32(into, at + 4, Number(weight & 0xffffffffn));
  into.fill(0, into.length - 8);
  into[into.length - 1] = 1;
}

function writeU32(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
}

function writeInner(into: Uint8Array, left: Uint8Array, right: Uint8Array): void {
  into[0] = INNER;
  for (let index = 0; index < DIGEST_BYTES; index++) {
    into[1 + index] = left[index]!;
    into[1 + DIGEST_BYTES + index] = right[index]!;
  }
  addU64(into, 1 + 2 * DIGEST_BYTES, left, right, PATH_BYTES);
  addU64(into, 1 + 2 * DIGEST_BYTES + 8, left, right, PATH_BYTES + 8);
}

/** Adds the eight bytes that stand at `from` in both digests, big-endian and modulo 2^64 as Go does. */
function addU64(into: Uint8Array, at: number, left: Uint8Array, right: Uint8Array, from: number): void {
  let carry = 0;
  for (let index = 7; index >= 0; index--) {
    const total = left[from + index]! + right[from + index]! + carry;
    into[at + index] = total;
    carry = total >> 8;
  }
}
