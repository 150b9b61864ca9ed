import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import type { HttpHandler } from '@decai/protocol/http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StateAnswer, StateQuery } from '../ledger-node.ts';
import { restHandler } from './rest-handler.ts';
import { REST_SERVICES } from './rest-services.ts';

const EMPTY_ANSWER: StateAnswer = { code: 0, codespace: '', log: '', value: new Uint8Array(0), height: 7 };
const SIMULATE = '/cosmos/tx/v1beta1/simulate';
const AUTH_PARAMS = '/cosmos/auth/v1beta1/params';

function over(query: (query: StateQuery) => StateAnswer = () => EMPTY_ANSWER) {
  const faults: [string, unknown][] = [];
  const handler = restHandler({
    services: REST_SERVICES,
    ledger: { query, latestHeight: () => 7, read: async (look) => look() },
    onFault: (path, thrown) => void faults.push([path, thrown]),
  });
  return { handler, faults };
}

async function ask(handler: HttpHandler, url: string, more: Partial<Parameters<HttpHandler>[0]> = {}) {
  const { signal } = new AbortController();
  const answer = await handler({ method: 'GET', url, headers: {}, body: new Uint8Array(0), signal, ...more });
  return { ...answer, text: fromUtf8(answer.body as Uint8Array) };
}

async function message(url: string, more: Partial<Parameters<HttpHandler>[0]> = {}): Promise<[number, string]> {
  const { status, text } = await ask(over().handler, url, more);
  return [status, JSON.parse(text).message];
}

describe('an answer', () => {
  test('says its height twice, and may be read by any page', async () => {
    const { status, headers, text } = await ask(over().handler, `http://somewhere:1${AUTH_PARAMS}?x#y`);
    expect([status, text]).toEqual([
      200,
      '{"params":{"max_memo_characters":"0","tx_sig_limit":"0","tx_size_cost_per_byte":"0","sig_verify_cost_ed25519":"0","sig_verify_cost_secp256k1":"0"}}',
    ]);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'access-control-allow-origin': '*',
      'x-cosmos-block-height': '7',
      'grpc-metadata-x-cosmos-block-height': '7',
    });
    expect((await ask(over().handler, AUTH_PARAMS, { method: 'HEAD' })).status).toBe(200);
  });

  test('is of the height that was asked for, by either header', async () => {
    const heights: number[] = [];
    const { handler } = over(({ height }) => (heights.push(height), EMPTY_ANSWER));
    await ask(handler, AUTH_PARAMS);
    await ask(handler, AUTH_PARAMS, { headers: { 'x-cosmos-block-height': '5' } });
    await ask(handler, AUTH_PARAMS, { headers: { 'grpc-metadata-x-cosmos-block-height': '-6' } });
    expect(heights).toEqual([0, 5, -6]);
  });

  test('to a preflight names what a page may send', async () => {
    const { status, headers } = await ask(over().handler, AUTH_PARAMS, { method: 'OPTIONS' });
    expect(status).toBe(204);
    expect(headers['access-control-allow-headers']).toBe('content-type, x-cosmos-block-height');
  });
});

describe('refused is', () => {
  test.each(['', '/', '/nothing', '//[', `${SIMULATE}`, '/cosmos/tx/v1beta1/decode'])(
    'a path that has no method: %j',
    async (url) => {
      expect(await message(url)).toEqual([501, 'Not Implemented']);
    },
  );

  test('a verb that a path has not', async () => {
    expect(await message(AUTH_PARAMS, { method: 'PUT' })).toEqual([501, 'Not Implemented']);
    expect(await message(AUTH_PARAMS, { method: 'POST' })).toEqual([501, 'Not Implemented']);
  });

  test('a path with a broken escape', async () => {
    expect(await message('/%zz')).toEqual([400, 'Bad Request']);
  });

  test('a query that does not fit', async () => {
    expect(await message('/cosmos/bank/v1beta1/supply?pagination.limit=x')).toEqual([
      400,
      'strconv.ParseUint: parsing "x": invalid syntax',
    ]);
  });

  test.each(['x', '1.5', '0x1', ' ', '1'.repeat(16)])('the height %j', async (height) => {
    const [status, text] = await message(AUTH_PARAMS, { headers: { 'x-cosmos-block-height': height } });
    expect([status, text]).toEqual([400, `invalid height header "x-cosmos-block-height": "${height}"`]);
  });

  const post = async (body: string | Uint8Array): Promise<[number, string]> =>
    await message(SIMULATE, { method: 'POST', body: typeof body === 'string' ? utf8(body) : body });

  test.each<[body: string, words: string]>([
    ['{', 'the body is not JSON'],
    ['[]', 'is not an object'],
    ['{"tx_bytes":1}', 'tx_bytes is not text'],
    ['{"tx_bytes":"*"}', 'base64'],
    ['{"nothing":1}', 'has no such field'],
    ['{"tx_bytes":"","tx_bytes ":""}', 'has no such field'],
    ['{"tx":{"body":{"memo":"\\ud800"}}}', 'half a surrogate pair'],
    [`${'{"tx":'.repeat(3)}`, 'not JSON'],
    ['{"tx":{"body":{"messages":[{"@type":"/nothing"}]}}}', 'known type'],
  ])('the body %s', async (body, words) => {
    const [status, text] = await post(body);
    expect([status, text]).toEqual([400, expect.stringContaining(words)]);
  });

  test('a body that is no UTF-8, or larger than 2 MiB', async () => {
    expect((await post(new Uint8Array([0xff])))[0]).toBe(400);
    expect(await post(new Uint8Array(2 * 1024 * 1024 + 1))).toEqual([400, 'more than 2097152 bytes']);
  });

  test('nothing where there is no body: it is an empty request', async () => {
    expect((await ask(over().handler, SIMULATE, { method: 'POST' })).status).toBe(200);
  });

  test('what the ledger does not answer, with the height of the state that was asked', async () => {
    const log = 'rpc error: code = NotFound desc = no: key not found';
    const { handler } = over(() => ({ ...EMPTY_ANSWER, code: 22, codespace: 'sdk', log }));
    const { status, headers, text } = await ask(handler, AUTH_PARAMS);
    expect([status, text]).toEqual([404, '{"code":5, "message":"no", "details":[]}']);
    expect(headers['grpc-metadata-x-cosmos-block-height']).toBe('7');
    expect(headers).not.toHaveProperty('x-cosmos-block-height');
  });
});

test('a fault inside is told of, and shows no more than its code and message', async () => {
  const thrown = new Fault('DISK_BROKEN', 'cannot read');
  const { handler, faults } = over(() => {
    throw thrown;
  });
  expect(await ask(handler, AUTH_PARAMS)).toMatchObject({
    status: 500,
    text: '{"code":13, "message":"DISK_BROKEN: cannot read", "details":[]}',
  });
  expect(faults).toEqual([['/cosmos.auth.v1beta1.Query/Params', thrown]]);
  const { handler: other } = over(() => {
    throw new TypeError('secret');
  });
  expect((await ask(other, AUTH_PARAMS)).text).toBe('{"code":13, "message":"unexpected error", "details":[]}');
  const { handler: garbled } = over(() => ({ ...EMPTY_ANSWER, value: new Uint8Array([0xff]) }));
  expect((await ask(garbled, AUTH_PARAMS)).status).toBe(500);
});

test('whatever is asked, the answer is in the one form', async () => {
  const { handler, faults } = over();
  const word = fc.constantFrom(
    'cosmos',
    'bank',
    'v1beta1',
    'balances',
    'supply',
    'pokt-network',
    'poktroll',
    'shared',
    'params',
    'proof',
    'claim',
    'txs',
    'tx',
    'latest',
    '..',
    '%2f',
    '%',
    '',
  );
  const path = fc.array(fc.oneof(word, fc.string()), { maxLength: 6 }).map((words) => `/${words.join('/')}`);
  const known = fc.constantFrom(
    AUTH_PARAMS,
    SIMULATE,
    '/cosmos/tx/v1beta1/txs',
    '/pokt-network/poktroll/proof/claim',
    '/pokt-network/poktroll/shared/params/5',
  );
  const query = fc.oneof(
    fc.constant(''),
    fc.string().map((text) => `?${text}`),
    fc.bigInt().map((limit) => `?pagination.limit=${limit}`),
  );
  const body = fc.oneof(
    fc.uint8Array(),
    fc.json().map(utf8),
    fc.json().map((text) => utf8(`{"tx":${text},"tx_bytes":"AA=="}`)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(path, known),
      query,
      body,
      fc.constantFrom('GET', 'POST', 'HEAD', 'PUT'),
      async (at, given, sent, method) => {
        const { status, text } = await ask(handler, at + given, { method, body: sent });
        expect([200, 400, 501]).toContain(status);
        const json = JSON.parse(text);
        if (status !== 200) expect(Object.keys(json)).toEqual(['code', 'message', 'details']);
      },
    ),
    { numRuns: 1500 },
  );
  expect(faults).toEqual([]);
});
