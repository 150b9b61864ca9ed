/**
 * The one shape of durable storage: ordered byte keys, byte values, batches that land whole or not at all.
 *
 * Reads are synchronous because the ledger is; `flush` is the only wait, and what it has waited for survives a power cut.
 */
import { Fault } from './fault.ts';

/** `value: null` removes the key. */
export type KeyValueWrite = { readonly key: Uint8Array; readonly value: Uint8Array | null };

export type KeyRange = {
  /** First key, included. Absent: from the beginning. */
  readonly start?: Uint8Array;
  /** Last key, excluded. Absent: to the end. */
  readonly end?: Uint8Array;
  /** Walks from the end to the start. */
  readonly reverse?: boolean;
};

/**
 * What the ledger reads. Iteration is in byte order of the keys; it survives writes made meanwhile, which it may or may
 * not see, and meets no key twice.
 */
export type KeyValueReader = {
  /** The value; not to be changed in place. */
  get(key: Uint8Array): Uint8Array | undefined;
  range(range: KeyRange): Iterable<readonly [key: Uint8Array, value: Uint8Array]>;
};

export type KeyValueStore = KeyValueReader & {
  /**
   * Applies all writes, in order, or, after a crash, none of them. Visible to reads at once. Copies what it is given.
   *
   * @throws STORE_KEY_LENGTH for an empty or too long key, before anything is applied; STORE_CLOSED.
   */
  write(writes: readonly KeyValueWrite[]): void;
  /** Resolves when everything written before the call is on the disk. */
  flush(): Promise<void>;
  /** Flushes and closes; the handle is dead afterwards. A second call does nothing. */
  close(): Promise<void>;
};

/** What LMDB takes with its default page size. */
export const KEY_BYTES_MAX = 1978;

/** @throws STORE_KEY_LENGTH unless 1 to 1978 bytes. */
export function checkStoreKey(key: Uint8Array): void {
  if (key.length === 0 || key.length > KEY_BYTES_MAX) {
    throw new Fault('STORE_KEY_LENGTH', 'a key has 1 to 1978 bytes', { length: key.length });
  }
}
