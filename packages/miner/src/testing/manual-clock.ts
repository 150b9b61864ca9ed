/**
 * A clock that stands still until a test moves it. Sleepers wake in the order of their deadlines.
 */
import type { World } from '@decai/protocol/world';

export type ManualClock = Pick<World, 'now' | 'sleep'> & {
  /** Moves time on, waking everyone whose time has come, and lets what they started run. */
  advance(ms: number): Promise<void>;
};

export function createManualClock(start = 1_700_000_000_000): ManualClock {
  let time = start;
  let sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const sleeper = { at: time + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal.reason as Error);
        });
      }),
    async advance(ms) {
      const until = time + ms;
      await settle();
      for (;;) {
        const next = sleepers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        sleepers = sleepers.filter((other) => other !== next);
        time = next.at;
        next.wake();
        await settle();
      }
      time = until;
      await settle();
    },
  };
}

/** Lets everything that waits for nothing outside run to its next wait. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
