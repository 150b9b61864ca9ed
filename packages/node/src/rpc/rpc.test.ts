/** The RPC over real sockets: its forms against recorded ones, its refusals, and that nothing breaks it. */
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLedgerClient, createRpcTransport, type LedgerTransport } from '@decai/client';
import { fromUtf8, toBase64, toHex, utf8 } from '@decai/protocol/bytes';
import { sha256 } from '@decai/protocol/hash';
import { readBody, type HttpAnswer } from '@decai/protocol/http';
import type { MessageSocket } from '@decai/protocol/world';
import { transactionHash } from '@decai/protocol/transaction';
import { inProcessTransport } from '../in-process-transport.ts';
import { startNode, type RunningNode } from '../start-node.ts';
import { alice, bob, CHAIN_ID, proposerKey, testGenesis } from '../testing/test-genesis.ts';
import { signedSend } from '../testing/test-transactions.ts';
import { testWorld } from '../testing/test-world.ts';

type Json = Record<string, any>;

const recorded: Json = JSON.parse(
  readFileSync(new URL('../../../client/vectors/comet-rpc.json', import.meta.url), 'utf8'),
);
const world = testWorld();
let running: RunningNode;
let remote: LedgerTransport;
let sequence = 0n;
/** A transaction that went well, and one that failed in its block. */
let sent: { readonly bytes: Uint8Array; readonly hash: string };
let failed: { readonly bytes: Uint8Array; readonly hash: string };

beforeAll(async () => {
  running = await startNode({
    world,
    genesis: testGenesis(),
    proposerKey,
    blockTimeMs: 20,
    rpc: { host: '127.0.0.1', port: 0 },
  });
  remote = createRpcTransport(world, { url: running.url });
  await heightReached(1);
  sent = await include(1n);
  failed = await include(10n ** 15n);
});

afterAll(async () => {
  await running.close();
  await world.close();
});

async function heightReached(height: number): Promise<void> {
  while ((await remote.status()).latestHeight < height) await world.sleep(5);
}

async function include(amount: bigint): Promise<{ bytes: Uint8Array; hash: string }> {
  const account = (await createLedgerClient(remote).account(alice.address))!;
  const bytes = signedSend({ key: alice, accountNumber: account.accountNumber, sequence }, bob.address, amount);
  sequence += 1n;
  const { code, log } = await remote.broadcastTxSync(bytes);
  expect([code, log]).toEqual([0, '']);
  const hash = transactionHash(bytes);
  while ((await remote.tx(hash)) === undefined) await world.sleep(5);
  return { bytes, hash };
}

async function http(method: string, path: string, body = ''): Promise<{ status: number; json: Json }> {
  const answer: HttpAnswer = await world.request({
    method,
    url: `${running.url}${path}`,
    headers: { 'content-type': 'application/json' },
    body: utf8(body),
    signal: new AbortController().signal,
  });
  const text = fromUtf8(await readBody(answer.body, 1 << 24, () => new Error('too large')));
  return { status: answer.status, json: text === '' ? {} : (JSON.parse(text) as Json) };
}

async function call(method: string, params: unknown = {}): Promise<Json> {
  const { status, json } = await http('POST', '/', JSON.stringify({ jsonrpc: '2.0', id: 7, method, params }));
  expect(status).toBe(200);
  expect(json).toMatchObject({ jsonrpc: '2.0', id: 7 });
  return json;
}

/** Where two answers differ in form: a field too many or too few, or a value of another type. Lists count by their first. */
function differences(expected: unknown, actual: unknown, path = ''): string[] {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return expected.length > 0 && actual.length > 0 ? differences(expected[0], actual[0], `${path}[]`) : [];
  }
  if (isObject(expected) && isObject(actual)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...names].flatMap((name) => {
      if (!(name in actual)) return [`${path}.${name} missing`];
      if (!(name in expected)) return [`${path}.${name} unknown`];
      return differences(expected[name], actual[name], `${path}.${name}`);
    });
  }
  const [one, two] = [form(expected), form(actual)];
  // Nothing is written where there is nothing, whatever the form of something.
  return one === two || [one, two].includes('null') || expected === '' || actual === ''
    ? []
    : [`${path} is ${two}, expected ${one}`];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function form(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'string') return Array.isArray(value) ? 'list' : typeof value;
  if (/^-?\d+$/.test(value)) return 'decimal text';
  return /^[0-9A-F]{40,}$/.test(value) ? 'upper-case hexadecimal' : 'text';
}

describe('answers have the form of those that CometBFT gave', () => {
  const place = () => remote.tx(sent.hash).then((found) => found!.height);

  test.each([
    ['status', 'status', async () => ({})],
    ['abci_info', 'abci_info', async () => ({})],
    ['validators', 'validators', async () => ({ height: '1' })],
    ['consensus_params', 'consensus_params', async () => ({ height: '1' })],
    ['block', 'block', async () => ({ height: `${await place()}` })],
    ['header', 'header', async () => ({ height: `${await place()}` })],
    ['commit', 'commit', async () => ({ height: `${await place()}` })],
    ['tx ok', 'tx', async () => ({ hash: toBase64(Buffer.from(sent.hash, 'hex')) })],
    ['tx failed', 'tx', async () => ({ hash: toBase64(Buffer.from(failed.hash, 'hex')) })],
    ['tx unknown', 'tx', async () => ({ hash: toBase64(new Uint8Array(32)) })],
    ['tx_search by hash', 'tx_search', async () => ({ query: `tx.hash='${sent.hash}'` })],
    ['abci_query unknown path', 'abci_query', async () => ({ path: '/nonsense', data: '' })],
    [
      'abci_query future height',
      'abci_query',
      async () => ({ path: '/cosmos.auth.v1beta1.Query/Params', height: '99999' }),
    ],
    ['broadcast_tx_sync undecodable', 'broadcast_tx_sync', async () => ({ tx: 'Z2FyYmFnZQ==' })],
  ])('%s', async (name, method, params) => {
    const actual = await call(method, await params());
    expect(differences({ ...recorded[name], id: 7, jsonrpc: '2.0' }, actual)).toEqual([]);
    for (const refused of ['tx unknown', 'abci_query unknown path', 'abci_query future height']) {
      if (refused === name)
        expect(actual['error'] ?? actual['result']).toEqual(recorded[name].error ?? recorded[name].result);
    }
  });

  test('block_results, whose parameter updates are not repeated in every block', async () => {
    const { consensus_param_updates: _left, ...result } = recorded['block_results'].result;
    const actual = await call('block_results', { height: `${await place()}` });
    const { consensus_param_updates, ...ours } = actual['result'];
    expect(differences(result, ours)).toEqual([]);
    expect(consensus_param_updates).toBeNull();
  });
});

describe('calls', () => {
  test('parameters by name, by place, and in a URL give one answer', async () => {
    const byName = await call('block', { height: '1' });
    expect(byName['result'].block.header).toMatchObject({
      height: '1',
      chain_id: CHAIN_ID,
      time: '2030-01-01T00:00:00.5Z',
    });
    expect((await call('block', ['1']))['result']).toEqual(byName['result']);
    expect((await call('block', { height: 1 }))['result']).toEqual(byName['result']);
    for (const path of ['/block?height=1', '/block?height="1"']) {
      expect((await http('GET', path)).json['result']).toEqual(byName['result']);
    }
    const hash = byName['result'].block_id.hash;
    expect((await http('GET', `/block_by_hash?hash=0x${hash}`)).json['result']).toEqual(byName['result']);
    const query = encodeURIComponent(`"tx.hash='${sent.hash}'"`);
    expect((await http('GET', `/tx_search?query=${query}`)).json['result'].total_count).toBe('1');
    expect((await http('GET', `/tx?hash=0x${sent.hash}`)).json['result'].hash).toBe(sent.hash);
    const path = encodeURIComponent('"/cosmos.auth.v1beta1.Query/Params"');
    expect((await http('GET', `/abci_query?path=${path}`)).json['result'].response.code).toBe(0);
  });

  test('a list of calls is answered in its order, and calls without an id are not answered', async () => {
    const calls = [
      { jsonrpc: '2.0', id: 'a', method: 'health' },
      { jsonrpc: '2.0', method: 'health' },
      { jsonrpc: '2.0', id: 2, method: 'nonsense' },
    ];
    const { json } = await http('POST', '/', JSON.stringify(calls));
    expect(json).toEqual([
      { jsonrpc: '2.0', id: 'a', result: {} },
      { jsonrpc: '2.0', id: 2, error: { code: -32601, message: 'Method not found', data: '' } },
    ]);
  });

  test.each([
    ['{', 500, -32700],
    ['"text"', 200, -32600],
    ['{}', 200, -32600],
    ['{"jsonrpc":"2.0","id":{},"method":"health"}', 200, -32600],
    ['{"jsonrpc":"2.0","id":1,"method":"__proto__"}', 200, -32601],
    ['{"jsonrpc":"2.0","id":1,"method":"block","params":"text"}', 200, -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"block","params":{"height":"x"}}', 200, -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"block","params":[1,2]}', 200, -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"block","params":{"height":"0"}}', 200, -32603],
    ['{"jsonrpc":"2.0","id":1,"method":"block","params":{"height":"99999"}}', 200, -32603],
    ['{"jsonrpc":"2.0","id":1,"method":"abci_query","params":{"path":"/x","data":"zz"}}', 200, -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"tx_search","params":{"query":"drop tables"}}', 200, -32603],
    ['{"jsonrpc":"2.0","id":1,"method":"tx_search","params":{"query":"tx.height>0","page":"9"}}', 200, -32603],
    ['{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{}}', 200, -32602],
    [JSON.stringify(Array.from({ length: 11 }, () => ({ jsonrpc: '2.0', id: 1, method: 'health' }))), 500, -32600],
    [`"${'x'.repeat(1_000_001)}"`, 413, -32600],
  ])('call %# is refused', async (body, status, code) => {
    const answer = await http('POST', '/', body);
    expect([answer.status, answer.json['error']?.code]).toEqual([status, code]);
  });

  test('paths that are no method, and methods of HTTP that are none of ours', async () => {
    expect((await http('GET', '/nonsense')).status).toBe(404);
    expect((await http('GET', '//[')).status).toBe(404);
    expect((await http('GET', '/block?height=abc')).status).toBe(500);
    expect((await http('DELETE', '/block')).status).toBe(405);
    expect((await http('GET', '/')).json['methods'].length).toBeGreaterThan(15);
  });

  test('the same transaction twice is refused as CometBFT words it, and a spent sequence by the ledger', async () => {
    const again = await call('broadcast_tx_sync', { tx: toBase64(sent.bytes) });
    expect(again['error']).toEqual({ code: -32603, message: 'Internal error', data: 'tx already exists in cache' });
    const replayed = signedSend({ key: alice, accountNumber: 0n, sequence: 0n }, bob.address, 1n, 'other bytes');
    expect((await call('broadcast_tx_sync', { tx: toBase64(replayed) }))['result']).toMatchObject({
      code: 32,
      codespace: 'sdk',
    });
  });

  test('no call makes the node fall, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          'status',
          'block',
          'abci_query',
          'tx',
          'tx_search',
          'broadcast_tx_sync',
          'blockchain',
          'validators',
        ),
        fc.oneof(
          fc.jsonValue(),
          fc.dictionary(fc.constantFrom('height', 'path', 'data', 'hash', 'query', 'tx', 'page'), fc.jsonValue()),
        ),
        async (method, params) => {
          const { json } = await http('POST', '/', JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
          expect('result' in json || 'error' in json).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
    expect((await call('health'))['result']).toEqual({});
  });
});

describe('tx_search', () => {
  test('by attribute, by height, joined, in both orders and page by page', async () => {
    const search = async (query: string, rest: object = {}) => (await call('tx_search', { query, ...rest }))['result'];
    const bySender = await search(`message.sender='${alice.address}'`);
    // The failed one has no message events.
    expect(bySender.txs.map((tx: Json) => tx['hash'])).toEqual([sent.hash]);
    const byPayer = await search(`tx.fee_payer='${alice.address}'`);
    expect(byPayer.txs.map((tx: Json) => tx['hash'])).toEqual([sent.hash, failed.hash]);
    const backwards = await search(`tx.fee_payer='${alice.address}'`, { order_by: 'desc' });
    expect(backwards.txs.map((tx: Json) => tx['hash'])).toEqual([failed.hash, sent.hash]);
    const height = byPayer.txs[1].height as string;
    expect((await search(`tx.height=${height}`)).txs[0].hash).toBe(failed.hash);
    expect((await search(`tx.fee_payer='${alice.address}' AND tx.height<${height}`)).total_count).toBe('1');
    expect((await search(`transfer.recipient EXISTS AND transfer.amount CONTAINS 'upokt'`)).total_count).toBe('1');
    const second = await search(`tx.fee_payer='${alice.address}'`, { page: '2', per_page: '1' });
    expect([second.total_count, second.txs.length, second.txs[0].hash]).toEqual(['2', 1, failed.hash]);
    expect(await search(`tx.hash='${'0'.repeat(64)}'`)).toEqual({ txs: [], total_count: '0' });
  });
});

describe('a transaction with proof', () => {
  test('leads to the hash of the data in the header of its block', async () => {
    const hash = Buffer.from(sent.hash, 'hex').toString('base64');
    const found = (await call('tx', { hash, prove: true }))['result'];
    const { header } = (await call('block', { height: found.height }))['result'].block;
    const { root_hash: root, data, proof } = found.proof;
    expect([root, data, proof.total, proof.index]).toEqual([header.data_hash, found.tx, '1', '0']);
    const leaf = sha256(Buffer.concat([Buffer.of(0), Buffer.from(sent.hash, 'hex')]));
    expect(proof).toMatchObject({ leaf_hash: toBase64(leaf), aunts: [] });
    expect(toHex(leaf).toUpperCase()).toBe(root);
    const searched = (await call('tx_search', { query: `tx.hash='${sent.hash}'`, prove: true }))['result'];
    expect(searched.txs[0].proof).toEqual(found.proof);
    expect((await call('tx', { hash }))['result'].proof).toBeUndefined();
  });
});

describe('WebSocket', () => {
  async function connect(): Promise<{ socket: MessageSocket; next: () => Promise<Json> }> {
    const socket = await world.connect(`${running.url}/websocket`);
    const messages = socket.messages[Symbol.asyncIterator]();
    return { socket, next: async () => JSON.parse((await messages.next()).value as string) as Json };
  }
  const ask = (socket: MessageSocket, id: unknown, method: string, params: object = {}): void =>
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));

  test('blocks and transactions arrive under the id of their subscription', async () => {
    const { socket, next } = await connect();
    ask(socket, 'blocks', 'subscribe', { query: "tm.event='NewBlock'" });
    expect(await next()).toEqual({ jsonrpc: '2.0', id: 'blocks', result: {} });
    const [one, two] = [await next(), await next()];
    expect(one['id']).toBe('blocks');
    expect(one['result'].query).toBe("tm.event='NewBlock'");
    expect(one['result'].data.type).toBe('tendermint/event/NewBlock');
    const heightOf = (event: Json): number => Number(event['result'].data.value.block.header.height);
    expect(heightOf(two)).toBe(heightOf(one) + 1);
    ask(socket, 2, 'unsubscribe', { query: "tm.event='NewBlock'" });
    let answer = await next();
    while (answer['id'] !== 2) answer = await next();
    const query = `tm.event='Tx' AND transfer.recipient='${bob.address}'`;
    ask(socket, 3, 'subscribe', { query });
    expect(await next()).toEqual({ jsonrpc: '2.0', id: 3, result: {} });
    const { hash, bytes } = await include(2n);
    const event = await next();
    expect(event).toMatchObject({ id: 3, result: { query, data: { type: 'tendermint/event/Tx' } } });
    expect(event['result'].events['tx.hash']).toEqual([hash]);
    expect(event['result'].data.value.TxResult.tx).toBe(toBase64(bytes));
    socket.close();
  });

  test('calls are answered too, and what is refused is said', async () => {
    const { socket, next } = await connect();
    ask(socket, 1, 'status');
    expect((await next())['result'].node_info.network).toBe(CHAIN_ID);
    const refusals: [string, object][] = [
      ['subscribe', { query: 'no query' }],
      ['subscribe', {}],
      ['unsubscribe', { query: "tm.event='Tx'" }],
      ['unsubscribe_all', {}],
      ['nonsense', {}],
    ];
    for (const [method, params] of refusals) {
      ask(socket, 2, method, params);
      expect((await next())['error'].code).toBe(method === 'nonsense' ? -32601 : -32603);
    }
    socket.send('not JSON');
    expect((await next())['error'].code).toBe(-32700);
    for (let n = 0; n < 5; n += 1) {
      ask(socket, n, 'subscribe', { query: `tm.event='Tx' AND tx.height>${1_000_000 + n}` });
      expect((await next())['result']).toEqual({});
    }
    ask(socket, 9, 'subscribe', { query: "tm.event='Tx'" });
    expect((await next())['error'].data).toContain('max_subscriptions_per_client 5');
    socket.close();
  });

  test('another path is closed', async () => {
    const socket = await world.connect(`${running.url}/elsewhere`);
    for await (const _message of socket.messages) expect.unreachable();
  });
});

describe('the two transports give the same answers', () => {
  test('over sockets and in the process', async () => {
    const local = inProcessTransport(running.node);
    const height = (await remote.tx(sent.hash))!.height;
    for (const ask of [
      (ledger: LedgerTransport) => ledger.block(height),
      (ledger: LedgerTransport) => ledger.blockResults(height),
      (ledger: LedgerTransport) => ledger.tx(sent.hash),
      (ledger: LedgerTransport) => ledger.tx('00'.repeat(32)),
      (ledger: LedgerTransport) => ledger.abciQuery('/nonsense', new Uint8Array(0)),
      (ledger: LedgerTransport) => ledger.txSearch({ query: `tx.fee_payer='${bob.address}'` }),
      (ledger: LedgerTransport) =>
        ledger
          .status()
          .then(({ latestBlockHash: _hash, latestBlockTime: _time, latestHeight: _height, ...rest }) => rest),
    ]) {
      expect(await ask(remote)).toEqual(await ask(local));
    }
    for (const ledger of [remote, local]) {
      await expect(ledger.txSearch({ query: '?' })).rejects.toMatchObject({ code: 'LEDGER_RPC_ERROR' });
      await expect(ledger.block(999_999)).rejects.toMatchObject({ code: 'LEDGER_RPC_ERROR' });
      await expect(ledger.broadcastTxSync(sent.bytes)).rejects.toMatchObject({
        code: 'LEDGER_RPC_ERROR',
        details: { data: 'tx already exists in cache' },
      });
      const cancel = new AbortController();
      const blocks = ledger.subscribeBlocks(cancel.signal)[Symbol.asyncIterator]();
      const first = (await blocks.next()).value;
      expect(toHex(first.hash)).toBe(toHex((await ledger.block(first.height)).hash));
      cancel.abort(new Error('enough'));
      await expect(blocks.next().then(() => blocks.next())).rejects.toThrow('enough');
    }
  });
});
