/**
 * A map from byte strings to values that forgets what was not asked for the longest.
 *
 * It holds results of pure functions only: whether something is in it changes the time of an answer, never the answer.
 */
import { Fault } from './fault.ts';

export class LruCache<Value> {
  readonly #capacity: number;
  /** In order of last use, the oldest first; keys are the bytes as latin1 text. */
  readonly #entries = new Map<string, Value>();

  /** @throws CACHE_CAPACITY for a capacity below one. */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new Fault('CACHE_CAPACITY', 'a cache holds at least one value', { capacity });
    }
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value of `key`, made by `make` when it is not there. What `make` throws passes through and leaves no entry. */
  getOrMake(key: Uint8Array, make: () => Value): Value {
    const text = Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
    let value = this.#entries.get(text);
    if (value === undefined) value = make();
    else this.#entries.delete(text);
    this.#entries.set(text, value);
    if (this.#entries.size > this.#capacity) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    return value;
  }

  has(key: Uint8Array): boolean {
    return this.#entries.has(Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1'));
  }
}
