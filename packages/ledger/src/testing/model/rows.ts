/**
 * Rows of one kind that the model keeps: by name, with a way back, and with the store entries that each row stands for.
 *
 * What a row is in the store follows from the row alone, so whatever the ledger writes for another reason shows as a
 * difference.
 */

/** A key of the store, one character a byte, and what lies under it. */
export type StoreEntry = readonly [key: string, value: Uint8Array];

/** What to do to forget everything since a moment. */
export class UndoLog {
  private readonly steps: (() => void)[] = [];

  push(step: () => void): void {
    this.steps.push(step);
  }

  /** Runs `act`; forgets what it changed unless `keep` says so. */
  atomically<T>(act: () => T, keep: (result: T) => boolean): T {
    const mark = this.steps.length;
    const result = act();
    if (!keep(result)) while (this.steps.length > mark) this.steps.pop()!();
    return result;
  }

  clear(): void {
    this.steps.length = 0;
  }
}

export class Rows<V> {
  private readonly byName = new Map<string, V>();
  private readonly touched = new Set<string>();
  private readonly written = new Map<string, readonly StoreEntry[]>();
  private readonly log: UndoLog;
  private readonly entriesOf: (row: V, name: string) => readonly StoreEntry[];

  constructor(log: UndoLog, entriesOf: (row: V, name: string) => readonly StoreEntry[]) {
    this.log = log;
    this.entriesOf = entriesOf;
  }

  get(name: string): V | undefined {
    return this.byName.get(name);
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  set(name: string, row: V): void {
    this.change(name);
    this.byName.set(name, row);
  }

  delete(name: string): void {
    this.change(name);
    this.byName.delete(name);
  }

  /** A copy, in byte order of the names. */
  sorted(): [name: string, row: V][] {
    return [...this.byName].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  values(): IterableIterator<V> {
    return this.byName.values();
  }

  get size(): number {
    return this.byName.size;
  }

  /** Enters in `store` what has become of the rows touched since the last call; `changed` takes the keys. */
  seal(store: Map<string, Uint8Array>, changed: Set<string>): void {
    for (const name of this.touched) {
      for (const [key] of this.written.get(name) ?? []) {
        store.delete(key);
        changed.add(key);
      }
      const row = this.byName.get(name);
      const entries = row === undefined ? [] : this.entriesOf(row, name);
      for (const [key, value] of entries) {
        store.set(key, value);
        changed.add(key);
      }
      this.written.set(name, entries);
    }
    this.touched.clear();
  }

  private change(name: string): void {
    this.touched.add(name);
    const before = this.byName.get(name);
    this.log.push(() => {
      if (before === undefined) this.byName.delete(name);
      else this.byName.set(name, before);
    });
  }
}
