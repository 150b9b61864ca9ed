/**
 * What every KeyValueStore must do, as a suite that each implementation runs.
 *
 * The model is a plain map, sorted when asked.
 */
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { compareBytes, utf8 } from './bytes.ts';
import { KEY_BYTES_MAX, type KeyRange, type KeyValueStore, type KeyValueWrite } from './key-value-store.ts';

/** `open` gives a new, empty store each time. */
export function describeKeyValueStore(name: string, open: () => KeyValueStore): void {
  describe(name, () => {
    const opened: KeyValueStore[] = [];
    const fresh = (): KeyValueStore => {
      const store = open();
      opened.push(store);
      return store;
    };
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });

    test('reads what was written at once, after a flush, and in byte order', async () => {
      const store = fresh();
      store.write([put([2], 'two'), put([0xff], 'last'), put([1, 0], 'one-zero'), put([1], 'one')]);
      const expected = ['01=one', '0100=one-zero', '02=two', 'ff=last'];
      expect(listing(store, {})).toEqual(expected);
      await store.flush();
      expect(listing(store, {})).toEqual(expected);
      expect(listing(store, { reverse: true })).toEqual(expected.toReversed());
    });

    test('a batch applies in order, removes with null, and keeps empty values', async () => {
      const store = fresh();
      store.write([put([1], 'a'), { key: at([1]), value: null }, put([2], 'b'), put([2], '')]);
      expect(store.get(at([1]))).toBeUndefined();
      expect(store.get(at([2]))).toHaveLength(0);
      await store.flush();
      expect(store.get(at([2]))).toHaveLength(0);
      store.write([{ key: at([2]), value: null }]);
      expect(listing(store, {})).toEqual([]);
      await store.flush();
      expect(listing(store, {})).toEqual([]);
    });

    test('copies what it is given and hands out values that stay as they are', async () => {
      const store = fresh();
      const key = at([7]);
      const value = utf8('before');
      store.write([{ key, value }]);
      key.fill(9);
      value.fill(9);
      await store.flush();
      const read = store.get(at([7]))!;
      store.write([put([7], 'after!'), put([8], 'other!')]);
      await store.flush();
      store.get(at([8]));
      expect(text(read)).toBe('before');
      expect(text(store.get(at([7]))!)).toBe('after!');
    });

    test('refuses keys of 0 and of more than 1978 bytes before anything is applied', async () => {
      const store = fresh();
      for (const length of [0, KEY_BYTES_MAX + 1]) {
        expect(() => store.write([put([1], 'x'), { key: new Uint8Array(length), value: utf8('y') }])).toThrow(
          expect.objectContaining({ code: 'STORE_KEY_LENGTH' }),
        );
      }
      const longest = new Uint8Array(KEY_BYTES_MAX).fill(0xee);
      store.write([{ key: longest, value: utf8('fits') }]);
      await store.flush();
      expect(store.get(at([1]))).toBeUndefined();
      expect(text(store.get(longest)!)).toBe('fits');
    });

    test('an iteration survives writes made while it runs', async () => {
      const store = fresh();
      store.write(Array.from({ length: 300 }, (_, index) => put([1, index >> 8, index & 255], 'x')));
      await store.flush();
      const seen: string[] = [];
      for (const [key] of store.range({ reverse: true })) {
        seen.push(Buffer.from(key).toString('hex'));
        store.write([{ key, value: null }, put([2, ...key], 'y'), put([0, ...key], 'z')]);
        if (seen.length === 150) await store.flush();
        if (seen.length === 300) break;
      }
      expect(seen).toEqual(Array.from({ length: 300 }, (_, n) => (0x010000 + 299 - n).toString(16).padStart(6, '0')));
    });

    test('closing is final, and closing twice is nothing', async () => {
      const store = fresh();
      await store.close();
      await store.close();
      for (const use of [() => store.get(at([1])), () => [...store.range({})], () => store.write([put([1], 'x')])]) {
        expect(use).toThrow(expect.objectContaining({ code: 'STORE_CLOSED' }));
      }
      await expect(store.flush()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    });

    test('agrees with a sorted map on random batches and ranges', async () => {
      const key = fc.uint8Array({ minLength: 1, maxLength: 3, max: 3 });
      const write = fc.record({ key, value: fc.option(fc.uint8Array({ maxLength: 4 })) });
      const bounds = fc.record(
        { start: fc.uint8Array({ maxLength: 3, max: 3 }), end: fc.uint8Array({ maxLength: 3, max: 4 }) },
        { requiredKeys: [] },
      );
      const step = fc.record({
        writes: fc.array(write, { maxLength: 40 }),
        flush: fc.boolean(),
        ranges: fc.array(fc.tuple(bounds, fc.boolean()), { maxLength: 3 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
          const store = open();
          const model = new Map<string, Uint8Array>();
          for (const { writes, flush, ranges } of steps) {
            store.write(writes);
            for (const { key: name, value } of writes) {
              if (value === null) model.delete(hex(name));
              else model.set(hex(name), value);
            }
            if (flush) await store.flush();
            for (const [range, reverse] of [...ranges, [{}, false] as const]) {
              expect(listing(store, { ...range, reverse })).toEqual(expectedListing(model, { ...range, reverse }));
            }
          }
          await store.close();
        }),
        { numRuns: 60 },
      );
    });
  });
}

function expectedListing(model: ReadonlyMap<string, Uint8Array>, { start, end, reverse }: KeyRange): string[] {
  const keys = [...model.keys()].map((name) => new Uint8Array(Buffer.from(name, 'hex'))).sort(compareBytes);
  const inside = keys.filter(
    (key) =>
      (start === undefined || compareBytes(key, start) >= 0) && (end === undefined || compareBytes(key, end) < 0),
  );
  if (reverse) inside.reverse();
  return inside.map((key) => `${hex(key)}=${text(model.get(hex(key))!)}`);
}

function listing(store: KeyValueStore, range: KeyRange): string[] {
  return [...store.range(range)].map(([key, value]) => `${hex(key)}=${text(value)}`);
}

function put(key: readonly number[], value: string): KeyValueWrite {
  return { key: at(key), value: utf8(value) };
}

function at(key: readonly number[]): Uint8Array {
  return new Uint8Array(key);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
