/**
 * The door to one backend: so many requests inside, so many waiting, and applications take turns.
 *
 * Without turns one gateway with a thousand requests would make everybody else wait for all of them. Each application
 * has its own line; the door takes the head of each line in rotation.
 */
import type { World } from '@decai/protocol/world';

export type GateLimits = {
  readonly inflightMax: number;
  readonly queueMax: number;
  readonly queueTimeoutMs: number;
};

/** `pass`: call `leave`, whatever happens inside; a second call changes nothing. Otherwise why there was no way in. */
export type GateVerdict = { readonly kind: 'pass'; leave(): void } | { readonly kind: 'full' | 'timeout' | 'gone' };

type Waiting = { admitted: boolean; readonly wake: () => void };

export class BackendGate {
  readonly #limits: GateLimits;
  readonly #sleep: World['sleep'];
  /** In order of turn; an application without anyone waiting is not in it. */
  readonly #lines = new Map<string, Waiting[]>();
  #inflight = 0;
  #queued = 0;

  constructor(limits: GateLimits, sleep: World['sleep']) {
    this.#limits = limits;
    this.#sleep = sleep;
  }

  get inflight(): number {
    return this.#inflight;
  }

  get queued(): number {
    return this.#queued;
  }

  /** Resolves at once when there is room, else when it is this application's turn, or why it never will be. */
  async enter(application: string, signal: AbortSignal): Promise<GateVerdict> {
    if (signal.aborted) return { kind: 'gone' };
    if (this.#inflight < this.#limits.inflightMax) {
      this.#inflight += 1;
      return this.#pass();
    }
    if (this.#queued >= this.#limits.queueMax) return { kind: 'full' };
    return await this.#wait(application, signal);
  }

  async #wait(application: string, signal: AbortSignal): Promise<GateVerdict> {
    let wake = (): void => {};
    const turn = new Promise<void>((resolve) => (wake = resolve));
    const waiting: Waiting = { admitted: false, wake };
    this.#stand(application, waiting);
    const done = new AbortController();
    const limit = this.#sleep(this.#limits.queueTimeoutMs, AbortSignal.any([done.signal, signal])).then(
      () => 'timeout' as const,
      (thrown: unknown) => {
        if (signal.aborted || done.signal.aborted) return 'gone' as const;
        throw thrown;
      },
    );
    try {
      const outcome = await Promise.race([turn, limit]);
      // His turn may have come in the same instant as the timeout: the place is his, so he must take it or give it back.
      return waiting.admitted ? this.#pass() : { kind: outcome ?? 'gone' };
    } catch (thrown) {
      if (waiting.admitted) return this.#pass();
      throw thrown;
    } finally {
      done.abort();
      if (!waiting.admitted) this.#stepOut(application, waiting);
    }
  }

  #stand(application: string, waiting: Waiting): void {
    const line = this.#lines.get(application);
    if (line === undefined) this.#lines.set(application, [waiting]);
    else line.push(waiting);
    this.#queued += 1;
  }

  #stepOut(application: string, waiting: Waiting): void {
    const line = this.#lines.get(application)!;
    line.splice(line.indexOf(waiting), 1);
    this.#queued -= 1;
    if (line.length === 0) this.#lines.delete(application);
  }

  #pass(): GateVerdict {
    let inside = true;
    return {
      kind: 'pass',
      leave: () => {
        if (!inside) return;
        inside = false;
        this.#inflight -= 1;
        this.#admitNext();
      },
    };
  }

  #admitNext(): void {
    for (const [application, line] of this.#lines) {
      this.#lines.delete(application);
      const next = line.shift()!;
      // To the back of the rotation, so that the other applications come first.
      if (line.length > 0) this.#lines.set(application, line);
      this.#queued -= 1;
      // The place is taken here and not when the promise resolves, or a newcomer could slip in between.
      this.#inflight += 1;
      next.admitted = true;
      next.wake();
      return;
    }
  }
}
