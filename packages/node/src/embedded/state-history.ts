/**
 * The ledger's state after earlier blocks: for every key that a block changed, what it held before.
 *
 * Reading the present costs nothing more for it. The past is read backwards: what a key held after block H is what the
 * first later block that changed it has kept, or, if none did, what it holds now. Proofs need nothing more, because the
 * tree under the root lies in the state like everything else. A block forgets what only states out of reach needed.
 *
 * Keys: `u`, the state's key with an end mark, the height. The end mark keeps the order of keys where one begins another.
 * For each block, `w` and its height, the keys that it changed.
 */
import { compareBytes, concat, EMPTY, equalBytes, readU64be, u64be, utf8 } from '@decai/protocol/bytes';
import type { KeyRange, KeyValueReader, KeyValueWrite } from '@decai/protocol/key-value-store';
import { endOfPrefix } from './key-range.ts';

const UNDO = utf8('u');
const CHANGED = utf8('w');

const ABSENT = Uint8Array.of(0);
const PRESENT = Uint8Array.of(1);
const END_MARK = Uint8Array.of(0, 1);
/** Stands behind each zero inside a key, so that none can be taken for the end mark. */
const ZERO_FOLLOWER = 0xff;
const HEIGHT_BYTES = 8;

/** Blocks forgotten with each new one, at most: a shorter history after a long one must not hold a block up. */
const FORGOTTEN_PER_BLOCK = 20;

type Entry = readonly [key: Uint8Array, value: Uint8Array];

export class StateHistory {
  readonly #store: KeyValueReader;
  readonly #state: KeyValueReader;
  readonly #keepBlocks: number;

  /**
   * `state`: the part of the store that is the state now. `keepBlocks`: how many states before the last can be asked about;
   * one at least, so that what is kept never has a gap.
   */
  constructor(store: KeyValueReader, state: KeyValueReader, keepBlocks: number) {
    this.#store = store;
    this.#state = state;
    this.#keepBlocks = Math.max(1, keepBlocks);
  }

  /** What to write together with a block's changes of the state, before which this is to be called. */
  writes(height: number, changes: readonly KeyValueWrite[]): KeyValueWrite[] {
    return [...this.#forgotten(height - this.#keepBlocks), ...this.#kept(height, changes)];
  }

  /** The state after block `height`; undefined if it cannot be told any more, or not yet. */
  at(height: number, latestHeight: number): KeyValueReader | undefined {
    if (height === latestHeight) return this.#state;
    if (height > latestHeight || height < this.earliestHeight(latestHeight)) return undefined;
    return {
      get: (key) => this.#valueAt(key, height, this.#state.get(key)),
      range: (range) => this.#rangeAt(range, height),
    };
  }

  /** Height of the earliest state that can be asked about. */
  earliestHeight(latestHeight: number): number {
    for (const [key] of this.#store.range({ start: CHANGED, end: endOfPrefix(CHANGED) })) {
      return Number(readU64be(key, CHANGED.length)) - 1;
    }
    return latestHeight;
  }

  #kept(height: number, changes: readonly KeyValueWrite[]): KeyValueWrite[] {
    const at = heightBytes(height);
    const writes: KeyValueWrite[] = [];
    const changed: Uint8Array[] = [];
    for (const { key, value } of changes) {
      const before = this.#state.get(key);
      if (before === undefined ? value === null : value !== null && equalBytes(before, value)) continue;
      writes.push({ key: undoKey(key, at), value: before === undefined ? ABSENT : concat(PRESENT, before) });
      changed.push(key);
    }
    writes.push({ key: concat(CHANGED, at), value: joinKeys(changed) });
    return writes;
  }

  /** Removes what only states before `height` needed. */
  #forgotten(height: number): KeyValueWrite[] {
    const writes: KeyValueWrite[] = [];
    if (height <= 0) return writes;
    const range = { start: CHANGED, end: concat(CHANGED, heightBytes(height + 1)) };
    let blocks = 0;
    for (const [name, changed] of this.#store.range(range)) {
      const at = name.subarray(CHANGED.length);
      for (const key of splitKeys(changed)) writes.push({ key: undoKey(key, at), value: null });
      writes.push({ key: name, value: null });
      blocks += 1;
      if (blocks === FORGOTTEN_PER_BLOCK) break;
    }
    return writes;
  }

  #valueAt(key: Uint8Array, height: number, now: Uint8Array | undefined): Uint8Array | undefined {
    const versions = concat(UNDO, escaped(key));
    const range = { start: concat(versions, heightBytes(height + 1)), end: endOfPrefix(versions) };
    for (const [, before] of this.#store.range(range)) return before[0] === 0 ? undefined : before.subarray(1);
    return now;
  }

  /** Present keys and keys that have been changed since, merged in order. */
  *#rangeAt(range: KeyRange, height: number): Generator<Entry, void> {
    const direction = range.reverse === true ? -1 : 1;
    const isBefore = (a: Uint8Array, b: Uint8Array): boolean => direction * compareBytes(a, b) < 0;
    const present = this.#state.range(range)[Symbol.iterator]();
    const changed = this.#changedKeys(range);
    let now = present.next();
    let past = changed.next();
    while (now.done !== true || past.done !== true) {
      const takePast = past.done !== true && (now.done === true || !isBefore(now.value[0], past.value));
      const key = takePast ? (past.value as Uint8Array) : now.value![0];
      const isBoth = takePast && now.done !== true && equalBytes(now.value[0], key);
      const value = takePast ? this.#valueAt(key, height, isBoth ? now.value![1] : undefined) : (now.value as Entry)[1];
      if (value !== undefined) yield [key, value];
      if (!takePast || isBoth) now = present.next();
      if (takePast) past = changed.next();
    }
  }

  /** Every key within the range that has a version, once. */
  *#changedKeys({ start = EMPTY, end, reverse = false }: KeyRange): Generator<Uint8Array, undefined> {
    let low = concat(UNDO, escapedStart(start));
    let high = end === undefined ? endOfPrefix(UNDO) : concat(UNDO, escapedStart(end));
    for (;;) {
      const [found] = this.#store.range({ start: low, end: high, reverse });
      if (found === undefined) return undefined;
      const versions = found[0].subarray(0, found[0].length - HEIGHT_BYTES);
      yield unescaped(versions.subarray(UNDO.length));
      if (reverse) high = versions.slice();
      else low = endOfPrefix(versions);
    }
  }
}

function undoKey(key: Uint8Array, heightBytes: Uint8Array): Uint8Array {
  return concat(UNDO, escaped(key), heightBytes);
}

/** The key with its end mark. */
function escaped(key: Uint8Array): Uint8Array {
  return marked(key, END_MARK);
}

/** Without the end mark: where a range begins. */
function escapedStart(key: Uint8Array): Uint8Array {
  return marked(key, EMPTY);
}

function marked(key: Uint8Array, mark: Uint8Array): Uint8Array {
  let zeros = 0;
  for (let index = 0; index < key.length; index += 1) if (key[index] === 0) zeros += 1;
  const bytes = new Uint8Array(key.length + zeros + mark.length);
  let offset = 0;
  for (let index = 0; index < key.length; index += 1) {
    bytes[offset++] = key[index]!;
    if (key[index] === 0) bytes[offset++] = ZERO_FOLLOWER;
  }
  bytes.set(mark, offset);
  return bytes;
}

function unescaped(bytes: Uint8Array): Uint8Array {
  const key: number[] = [];
  for (let index = 0; index < bytes.length - END_MARK.length; index += 1) {
    key.push(bytes[index]!);
    if (bytes[index] === 0) index += 1;
  }
  return Uint8Array.from(key);
}

function heightBytes(height: number): Uint8Array {
  return u64be(BigInt(height));
}

/** Each key behind its length, two bytes. */
function joinKeys(keys: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.alloc(keys.reduce((length, key) => length + 2 + key.length, 0));
  let offset = 0;
  for (const key of keys) {
    offset = bytes.writeUInt16BE(key.length, offset);
    bytes.set(key, offset);
    offset += key.length;
  }
  return bytes;
}

function* splitKeys(keys: Uint8Array): Generator<Uint8Array> {
  for (let offset = 0; offset < keys.length;) {
    const end = offset + 2 + ((keys[offset]! << 8) | keys[offset + 1]!);
    yield keys.subarray(offset + 2, end);
    offset = end;
  }
}
