import { expect, test } from 'vitest';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import type { HttpExchange } from '@decai/protocol/http';
import type { World } from '@decai/protocol/world';
import { CALM, SimulatedTown } from './simulated-town.ts';

const get = (url: string, signal: AbortSignal = new AbortController().signal): HttpExchange => ({
  method: 'GET',
  url,
  headers: {},
  body: new Uint8Array(0),
  signal,
});

async function listenAt(
  world: World,
  url: string,
  body: (exchange: HttpExchange) => AsyncIterable<Uint8Array> | Uint8Array,
) {
  const { hostname, port } = new URL(url);
  return world.listen(async (exchange) => ({ status: 200, headers: {}, body: body(exchange) }), {
    host: hostname,
    port: Number(port === '' ? 80 : port),
  });
}

async function textOf(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
  if (body instanceof Uint8Array) return fromUtf8(body);
  let text = '';
  for await (const piece of body) text += fromUtf8(piece);
  return text;
}

test('a request reaches the handler of its host, with path and query, and takes virtual time', async () => {
  const town = new SimulatedTown('a');
  town.faults = { ...CALM, delayMs: [500, 500] };
  await listenAt(town.resident('server').world, 'http://10.0.0.1:80', ({ url }) => utf8(url));
  const begin = town.clock.now();
  const answer = await town.clock.run(town.resident('client').world.request(get('http://10.0.0.1:80/a?b=c')), 10_000);
  expect(await textOf(answer.body)).toBe('/a?b=c');
  expect(town.clock.now() - begin).toBe(1_000);
});

test('nobody there, a lost request and a lost answer look the same from outside', async () => {
  const town = new SimulatedTown('b');
  const { world } = town.resident('client');
  let served = 0;
  await listenAt(town.resident('server').world, 'http://10.0.0.1:80', () => utf8(`${(served += 1)}`));
  const failing = async (url: string) =>
    (
      await town.clock.run(
        world.request(get(url)).catch((e) => e),
        10_000,
      )
    ).code;
  expect(await failing('http://10.0.0.2:80/')).toBe('HTTP_UNREACHABLE');
  town.faults = { ...CALM, loseRequest: 1 };
  expect([await failing('http://10.0.0.1:80/'), served]).toEqual(['HTTP_UNREACHABLE', 0]);
  town.faults = { ...CALM, loseAnswer: 1 };
  expect([await failing('http://10.0.0.1:80/'), served]).toEqual(['HTTP_UNREACHABLE', 1]);
});

test('an isolated role reaches nobody and nobody reaches it', async () => {
  const town = new SimulatedTown('isolated');
  const [a, b] = [town.resident('a').world, town.resident('b').world];
  await listenAt(a, 'http://10.0.0.1:80', () => utf8('a'));
  await listenAt(b, 'http://10.0.0.2:80', () => utf8('b'));
  town.isolated.add('b');
  const ask = async (world: World, url: string) =>
    town.clock.run(
      world.request(get(url)).then(
        () => 'ok',
        (e) => e.code,
      ),
      1_000,
    );
  expect(await ask(a, 'http://10.0.0.2:80/')).toBe('HTTP_UNREACHABLE');
  expect(await ask(b, 'http://10.0.0.1:80/')).toBe('HTTP_UNREACHABLE');
  expect(await ask(a, 'http://10.0.0.1:80/')).toBe('ok');
  town.isolated.delete('b');
  expect(await ask(b, 'http://10.0.0.1:80/')).toBe('ok');
});

test('killing a server breaks its stream off, and the dead never wake', async () => {
  const town = new SimulatedTown('c');
  const server = town.resident('server');
  let woke = false;
  await listenAt(server.world, 'http://10.0.0.1:80', async function* () {
    yield utf8('begun ');
    await server.world.sleep(1_000);
    woke = true;
    yield utf8('never');
  });
  const client = town.resident('client').world;
  const reading = (async () => textOf((await client.request(get('http://10.0.0.1:80/'))).body))();
  const caught = reading.catch((thrown: unknown) => thrown);
  const killing = client.sleep(500).then(server.kill);
  expect(await town.clock.run(caught, 5_000)).toMatchObject({ code: 'HTTP_UNREACHABLE' });
  await town.clock.run(Promise.all([killing, client.sleep(3_000)]), 10_000);
  expect(woke).toBe(false);
  await expect(town.clock.run(client.request(get('http://10.0.0.1:80/')), 10)).rejects.toMatchObject({
    code: 'HTTP_UNREACHABLE',
  });
});

test('a client that hangs up is noticed by the server', async () => {
  const town = new SimulatedTown('d');
  const stop = new AbortController();
  let noticed = false;
  await listenAt(town.resident('server').world, 'http://10.0.0.1:80', ({ signal }) => {
    signal.addEventListener('abort', () => (noticed = true));
    return (async function* () {
      yield utf8('begun');
      await new Promise(() => undefined);
    })();
  });
  const client = town.resident('client').world;
  const reading = (async () => textOf((await client.request(get('http://10.0.0.1:80/', stop.signal))).body))();
  void client.sleep(100).then(() => stop.abort(new Error('enough')));
  expect(
    await town.clock.run(
      reading.catch((e: Error) => e.message),
      1_000,
    ),
  ).toBe('enough');
  expect(noticed).toBe(true);
});

test('a life after death finds what was flushed, and its port free', async () => {
  const town = new SimulatedTown('e');
  const first = town.resident('miner');
  await listenAt(first.world, 'http://10.0.0.1:80', () => utf8('first'));
  const store = first.world.openStore('journal');
  store.write([{ key: utf8('safe'), value: utf8('1') }]);
  await store.flush();
  first.kill();
  expect(() => store.write([{ key: utf8('late'), value: utf8('1') }])).toThrow('closed');
  const second = town.resident('miner');
  await listenAt(second.world, 'http://10.0.0.1:80', () => utf8('second'));
  expect(second.world.openStore('journal').get(utf8('safe'))).toEqual(utf8('1'));
  expect(second.world.randomBytes(8)).not.toEqual(first.world.randomBytes(8));
});

test('sockets carry messages in order both ways and end together', async () => {
  const town = new SimulatedTown('f');
  town.faults = { ...CALM, delayMs: [1, 90] };
  await town.resident('server').world.listen(async () => ({ status: 404, headers: {}, body: new Uint8Array(0) }), {
    host: '10.0.0.1',
    port: 80,
    onSocket: (socket, path) => {
      void (async () => {
        for await (const message of socket.messages) socket.send(`${path} ${message}`);
        socket.close();
      })();
    },
  });
  const socket = await town.clock.run(town.resident('client').world.connect('ws://10.0.0.1:80/websocket'), 1_000);
  for (const word of ['a', 'b', 'c']) socket.send(word);
  const heard: string[] = [];
  const hearing = (async () => {
    for await (const message of socket.messages) if (heard.push(message) === 3) break;
    socket.close();
  })();
  await town.clock.run(hearing, 10_000);
  expect(heard).toEqual(['/websocket a', '/websocket b', '/websocket c']);
});

test('the same seed gives the same town', async () => {
  const live = async (seed: string) => {
    const town = new SimulatedTown(seed);
    town.faults = { delayMs: [1, 1_000], loseRequest: 0.3, loseAnswer: 0.3 };
    await listenAt(town.resident('server').world, 'http://10.0.0.1:80', () => utf8('x'));
    const { world } = town.resident('client');
    const diary: string[] = [];
    const living = (async () => {
      for (let i = 0; i < 20; i += 1) {
        const result = await world.request(get('http://10.0.0.1:80/')).then(
          ({ status }) => `${status}`,
          ({ code }: { code: string }) => code,
        );
        diary.push(`${world.now()} ${result}`);
      }
    })();
    await town.clock.run(living, 1_000_000);
    return diary;
  };
  expect(await live('same')).toEqual(await live('same'));
  expect(await live('same')).not.toEqual(await live('other'));
});
