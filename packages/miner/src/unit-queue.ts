/**
 * Between a backend that speaks and a gateway that listens: units wait here until a batch takes them, and never too many.
 *
 * A reader who is slow makes the queue full, and a full queue makes the backend wait; nothing grows without bound.
 */
import { concat } from '@decai/protocol/bytes';
import type { World } from '@decai/protocol/world';

export type QueueState = 'units' | 'silent' | 'ended';

export class UnitQueue {
  readonly #sleep: World['sleep'];
  readonly #bytesMax: number;
  readonly #units: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;
  #failure: unknown;
  #wakeReader: () => void = () => undefined;
  #wakeWriter: () => void = () => undefined;

  /** `bytesMax`: beyond it the writer waits. */
  constructor(sleep: World['sleep'], bytesMax: number) {
    this.#sleep = sleep;
    this.#bytesMax = bytesMax;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  push(unit: Uint8Array): void {
    this.#units.push(unit);
    this.#bytes += unit.length;
    this.#wakeReader();
  }

  /** Nothing more will come: the writer is done, failed with `failure`, or the reader has left. */
  end(failure?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#wakeReader();
    this.#wakeWriter();
  }

  /** Resolves when the writer may go on. */
  async room(): Promise<void> {
    while (this.#bytes > this.#bytesMax && !this.#ended) {
      await new Promise<void>((resolve) => (this.#wakeWriter = resolve));
    }
  }

  /**
   * Resolves when there is a unit, when there was none for `silenceMs`, or when there will be none any more.
   *
   * @throws the failure with which the writer ended, once all units before it are taken.
   */
  async wait(silenceMs: number): Promise<QueueState> {
    if (this.#units.length === 0 && !this.#ended && !(await this.#arrival(silenceMs, 1))) return 'silent';
    if (this.#units.length > 0) return 'units';
    if (this.#failure !== undefined) throw this.#failure;
    return 'ended';
  }

  /** Waits until `units` or more stand here, at most `ms`. */
  async gather(units: number, ms: number): Promise<void> {
    await this.#arrival(ms, units);
  }

  /** The next units, joined: at least one, no more than `unitsMax`, and no more than `bytesMax` bytes unless it is one. */
  take(unitsMax: number, bytesMax: number): Uint8Array {
    let count = 1;
    let bytes = this.#units[0]!.length;
    while (count < Math.min(unitsMax, this.#units.length) && bytes + this.#units[count]!.length <= bytesMax) {
      bytes += this.#units[count]!.length;
      count += 1;
    }
    this.#bytes -= bytes;
    this.#wakeWriter();
    const taken = this.#units.splice(0, count);
    return taken.length === 1 ? taken[0]! : concat(...taken);
  }

  /** Whether so many units stood here, or the end was reached, before the time was over. */
  async #arrival(ms: number, units: number): Promise<boolean> {
    const done = new AbortController();
    const arrived = new Promise<true>((resolve) => {
      this.#wakeReader = () => {
        if (this.#units.length >= units || this.#ended) resolve(true);
      };
      this.#wakeReader();
    });
    const silence = this.#sleep(ms, done.signal).then(
      () => false,
      () => true,
    );
    const outcome = await Promise.race([arrived, silence]);
    done.abort();
    this.#wakeReader = () => undefined;
    return outcome;
  }
}
