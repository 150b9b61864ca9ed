/**
 * The hash of every block, under its own height: what session ids and draws are made of.
 *
 * Source: pokt-network/poktroll `x/session/keeper/block_hash.go`.
 */
import { EMPTY } from '@decai/protocol/bytes';
import { CollectionShape, textKey, type Collection } from './collection.ts';
import { BYTES_VALUE } from './message-value.ts';
import type { Store } from './store.ts';

const HASHES = new CollectionShape('session/BlockHash/height/', BYTES_VALUE);

export class BlockHashes {
  private readonly hashes: Collection<Uint8Array>;

  constructor(store: Store) {
    this.hashes = HASHES.in(store);
  }

  /** Empty for a height of 0 or less, and for a block that has not ended yet. */
  at(height: number): Uint8Array {
    return height <= 0 ? EMPTY : (this.hashes.get(textKey(String(height))) ?? EMPTY);
  }

  put(height: number, hash: Uint8Array): void {
    this.hashes.put(textKey(String(height)), hash);
  }
}
