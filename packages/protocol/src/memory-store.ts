/**
 * KeyValueStore in memory, and the disk it lies on: the double of a real disk for tests and the simulator.
 *
 * A disk that crashes forgets what was written and not flushed, batch by batch and never half a batch, which is all that
 * a real one promises. Keys are kept as latin1 strings, whose order is the byte order.
 */
import { Fault } from './fault.ts';
import { checkStoreKey, type KeyRange, type KeyValueStore, type KeyValueWrite } from './key-value-store.ts';

export type MemoryDisk = {
  /** Opens or creates a named store; data written by an earlier handle of that name is there. */
  openStore(name: string): KeyValueStore;
  /**
   * A power cut: every open store is closed, and the last batches that no `flush` has waited for are undone.
   * `survivors` says how many of a store's unflushed batches had reached the disk all the same; none if absent.
   */
  crash(survivors?: (unflushedBatches: number) => number): void;
};

type Volume = {
  readonly values: Map<string, Uint8Array>;
  /** Keys of `values` in order. */
  keys: string[];
  /** Grows with every change of `keys`, so that a running iteration finds its place again. */
  version: number;
  /** For each unflushed batch, what stood there before, in the order to restore it. */
  readonly undo: KeyValueWrite[][];
  /** Batches that are on the disk for good. */
  flushed: number;
  /** Grows with every crash: handles opened before are dead. */
  life: number;
};

export function createMemoryDisk(): MemoryDisk {
  const volumes = new Map<string, Volume>();
  return {
    openStore(name) {
      const volume = volumes.get(name) ?? { values: new Map(), keys: [], version: 0, undo: [], flushed: 0, life: 0 };
      volumes.set(name, volume);
      return openVolume(volume);
    },
    crash(survivors = () => 0) {
      for (const volume of volumes.values()) {
        const kept = survivors(volume.undo.length);
        for (const before of volume.undo.splice(kept).reverse()) applyWrites(volume, before);
        volume.undo.length = 0;
        volume.life += 1;
      }
    },
  };
}

/** A store on a disk of its own. */
export function createMemoryStore(): KeyValueStore {
  return createMemoryDisk().openStore('memory');
}

function openVolume(volume: Volume): KeyValueStore {
  const life = volume.life;
  let closed = false;
  const checkOpen = (): void => {
    if (closed || volume.life !== life) throw new Fault('STORE_CLOSED', 'the store is closed');
  };
  return {
    get(key) {
      checkOpen();
      return volume.values.get(latin1(key));
    },
    range(range) {
      checkOpen();
      return walk(volume, range, checkOpen);
    },
    write(writes) {
      checkOpen();
      for (const { key } of writes) checkStoreKey(key);
      volume.undo.push(applyWrites(volume, writes));
    },
    async flush() {
      checkOpen();
      const written = volume.flushed + volume.undo.length;
      await Promise.resolve();
      checkOpen();
      const reached = Math.max(0, written - volume.flushed);
      volume.undo.splice(0, reached);
      volume.flushed += reached;
    },
    async close() {
      if (closed) return;
      closed = true;
      if (volume.life !== life) return;
      volume.flushed += volume.undo.length;
      volume.undo.length = 0;
    },
  };
}

/** Applies the writes and returns the writes that take them back. */
function applyWrites(volume: Volume, writes: readonly KeyValueWrite[]): KeyValueWrite[] {
  const before = new Map<string, Uint8Array | null>();
  for (const { key, value } of writes) {
    const name = latin1(key);
    if (!before.has(name)) before.set(name, volume.values.get(name) ?? null);
    if (value === null) volume.values.delete(name);
    else volume.values.set(name, value.slice());
  }
  const added: string[] = [];
  const removed: string[] = [];
  for (const [name, old] of before) {
    if (old === null && volume.values.has(name)) added.push(name);
    if (old !== null && !volume.values.has(name)) removed.push(name);
  }
  updateKeys(volume, added, removed);
  return [...before].map(([name, value]) => ({ key: fromLatin1(name), value }));
}

function updateKeys(volume: Volume, added: readonly string[], removed: readonly string[]): void {
  if (added.length + removed.length === 0) return;
  volume.version += 1;
  // A splice moves the tail once a key; for many keys one sort of a nearly sorted array is cheaper.
  if (added.length + removed.length > 32) {
    volume.keys = [...volume.values.keys()].sort(byCodeUnit);
    return;
  }
  for (const name of removed) volume.keys.splice(lowerBound(volume.keys, name), 1);
  for (const name of added) volume.keys.splice(lowerBound(volume.keys, name), 0, name);
}

function* walk(
  volume: Volume,
  range: KeyRange,
  checkOpen: () => void,
): Generator<readonly [Uint8Array, Uint8Array], void> {
  const start = range.start === undefined ? undefined : latin1(range.start);
  const end = range.end === undefined ? undefined : latin1(range.end);
  const step = range.reverse ? -1 : 1;
  const startIndex = (): number => (start === undefined ? 0 : lowerBound(volume.keys, start));
  const endIndex = (): number => (end === undefined ? volume.keys.length : lowerBound(volume.keys, end));
  let index = range.reverse ? endIndex() - 1 : startIndex();
  let version = volume.version;
  let last: string | undefined;
  for (;;) {
    checkOpen();
    if (version !== volume.version) {
      version = volume.version;
      index = placeAfter(volume.keys, last, range.reverse === true, startIndex, endIndex);
    }
    const name = volume.keys[index];
    if (name === undefined) return;
    if (range.reverse ? start !== undefined && name < start : end !== undefined && name >= end) return;
    last = name;
    yield [fromLatin1(name), volume.values.get(name)!];
    index += step;
  }
}

/** Where an iteration goes on after the keys have moved under it. */
function placeAfter(
  keys: readonly string[],
  last: string | undefined,
  reverse: boolean,
  startIndex: () => number,
  endIndex: () => number,
): number {
  if (last === undefined) return reverse ? endIndex() - 1 : startIndex();
  const index = lowerBound(keys, last);
  if (reverse) return index - 1;
  return keys[index] === last ? index + 1 : index;
}

/** Index of the first key not before `name`. */
function lowerBound(keys: readonly string[], name: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function latin1(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}

function fromLatin1(name: string): Uint8Array {
  return new Uint8Array(Buffer.from(name, 'latin1'));
}
