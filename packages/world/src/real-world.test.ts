import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { readBody } from '@decai/protocol/http';
import { createWorld } from './real-world.ts';

const dataDirectory = mkdtempSync(join(tmpdir(), 'decai-world-'));
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

describe('real world', () => {
  const world = createWorld({ dataDirectory });

  test('sleeps, and wakes at once with the reason of the signal', async () => {
    await world.sleep(1);
    const cancel = new AbortController();
    const sleeping = world.sleep(1e12, cancel.signal);
    cancel.abort(new Error('wake up'));
    await expect(sleeping).rejects.toThrow('wake up');
    await expect(world.sleep(1e12, AbortSignal.abort(new Error('already')))).rejects.toThrow('already');
  });

  test('randomness has the length asked for and does not repeat', () => {
    expect(world.randomBytes(32)).toHaveLength(32);
    expect(world.randomBytes(32)).not.toEqual(world.randomBytes(32));
  });

  test('a request reaches a listener, and stores of one name are one store', async () => {
    const server = await world.listen(async (seen) => ({ status: 200, headers: {}, body: utf8(seen.url) }), {
      host: '127.0.0.1',
      port: 0,
    });
    const answer = await world.request({
      method: 'GET',
      url: `${server.url}/hello`,
      headers: {},
      body: new Uint8Array(0),
      signal: new AbortController().signal,
    });
    expect(fromUtf8(await readBody(answer.body, 100, () => new Error('too large')))).toBe('/hello');
    await server.close();
    const store = world.openStore('blocks');
    store.write([{ key: utf8('k'), value: utf8('v') }]);
    await store.close();
    const again = world.openStore('blocks');
    expect(again.get(utf8('k'))).toEqual(utf8('v'));
    await again.close();
    await world.close();
  });

  test('a store name is one path segment', () => {
    for (const name of ['', '..', '../x', 'a/b', '/etc', 'a\\b', '.hidden']) {
      expect(() => world.openStore(name)).toThrow(expect.objectContaining({ code: 'STORE_NAME_INVALID' }));
    }
  });
});
