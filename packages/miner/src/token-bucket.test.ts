import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

test('a second’s worth at once, then as time goes by', () => {
  let now = 0;
  const bucket = new TokenBucket(2, () => now);
  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false]);
  now = 499;
  expect(bucket.take()).toBe(false);
  now = 500;
  expect([bucket.take(), bucket.take()]).toEqual([true, false]);
  now = 60_000;
  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false]);
});
