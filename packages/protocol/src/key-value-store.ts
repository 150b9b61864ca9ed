/**
 * The one shape of durable storage: ordered byte keys, byte values, batches that land whole or not at all.
 *
 * Reads are synchronous because the ledger is; `flush` is the only wait, and what it has waited for survives a power cut.
 */

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

/** What the ledger reads. Iteration is in byte order of the keys. */
export type KeyValueReader = {
  get(key: Uint8Array): Uint8Array | undefined;
  range(range: KeyRange): Iterable<readonly [key: Uint8Array, value: Uint8Array]>;
};

export type KeyValueStore = KeyValueReader & {
  /** Applies all writes or, after a crash, none of them. Visible to reads at once. */
  write(writes: readonly KeyValueWrite[]): void;
  /** Resolves when everything written before the call is on the disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
};
