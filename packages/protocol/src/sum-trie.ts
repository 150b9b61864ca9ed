/**
 * The tree of a session: a sparse Merkle trie whose every node knows the sum and the number of the leaves below it.
 *
 * A leaf's key is hashed to its path, and bit after bit of the path leads down from the root, 0 to the left. Values
 * are kept as they are, not hashed. Nothing is hashed before somebody asks for a root or a proof, so that many updates
 * cost little more than one. The root depends on the leaves alone; the bytes of an extension, which a proof may
 * contain, also depend on the order in which the leaves came.
 *
 * There is no deletion: a served relay stays served, and the shapes that deletion leaves behind break closest proofs.
 * Source: pokt-network/smt v0.14.1 `smst.go`, `smt.go`.
 */
import type { ClosestProof } from './closest-proof.ts';
import { concat, u64be } from './bytes.ts';
import { Fault } from './fault.ts';
import { sha256 } from './hash.ts';
import { decodeRoot } from './root.ts';
import {
  bitAt,
  decodeNode,
  digestOf,
  encodeNode,
  type Extension,
  type Inner,
  type Leaf,
  type LoadedNode,
  PATH_BYTES,
  PLACEHOLDER,
  type TrieNode,
  unloaded,
  valueOf,
} from './trie-node.ts';
import type { NodeStore } from './trie-store.ts';

const PATH_BITS = 8 * PATH_BYTES;
const U64_MAX = 2n ** 64n - 1n;

export class SumTrie {
  readonly #store: NodeStore | undefined;
  #root: TrieNode | null = null;
  #sum = 0n;
  #count = 0n;
  /** Digests of stored nodes that are no longer part of the tree. */
  #orphans: Uint8Array[] = [];

  /** An empty trie, kept in memory; one with a store can be committed to it. */
  constructor(store?: NodeStore) {
    this.#store = store;
  }

  /**
   * The trie that was committed to `store` with this root. Nodes are read when they are needed.
   *
   * @throws ROOT_LENGTH when the root is not 48 bytes long.
   */
  static import(store: NodeStore, root: Uint8Array): SumTrie {
    const { sum, count } = decodeRoot(root);
    const trie = new SumTrie(store);
    trie.#root = unloaded(root.slice());
    trie.#sum = sum;
    trie.#count = count;
    return trie;
  }

  /** Sum of all weights, modulo 2^64. */
  get sum(): bigint {
    return this.#sum;
  }

  /** Number of leaves as the root carries it. */
  get count(): bigint {
    return this.#count;
  }

  /** Number of leaves. */
  get size(): number {
    return Number(this.#count);
  }

  /** The 48 bytes of the root; zeros for an empty trie. A copy. */
  root(): Uint8Array {
    return digestOf(this.#root).slice();
  }

  /**
   * Adds a leaf, or replaces the one with the same key, weight and all.
   *
   * The value is kept, not copied. With `reread` it is hashed now and forgotten; `reread` must give the same
   * bytes whenever a proof or a commit needs them.
   *
   * @param weight uint64. A leaf with an empty value and weight 0 can be added but never proven: a proof of it reads as
   * a proof of nothing.
   * @throws TRIE_WEIGHT when the weight does not fit 64 bits.
   */
  update(key: Uint8Array, value: Uint8Array, weight: bigint, reread?: () => Uint8Array): void {
    if (weight < 0n || weight > U64_MAX) throw new Fault('TRIE_WEIGHT', 'a weight is a uint64', { actual: weight });
    const leaf: Leaf = { kind: 'leaf', path: sha256(key), value, weight, digest: null, stored: false };
    const added = reread === undefined ? leaf : { ...leaf, digest: digestOf(leaf), value: reread };
    this.#root = this.#insert(this.#root, 0, added);
  }

  /** What was last stored under the key. */
  get(key: Uint8Array): { value: Uint8Array; weight: bigint } | undefined {
    const path = sha256(key);
    let node = this.#root === null ? null : (this.#root = this.#load(this.#root));
    for (let depth = 0; node !== null && node.kind !== 'leaf';) {
      if (node.kind === 'extension') {
        if (firstDifference(path, node.path, node.start, node.end) < node.end) return undefined;
        depth = node.end;
        node = node.child = this.#load(node.child);
      } else {
        node = this.#childOf(node, bitAt(path, depth));
        depth += 1;
      }
    }
    if (node === null || firstDifference(path, node.path, 0, PATH_BITS) < PATH_BITS) return undefined;
    return { value: valueOf(node), weight: node.weight };
  }

  /**
   * Proves the leaf nearest to a path: down along its bits, taking the other side, and noting the bit as flipped,
   * wherever the wanted side is empty.
   *
   * The proof of an empty trie names 48 zero bytes as the closest path and flips bit 0, as the reference does.
   *
   * @throws TRIE_PATH_LENGTH when the path is not 32 bytes long.
   */
  proveClosest(path: Uint8Array): ClosestProof {
    if (path.length !== PATH_BYTES) {
      throw new Fault('TRIE_PATH_LENGTH', 'a path is 32 bytes long', { expected: PATH_BYTES, actual: path.length });
    }
    if (this.#root === null) return proofOfNothing(path);

    const flippedBits: number[] = [];
    /** From the root downward; nothing where the other side is empty. */
    const siblings: (TrieNode | null)[] = [];
    let node = (this.#root = this.#load(this.#root));
    while (node.kind !== 'leaf') {
      if (node.kind === 'extension') {
        for (let bit = node.start; bit < node.end; bit++) {
          if (bitAt(path, bit) !== bitAt(node.path, bit)) flippedBits.push(bit);
          siblings.push(null);
        }
        node = node.child = this.#load(node.child);
      } else {
        const wanted = bitAt(path, siblings.length);
        const wantedIsEmpty = (wanted === 0 ? node.left : node.right) === null;
        if (wantedIsEmpty) flippedBits.push(siblings.length);
        const taken = wantedIsEmpty ? otherSide(wanted) : wanted;
        siblings.push(taken === 0 ? node.right : node.left);
        node = this.#childOf(node, taken)!;
      }
    }

    const nearest = siblings.at(-1) ?? null;
    return {
      path: path.slice(),
      flippedBits,
      depth: siblings.length,
      closestPath: node.path.slice(),
      closestValueHash: concat(valueOf(node), u64be(node.weight), u64be(1n)),
      closestProof: {
        sideNodes: siblings.toReversed().map((sibling) => digestOf(sibling).slice()),
        nonMembershipLeafData: null,
        siblingData: nearest === null ? null : encodeNode(this.#load(nearest)),
      },
    };
  }

  /**
   * Writes what changed since the last commit to the store and removes what is no longer part of the tree.
   *
   * @throws TRIE_WITHOUT_STORE when the trie was made without a store.
   */
  commit(): void {
    const store = this.#store;
    if (store === undefined) throw new Fault('TRIE_WITHOUT_STORE', 'the trie has no store to commit to');
    // Orphans first: a node may have changed and changed back, and then stands under its old digest again.
    for (const digest of this.#orphans) store.delete(digest);
    this.#orphans = [];
    persist(this.#root, store);
  }

  /** The subtree with the leaf added; `depth` bits of the path lead to it. */
  #insert(found: TrieNode | null, depth: number, leaf: Leaf): TrieNode {
    if (found === null) {
      this.#add(leaf.weight, 1n);
      return leaf;
    }
    const node = this.#load(found);
    switch (node.kind) {
      case 'leaf':
        return this.#insertAtLeaf(node, depth, leaf);
      case 'extension':
        return this.#insertAtExtension(node, leaf);
      case 'inner':
        this.#touch(node);
        if (bitAt(leaf.path, depth) === 0) node.left = this.#insert(node.left, depth + 1, leaf);
        else node.right = this.#insert(node.right, depth + 1, leaf);
        return node;
    }
  }

  #insertAtLeaf(old: Leaf, depth: number, leaf: Leaf): TrieNode {
    const split = firstDifference(leaf.path, old.path, depth, PATH_BITS);
    if (split === PATH_BITS) {
      this.#touch(old);
      this.#add(leaf.weight - old.weight, 0n);
      return leaf;
    }
    this.#add(leaf.weight, 1n);
    const branch = branchAt(split, leaf, old);
    return depth < split ? extensionOver(depth, split, leaf.path, branch) : branch;
  }

  #insertAtExtension(node: Extension, leaf: Leaf): TrieNode {
    const { start, end, path, child } = node;
    this.#touch(node);
    const split = firstDifference(leaf.path, path, start, end);
    if (split === end) {
      node.child = this.#insert(child, end, leaf);
      return node;
    }
    this.#add(leaf.weight, 1n);
    // Both halves keep the path of the leaf that made the extension; proofs show it.
    const rest = split === end - 1 ? child : extensionOver(split + 1, end, path, child);
    const branch = branchAt(split, leaf, rest);
    return split === start ? branch : extensionOver(start, split, path, branch);
  }

  #add(weight: bigint, leaves: bigint): void {
    this.#sum = BigInt.asUintN(64, this.#sum + weight);
    this.#count = BigInt.asUintN(64, this.#count + leaves);
  }

  /** Marks a node as changed or replaced. */
  #touch(node: LoadedNode): void {
    if (node.stored) this.#orphans.push(node.digest!);
    node.stored = false;
    node.digest = null;
  }

  #childOf(node: Inner, side: 0 | 1): LoadedNode | null {
    if (side === 0) return node.left === null ? null : (node.left = this.#load(node.left));
    return node.right === null ? null : (node.right = this.#load(node.right));
  }

  #load(node: TrieNode): LoadedNode {
    if (node.kind !== 'unloaded') return node;
    const bytes = this.#store?.get(node.digest);
    if (bytes === undefined) throw new Fault('TRIE_NODE_MISSING', 'the store lacks a node of the committed tree');
    return decodeNode(bytes, node.digest);
  }
}

function branchAt(bit: number, leaf: Leaf, other: TrieNode): Inner {
  const [left, right] = bitAt(leaf.path, bit) === 0 ? [leaf, other] : [other, leaf];
  return { kind: 'inner', left, right, digest: null, stored: false };
}

function extensionOver(start: number, end: number, path: Uint8Array, child: TrieNode): Extension {
  return { kind: 'extension', start, end, path, child, digest: null, stored: false };
}

function otherSide(side: 0 | 1): 0 | 1 {
  return side === 0 ? 1 : 0;
}

/** The first bit from `from` on, and before `to`, in which two paths differ; `to` when there is none. */
function firstDifference(a: Uint8Array, b: Uint8Array, from: number, to: number): number {
  for (let bit = from; bit < to; bit = (bit | 7) + 1) {
    const differing = (a[bit >> 3]! ^ b[bit >> 3]!) & (0xff >> (bit & 7));
    if (differing !== 0) return Math.min(to, (bit & ~7) + Math.clz32(differing) - 24);
  }
  return to;
}

/** Children before their parents, so that a store cut short never holds a parent without its children. */
function persist(node: TrieNode | null, store: NodeStore): void {
  if (node === null || node.kind === 'unloaded' || node.stored) return;
  if (node.kind === 'extension') persist(node.child, store);
  if (node.kind === 'inner') {
    persist(node.left, store);
    persist(node.right, store);
  }
  store.set(digestOf(node), encodeNode(node));
  node.stored = true;
}

function proofOfNothing(path: Uint8Array): ClosestProof {
  return {
    path: path.slice(),
    flippedBits: [0],
    depth: 0,
    closestPath: PLACEHOLDER.slice(),
    closestValueHash: null,
    closestProof: { sideNodes: [], nonMembershipLeafData: null, siblingData: null },
  };
}
