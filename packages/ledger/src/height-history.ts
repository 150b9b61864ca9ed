/**
 * Values with the height from which each holds: the entry with the greatest height that is not above the asked one decides.
 *
 * What a session depends on is read as of a height, never "now"; these histories are where such reads end.
 */
import type { Collection, CollectionRange, CollectionShape } from './collection.ts';
import { heightSegment, segmentHeight } from './key.ts';
import type { Store } from './store.ts';

const EXACT_HEIGHT_MAX = Number.MAX_SAFE_INTEGER - 1;

export class HeightHistory<V> {
  private readonly store: Store;
  private readonly entriesByKey: Collection<V>;
  /** What was found in this block, by owner and height: a settling block asks for the same few values thousands of times. */
  private readonly found = new Map<string, V | undefined>();
  private rollbacksSeen = 0;

  constructor(store: Store, shape: CollectionShape<V>) {
    this.store = store;
    this.entriesByKey = shape.in(store);
  }

  /** What holds at `height`; undefined before the first entry. `owner` is a closed key segment, empty if there is one history. */
  at(owner: string, height: number): V | undefined {
    if (height < 0) return undefined;
    // Nothing comes into force beyond the heights that are exact, so whoever asks for one sees the newest entry.
    const upTo = Math.min(height, EXACT_HEIGHT_MAX);
    // What a transaction pays for a read must not depend on who read before it.
    if (this.store.meter !== undefined) return this.latest(owner, upTo + 1);
    if (this.rollbacksSeen !== this.store.rollbacks) this.forget();
    const question = `${upTo}@${owner}`;
    if (this.found.has(question)) return this.found.get(question);
    const value = this.latest(owner, upTo + 1);
    this.found.set(question, value);
    return value;
  }

  /** What becomes valid exactly at `height`. */
  from(owner: string, height: number): V | undefined {
    return this.entriesByKey.get(owner + heightSegment(height));
  }

  put(owner: string, effectiveHeight: number, value: V): void {
    this.entriesByKey.put(owner + heightSegment(effectiveHeight), value);
    this.forget();
  }

  /** Removes the entries that decide nothing at `height` or later. */
  prune(owner: string, height: number): void {
    let isDecided = false;
    for (const [effectiveHeight] of Array.from(this.entries(owner, true))) {
      if (isDecided) this.entriesByKey.delete(owner + heightSegment(effectiveHeight));
      isDecided ||= effectiveHeight <= height;
    }
    this.forget();
  }

  isEmpty(owner: string): boolean {
    for (const _entry of this.entriesByKey.keys({ under: owner })) return false;
    return true;
  }

  /** Entries by ascending height, or descending. */
  *entries(owner: string, reverse = false): Generator<readonly [effectiveHeight: number, value: V]> {
    for (const [key, value] of this.entriesByKey.entries({ under: owner, reverse })) {
      yield [segmentHeight(key, owner.length), value];
    }
  }

  /** Entries by height, with their keys, for paging. */
  page(owner: string, range: CollectionRange): Iterable<readonly [suffix: string, value: V]> {
    return this.entriesByKey.below(owner, range);
  }

  private latest(owner: string, before: number): V | undefined {
    const range = { start: owner, end: owner + heightSegment(before), reverse: true };
    for (const value of this.entriesByKey.values(range)) return value;
    return undefined;
  }

  private forget(): void {
    this.found.clear();
    this.rollbacksSeen = this.store.rollbacks;
  }
}
