import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, utf8 } from '@decai/protocol/bytes';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { readerBelow } from './key-range.ts';
import { StateHistory } from './state-history.ts';

type State = ReadonlyMap<string, string>;

const STATE = utf8('s');
const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** A state whose history is kept, and plain copies of it after every block. */
function chainOf(blocks: readonly State[], keepBlocks: number) {
  const store = createMemoryStore();
  const state = readerBelow(store, STATE);
  const history = new StateHistory(store, state, keepBlocks);
  const copies: Map<string, string>[] = [new Map()];
  for (const [index, changes] of blocks.entries()) {
    const next = new Map(copies[index]);
    const writes = [...changes].map(([key, value]) => {
      if (value === '') next.delete(key);
      else next.set(key, value);
      return { key: latin1(key), value: value === '' ? null : latin1(value) };
    });
    store.write([
      ...history.writes(index + 1, writes),
      ...writes.map(({ key, value }) => ({ key: concat(STATE, key), value })),
    ]);
    copies.push(next);
  }
  return { store, history, copies };
}

/** Keys of which one begins another, with the bytes that keys are marked with. */
const key = fc
  .array(fc.constantFrom('\0', '\x01', 'a', 'b', '\xff'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));
/** An empty text removes. */
const changes = fc.array(fc.tuple(key, fc.constantFrom('', 'x', 'y')), { maxLength: 5 }).map((all) => new Map(all));

describe('the history of a state', () => {
  test('answers every read about every height that it keeps as a copy made then would, and no other', () => {
    const bound = fc.option(key, { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(changes, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.tuple(bound, bound, fc.boolean()), { minLength: 1, maxLength: 4 }),
        (blocks, keepBlocks, ranges) => {
          const { history, copies } = chainOf(blocks, keepBlocks);
          const latest = blocks.length;
          expect(history.earliestHeight(latest)).toBe(Math.max(0, latest - keepBlocks));
          expect(history.at(latest + 1, latest)).toBeUndefined();
          for (let height = 0; height <= latest; height += 1) {
            const reader = history.at(height, latest);
            if (height < latest - keepBlocks) {
              expect(reader).toBeUndefined();
              continue;
            }
            const copy = copies[height]!;
            for (const name of new Set(blocks.flatMap((each) => [...each.keys()]))) {
              const value = reader!.get(latin1(name));
              expect(value === undefined ? undefined : textOf(value)).toBe(copy.get(name));
            }
            for (const [start, end, reverse] of ranges) {
              const found = [
                ...reader!.range({
                  ...(start !== undefined && { start: latin1(start) }),
                  ...(end !== undefined && { end: latin1(end) }),
                  reverse,
                }),
              ].map(([name, value]) => [textOf(name), textOf(value)]);
              const expected = [...copy]
                .filter(([name]) => (start === undefined || name >= start) && (end === undefined || name < end))
                .sort(([a], [b]) => (a < b ? -1 : 1));
              expect(found).toEqual(reverse ? expected.reverse() : expected);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('forgets what no state in reach needs', () => {
    const blocks = Array.from({ length: 50 }, (_, index) => new Map([['a', `${index}`]]));
    const { store } = chainOf(blocks, 3);
    // The state itself, and for each of three blocks what it replaced and which key that was.
    expect([...store.range({})]).toHaveLength(1 + 3 * 2);
  });

  test('becomes shorter over some blocks when less is to be kept', () => {
    const blocks = Array.from({ length: 60 }, (_, index) => new Map([['a', `${index}`]]));
    const { store } = chainOf(blocks, 100);
    const shorter = new StateHistory(store, readerBelow(store, STATE), 5);
    expect(shorter.earliestHeight(60)).toBe(0);
    for (let height = 61; height < 70; height += 1) store.write(shorter.writes(height, []));
    expect(shorter.earliestHeight(69)).toBe(64);
  });
});
