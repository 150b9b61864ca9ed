import { expect, test } from 'vitest';
import { createIdleLimit } from './idle-limit.ts';

/** A clock that stands still until it is moved; sleepers wake in the order of their deadlines. */
function manualClock() {
  let now = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        sleepers.push({ at: now + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
    async to(time: number) {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        const index = sleepers.findIndex(({ at }) => at <= time);
        if (index < 0) break;
        const [sleeper] = sleepers.splice(index, 1);
        now = Math.max(now, sleeper!.at);
        sleeper!.wake();
      }
      now = time;
    },
  };
}

async function* oneThenSilence(): AsyncGenerator<Uint8Array> {
  yield Uint8Array.of(1);
  await new Promise(() => undefined);
}

test('silence after the first piece is measured by its own limit, however long the first one might have taken', async () => {
  const clock = manualClock();
  const limit = createIdleLimit(clock, new AbortController().signal);
  const pieces = limit.follow(oneThenSilence(), 1_000, 10);
  await pieces.next();
  void pieces.next();
  await clock.to(9);
  expect(limit.signal.aborted).toBe(false);
  await clock.to(10);
  expect(limit.signal.reason).toMatchObject({ code: 'SUPPLIER_TIMEOUT' });
});

test('time in which nobody asks for a piece does not count', async () => {
  const clock = manualClock();
  const limit = createIdleLimit(clock, new AbortController().signal);
  await limit.follow(oneThenSilence(), 100, 10).next();
  await clock.to(5_000);
  expect(limit.signal.aborted).toBe(false);
  limit.end();
});
