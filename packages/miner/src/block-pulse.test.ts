import { expect, test } from 'vitest';
import { BlockPulse } from './block-pulse.ts';

test('fresh from the first block until three usual gaps have passed', () => {
  let now = 0;
  const pulse = new BlockPulse(() => now);
  expect([pulse.isFresh, pulse.height]).toEqual([false, 0]);
  pulse.beat(1);
  now = 60_000;
  pulse.beat(2);
  now += 180_000;
  expect([pulse.isFresh, pulse.height]).toEqual([true, 2]);
  now += 1;
  expect(pulse.isFresh).toBe(false);
});

test('quick blocks do not make it nervous', () => {
  let now = 0;
  const pulse = new BlockPulse(() => now);
  for (let height = 1; height < 9; height++, now += 10) pulse.beat(height);
  now += 14_000;
  expect(pulse.isFresh).toBe(true);
  now += 2_000;
  expect(pulse.isFresh).toBe(false);
});
