/**
 * A deadline on the world's clock: real or virtual, one way to say "not longer than this".
 */
import { Fault } from '@decai/protocol/fault';
import type { World } from '@decai/protocol/world';

/** Made once: almost everything is done in time, and an error costs a stack trace. */
const MET = new Fault('DEADLINE_MET', 'done in time');

/**
 * Runs `work` with a signal that aborts when `signal` does or after `ms`.
 *
 * @throws DEADLINE_EXCEEDED when the time was over before the work was; else what the work throws.
 */
export async function withDeadline<T>(
  world: Pick<World, 'sleep'>,
  ms: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const inner = new AbortController();
  const done = new AbortController();
  const follow = (): void => inner.abort(signal?.reason);
  signal?.addEventListener('abort', follow, { once: true });
  world.sleep(ms, done.signal).then(
    () => inner.abort(new Fault('DEADLINE_EXCEEDED', `not done after ${ms} ms`, { ms })),
    () => undefined,
  );
  try {
    return await work(inner.signal);
  } finally {
    done.abort(MET);
    signal?.removeEventListener('abort', follow);
  }
}

/** Waits without failing when the signal fires; tells whether the whole time passed. */
export async function pause(world: Pick<World, 'sleep'>, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await world.sleep(ms, signal);
    return true;
  } catch (thrown) {
    if (signal.aborted) return false;
    throw thrown;
  }
}
