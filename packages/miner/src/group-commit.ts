/**
 * One wait for the disk serves everyone who wrote before it began.
 *
 * A relay that asked for a flush of its own would cost a disk's whole turn; here all that arrive during one flush share
 * the next. What is written and not flushed survives neither a power cut nor, with every store, a killed process, so
 * nothing may be counted before its `flushed()` has resolved.
 */
import type { KeyValueStore, KeyValueWrite } from '@decai/protocol/key-value-store';

export class GroupCommit {
  readonly #store: KeyValueStore;
  #waiting = 0;
  #next: Promise<void> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  /** How many batches are written but not on the disk. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Writes one batch at once and resolves when it is on the disk.
   *
   * @throws what the store throws; then the batch may or may not be there after a restart, but never half of it.
   */
  async write(writes: readonly KeyValueWrite[]): Promise<void> {
    this.#store.write(writes);
    this.#waiting += 1;
    try {
      await this.#flushed();
    } finally {
      this.#waiting -= 1;
    }
  }

  /** The flush that begins after now: joined if it is already planned. */
  #flushed(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const flush = this.#store.flush();
      // The flush after this one must begin even when this one fails.
      this.#running = flush.catch(() => undefined);
      return flush;
    });
    return this.#next;
  }
}
