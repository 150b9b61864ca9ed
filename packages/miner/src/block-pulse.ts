/**
 * Whether the blocks still come: the newest height, and how long it has been since.
 */

/** A tip older than this many times the usual gap is stale. */
const GAPS_MAX = 3;
/** Below it, jitter would count as a standstill. */
const GAP_MS_MIN = 5_000;

export class BlockPulse {
  readonly #now: () => number;
  #height = 0;
  #seenAt: number | undefined;
  #gapMs: number | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** 0 before the first block. */
  get height(): number {
    return this.#height;
  }

  beat(height: number): void {
    const time = this.#now();
    if (this.#seenAt !== undefined) {
      const gap = time - this.#seenAt;
      // The average of the last ten or so; one slow block does not change what is usual.
      this.#gapMs = this.#gapMs === undefined ? gap : this.#gapMs * 0.9 + gap * 0.1;
    }
    this.#seenAt = time;
    this.#height = height;
  }

  get isFresh(): boolean {
    if (this.#seenAt === undefined) return false;
    return this.#now() - this.#seenAt <= GAPS_MAX * Math.max(this.#gapMs ?? 0, GAP_MS_MIN);
  }
}
