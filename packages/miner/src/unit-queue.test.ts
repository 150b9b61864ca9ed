import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { expect, test } from 'vitest';
import { manualClock, settle } from '@decai/client/testing/manual-clock';
import { UnitQueue } from './unit-queue.ts';

test('units are taken together, up to a number and a size', () => {
  const queue = new UnitQueue(manualClock(1_700_000_000_000).sleep, 100);
  for (const unit of ['aa', 'bb', 'cc', 'dddd', 'e']) queue.push(utf8(unit));
  expect(fromUtf8(queue.take(2, 100))).toBe('aabb');
  expect(fromUtf8(queue.take(9, 3))).toBe('cc');
  expect(fromUtf8(queue.take(9, 3))).toBe('dddd');
  expect(fromUtf8(queue.take(9, 3))).toBe('e');
});

test('a reader waits for a unit, for silence, or for the end', async () => {
  const clock = manualClock(1_700_000_000_000);
  const queue = new UnitQueue(clock.sleep, 100);
  const first = queue.wait(50);
  queue.push(utf8('a'));
  expect(await first).toBe('units');
  queue.take(1, 1);
  const second = queue.wait(50);
  await clock.advance(50);
  expect(await second).toBe('silent');
  const third = queue.wait(50);
  queue.end();
  expect(await third).toBe('ended');
});

test('a failure comes after the units before it', async () => {
  const queue = new UnitQueue(manualClock(1_700_000_000_000).sleep, 100);
  queue.push(utf8('a'));
  queue.end(new Error('broken'));
  expect(await queue.wait(50)).toBe('units');
  queue.take(1, 1);
  await expect(queue.wait(50)).rejects.toThrow('broken');
});

test('gathering ends with company, with time, or with the end', async () => {
  const clock = manualClock(1_700_000_000_000);
  const queue = new UnitQueue(clock.sleep, 100);
  queue.push(utf8('a'));
  const company = queue.gather(2, 20);
  queue.push(utf8('b'));
  await company;
  const time = queue.gather(3, 20);
  await clock.advance(20);
  await time;
  const end = queue.gather(3, 20);
  queue.end();
  await end;
  expect(fromUtf8(queue.take(9, 9))).toBe('ab');
});

test('a full queue makes the writer wait, an abandoned one lets him go', async () => {
  const queue = new UnitQueue(manualClock(1_700_000_000_000).sleep, 1);
  queue.push(utf8('aa'));
  let free = false;
  void queue.room().then(() => (free = true));
  await settle();
  expect(free).toBe(false);
  queue.take(1, 9);
  await settle();
  expect(free).toBe(true);
  queue.push(utf8('aa'));
  const room = queue.room();
  queue.end();
  await room;
});
