/**
 * Many random towns, shared among as many test files as may run side by side.
 *
 * `DECAI_TOWN_BLOCKS` says how many blocks all of them live through together, and `DECAI_TOWN_SEED` with which seed the first
 * of them is founded; a failure names its town's own seed, and one block of that town alone is enough to see it again.
 */
import { expect, test } from 'vitest';
import { liveTown } from './live-town.ts';

const TOWN_BLOCKS = 250;
const BLOCKS = Number(process.env['DECAI_TOWN_BLOCKS'] ?? 20_000);
const FIRST_SEED = Number(process.env['DECAI_TOWN_SEED'] ?? 1);
/** So that a test takes seconds, however many towns there are. */
const TOWNS_PER_TEST = 10;

/** Tests over every `files`-th town, from the `file`-th on. Things that begin with what `wanted` names must come to pass. */
export function testTowns(file: number, files: number, wanted: readonly string[]): void {
  const towns = Math.max(1, Math.ceil(BLOCKS / TOWN_BLOCKS / files));
  const counts = new Map<string, number>();
  for (let first = 0; first < towns; first += TOWNS_PER_TEST) {
    const seeds = Array.from(
      { length: Math.min(TOWNS_PER_TEST, towns - first) },
      (_, index) => FIRST_SEED + file + files * (first + index),
    );
    const name = `towns ${seeds[0]} to ${seeds.at(-1)} live through ${seeds.length * TOWN_BLOCKS} blocks as the model says`;
    test(name, () => {
      for (const seed of seeds) {
        for (const [what, count] of liveTown(seed, TOWN_BLOCKS).model.counts) {
          counts.set(what, (counts.get(what) ?? 0) + count);
        }
      }
    });
  }
  // Which things come to pass is only known for the seeds that are always taken.
  if (FIRST_SEED !== 1 || BLOCKS < 20_000) return;
  test('all that may happen has happened', () => {
    const happened = [...counts.keys()];
    expect(wanted.filter((what) => !happened.some((each) => each.startsWith(what)))).toEqual([]);
  });
}
