import { gzipSync } from 'node:zlib';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import type { HttpExchange, HttpHandler } from '@decai/protocol/http';
import { expect, test } from 'vitest';
import { callBackend, createBackend, readWhole, type Backend, type BackendAnswer } from './backend.ts';
import { probeBackend } from './backend-health.ts';
import { checkMinerConfig } from './miner-config.ts';
import { isRefusal } from './miner-refusal.ts';
import { createMemoryWorld, type MemoryWorld } from './testing/memory-world.ts';

const OWN = { authorization: 'Bearer own' };
const never = new AbortController().signal;

function setUp(handler: HttpHandler | null, options: object = {}): { net: MemoryWorld; backend: Backend } {
  const net = createMemoryWorld();
  if (handler !== null) net.route('gpu:1', handler);
  const { services } = checkMinerConfig({ services: { tiny: { backend: 'http://gpu:1/base', ...options } } });
  return { net, backend: createBackend('tiny', services['tiny']!, OWN, net.world) };
}

const ask = (body = '{"model":"tiny"}', method = 'POST') => ({
  message: { method, url: 'http://x/v1/chat/completions', headers: { 'content-type': 'a/b' }, body: utf8(body) },
  path: { path: '/v1/chat/completions', query: '?q=1' },
  about: { 'pocket-service': 'tiny' },
});

const json =
  (text: string, status = 200): HttpHandler =>
  () =>
    Promise.resolve({ status, headers: { 'content-type': 'application/json' }, body: utf8(text) });

async function call({ net, backend }: ReturnType<typeof setUp>, signal = never): Promise<string> {
  const answer = await callBackend(net.world, backend, ask(), signal);
  if (isRefusal(answer)) return answer.code;
  const body = await readWhole(backend, answer, signal);
  return isRefusal(body) ? body.code : `${answer.status} ${fromUtf8(body)}`;
}

test('the request is put before the backend with its path, its body, and the operator’s headers', async () => {
  const seen: HttpExchange[] = [];
  const stage = setUp((exchange) => (seen.push(exchange), json('{}')(exchange)));
  expect(await call(stage)).toBe('200 {}');
  const { method, url, headers, body } = seen[0]!;
  expect([method, url, body]).toEqual(['POST', '/base/v1/chat/completions?q=1', utf8('{"model":"tiny"}')]);
  expect(headers).toEqual({ 'content-type': 'a/b', 'accept-encoding': 'identity', ...OWN });
});

test('the backend is told whom it serves only where the operator wants it', async () => {
  const seen: HttpExchange[] = [];
  const stage = setUp((exchange) => (seen.push(exchange), json('{}')(exchange)), { pocketHeaders: true });
  await call(stage);
  expect(seen[0]!.headers['pocket-service']).toBe('tiny');
});

test('a model of two names is asked for by one and answers by the other', async () => {
  const seen: HttpExchange[] = [];
  const stage = setUp((exchange) => (seen.push(exchange), json('{"model":"local"}')(exchange)), { model: 'local' });
  expect(await call(stage)).toBe('200 {"model":"tiny"}');
  expect(fromUtf8(seen[0]!.body as Uint8Array)).toBe('{"model":"local"}');
});

test.each([404, 429, 500])('status %i is an answer', async (status) => {
  expect(await call(setUp(json('no', status)))).toBe(`${status} no`);
});

test('a packed answer is unpacked, and one that is packed wrongly is none', async () => {
  const packed =
    (body: Uint8Array): HttpHandler =>
    () =>
      Promise.resolve({ status: 200, headers: { 'content-encoding': 'gzip' }, body });
  const { net, backend } = setUp(packed(new Uint8Array(gzipSync('unpacked'))));
  const answer = (await callBackend(net.world, backend, ask(), never)) as BackendAnswer;
  expect(answer.headers).toEqual({});
  expect(fromUtf8((await readWhole(backend, answer, never)) as Uint8Array)).toBe('unpacked');
  expect(await call(setUp(packed(utf8('not gzip'))))).toBe('BACKEND_UNREACHABLE');
});

test('nobody there, an answer that breaks off, one that is too large', async () => {
  expect(await call(setUp(null))).toBe('BACKEND_UNREACHABLE');
  const torn = async function* (): AsyncGenerator<Uint8Array> {
    yield utf8('begun');
    throw new Error('reset');
  };
  expect(await call(setUp(async () => ({ status: 200, headers: {}, body: torn() })))).toBe('BACKEND_UNREACHABLE');
  expect(await call(setUp(json('12345'), { responseBytesMax: 4 }))).toBe('RESPONSE_TOO_LARGE');
});

test.each([
  ['before its headers', async () => new Promise<never>(() => undefined), 300_000],
  ['before its body', async () => ({ status: 200, headers: {}, body: silent(0) }), 300_000],
  ['in its body', async () => ({ status: 200, headers: {}, body: silent(1) }), 300_000],
  ['for ever dripping', null, 600_000],
])('a backend that is silent %s is left', async (_name, handler, ms) => {
  const net = createMemoryWorld();
  net.route('gpu:1', handler ?? (async () => ({ status: 200, headers: {}, body: drip(net) })));
  const { services } = checkMinerConfig({ services: { tiny: { backend: 'http://gpu:1' } } });
  const backend = createBackend('tiny', services['tiny']!, OWN, net.world);
  const outcome = call({ net, backend });
  await net.clock.advance(ms);
  expect(await outcome).toBe('BACKEND_TIMEOUT');
});

async function* silent(pieces: number): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < pieces; piece++) yield utf8('x');
  await new Promise(() => undefined);
}

async function* drip({ world }: MemoryWorld): AsyncGenerator<Uint8Array> {
  for (;;) {
    yield utf8('x');
    await world.sleep(10_000);
  }
}

test('a client who leaves takes the call with him', async () => {
  const hangUp = new AbortController();
  let noticed = false;
  const stage = setUp(({ signal }) => {
    signal.addEventListener('abort', () => (noticed = true));
    return new Promise(() => undefined);
  });
  const outcome = call(stage, hangUp.signal);
  hangUp.abort(new Error('gone'));
  expect([await outcome, noticed]).toEqual(['CLIENT_GONE', true]);
  expect(stage.backend.health.isHealthy).toBe(true);
});

test('several failures in a row make it unhealthy, a probe brings it back', async () => {
  const { net, backend } = setUp(null, { probe: { failuresMax: 2 } });
  await call({ net, backend });
  expect(backend.health.isHealthy).toBe(true);
  await call({ net, backend });
  expect(backend.health.isHealthy).toBe(false);
  net.route('gpu:1', json('{"data":[{"id":"tiny"},{"id":7},null]}'));
  await probeBackend(net.world, backend.config, OWN, backend.health, never);
  expect([backend.health.isHealthy, backend.health.models]).toEqual([true, ['tiny']]);
});

test.each([
  ['nobody', null],
  ['an error', json('', 503)],
])('%s at the probe counts as a failure', async (_name, handler) => {
  const { net, backend } = setUp(handler, { probe: { failuresMax: 1 } });
  await probeBackend(net.world, backend.config, OWN, backend.health, never);
  expect(backend.health.isHealthy).toBe(false);
});

test('a probe that finds no list of models finds a backend all the same', async () => {
  const { net, backend } = setUp(json('not found', 404), { probe: { failuresMax: 1 } });
  await probeBackend(net.world, backend.config, OWN, backend.health, never);
  expect([backend.health.isHealthy, backend.health.models]).toEqual([true, []]);
});

test('a probe that nobody answers ends', async () => {
  const { net, backend } = setUp(async () => new Promise(() => undefined), { probe: { failuresMax: 1 } });
  const probed = probeBackend(net.world, backend.config, OWN, backend.health, never);
  await net.clock.advance(5_000);
  await probed;
  expect(backend.health.isHealthy).toBe(false);
});
