import { expect, test } from 'vitest';
import { fromUtf8, toHex, utf8 } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import { RelayResponseSchema } from '@decai/protocol/gen/pocket/service/relay_pb';
import type { HttpAnswer } from '@decai/protocol/http';
import { API_ERRORS, type ApiErrorCode } from './openai-error.ts';
import {
  type Behaviour,
  MODEL,
  signedBytes,
  smallNetwork,
  stream,
  unreachable,
  whole,
} from './testing/small-network.ts';

const CHAT = '/v1/chat/completions';
const chat = { model: MODEL, messages: [{ role: 'user', content: 'What is a Source?' }] };
const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: MODEL,
  choices: [{ index: 0, message: { role: 'assistant', content: 'An author.' }, finish_reason: 'stop' }],
  usage,
};
const chunk = (delta: object, finish: string | null = null, more: object = {}) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-2', object: 'chat.completion.chunk', created: 1, model: MODEL, choices: [{ index: 0, delta, finish_reason: finish }], ...more })}\n\n`;
const goodStream = [
  chunk({ role: 'assistant', content: 'An ' }),
  chunk({ content: 'author.' }),
  chunk({}, 'stop', { usage }),
  'data: [DONE]\n\n',
];

async function textOf({ body }: HttpAnswer): Promise<string> {
  if (body instanceof Uint8Array) return fromUtf8(body);
  let text = '';
  for await (const piece of body) text += fromUtf8(piece);
  return text;
}

async function expectRefusal(answer: HttpAnswer, code: ApiErrorCode): Promise<void> {
  const { error } = JSON.parse(await textOf(answer));
  expect([answer.status, error.code, error.type]).toEqual([API_ERRORS[code].status, code, API_ERRORS[code].type]);
  expect(answer.headers['content-type']).toBe('application/json');
  expect(answer.headers['x-request-id']).toMatch(/^req_[0-9a-f]{32}$/);
}

test('a whole answer: signed, verified, counted, traced', async () => {
  const network = smallNetwork([whole(completion)]);
  const answer = await network.call('POST', CHAT, chat);
  expect(answer.status).toBe(200);
  expect(JSON.parse(await textOf(answer))).toEqual(completion);
  expect(answer.headers).toMatchObject({ 'x-pocket-verified': 'sig+hash', 'x-pocket-attempts': '1' });
  expect(network.hops.map(({ hop }) => hop)).toEqual([
    'request.received',
    'tenant.admitted',
    'session.found',
    'supplier.chosen',
    'relay.signed',
    'relay.verified',
    'request.answered',
  ]);
  expect(network.hops.at(-1)!.facts).toMatchObject({ model: MODEL, status: 200, promptTokens: 5, completionTokens: 2 });
  expect(network.gateway.tenants.inFlight).toBe(0);
  const trace = await network.call('GET', '/v1/traces/chatcmpl-1');
  expect(JSON.parse(await textOf(trace))).toEqual({
    requestId: answer.headers['x-request-id'],
    hops: network.hops,
    names: [answer.headers['x-request-id'], 'chatcmpl-1'],
  });
  expect(JSON.stringify(network.hops)).not.toContain('Source');
});

test('the supplier gets the body and nothing that tells of the user', async () => {
  const network = smallNetwork([whole(completion)]);
  const headers = { authorization: 'Bearer sk-test', 'x-forwarded-for': '1.2.3.4', 'user-agent': 'me' };
  await network.call('POST', CHAT, { ...chat, temperature: 0 }, headers);
  const { http } = network.asked[0]!;
  expect(http).toMatchObject({
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
  });
  expect(new URL(http.url).pathname).toBe(CHAT);
  expect(JSON.parse(fromUtf8(http.body))).toEqual({ ...chat, temperature: 0 });
});

test('a stream passes event by event and ends with [DONE]', async () => {
  const network = smallNetwork([stream(goodStream)]);
  const answer = await network.call('POST', CHAT, { ...chat, stream: true });
  expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(network.gateway.tenants.inFlight).toBe(1);
  const text = await textOf(answer);
  expect(text.match(/^data: /gm)).toHaveLength(4);
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  expect(network.gateway.tenants.inFlight).toBe(0);
  expect(network.hops.at(-1)!.facts).toMatchObject({ status: 200, completionTokens: 2 });
  expect(network.gateway.traces.find('chatcmpl-2')).toBeDefined();
});

test('a stream that a miner signed as one answer is streamed all the same', async () => {
  const buffered: Behaviour = (_asked, relay, supplier) => ({
    status: 200,
    headers: {},
    body: signedBytes(relay, supplier, 200, utf8(goodStream.join('')), 'text/event-stream'),
  });
  const answer = await smallNetwork([buffered]).call('POST', CHAT, { ...chat, stream: true });
  expect((await textOf(answer)).match(/^data: /gm)).toHaveLength(4);
});

test.each<[string, unknown, Record<string, string> | undefined, ApiErrorCode]>([
  ['no key', chat, {}, 'invalid_api_key'],
  ['a wrong key', chat, { authorization: 'Bearer sk-wrong' }, 'invalid_api_key'],
  ['malformed JSON', '{"model":', undefined, 'invalid_json'],
  ['no messages', { model: MODEL }, undefined, 'invalid_request'],
  ['an unknown model', { ...chat, model: 'gpt-9' }, undefined, 'model_not_found'],
  ['a model that the key may not use', chat, { authorization: 'Bearer sk-other' }, 'model_not_allowed'],
  ['an oversized body', 'x'.repeat(5_000), undefined, 'request_too_large'],
])('%s is refused before anybody is asked', async (_name, body, headers, code) => {
  const network = smallNetwork([whole(completion)], { requestBytesMax: 4_096 });
  await expectRefusal(await network.call('POST', CHAT, body, headers), code);
  expect(network.asked).toEqual([]);
  expect(network.gateway.tenants.inFlight).toBe(0);
});

test('too many requests of one key at once are refused', async () => {
  const network = smallNetwork([stream(goodStream)]);
  const open = await Promise.all([1, 2, 3, 4].map(() => network.call('POST', CHAT, { ...chat, stream: true })));
  const refused = await network.call('POST', CHAT, chat);
  expect(refused.headers).toMatchObject({ 'retry-after': '1', 'retry-after-ms': '1000' });
  await expectRefusal(refused, 'rate_limit_exceeded');
  await Promise.all(open.map(textOf));
  expect(network.gateway.tenants.inFlight).toBe(0);
});

test.each([
  ['GET', CHAT, 405, 'method_not_allowed'],
  ['POST', '/v1/models', 405, 'method_not_allowed'],
  ['GET', '/v1/nothing', 404, 'unknown_url'],
  ['GET', '/', 404, 'unknown_url'],
])('%s %s is refused with %i', async (method, path, status, code) => {
  const answer = await smallNetwork([]).call(method, path);
  expect([answer.status, JSON.parse(await textOf(answer)).error.code]).toEqual([status, code]);
  if (status === 405) expect(answer.headers.allow).toMatch(/^(GET|POST)$/);
});

test('a base URL without /v1 works too', async () => {
  const network = smallNetwork([whole(completion)]);
  expect((await network.call('POST', '/chat/completions', chat)).status).toBe(200);
  expect((await network.call('GET', '/models')).status).toBe(200);
});

/** What a dishonest or broken supplier may send, and that none of it reaches the client. */
const tampered =
  (change: (bytes: Uint8Array) => Uint8Array): Behaviour =>
  (asked, relay, supplier) => {
    const honest = whole(completion)(asked, relay, supplier) as HttpAnswer;
    return { ...honest, body: change(honest.body as Uint8Array) };
  };
const withResponse = (change: (response: ReturnType<typeof decodeResponse>) => void): Behaviour =>
  tampered((bytes) => {
    const response = decodeResponse(bytes);
    change(response);
    return encode(RelayResponseSchema, response);
  });
const decodeResponse = (bytes: Uint8Array) => decode(RelayResponseSchema, bytes);

test.each<[string, Behaviour, boolean]>([
  ['another payload under the same signature', withResponse((r) => (r.payload = utf8('x'))), true],
  ['a payload without its hash', withResponse((r) => (r.payloadHash = new Uint8Array(0))), true],
  ['another session', withResponse((r) => (r.meta!.sessionHeader!.sessionId = 'ab'.repeat(32))), true],
  ['a forged signature', withResponse((r) => (r.meta!.supplierOperatorSignature[0]! ^= 1)), true],
  ['bytes that are no response', tampered(() => utf8('no')), false],
  ['HTML', () => ({ status: 502, headers: { 'content-type': 'text/html' }, body: utf8('<html>') }), false],
  ['an answer that is no completion', whole({ hello: 'world' }), false],
  ['a backend that fails', whole({ error: { message: 'secret at 10.1.1.1' } }, 500), false],
  ['nobody', unreachable, false],
])('%s: asked elsewhere, and the client sees the honest answer', async (_name, bad, isFraud) => {
  const network = smallNetwork([bad, bad, whole(completion)]);
  const honest = network.gateway;
  const answer = await network.call('POST', CHAT, chat);
  expect(JSON.parse(await textOf(answer))).toEqual(completion);
  const liars = network.asked.slice(0, -1).map(({ supplier }) => supplier);
  for (const liar of liars) expect(honest.suppliers.scoreOf(MODEL, liar, 1_000_000) === 0).toBe(isFraud);
});

test('when everybody fails, the client is told once, without their words', async () => {
  const bad = whole({ error: { message: 'secret at 10.1.1.1' } }, 500);
  const network = smallNetwork([bad, bad, bad, bad]);
  const answer = await network.call('POST', CHAT, chat);
  expect(answer.headers['x-should-retry']).toBe('false');
  expect(await textOf({ ...answer })).not.toContain('10.1.1.1');
  await expectRefusal(answer, 'all_suppliers_failed');
  expect(network.asked).toHaveLength(3);
  expect(new Set(network.asked.map(({ supplier }) => supplier)).size).toBe(3);
});

test('nobody serves the model', async () => {
  const answer = await smallNetwork([]).call('POST', CHAT, chat);
  expect(answer.headers['retry-after']).toBe('5');
  await expectRefusal(answer, 'no_supplier');
});

test('a request that the model refuses comes back to the client, from the first supplier', async () => {
  const refuses = whole(
    { error: { message: "This model's maximum context length is 512 tokens", param: 'messages' } },
    400,
  );
  const network = smallNetwork([refuses, refuses]);
  const answer = await network.call('POST', CHAT, chat);
  await expectRefusal(answer, 'context_length_exceeded');
  expect(network.asked).toHaveLength(1);
  expect(network.gateway.suppliers.scoreOf(MODEL, network.asked[0]!.supplier, 0)).toBeGreaterThan(60);
});

test('a budget that is used up everywhere is said to last until the next session', async () => {
  const exhausted = withResponse((response) => {
    response.relayMinerError = { codespace: 'relayer_proxy', code: 7, description: '', message: '' } as never;
  });
  const network = smallNetwork([exhausted, exhausted]);
  await network.call('POST', CHAT, chat);
  const answer = await network.call('POST', CHAT, chat);
  expect(answer.headers['retry-after']).toBe('11');
  await expectRefusal(answer, 'network_capacity');
});

test('an error as the first event of a stream is tried elsewhere', async () => {
  const network = smallNetwork([stream(['data: {"error":{"message":"boom"}}\n\n']), stream(goodStream)]);
  for (let i = 0; i < 4; i += 1) {
    const answer = await network.call('POST', CHAT, { ...chat, stream: true });
    expect(answer.status).toBe(200);
    expect(await textOf(answer)).not.toContain('error');
  }
});

test('a stream that breaks off ends with an error event and costs the supplier his name', async () => {
  const network = smallNetwork([stream(goodStream.slice(0, 2))]);
  const text = await textOf(await network.call('POST', CHAT, { ...chat, stream: true }));
  expect(text).toContain('"code":"supplier_answer_broken"');
  expect(text).not.toContain('[DONE]');
  expect(network.hops.at(-1)!.facts.status).toBe(502);
  expect(network.gateway.suppliers.scoreOf(MODEL, network.asked[0]!.supplier, 0)).toBeLessThan(60);
});

test('a client that hangs up ends the stream at the supplier, is not held against him, and frees its place', async () => {
  let left = false;
  const endless: Behaviour = (asked, relay, supplier) => {
    const answer = stream(Array.from({ length: 1_000 }, () => chunk({ content: 'x' })))(
      asked,
      relay,
      supplier,
    ) as HttpAnswer;
    const source = answer.body as AsyncIterable<Uint8Array>;
    return {
      ...answer,
      body: (async function* () {
        try {
          yield* source;
        } finally {
          left = true;
        }
      })(),
    };
  };
  const network = smallNetwork([endless]);
  const client = new AbortController();
  const answer = await network.call('POST', CHAT, { ...chat, stream: true }, undefined, client.signal);
  const reader = (answer.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  await reader.next();
  client.abort(new Error('gone'));
  await reader.return?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(left).toBe(true);
  expect(network.gateway.tenants.inFlight).toBe(0);
  expect(network.hops.at(-1)!.facts.status).toBe(499);
  expect(network.gateway.suppliers.scoreOf(MODEL, network.asked[0]!.supplier, 0)).toBeGreaterThan(60);
});

test('completions and embeddings take the same way', async () => {
  const text = {
    id: 'cmpl-1',
    object: 'text_completion',
    created: 1,
    choices: [{ index: 0, text: 'b', finish_reason: 'stop' }],
  };
  const completions = smallNetwork([whole(text)]);
  expect((await completions.call('POST', '/v1/completions', { model: MODEL, prompt: 'a' })).status).toBe(200);
  expect(new URL(completions.asked[0]!.http.url).pathname).toBe('/v1/completions');

  const vectors = { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [1] }], usage };
  const embeddings = smallNetwork([whole(vectors)]);
  const answer = await embeddings.call('POST', '/v1/embeddings', {
    model: MODEL,
    input: 'a',
    encoding_format: 'base64',
  });
  expect(JSON.parse(await textOf(answer)).data[0].embedding).toBe('AACAPw==');
});

test('models are listed for whom they are meant, traces shown to whose they are', async () => {
  const network = smallNetwork([whole(completion)]);
  const other = { authorization: 'Bearer sk-other' };
  const list = async (headers?: Record<string, string>) =>
    JSON.parse(await textOf(await network.call('GET', '/v1/models', '', headers)));
  expect((await list()).data).toMatchObject([{ id: MODEL, object: 'model' }]);
  expect((await list(other)).data).toEqual([]);
  expect((await network.call('GET', `/v1/models/${MODEL}`)).status).toBe(200);
  await expectRefusal(await network.call('GET', `/v1/models/${MODEL}`, '', other), 'model_not_found');
  const { headers } = await network.call('POST', CHAT, chat);
  expect((await network.call('GET', `/v1/traces/${headers['x-request-id']}`, '', other)).status).toBe(404);
  expect((await network.call('GET', `/v1/traces/${headers['x-request-id']}`, '', {})).status).toBe(401);
});

test('health, readiness and metrics', async () => {
  const network = smallNetwork([whole(completion)]);
  await network.call('POST', CHAT, chat);
  expect((await network.call('GET', '/health')).status).toBe(200);
  expect(JSON.parse(await textOf(await network.call('GET', '/ready')))).toEqual({
    ready: true,
    models: [MODEL],
    height: 3,
  });
  const metrics = await textOf(await network.call('GET', '/metrics'));
  expect(metrics).toContain(`gw_requests_total{model="${MODEL}",status="200"} 1`);
  expect(metrics).toContain(`gw_tokens_total{model="${MODEL}",kind="completion"} 2`);
  expect(metrics).not.toContain(toHex(utf8('Source')));
});
