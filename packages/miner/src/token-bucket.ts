/**
 * So much a second, evenly: tokens come back with time, and a second's worth may be taken at once.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;

  constructor(perSecond: number, now: () => number) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#tokens = perSecond;
    this.#filledAt = now();
  }

  /** Takes one token, if there is one. */
  take(): boolean {
    const time = this.#now();
    this.#tokens = Math.min(this.#perSecond, this.#tokens + ((time - this.#filledAt) * this.#perSecond) / 1_000);
    this.#filledAt = time;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
