/** A clock that a test turns by hand, and the turns of the event loop between its ticks. */
import type { World } from '@decai/protocol/world';

export type ManualClock = Pick<World, 'now' | 'sleep'> & {
  /** Lets `ms` pass, waking each sleeper at his time, and everything run that follows from it. */
  advance(ms: number): Promise<void>;
  /** How many sleep. */
  readonly sleepers: number;
};

export function manualClock(start = 0): ManualClock {
  let now = start;
  const sleeping = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => now,
    get sleepers() {
      return sleeping.size;
    },
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const cancel = (): void => {
          sleeping.delete(sleeper);
          reject(signal!.reason as Error);
        };
        const sleeper = {
          at: now + ms,
          wake: () => {
            sleeping.delete(sleeper);
            signal?.removeEventListener('abort', cancel);
            resolve();
          },
        };
        sleeping.add(sleeper);
        signal?.addEventListener('abort', cancel, { once: true });
      });
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const [next] = [...sleeping].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = Math.max(now, next.at);
        next.wake();
        await settle();
      }
      now = end;
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}
