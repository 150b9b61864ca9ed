/**
 * Records under a primary key, found again through indexes that are derived from them.
 *
 * Indexes are never written by hand: putting or deleting a record brings them up to date, so that none can point at
 * something that is gone.
 */
import { CollectionShape, type Collection, type CollectionRange, type ValueCodec } from './collection.ts';
import { BYTES_VALUE } from './message-value.ts';
import { keyBytes, keyText, type Store } from './store.ts';

export type IndexedShape<V, Index extends string> = {
  readonly records: CollectionShape<V>;
  /** The primary key of a record, relative to the prefix. */
  readonly keyOf: (record: V) => string;
  readonly indexes: Readonly<
    Record<Index, { readonly prefix: string; readonly keysOf: (record: V) => readonly string[] }>
  >;
};

export function indexedShape<V, Index extends string>(
  prefix: string,
  codec: ValueCodec<V>,
  keyOf: (record: V) => string,
  indexes: IndexedShape<V, Index>['indexes'],
): IndexedShape<V, Index> {
  return { records: new CollectionShape(prefix, codec), keyOf, indexes };
}

/** Indexes lie apart from records: they follow from them, so nobody has to agree on them. */
export const INDEX_PREFIX = 'index/';

type OpenIndex<V> = { readonly entries: Collection<Uint8Array>; readonly keysOf: (record: V) => readonly string[] };

export class IndexedCollection<V, Index extends string> {
  readonly records: Collection<V>;
  private readonly keyOf: (record: V) => string;
  private readonly indexes: ReadonlyMap<string, OpenIndex<V>>;

  constructor(store: Store, shape: IndexedShape<V, Index>) {
    this.records = shape.records.in(store);
    this.keyOf = shape.keyOf;
    const indexes = Object.entries<IndexedShape<V, Index>['indexes'][Index]>(shape.indexes);
    this.indexes = new Map(
      indexes.map(([name, { prefix, keysOf }]) => [
        name,
        { entries: new CollectionShape(INDEX_PREFIX + prefix, BYTES_VALUE).in(store), keysOf },
      ]),
    );
  }

  get(key: string): V | undefined {
    return this.records.get(key);
  }

  put(record: V): void {
    const key = this.keyOf(record);
    const before = this.records.get(key);
    this.records.put(key, record);
    for (const { entries, keysOf } of this.indexes.values()) {
      const wanted = keysOf(record);
      const present = before === undefined ? [] : keysOf(before);
      for (const gone of present) if (!wanted.includes(gone)) entries.delete(gone);
      for (const added of wanted) if (!present.includes(added)) entries.put(added, keyBytes(key));
    }
  }

  delete(key: string): void {
    const before = this.records.get(key);
    if (before !== undefined) this.remove(before);
  }

  /** Deletes a record that was read from here, without reading it again. */
  remove(record: V): void {
    for (const { entries, keysOf } of this.indexes.values()) for (const gone of keysOf(record)) entries.delete(gone);
    this.records.delete(this.keyOf(record));
  }

  /** Puts a record in place of one that was read from here, where they differ in nothing that an index is made of. */
  replace(record: V): void {
    this.records.put(this.keyOf(record), record);
  }

  /** Writes all indexes anew where there are none, for records that were put past this collection. */
  reindex(): void {
    for (const [key, record] of this.records.entries()) {
      for (const { entries, keysOf } of this.indexes.values()) {
        for (const entry of keysOf(record)) entries.put(entry, keyBytes(key));
      }
    }
  }

  /** Records in the order of an index. The walk may change the collection. */
  *by(index: Index, range: CollectionRange = {}): Generator<V> {
    for (const [, primary] of this.keysBy(index, range)) {
      const record = this.records.get(primary);
      if (record !== undefined) yield record;
    }
  }

  /** Index keys and the primary keys they lead to, in the order of the index. */
  *keysBy(index: Index, range: CollectionRange = {}): Generator<readonly [indexKey: string, primaryKey: string]> {
    for (const [suffix, primary] of this.indexes.get(index)!.entries.entries(range)) yield [suffix, keyText(primary)];
  }

  /** Entries of an index below a prefix: what follows the prefix, and the records. */
  *belowIndex(index: Index, prefix: string, range: CollectionRange): Generator<readonly [suffix: string, record: V]> {
    for (const [suffix, primary] of this.indexes.get(index)!.entries.below(prefix, range)) {
      const record = this.records.get(keyText(primary));
      if (record !== undefined) yield [suffix, record];
    }
  }
}
