import { expect, test } from 'vitest';
import { createStop } from './stop-signal.ts';

test('follows the signal before it, with its reason, also one that was over already', () => {
  const before = createStop();
  const stop = createStop(before.signal);
  expect(stop.signal.aborted).toBe(false);
  before.abort('enough');
  expect([stop.signal.reason, createStop(before.signal).signal.reason]).toEqual(['enough', 'enough']);
});

test('ends by itself without ending what came before', () => {
  const before = createStop();
  createStop(before.signal).abort();
  expect(before.signal.aborted).toBe(false);
});
