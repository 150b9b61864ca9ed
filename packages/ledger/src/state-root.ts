/**
 * The hash that a ledger agrees on after a block: the root over all records of its state.
 *
 * Not under the root: what a ledger keeps about its own chain, the tree itself, and indexes, which follow from records.
 * Two ledgers with one root hold the same records, however each came by them: block by block, from a genesis that was
 * exported, or from a snapshot.
 */
import { CHAIN_PREFIX } from './chain-record.ts';
import { INDEX_PREFIX } from './indexed-collection.ts';
import { STATE_TRIE_PREFIX, updateStateTrie } from './state-trie.ts';
import type { Store } from './store.ts';

const UNPROVEN = [CHAIN_PREFIX, INDEX_PREFIX, STATE_TRIE_PREFIX];

/** Whether the root vouches for what lies under a key. */
export function isRecordKey(key: string): boolean {
  return !UNPROVEN.some((prefix) => key.startsWith(prefix));
}

/** Brings the tree up to date with what the block has written, and returns the new root. */
export function sealState(store: Store): Uint8Array {
  const changed = [...store.unorderedChanges()].filter(([key]) => isRecordKey(key));
  return updateStateTrie(store, changed);
}

/** All records that the root vouches for, in byte order of their keys. */
export function* recordsOf(store: Store): Generator<readonly [key: string, value: Uint8Array]> {
  for (const entry of store.range({ start: '' })) if (isRecordKey(entry[0])) yield entry;
}
