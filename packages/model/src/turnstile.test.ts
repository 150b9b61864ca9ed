import { expect, test } from 'vitest';
import { Turnstile } from './turnstile.ts';

test('lets in as many as there are places, the others in order', async () => {
  const turnstile = new Turnstile(1, 2);
  const first = await turnstile.enter();
  const entered: string[] = [];
  const second = turnstile.enter().then((ticket) => (entered.push('second'), ticket));
  const third = turnstile.enter().then((ticket) => (entered.push('third'), ticket));
  expect(turnstile.waiting).toBe(2);
  first!.release();
  (await second)!.release();
  (await third)!.release();
  expect(entered).toEqual(['second', 'third']);
  expect(turnstile.inside).toBe(0);
});

test('beyond the bound nobody may wait', async () => {
  const turnstile = new Turnstile(1, 1);
  const held = await turnstile.enter();
  const waiting = turnstile.enter();
  expect(await turnstile.enter()).toBeUndefined();
  held!.release();
  (await waiting)!.release();
});

test('a ticket given back twice counts once', async () => {
  const turnstile = new Turnstile(2);
  const one = await turnstile.enter();
  await turnstile.enter();
  one!.release();
  one!.release();
  expect(turnstile.inside).toBe(1);
});

test('who aborts while waiting leaves the queue', async () => {
  const turnstile = new Turnstile(1);
  const held = await turnstile.enter();
  const leaving = new AbortController();
  const waiting = turnstile.enter(leaving.signal);
  leaving.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  held!.release();
  expect(turnstile.inside).toBe(0);
});
