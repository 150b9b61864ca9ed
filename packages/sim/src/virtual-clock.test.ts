import { expect, test } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

test('sleepers wake in the order of their times, and of lying down where the times agree', async () => {
  const clock = new VirtualClock();
  const begin = clock.now();
  const woken: string[] = [];
  const sleeper = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push(`${name}@${clock.now() - begin}`);
  };
  await clock.run(
    Promise.all([sleeper('c', 3_600_000), sleeper('a', 10), sleeper('b', 10), sleeper('zero', 0)]),
    4_000_000,
  );
  expect(woken).toEqual(['zero@0', 'a@10', 'b@10', 'c@3600000']);
});

test('an aborted sleeper wakes at once with the reason and leaves the list', async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const sleeping = clock.sleep(1_000, stop.signal);
  const caught = sleeping.catch((reason: unknown) => reason);
  stop.abort('enough');
  expect(await clock.run(caught, 0)).toBe('enough');
  await expect(clock.sleep(1, stop.signal)).rejects.toBe('enough');
  await expect(clock.run(new Promise(() => undefined), 2_000)).rejects.toMatchObject({ code: 'SIMULATION_STUCK' });
});

test('a town that never gets done is stopped', async () => {
  const clock = new VirtualClock();
  const forever = (async () => {
    for (;;) await clock.sleep(1_000);
  })();
  await expect(clock.run(forever, 60_000)).rejects.toMatchObject({ code: 'SIMULATION_TOO_LONG' });
});
