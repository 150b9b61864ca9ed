import { expect, test } from 'vitest';
import { createManualClock } from './testing/manual-clock.ts';
import { Watchdog } from './watchdog.ts';

test('silence is measured from the last sign of life', async () => {
  const clock = createManualClock();
  const barks: number[] = [];
  const dog = new Watchdog(clock, 100, () => barks.push(clock.now()));
  const start = clock.now();
  await clock.advance(60);
  dog.pat();
  await clock.advance(99);
  expect(barks).toEqual([]);
  await clock.advance(500);
  expect(barks).toEqual([start + 160]);
});

test('once stopped it is silent', async () => {
  const clock = createManualClock();
  const barks: number[] = [];
  const dog = new Watchdog(clock, 100, () => barks.push(clock.now()));
  dog.stop();
  await clock.advance(1_000);
  expect(barks).toEqual([]);
});
