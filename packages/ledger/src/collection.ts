/**
 * A named set of records in the store: keys under one prefix, values of one type, in key order.
 *
 * Records come out frozen. To change one, put a changed copy; nothing can alter the state behind the store's back.
 * A message is decoded once for each byte array that holds it, however often it is read, which is what keeps a block that
 * settles thousands of claims short.
 */
import type { StoredSize } from './gas.ts';
import { keyOf, textSegment } from './key.ts';
import { prefixEnd, type Store } from './store.ts';

export type ValueCodec<V> = {
  encode(value: V): Uint8Array;
  /** @throws a Fault for bytes that this codec did not write: the store is damaged. */
  decode(bytes: Uint8Array): V;
  /** Whether decoding costs more than remembering what came of it. */
  readonly isRemembered?: boolean;
};

/** What a collection is, apart from the store that it lives in: written once for each collection, at module level. */
export class CollectionShape<V> {
  readonly prefix: string;
  readonly codec: ValueCodec<V>;
  /** What accesses are charged for; absent: what they move here. */
  readonly size: StoredSize | undefined;
  /** Decoded values by the bytes they came from. A memo: it can never change what is read. */
  readonly decoded: WeakMap<Uint8Array, V> = new WeakMap();

  constructor(prefix: string, codec: ValueCodec<V>, size?: StoredSize) {
    this.prefix = prefix;
    this.codec = codec;
    this.size = size;
  }

  in(store: Store): Collection<V> {
    return new Collection(store, this);
  }
}

export type CollectionRange = {
  /** Only keys that begin with this suffix, relative to the collection's prefix. */
  readonly under?: string;
  /** First suffix, included. */
  readonly start?: string | undefined;
  /** Last suffix, excluded. */
  readonly end?: string | undefined;
  readonly reverse?: boolean;
};

/** Keys given and returned are suffixes: what follows the collection's prefix. */
export class Collection<V> {
  private readonly store: Store;
  private readonly shape: CollectionShape<V>;

  constructor(store: Store, shape: CollectionShape<V>) {
    this.store = store;
    this.shape = shape;
  }

  get(suffix: string): V | undefined {
    const bytes = this.store.get(this.shape.prefix + suffix, this.shape.size);
    return bytes === undefined ? undefined : this.decode(bytes);
  }

  has(suffix: string): boolean {
    return this.store.has(this.shape.prefix + suffix);
  }

  put(suffix: string, value: V): void {
    this.store.put(this.shape.prefix + suffix, this.shape.codec.encode(value), this.shape.size);
  }

  delete(suffix: string): void {
    this.store.delete(this.shape.prefix + suffix, this.shape.size);
  }

  /** Entries in byte order of their keys. The walk may change the collection: see `Store.range`. */
  *entries(range: CollectionRange = {}): Generator<readonly [suffix: string, value: V]> {
    const { prefix } = this.shape;
    const within = prefix + (range.under ?? '');
    const start = range.start === undefined ? within : prefix + range.start;
    const end = range.end === undefined ? prefixEnd(within) : prefix + range.end;
    for (const [key, bytes] of this.store.range({ start, end, reverse: range.reverse })) {
      yield [key.slice(prefix.length), this.decode(bytes)];
    }
  }

  /** Entries whose suffixes begin with `prefix`; suffixes given and returned lie below it. */
  *below(prefix: string, { start, end, reverse = false }: CollectionRange): Generator<readonly [string, V]> {
    const range = {
      under: prefix,
      start: start === undefined ? undefined : prefix + start,
      end: end === undefined ? undefined : prefix + end,
      reverse,
    };
    for (const [suffix, value] of this.entries(range)) yield [suffix.slice(prefix.length), value];
  }

  *values(range: CollectionRange = {}): Generator<V> {
    for (const [, value] of this.entries(range)) yield value;
  }

  *keys(range: CollectionRange = {}): Generator<string> {
    for (const [suffix] of this.entries(range)) yield suffix;
  }

  private decode(bytes: Uint8Array): V {
    if (this.shape.codec.isRemembered !== true) return deepFreeze(this.shape.codec.decode(bytes));
    const known = this.shape.decoded.get(bytes);
    if (known !== undefined) return known;
    const value = deepFreeze(this.shape.codec.decode(bytes));
    this.shape.decoded.set(bytes, value);
    return value;
  }
}

/** Byte arrays cannot be frozen; they are not written to anywhere in the ledger. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

/** The suffix of a record that is named by texts: `<text>/<text>/`. */
export function textKey(...texts: readonly string[]): string {
  return keyOf(...texts.map(textSegment));
}
