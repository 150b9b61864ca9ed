/**
 * Where a sum trie keeps its nodes between runs: bytes under 48-byte digests.
 *
 * After a commit the store holds exactly the nodes of the committed root. An extension stands under the digest of the
 * run that it replaces, which is not the hash of its bytes.
 * Source: pokt-network/smt `kvstore/simplemap/simplemap.go`, `smst.go`.
 */
import { toHex } from './bytes.ts';

export type NodeStore = {
  /** Nothing when the digest is unknown. The bytes are not changed by whoever gets them. */
  get(digest: Uint8Array): Uint8Array | undefined;
  set(digest: Uint8Array, bytes: Uint8Array): void;
  delete(digest: Uint8Array): void;
};

/** A node store in memory. */
export class MemoryNodeStore implements NodeStore {
  readonly #nodes = new Map<string, Uint8Array>();

  get size(): number {
    return this.#nodes.size;
  }

  get(digest: Uint8Array): Uint8Array | undefined {
    return this.#nodes.get(toHex(digest));
  }

  set(digest: Uint8Array, bytes: Uint8Array): void {
    this.#nodes.set(toHex(digest), bytes);
  }

  delete(digest: Uint8Array): void {
    this.#nodes.delete(toHex(digest));
  }

  /** Hexadecimal digests with the bytes under them, in order of the digests. */
  entries(): [digest: string, bytes: Uint8Array][] {
    return [...this.#nodes].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
