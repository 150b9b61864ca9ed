/**
 * The state of one block in the making: committed state below, the block's writes above, and the way back.
 *
 * One table of writes with a log of what each write replaced: `atomically` forgets whatever its action wrote when the
 * action is refused or throws. Nothing here touches a disk; the node persists `writes()`.
 *
 * Keys are byte strings inside the ledger (one character a byte) and become bytes only at the border.
 */
import { KEY_BYTES_MAX, type KeyRange, type KeyValueReader, type KeyValueWrite } from '@decai/protocol/key-value-store';
import { GAS, type GasMeter, type StoredSize } from './gas.ts';
import { SortedKeys } from './sorted-keys.ts';

export type StoreRange = {
  /** First key, included. */
  readonly start: string;
  /** Last key, excluded. Absent: to the end. */
  readonly end?: string | undefined;
  /** Walks from the end to the start. */
  readonly reverse?: boolean | undefined;
};

type Entry = readonly [key: string, value: Uint8Array];

export class Store {
  private readonly base: KeyValueReader;
  /** `null` marks a removal. */
  private readonly written = new Map<string, Uint8Array | null>();
  private readonly order = new SortedKeys();
  /** Base values read in this block, so that a record decoded once stays decoded (see collection.ts). */
  private readonly read = new Map<string, Uint8Array>();
  /** What each write replaced, newest last; `undefined`: the key had not been written. */
  private readonly undo: [key: string, replaced: Uint8Array | null | undefined][] = [];
  private depth = 0;
  /** Grows whenever something written is undone: whoever remembers what he read looks here. */
  rollbacks = 0;
  /** Counts what a transaction's reads and writes cost; absent where nobody pays for them. */
  meter: GasMeter | undefined;

  constructor(base: KeyValueReader) {
    this.base = base;
  }

  get(key: string, size?: StoredSize): Uint8Array | undefined {
    const value = this.peek(key);
    this.meter?.consumeRead(key, value, size);
    return value;
  }

  /** Whether there is a value, for less than reading it costs. */
  has(key: string): boolean {
    this.meter?.consume(GAS.hasFlat);
    return this.peek(key) !== undefined;
  }

  put(key: string, value: Uint8Array, size?: StoredSize): void {
    this.meter?.consumeWrite(key, value, size);
    this.write(key, value);
  }

  delete(key: string, size?: StoredSize): void {
    this.meter?.consumeDelete(size);
    this.write(key, null);
  }

  /** Present entries in byte order of their keys. Writes made during the walk are seen where they lie ahead of it. */
  *range(range: StoreRange): Generator<Entry> {
    for (const entry of this.walk(range)) {
      this.meter?.consumeStep(entry[0], entry[1]);
      yield entry;
    }
  }

  private *walk({ start, end, reverse = false }: StoreRange): Generator<Entry> {
    const base = this.baseEntries({ start, end, reverse });
    try {
      let below = nextOf(base);
      let above = reverse ? this.lastBefore(end, start) : this.firstFrom(start, end);
      let { changes } = this.order;
      while (below !== undefined || above !== undefined) {
        const takeAbove =
          above !== undefined && (below === undefined || (reverse ? above >= below[0] : above <= below[0]));
        if (takeAbove) {
          const key = above!;
          if (below?.[0] === key) below = nextOf(base);
          const value = this.written.get(key);
          if (value) yield [key, value];
          above = reverse ? this.lastBefore(key, start) : this.firstFrom(`${key}\0`, end);
          continue;
        }
        const entry = below!;
        below = nextOf(base);
        yield entry;
        // The consumer may have written meanwhile: then look again past the key just given.
        if (changes === this.order.changes) continue;
        above = reverse ? this.lastBefore(entry[0], start) : this.firstFrom(`${entry[0]}\0`, end);
        ({ changes } = this.order);
      }
    } finally {
      base.return?.();
    }
  }

  /**
   * Runs `act`. When it throws, or `keep` says no to what it returned, everything it wrote is undone.
   *
   * Nests: an inner action undone leaves the outer one's writes alone.
   */
  atomically<T>(act: () => T, keep: (result: T) => boolean): T {
    const mark = this.undo.length;
    this.depth += 1;
    let kept = false;
    try {
      const result = act();
      kept = keep(result);
      return result;
    } finally {
      this.depth -= 1;
      if (!kept) this.rollback(mark);
      if (this.depth === 0) this.undo.length = 0;
    }
  }

  /** What the block changes, in byte order of the keys; null removes. Removals may name keys that were never there. */
  *changes(): Generator<readonly [key: string, value: Uint8Array | null]> {
    for (const key of this.order) yield [key, this.written.get(key) ?? null];
  }

  /** The same in the order in which keys were first written, for whoever has an order of his own. */
  unorderedChanges(): Iterable<readonly [key: string, value: Uint8Array | null]> {
    return this.written;
  }

  /** The same as the disk takes it. */
  writes(): KeyValueWrite[] {
    return Array.from(this.changes(), ([key, value]) => ({ key: keyBytes(key), value }));
  }

  private peek(key: string): Uint8Array | undefined {
    const value = this.written.get(key);
    return value === undefined ? this.readBase(key) : (value ?? undefined);
  }

  private write(key: string, value: Uint8Array | null): void {
    if (this.depth > 0) this.undo.push([key, this.written.get(key)]);
    this.written.set(key, value);
    this.order.add(key);
  }

  private rollback(mark: number): void {
    if (this.undo.length > mark) this.rollbacks += 1;
    while (this.undo.length > mark) {
      const [key, replaced] = this.undo.pop()!;
      if (replaced === undefined) {
        this.written.delete(key);
        this.order.remove(key);
      } else {
        this.written.set(key, replaced);
      }
    }
  }

  private readBase(key: string): Uint8Array | undefined {
    const known = this.read.get(key);
    if (known !== undefined) return known;
    // Strangers choose ids to ask for; a key that no store takes is a key that is absent.
    const value = key.length > KEY_BYTES_MAX ? undefined : this.base.get(keyBytes(key));
    if (value !== undefined) this.read.set(key, value);
    return value;
  }

  private baseEntries(range: StoreRange): Iterator<readonly [Uint8Array, Uint8Array]> {
    const none: readonly (readonly [Uint8Array, Uint8Array])[] = [];
    const tooLong = range.start.length > KEY_BYTES_MAX || (range.end?.length ?? 0) > KEY_BYTES_MAX;
    return (tooLong ? none : this.base.range(baseRange(range)))[Symbol.iterator]();
  }

  private firstFrom(start: string, end: string | undefined): string | undefined {
    const key = this.order.atOrAfter(start);
    return key !== undefined && (end === undefined || key < end) ? key : undefined;
  }

  private lastBefore(end: string | undefined, start: string): string | undefined {
    const key = this.order.before(end);
    return key !== undefined && key >= start ? key : undefined;
  }
}

function nextOf(entries: Iterator<readonly [Uint8Array, Uint8Array]>): Entry | undefined {
  const next = entries.next();
  return next.done === true ? undefined : [keyText(next.value[0]), next.value[1]];
}

function baseRange({ start, end, reverse }: StoreRange): KeyRange {
  return { start: keyBytes(start), ...(end !== undefined && { end: keyBytes(end) }), ...(reverse && { reverse }) };
}

/** The key as bytes: one a character. */
export function keyBytes(key: string): Uint8Array {
  return Buffer.from(key, 'latin1');
}

/** The bytes as a key: one character a byte. */
export function keyText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The first key after all keys that begin with `prefix`; undefined when there is none. */
export function prefixEnd(prefix: string): string | undefined {
  for (let length = prefix.length; length > 0; length -= 1) {
    const last = prefix.charCodeAt(length - 1);
    if (last < 0xff) return prefix.slice(0, length - 1) + String.fromCharCode(last + 1);
  }
  return undefined;
}
