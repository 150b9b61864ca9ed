/**
 * KeyValueStore on LMDB.
 *
 * Batches are committed by LMDB's own thread, so that no write waits for the disk; until a batch is committed, reads see
 * it through an overlay in memory. `flush` waits for the commit and then for the disk: a commit alone is not yet synced.
 */
import { mkdirSync } from 'node:fs';
import { open, type RootDatabase } from 'lmdb';
import { compareBytes } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import { checkStoreKey, type KeyRange, type KeyValueStore } from '@decai/protocol/key-value-store';

type Entry = readonly [key: Uint8Array, value: Uint8Array];

/** What a batch that LMDB has not committed says of one key. */
type Pending = { readonly key: Uint8Array; readonly value: Uint8Array | null; readonly batch: number };

/**
 * Entries that a range reads at once: LMDB's cursor is not kept open between them. Most ranges are asked for their first
 * entry alone, so the first reading is short, and each one after it longer.
 */
const CHUNK_ENTRIES = { first: 2, growth: 4, most: 128 } as const;

/**
 * Opens or creates the store in `directory`.
 *
 * @throws STORE_FAILED when the directory cannot be made or is no LMDB environment.
 */
export function openLmdbStore(directory: string): KeyValueStore {
  const database = openDatabase(directory);
  const pending = new Map<string, Pending>();
  let batches = 0;
  let closed = false;
  let failure: Fault | undefined;
  let lastCommit: Promise<unknown> = Promise.resolve();

  const checkUsable = (): void => {
    if (closed) throw new Fault('STORE_CLOSED', 'the store is closed', { directory });
    if (failure !== undefined) throw failure;
  };

  const settle = (batch: number): void => {
    database.resetReadTxn();
    for (const [name, entry] of pending) if (entry.batch <= batch) pending.delete(name);
  };

  const flush = async (): Promise<void> => {
    await lastCommit;
    // LMDB hands out a thenable that is no promise.
    await new Promise((resolve, reject) => database.flushed.then(resolve, reject));
    if (failure !== undefined) throw failure;
  };

  return {
    get(key) {
      checkUsable();
      if (pending.size > 0) {
        const entry = pending.get(nameOf(key));
        if (entry !== undefined) return entry.value ?? undefined;
      }
      const value = database.get(asBuffer(key));
      return value === undefined ? undefined : plain(value);
    },
    range(range) {
      checkUsable();
      return walk(database, pending, range, checkUsable);
    },
    write(writes) {
      checkUsable();
      for (const { key } of writes) checkStoreKey(key);
      if (writes.length === 0) return;
      const batch = (batches += 1);
      const copies = writes.map(({ key, value }): Pending => {
        return { key: key.slice(), value: value === null ? null : value.slice(), batch };
      });
      for (const copy of copies) pending.set(nameOf(copy.key), copy);
      lastCommit = database
        .batch(() => {
          for (const { key, value } of copies) {
            if (value === null) void database.remove(asBuffer(key));
            else void database.put(asBuffer(key), asBuffer(value));
          }
        })
        .then(
          () => settle(batch),
          (cause: unknown) => {
            // What is in the overlay will never be on the disk: the store must not go on as if it were.
            failure ??= new Fault('STORE_FAILED', 'a batch could not be written', { directory }, cause);
          },
        );
    },
    async flush() {
      checkUsable();
      await flush();
    },
    async close() {
      if (closed) return;
      closed = true;
      try {
        if (failure === undefined) await flush();
      } finally {
        await database.close();
      }
    },
  };
}

function openDatabase(directory: string): RootDatabase<Buffer, Uint8Array> {
  try {
    mkdirSync(directory, { recursive: true });
    return open<Buffer, Uint8Array>({ path: directory, noSubdir: false, keyEncoding: 'binary', encoding: 'binary' });
  } catch (cause) {
    throw new Fault('STORE_FAILED', 'the store cannot be opened', { directory }, cause);
  }
}

function* walk(
  database: RootDatabase<Buffer, Uint8Array>,
  pending: ReadonlyMap<string, Pending>,
  range: KeyRange,
  checkUsable: () => void,
): Generator<Entry, void> {
  if (range.end?.length === 0) return;
  let last: Uint8Array | undefined;
  for (let limit: number = CHUNK_ENTRIES.first; ; limit = Math.min(limit * CHUNK_ENTRIES.growth, CHUNK_ENTRIES.most)) {
    checkUsable();
    const committed = readChunk(database, range, last, limit);
    const reached = committed.length < limit ? undefined : committed.at(-1)![0];
    yield* pending.size === 0 ? committed : overlay(committed, pending, range, last, reached);
    if (reached === undefined) return;
    last = reached;
  }
}

/** The next committed entries of the range behind `last`. */
function readChunk(
  database: RootDatabase<Buffer, Uint8Array>,
  { start, end, reverse }: KeyRange,
  last: Uint8Array | undefined,
  limit: number,
): Entry[] {
  const from = last ?? (reverse ? end : start);
  const to = reverse ? start : end;
  const found = database.getRange({
    ...(from === undefined || from.length === 0 ? {} : { start: asBuffer(from) }),
    ...(to === undefined || to.length === 0 ? {} : { end: asBuffer(to) }),
    // Walking backwards, the range's excluded end is where LMDB starts and its included start is where LMDB ends.
    ...(reverse ? { reverse, inclusiveEnd: true } : {}),
    ...(reverse || last !== undefined ? { exclusiveStart: true } : {}),
    limit,
  });
  const entries: Entry[] = [];
  for (const { key, value } of found) entries.push([plain(key).slice(), plain(value)]);
  return entries;
}

/** Lays the uncommitted writes behind `last` and up to `reached` over the committed entries. */
function overlay(
  committed: readonly Entry[],
  pending: ReadonlyMap<string, Pending>,
  { start, end, reverse }: KeyRange,
  last: Uint8Array | undefined,
  reached: Uint8Array | undefined,
): Entry[] {
  const sign = reverse ? -1 : 1;
  const merged = new Map<string, Entry>();
  for (const entry of committed) merged.set(nameOf(entry[0]), entry);
  for (const [name, { key, value }] of pending) {
    if (start !== undefined && compareBytes(key, start) < 0) continue;
    if (end !== undefined && compareBytes(key, end) >= 0) continue;
    if (last !== undefined && compareBytes(key, last) * sign <= 0) continue;
    if (reached !== undefined && compareBytes(key, reached) * sign > 0) continue;
    if (value === null) merged.delete(name);
    else merged.set(name, [key.slice(), value]);
  }
  return [...merged.values()].sort((a, b) => compareBytes(a[0], b[0]) * sign);
}

function nameOf(key: Uint8Array): string {
  return asBuffer(key).toString('latin1');
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The same bytes as a plain array: a Buffer's `slice` and equality differ from those of other arrays. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
