/**
 * Barks when nothing has happened for a while. One sleeper however often it is told that something happened.
 */
import type { World } from '@decai/protocol/world';

export class Watchdog {
  readonly #clock: Pick<World, 'now' | 'sleep'>;
  readonly #bark: () => void;
  readonly #stop = new AbortController();
  #last: number;

  /** Calls `bark` once, when `silenceMs` have passed since the start or the last `pat`. */
  constructor(clock: Pick<World, 'now' | 'sleep'>, silenceMs: number, bark: () => void) {
    this.#clock = clock;
    this.#last = clock.now();
    this.#bark = bark;
    void this.#watch(silenceMs);
  }

  /** Something happened. */
  pat(): void {
    this.#last = this.#clock.now();
  }

  stop(): void {
    this.#stop.abort();
  }

  async #watch(silenceMs: number): Promise<void> {
    try {
      for (;;) {
        const left = this.#last + silenceMs - this.#clock.now();
        if (left <= 0) break;
        await this.#clock.sleep(left, this.#stop.signal);
      }
      if (!this.#stop.signal.aborted) this.#bark();
    } catch {
      // Stopped: the only reason for which this sleep rejects.
    }
  }
}
