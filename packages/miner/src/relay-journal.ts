/**
 * The write-ahead journal: what was served and mined, on the disk before it is counted.
 *
 * Keys are `<kind>/<session id>/<supplier>/<32 bytes>`, so that one range holds one session tree and a second entry for
 * one leaf is the same entry: replaying the journal in any order, any number of times, gives the same tree.
 *
 * - `s…` served: signing → compute units charged, 8 bytes. Guards against replays and restores budgets.
 * - `l…` leaf: relay hash → weight, 8 bytes, then the relay's bytes.
 */
import { concat, readU64be, u64be, utf8 } from '@decai/protocol/bytes';
import type { KeyRange, KeyValueStore, KeyValueWrite } from '@decai/protocol/key-value-store';
import type { GroupCommit } from './group-commit.ts';

/** One supplier's part of one session: what one tree, one claim and one proof are about. */
export type TreeName = { readonly sessionId: string; readonly supplier: string };

export type Leaf = {
  /** The relay's hash, 32 bytes. */
  readonly key: Uint8Array;
  /** The relay's bytes, without the response's payload. */
  readonly value: Uint8Array;
  /** Compute units. */
  readonly weight: bigint;
};

export type ServedRelay = {
  /** 32 bytes. */
  readonly signing: Uint8Array;
  /** What its application was charged. */
  readonly computeUnits: bigint;
  /** Absent when the relay's hash missed the difficulty's target. */
  readonly leaf?: Leaf;
};

export class RelayJournal {
  readonly #store: KeyValueStore;
  readonly #commit: GroupCommit;
  readonly #unsyncedMax: number;
  #isBroken = false;

  constructor(store: KeyValueStore, commit: GroupCommit, unsyncedMax: number) {
    this.#store = store;
    this.#commit = commit;
    this.#unsyncedMax = unsyncedMax;
  }

  /** Whether a write has failed: nothing that is served from here on could be proven. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Whether new relays should wait, because too many wait for the disk or the disk takes nothing any more. */
  get isBehind(): boolean {
    return this.#isBroken || this.#commit.waiting >= this.#unsyncedMax;
  }

  /** Relays that are written and not yet on the disk. */
  get unsynced(): number {
    return this.#commit.waiting;
  }

  /** Resolves when the relay is on the disk. It is readable at once. */
  async append(tree: TreeName, { signing, computeUnits, leaf }: ServedRelay): Promise<void> {
    const writes: KeyValueWrite[] = [{ key: concat(prefixOf('s', tree), signing), value: u64be(computeUnits) }];
    if (leaf !== undefined) {
      writes.push({ key: concat(prefixOf('l', tree), leaf.key), value: concat(u64be(leaf.weight), leaf.value) });
    }
    try {
      await this.#commit.write(writes);
    } catch (thrown) {
      this.#isBroken = true;
      throw thrown;
    }
  }

  /** The bytes of one leaf. */
  leaf(tree: TreeName, key: Uint8Array): Uint8Array | undefined {
    return this.#store.get(concat(prefixOf('l', tree), key))?.subarray(8);
  }

  /** Every relay served for a tree, in the order of their signings. */
  *served(tree: TreeName): Generator<{ signing: Uint8Array; computeUnits: bigint }, void> {
    for (const [key, value] of this.#store.range(rangeOf('s', tree))) {
      yield { signing: key.slice(-32), computeUnits: readU64be(value) };
    }
  }

  /** Every leaf of a tree, in the order of the keys. */
  *leaves(tree: TreeName): Generator<Leaf, void> {
    for (const [key, value] of this.#store.range(rangeOf('l', tree))) {
      yield { key: key.slice(-32), weight: readU64be(value), value: value.subarray(8) };
    }
  }

  /** Forgets a tree's relays: only once its session is settled and nobody can ask for evidence any more. */
  async forget(tree: TreeName): Promise<void> {
    for (const kind of ['s', 'l'] as const) {
      let batch: KeyValueWrite[] = [];
      for (const [key] of this.#store.range(rangeOf(kind, tree))) {
        batch.push({ key, value: null });
        if (batch.length < FORGET_BATCH) continue;
        await this.#commit.write(batch);
        batch = [];
      }
      if (batch.length > 0) await this.#commit.write(batch);
    }
  }
}

/** Keys removed in one batch: a session of a million relays must not hold everybody up. */
const FORGET_BATCH = 1_000;

function prefixOf(kind: 's' | 'l', { sessionId, supplier }: TreeName): Uint8Array {
  return utf8(`${kind}/${sessionId}/${supplier}/`);
}

/** Everything that begins with the prefix: its last byte is a slash, so the end is the prefix with the byte after it. */
function rangeOf(kind: 's' | 'l', tree: TreeName): KeyRange {
  const start = prefixOf(kind, tree);
  const end = start.slice();
  end[end.length - 1]! += 1;
  return { start, end };
}
