/**
 * Lets a fixed number of holders in at once; others wait in order, and beyond a bound nobody may even wait.
 *
 * Invariant: every ticket is given back exactly once, however its holder ends.
 */

export type Ticket = { readonly release: () => void };

type Waiting = { enter(ticket: Ticket): void };

export class Turnstile {
  readonly #places: number;
  readonly #waitingMax: number;
  readonly #queue: Waiting[] = [];
  #inside = 0;

  constructor(places: number, waitingMax: number = Number.POSITIVE_INFINITY) {
    this.#places = places;
    this.#waitingMax = waitingMax;
  }

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * A ticket once a place is free; undefined at once when too many wait already.
   *
   * Rejects with the signal's reason when it aborts while waiting.
   */
  async enter(signal?: AbortSignal): Promise<Ticket | undefined> {
    signal?.throwIfAborted();
    if (this.#inside < this.#places) return this.#admit();
    if (this.#queue.length >= this.#waitingMax) return undefined;
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        enter(ticket) {
          signal?.removeEventListener('abort', leave);
          resolve(ticket);
        },
      };
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        reject(signal!.reason as Error);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#queue.push(waiting);
    });
  }

  #admit(): Ticket {
    this.#inside += 1;
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        this.#inside -= 1;
        this.#queue.shift()?.enter(this.#admit());
      },
    };
  }
}
