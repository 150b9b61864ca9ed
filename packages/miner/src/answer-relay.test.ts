import { fromUtf8, toHex, utf8 } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import type { HttpAnswer, HttpHandler } from '@decai/protocol/http';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import type { World } from '@decai/protocol/world';
import { afterEach, describe, expect, test } from 'vitest';
import { createMemoryWorld } from './testing/memory-world.ts';
import { settle } from '@decai/client/testing/manual-clock';
import { openTown, type Town, type TownOptions } from './testing/test-town.ts';

const SSE = { 'content-type': 'text/event-stream' };

/** Streams what the test says; answers probes at once. */
function speaking(): {
  handler: HttpHandler;
  say: (text: string) => void;
  finish: () => void;
  isStopped: () => boolean;
} {
  const said: (string | null)[] = [];
  let wake = (): void => undefined;
  let stopped = false;
  async function* body(): AsyncGenerator<Uint8Array> {
    for (;;) {
      while (said.length > 0) {
        const next = said.shift()!;
        if (next === null) return;
        yield utf8(next);
      }
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  const put = (text: string | null): void => {
    said.push(text);
    wake();
  };
  return {
    handler: async ({ method, signal }) => {
      if (method === 'GET') return { status: 200, headers: {}, body: utf8('{}') };
      signal.addEventListener('abort', () => (stopped = true));
      return { status: 200, headers: SSE, body: body() };
    },
    say: put,
    finish: () => put(null),
    isStopped: () => stopped,
  };
}

let town: Town;
afterEach(() => town.stop());

async function held(): Promise<{ reserved: string; inflight: string }> {
  await settle();
  const text = fromUtf8((await town.get('/metrics')).body as Uint8Array);
  const read = (name: string): string => new RegExp(`^${name}(?:\\{[^}]*\\})? (.*)$`, 'm').exec(text)?.[1] ?? 'none';
  return { reserved: read('rm_meter_reserved'), inflight: read('rm_inflight') };
}
const NOTHING = { reserved: '0', inflight: '0' };

const mined = (): string[] =>
  town.hops.filter(({ hop }) => hop === 'relay.mined').map(({ facts }) => `${facts['leaf']}`);

describe('a streamed answer', () => {
  test('reaches a client event by event, verified, and is one leaf', async () => {
    const backend = speaking();
    town = await openTown(backend.handler);
    const answering = town.send(await town.sign());
    await settle();
    backend.say('data: {"a":1}\n\n');
    const answer = await answering;
    if (!answer.ok || answer.kind !== 'stream') throw new Error('expected a stream');
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/event-stream']);
    const reader = answer.body[Symbol.asyncIterator]();
    expect(fromUtf8((await reader.next()).value!)).toBe('data: {"a":1}\n\n');
    backend.say('data: [DONE]\n\n');
    expect(fromUtf8((await reader.next()).value!)).toBe('data: [DONE]\n\n');
    backend.finish();
    expect((await reader.next()).done).toBe(true);
    expect(await answer.ended).toBeUndefined();
    expect(await held()).toEqual(NOTHING);
    expect(mined().length).toBe(1);
    expect(town.hops.find(({ hop }) => hop === 'relay.served')?.facts).toMatchObject({ batches: 2, cut: 0 });
  });

  test('that the client cuts stops the backend and is mined for what was delivered', async () => {
    const backend = speaking();
    town = await openTown(backend.handler);
    const answering = town.send(await town.sign());
    await settle();
    backend.say('data: 1\n\n');
    const answer = await answering;
    if (!answer.ok || answer.kind !== 'stream') throw new Error('expected a stream');
    const reader = answer.body[Symbol.asyncIterator]();
    await reader.next();
    expect(backend.isStopped()).toBe(false);
    await reader.return!();
    await settle();
    expect(backend.isStopped()).toBe(true);
    expect(await held()).toEqual(NOTHING);
    expect(mined().length).toBe(1);
    expect(town.hops.find(({ hop }) => hop === 'relay.served')?.facts).toMatchObject({ batches: 1, cut: 1 });
  });

  test('that is cut is not mined where the operator gives it away', async () => {
    const backend = speaking();
    town = await openTown(backend.handler, { config: { stream: { payPartial: false } } });
    const answering = town.send(await town.sign());
    await settle();
    backend.say('data: 1\n\n');
    const answer = await answering;
    if (!answer.ok || answer.kind !== 'stream') throw new Error('expected a stream');
    const reader = answer.body[Symbol.asyncIterator]();
    await reader.next();
    await reader.return!();
    expect(await held()).toEqual(NOTHING);
    expect(mined()).toEqual([]);
  });

  test('whose backend falls silent breaks off, and is not mined', async () => {
    const backend = speaking();
    town = await openTown(backend.handler, { service: { idleTimeoutMs: 400 } });
    const answering = town.send(await town.sign());
    await settle();
    backend.say('data: 1\n\n');
    const answer = await answering;
    if (!answer.ok || answer.kind !== 'stream') throw new Error('expected a stream');
    const reader = answer.body[Symbol.asyncIterator]();
    await reader.next();
    const next = reader.next();
    next.catch(() => undefined);
    await town.net.clock.advance(400);
    await expect(next).rejects.toMatchObject({ code: 'RELAY_STREAM_FAILED' });
    expect(await held()).toEqual(NOTHING);
    expect(mined()).toEqual([]);
  });

  test('whose backend fails before the first event is refused like any other', async () => {
    town = await openTown(async ({ method }) =>
      method === 'GET' ? { status: 200, headers: {}, body: utf8('{}') } : { status: 200, headers: SSE, body: broken() },
    );
    expect(await town.send(await town.sign())).toMatchObject({ ok: false });
    expect(await held()).toEqual(NOTHING);
  });

  test('that is an error is answered whole', async () => {
    town = await openTown(async () => ({ status: 400, headers: SSE, body: utf8('data: {"error":1}\n\n') }));
    expect(await town.send(await town.sign())).toMatchObject({ ok: true, kind: 'whole', status: 400 });
  });
});

async function* broken(): AsyncGenerator<Uint8Array> {
  yield utf8('');
  throw new Error('reset by peer');
}

describe('what a relay holds is given back when it fails', () => {
  const whole: HttpHandler = async () => ({ status: 200, headers: {}, body: utf8('{}') });
  const stream: HttpHandler = async ({ method }) =>
    method === 'GET'
      ? whole({} as never)
      : { status: 200, headers: SSE, body: [utf8('data: 1\n\n'), utf8('data: 2\n\n')] as never };

  /** Opens a town whose world the test can spoil; `spoil` takes effect when it is armed. */
  async function openSpoilt(
    backend: HttpHandler,
    spoil: (world: World, isArmed: () => boolean) => Partial<World>,
    options: TownOptions = {},
  ): Promise<{ arm: () => void }> {
    let armed = false;
    const net = createMemoryWorld();
    const world = { ...net.world, ...spoil(net.world, () => armed) };
    town = await openTown(backend, { ...options, net: { ...net, world } });
    return { arm: () => (armed = true) };
  }

  async function outcomeOf(post: Promise<HttpAnswer>): Promise<number | string> {
    try {
      const answer = await post;
      if (!(answer.body instanceof Uint8Array)) for await (const _piece of answer.body);
      return answer.status;
    } catch (thrown) {
      return (thrown as Fault).code;
    }
  }

  const unexpected = (): Promise<never> => Promise.reject(new TypeError('nobody thought of this'));

  test.each<[string, HttpHandler, (world: World, isArmed: () => boolean) => Partial<World>, number | string]>([
    [
      'the call to the backend',
      whole,
      (world, isArmed) => ({ request: (e) => (isArmed() && e.url.includes('gpu') ? unexpected() : world.request(e)) }),
      500,
    ],
    [
      'the body of the backend',
      whole,
      (world, isArmed) => ({
        async request(exchange) {
          const answer = await world.request(exchange);
          if (!isArmed() || !exchange.url.includes('gpu')) return answer;
          return { ...answer, body: { [Symbol.asyncIterator]: () => ({ next: unexpected }) } };
        },
      }),
      500,
    ],
    [
      'the body of the backend in a stream',
      stream,
      (world, isArmed) => ({
        async request(exchange) {
          const answer = await world.request(exchange);
          if (!isArmed() || !exchange.url.includes('gpu')) return answer;
          return { ...answer, body: { [Symbol.asyncIterator]: () => ({ next: unexpected }) } };
        },
      }),
      500,
    ],
    [
      'the queue in front of the backend',
      whole,
      (world, isArmed) => ({
        sleep: (ms, signal) => (isArmed() && ms === 777 ? unexpected() : world.sleep(ms, signal)),
      }),
      500,
    ],
    [
      'the disk while it is written',
      whole,
      (world, isArmed) => ({
        openStore: (name) => spoilStore(world.openStore(name), isArmed, 'write'),
      }),
      200,
    ],
    [
      'the disk while it is waited for',
      whole,
      (world, isArmed) => ({
        openStore: (name) => spoilStore(world.openStore(name), isArmed, 'flush'),
      }),
      200,
    ],
  ])('in %s', async (_name, backend, spoil, expected) => {
    const { arm } = await openSpoilt(backend, spoil, {
      service: { inflightMax: 1, queueMax: 1, queueTimeoutMs: 777 },
    });
    const [one, two] = [await town.sign(), await town.sign()];
    arm();
    const outcomes = await Promise.all([outcomeOf(town.post(one.bytes)), outcomeOf(town.post(two.bytes))]);
    expect(outcomes).toContain(expected);
    expect(await held()).toEqual(NOTHING);
  });

  test('a disk that takes nothing any more stops the miner from working for nothing', async () => {
    const { arm } = await openSpoilt(whole, (world, isArmed) => ({
      openStore: (name) => spoilStore(world.openStore(name), isArmed, 'flush'),
    }));
    arm();
    expect((await town.post((await town.sign()).bytes)).status).toBe(200);
    await settle();
    const refused = await town.post((await town.sign()).bytes, { headers: { accept: 'application/json' } });
    expect(fromUtf8(refused.body as Uint8Array)).toContain('journal_behind');
    expect((await town.get('/ready')).status).toBe(503);
    expect(mined()).toEqual([]);
  });

  function spoilStore(store: KeyValueStore, isArmed: () => boolean, method: 'write' | 'flush'): KeyValueStore {
    const fail = (): never => {
      throw new Fault('STORE_FAILED', 'the disk is full');
    };
    return {
      ...store,
      write: (writes) => (isArmed() && method === 'write' ? fail() : store.write(writes)),
      flush: async () => (isArmed() && method === 'flush' ? fail() : await store.flush()),
    };
  }
});

test('a leaf is the request as it came and the response as it went, without its payload', async () => {
  town = await openTown(async () => ({ status: 200, headers: {}, body: utf8('{"answer":"forty-two"}') }));
  const sent = await town.sign({ body: utf8('{"question":1}') });
  const answer = await town.post(sent.bytes);
  await settle();
  const store = town.net.disk.openStore('miner');
  const [, leaf] = [...store.range({ start: utf8('l/'), end: utf8('l0') })][0]!;
  const value = toHex(leaf.subarray(8));
  expect(value).toContain(toHex(sent.bytes));
  expect(value).not.toContain(toHex(utf8('forty-two')));
  expect(toHex(answer.body as Uint8Array)).toContain(toHex(utf8('forty-two')));
});
