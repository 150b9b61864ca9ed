/**
 * A limit on waiting for the other side, and on nothing else: time in which we ourselves are busy, or our reader is, does
 * not count.
 */
import { Fault } from '@decai/protocol/fault';
import type { World } from '@decai/protocol/world';

export type IdleLimit = {
  /** Aborts when the outer signal does, when a wait takes too long (SUPPLIER_TIMEOUT), or at the end. */
  readonly signal: AbortSignal;
  /** Waits for what the other side owes, for at most `ms`; afterwards `signal` is aborted. */
  wait<T>(ms: number, owed: Promise<T>): Promise<T>;
  /** The pieces of a body, each waited for for at most `firstMs` (the first) or `idleMs`. */
  follow(
    body: Uint8Array | AsyncIterable<Uint8Array>,
    firstMs: number,
    idleMs: number,
  ): AsyncGenerator<Uint8Array, void>;
  /** Lets go of everything that hangs on `signal`. */
  end(): void;
};

/** Every exchange ends with these, so they are made once: an error costs a stack trace. */
const ENDED = new Fault('EXCHANGE_ENDED', 'the exchange is over');
const MOVED = new Fault('DEADLINE_MOVED', 'wake up earlier');

export function createIdleLimit(world: Pick<World, 'sleep' | 'now'>, outer: AbortSignal): IdleLimit {
  const inner = new AbortController();
  let deadline: number | undefined;
  let watching = false;
  let nap: { readonly until: number; readonly alarm: AbortController } | undefined;

  const end = (): void => {
    outer.removeEventListener('abort', follow);
    if (!inner.signal.aborted) inner.abort(ENDED);
  };
  const follow = (): void => inner.abort(outer.reason);
  outer.addEventListener('abort', follow, { once: true });
  if (outer.aborted) follow();

  /** One sleeper for all waits: it wakes at what was the deadline and looks whether it still is. */
  const watch = async (): Promise<void> => {
    watching = true;
    while (deadline !== undefined && !inner.signal.aborted) {
      nap = { until: deadline, alarm: new AbortController() };
      const ms = deadline - world.now();
      if (ms <= 0) {
        inner.abort(new Fault('SUPPLIER_TIMEOUT', 'the supplier kept us waiting for too long'));
        break;
      }
      // An abort wakes it; there is nothing to tell then.
      await world.sleep(ms, AbortSignal.any([inner.signal, nap.alarm.signal])).catch(() => undefined);
    }
    watching = false;
  };

  const wait = async <T>(ms: number, owed: Promise<T>): Promise<T> => {
    deadline = world.now() + ms;
    if (!watching) void watch();
    // Its sleep began with a longer limit: without this, silence after the first piece would count as before it.
    else if (nap !== undefined && deadline < nap.until) nap.alarm.abort(MOVED);
    try {
      return await owed;
    } finally {
      deadline = undefined;
    }
  };

  return {
    signal: inner.signal,
    wait,
    async *follow(body, firstMs, idleMs) {
      if (body instanceof Uint8Array) {
        yield body;
        return;
      }
      const pieces = body[Symbol.asyncIterator]();
      try {
        let ms = firstMs;
        for (;;) {
          const next = await wait(ms, pieces.next());
          if (next.done) return;
          ms = idleMs;
          yield next.value;
        }
      } finally {
        await pieces.return?.();
      }
    },
    end,
  };
}
