/**
 * A clock that moves only when everybody waits for it.
 *
 * Whoever sleeps is put on a list; when nothing else can run, time jumps to the earliest of them. Two who wake at the same
 * moment wake in the order in which they lay down, so a run is decided by its seed alone. An hour costs what its events cost.
 */
import { Fault } from '@decai/protocol/fault';

type Sleeper = { readonly at: number; readonly order: number; readonly wake: () => void };

/** 2026-01-01T00:00:00Z: a simulated town was founded on a day that looks like one. */
export const FOUNDING_MS = 1_767_225_600_000;

export class VirtualClock {
  #now: number = FOUNDING_MS;
  #order = 0;
  readonly #sleepers: Sleeper[] = [];

  now(): number {
    return this.#now;
  }

  /** Resolves when the clock has moved on by `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const stop = (): void => {
        this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
        reject(signal?.reason);
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const sleeper: Sleeper = { at: this.#now + Math.max(0, ms), order: (this.#order += 1), wake };
      signal?.addEventListener('abort', stop, { once: true });
      this.#add(sleeper);
    });
  }

  /**
   * Lets the town live until `done` settles, and gives what it settled to.
   *
   * @throws SIMULATION_STUCK when everybody waits and nobody waits for the clock; SIMULATION_TOO_LONG when `limitMs` of
   * virtual time have passed.
   */
  async run<T>(done: Promise<T>, limitMs: number): Promise<T> {
    const end = this.#now + limitMs;
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    done.then(mark, mark);
    for (;;) {
      await everybodyWaits();
      if (settled) return done;
      const next = this.#sleepers.shift();
      if (next === undefined) throw new Fault('SIMULATION_STUCK', 'everybody waits, and nobody for the clock');
      if (next.at > end) throw new Fault('SIMULATION_TOO_LONG', 'not done in time', { limitMs });
      this.#now = next.at;
      next.wake();
    }
  }

  #add(sleeper: Sleeper): void {
    let index = this.#sleepers.length;
    while (index > 0 && this.#sleepers[index - 1]!.at > sleeper.at) index -= 1;
    this.#sleepers.splice(index, 0, sleeper);
  }
}

/** One turn of the event loop runs every promise that can run; a second catches what Node's own streams put off once. */
async function everybodyWaits(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}
