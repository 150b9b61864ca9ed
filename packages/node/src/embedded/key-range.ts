/**
 * Ranges of keys that begin alike.
 */
import { concat, EMPTY } from '@decai/protocol/bytes';
import type { KeyRange, KeyValueReader } from '@decai/protocol/key-value-store';

/** All keys that begin with `prefix`, which begins with a letter. */
export function keysUnder(prefix: Uint8Array): KeyRange {
  return { start: prefix, end: endOfPrefix(prefix) };
}

/** The first key behind all those that begin with `prefix`, which begins with a letter. */
export function endOfPrefix(prefix: Uint8Array): Uint8Array {
  const end = prefix.slice();
  let last = end.length - 1;
  while (end[last] === 0xff) last -= 1;
  end[last]! += 1;
  return end.subarray(0, last + 1);
}

/** The part of a store whose keys begin with `prefix`, without it. */
export function readerBelow(store: KeyValueReader, prefix: Uint8Array): KeyValueReader {
  return {
    get: (key) => store.get(concat(prefix, key)),
    *range({ start = EMPTY, end, reverse = false }) {
      const range = {
        start: concat(prefix, start),
        end: end === undefined ? endOfPrefix(prefix) : concat(prefix, end),
        reverse,
      };
      for (const [key, value] of store.range(range)) yield [key.subarray(prefix.length), value];
    },
  };
}
