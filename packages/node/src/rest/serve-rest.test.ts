/** A small chain, asked as explorers and wallets ask. */
import { fromBase64, fromUtf8, toBase64, utf8 } from '@decai/protocol/bytes';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { transactionHash } from '@decai/protocol/transaction';
import { beforeAll, describe, expect, test } from 'vitest';
import { sequencerKey } from '../block/sequencer-key.ts';
import { EmbeddedChain, type EmbeddedChainOptions } from '../embedded/embedded-chain.ts';
import { startNode } from '../start-node.ts';
import { alice, bob, CHAIN_ID, proposerKey, testGenesis } from '../testing/test-genesis.ts';
import { signedSend } from '../testing/test-transactions.ts';
import { testWorld } from '../testing/test-world.ts';
import { serveRest } from './serve-rest.ts';

type Answer = { readonly status: number; readonly json: any; readonly headers: Readonly<Record<string, string>> };

const NOW_MS = 1_900_000_000_000;
const TXS = '/cosmos/tx/v1beta1/txs';
const BLOCKS = '/cosmos/base/tendermint/v1beta1/blocks';

async function newChain(more: Partial<EmbeddedChainOptions> = {}): Promise<EmbeddedChain> {
  const sequencer = sequencerKey(proposerKey);
  return EmbeddedChain.open({ store: createMemoryStore(), genesis: testGenesis(), sequencer, ...more });
}

async function ask(
  node: EmbeddedChain,
  url: string,
  sent?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = utf8(sent === undefined ? '' : JSON.stringify(sent));
  const method = sent === undefined ? 'GET' : 'POST';
  const answer = await serveRest(node)({ method, url, headers, body, signal: new AbortController().signal });
  return { status: answer.status, headers: answer.headers, json: JSON.parse(fromUtf8(answer.body as Uint8Array)) };
}

let chain: EmbeddedChain;
const transfers: Uint8Array[] = [];

function refused(code: number, message: string): object {
  return { json: { code, message, details: [] } };
}

/** Three transfers in block 2, the last of which fails there. */
beforeAll(async () => {
  chain = await newChain();
  await chain.produceBlock(NOW_MS);
  const { json } = await ask(chain, `/cosmos/auth/v1beta1/accounts/${alice.address}`);
  const accountNumber = BigInt(json.account.account_number);
  for (const [sequence, amount] of [5n, 7n, 10n ** 15n, 11n].entries()) {
    transfers.push(signedSend({ key: alice, accountNumber, sequence: BigInt(sequence) }, bob.address, amount));
  }
  for (const bytes of transfers.slice(0, 3)) {
    const sent = await ask(chain, TXS, { tx_bytes: toBase64(bytes), mode: 'BROADCAST_MODE_SYNC' });
    expect(sent.json.tx_response).toMatchObject({ code: 0, raw_log: '', txhash: transactionHash(bytes) });
  }
  await chain.produceBlock(NOW_MS);
});

describe('the state', () => {
  test('is told of accounts and money', async () => {
    const account = await ask(chain, `/cosmos/auth/v1beta1/accounts/${alice.address}`);
    expect(account.json.account).toMatchObject({
      '@type': '/cosmos.auth.v1beta1.BaseAccount',
      address: alice.address,
      pub_key: { '@type': '/cosmos.crypto.secp256k1.PubKey', key: toBase64(alice.publicKey) },
      sequence: '3',
    });
    const balances = await ask(chain, `/cosmos/bank/v1beta1/balances/${bob.address}`);
    expect(balances.json).toEqual({
      balances: [{ denom: 'upokt', amount: '1000000012' }],
      pagination: { next_key: null, total: '1' },
    });
    expect(balances.headers).toMatchObject({
      'x-cosmos-block-height': '2',
      'grpc-metadata-x-cosmos-block-height': '2',
    });
    const supply = await ask(chain, '/cosmos/bank/v1beta1/supply/by_denom?denom=upokt');
    expect(supply.json).toEqual({ amount: { denom: 'upokt', amount: '2000000000' } });
  });

  test('is turned over page by page', async () => {
    const accounts = '/cosmos/auth/v1beta1/accounts';
    const whole = (await ask(chain, accounts)).json;
    const first = (await ask(chain, `${accounts}?pagination.limit=1&pagination.count_total=true`)).json;
    expect(first.pagination.total).toBe(whole.pagination.total);
    expect(first.accounts).toEqual(whole.accounts.slice(0, 1));
    const key = encodeURIComponent(first.pagination.next_key);
    const second = (await ask(chain, `${accounts}?pagination.limit=1&pagination.key=${key}`)).json;
    expect(second.accounts).toEqual(whole.accounts.slice(1, 2));
    const last = (await ask(chain, `${accounts}?pagination.limit=1&pagination.reverse=true`)).json;
    expect(last.accounts).toEqual(whole.accounts.slice(-1));
    const both = await ask(chain, `${accounts}?pagination.offset=1&pagination.key=${key}`);
    expect(both).toMatchObject(refused(13, 'invalid request, either offset or key is expected, got both'));
  });

  test.each<[height: string, status: number]>([
    ['0', 200],
    ['2', 200],
    ['3', 400],
    ['-1', 400],
    ['x', 400],
  ])('at height %s: %i', async (height, status) => {
    const answer = await ask(chain, '/cosmos/auth/v1beta1/params', undefined, { 'x-cosmos-block-height': height });
    expect(answer.status).toBe(status);
  });

  test('has nothing of what was not found', async () => {
    const answer = await ask(chain, '/pokt-network/poktroll/application/application/nonsense');
    expect(answer).toMatchObject({ status: 404, ...refused(5, 'app address: nonsense: application not found') });
    expect(answer.headers).toMatchObject({ 'grpc-metadata-x-cosmos-block-height': '2' });
  });

  test('tries a transaction without executing it, given as bytes or in parts', async () => {
    const bytes = transfers[3]!;
    const { json: decoded } = await ask(chain, '/cosmos/tx/v1beta1/decode', { tx_bytes: toBase64(bytes) });
    const [whole, parts] = await Promise.all([
      ask(chain, '/cosmos/tx/v1beta1/simulate', { tx_bytes: toBase64(bytes) }),
      ask(chain, '/cosmos/tx/v1beta1/simulate', { tx: decoded.tx }),
    ]);
    expect(whole.json.gas_info.gas_wanted).toBe('400000');
    expect(whole.json.result.msg_responses).toEqual([{ '@type': '/cosmos.bank.v1beta1.MsgSendResponse' }]);
    expect(parts).toEqual(whole);
    expect(await ask(chain, '/cosmos/tx/v1beta1/simulate', {})).toMatchObject({ status: 400 });
  });
});

describe('a transaction', () => {
  test('is found by its hash, in both cases of its letters', async () => {
    const hash = transactionHash(transfers[0]!);
    const { json } = await ask(chain, `${TXS}/${hash}`);
    expect(Object.keys(json)).toEqual(['tx', 'tx_response']);
    expect(json.tx_response).toMatchObject({ height: '2', txhash: hash, code: 0, raw_log: '' });
    const { '@type': type, ...inside } = json.tx_response.tx;
    expect([type, inside]).toEqual(['/cosmos.tx.v1beta1.Tx', json.tx]);
    expect((await ask(chain, `${TXS}/${hash.toLowerCase()}`)).json).toEqual(json);
  });

  test.each([
    ['', 3, 'tx hash cannot be empty'],
    ['xyz', 3, 'tx hash is not hexadecimal'],
    ['00', 5, 'tx not found: 00'],
    ['0'.repeat(64), 5, `tx not found: ${'0'.repeat(64)}`],
  ])('is not found by %j', async (hash, code, message) => {
    expect(await ask(chain, `${TXS}/${hash}`)).toMatchObject(refused(code, message));
  });

  test('is found by what happened in it, in either order and page by page', async () => {
    const hashes = transfers.slice(0, 2).map(transactionHash);
    const found = async (query: string): Promise<unknown[]> => {
      const { json } = await ask(chain, `${TXS}?${query}`);
      expect(Object.keys(json)).toEqual(['txs', 'tx_responses', 'pagination', 'total']);
      expect([json.txs.length, json.pagination]).toEqual([json.tx_responses.length, null]);
      return [json.total, ...json.tx_responses.map(({ txhash }: { txhash: string }) => txhash)];
    };
    const query = `transfer.recipient%3D'${bob.address}'`;
    expect(await found(`query=${query}`)).toEqual(['2', ...hashes]);
    expect(await found(`events=${query}&events=tx.height%3E1`)).toEqual(['2', ...hashes]);
    expect(await found(`query=${query}&order_by=ORDER_BY_DESC`)).toEqual(['2', ...hashes.toReversed()]);
    expect(await found(`query=${query}&limit=1&page=2`)).toEqual(['2', hashes[1]]);
    expect(await found(`query=tx.height%3D9&limit=101`)).toEqual(['0']);
  });

  test.each([
    ['', 3, 'query cannot be empty'],
    ['query=x', 3, 'not an event query: no condition at position 0'],
    ['query=tx.height%3D2&page=2', 13, 'page should be within [1, 1] range, given 2'],
    ['query=tx.height%3D2&page=-1', 3, 'strconv.ParseUint: parsing "-1": invalid syntax'],
  ])('is not searched for with %j', async (query, code, message) => {
    expect(await ask(chain, `${TXS}?${query}`)).toMatchObject(refused(code, message));
  });

  test('comes with the others of its block', async () => {
    const { json } = await ask(chain, `${TXS}/block/2?pagination.limit=1&pagination.offset=1`);
    expect(Object.keys(json)).toEqual(['txs', 'block_id', 'block', 'pagination']);
    expect(json.txs[0].body.messages[0].amount).toEqual([{ denom: 'upokt', amount: '7' }]);
    expect([json.txs.length, json.block.header.height, json.pagination.total]).toEqual([1, '2', '3']);
    expect((await ask(chain, `${TXS}/block/1`)).json.txs).toEqual([]);
    const height = `height must not be less than 1 or greater than the current height 2: invalid height`;
    expect(await ask(chain, `${TXS}/block/3`)).toMatchObject(refused(3, `requested height 3 but ${height}`));
    expect(await ask(chain, `${TXS}/block/2?pagination.offset=3`)).toMatchObject(
      refused(3, 'out of range: cannot paginate 3 txs with offset 3 and limit 100: invalid request'),
    );
  });

  test('is taken apart and put together', async () => {
    const txBytes = toBase64(transfers[0]!);
    const { json } = await ask(chain, '/cosmos/tx/v1beta1/decode', { tx_bytes: txBytes });
    expect((await ask(chain, '/cosmos/tx/v1beta1/encode', json)).json).toEqual({ tx_bytes: txBytes });
    expect((await ask(chain, '/cosmos/tx/v1beta1/encode', { tx: {} })).status).toBe(200);
    const [decode, encode] = ['/cosmos/tx/v1beta1/decode', '/cosmos/tx/v1beta1/encode'];
    expect(await ask(chain, decode, {})).toMatchObject(refused(3, 'invalid empty tx bytes'));
    expect(await ask(chain, encode, {})).toMatchObject(refused(3, 'invalid empty tx'));
    const { status, json: error } = await ask(chain, decode, { tx_bytes: 'Z2FyYmFnZQ==' });
    expect([status, error.code, error.message]).toEqual([400, 3, expect.stringMatching(/: tx parse error$/)]);
  });
});

describe('sending', () => {
  const response = { height: '0', code: 0, codespace: '', data: '', raw_log: '', tx: null, timestamp: '', events: [] };

  test('says what the check found, to who waits for it', async () => {
    const other = await newChain({ mempool: { transactionBytesMax: 300 } });
    const send = async (bytes: Uint8Array, mode: string): Promise<any> =>
      (await ask(other, TXS, { tx_bytes: toBase64(bytes), mode })).json.tx_response;
    const [good, early] = [transfers[0]!, transfers[3]!];
    expect(await send(early, 'BROADCAST_MODE_SYNC')).toMatchObject({
      code: 32,
      codespace: 'sdk',
      txhash: transactionHash(early),
      raw_log: expect.stringContaining('account sequence mismatch') as string,
    });
    expect(await send(early, 'BROADCAST_MODE_ASYNC')).toMatchObject({ ...response, txhash: transactionHash(early) });
    expect(await send(utf8('garbage'), 'BROADCAST_MODE_SYNC')).toMatchObject({ code: 2, codespace: 'sdk' });
    expect(await send(new Uint8Array(301), 'BROADCAST_MODE_SYNC')).toMatchObject({ code: 21, codespace: 'sdk' });
    expect(await send(good, 'BROADCAST_MODE_SYNC')).toMatchObject({ ...response, txhash: transactionHash(good) });
    expect(await send(good, 'BROADCAST_MODE_ASYNC')).toMatchObject({ code: 19, codespace: 'sdk', raw_log: '' });
    const full = await newChain({ mempool: { transactionsMax: 0 } });
    const { json } = await ask(full, TXS, { tx_bytes: toBase64(good), mode: 2 });
    expect(json.tx_response).toMatchObject({ code: 20, codespace: 'sdk' });
  });

  test.each([
    [{}, 'invalid empty tx'],
    [{ tx_bytes: 'AA==' }, 'unsupported return type; supported types: sync, async'],
    [{ tx_bytes: 'AA==', mode: 'BROADCAST_MODE_BLOCK' }, 'unsupported return type; supported types: sync, async'],
  ])('is refused: %j', async (sent, message) => {
    expect(await ask(chain, TXS, sent)).toMatchObject({ status: 400, ...refused(3, message) });
  });
});

describe('blocks and the node', () => {
  test('are shown', async () => {
    const latest = (await ask(chain, `${BLOCKS}/latest`)).json;
    expect(latest.block.header).toMatchObject({ height: '2', chain_id: CHAIN_ID });
    expect(latest.block.data.txs).toEqual(transfers.slice(0, 3).map(toBase64));
    expect(latest.sdk_block.header.proposer_address).toMatch(/^poktvalcons1/);
    expect((await ask(chain, `${BLOCKS}/1`)).json.block.header.height).toBe('1');
    const { json: set } = await ask(chain, '/cosmos/base/tendermint/v1beta1/validatorsets/latest');
    expect(set).toMatchObject({ block_height: '2', pagination: { next_key: null, total: '1' } });
    expect(set.validators[0]).toMatchObject({
      address: latest.sdk_block.header.proposer_address,
      pub_key: { '@type': '/cosmos.crypto.ed25519.PubKey', key: toBase64(chain.identity.publicKey) },
      voting_power: '1',
    });
    const { json: status } = await ask(chain, '/cosmos/base/node/v1beta1/status');
    expect(status).toMatchObject({ height: '2', earliest_store_height: '1', timestamp: latest.block.header.time });
  });

  test.each([
    ['0', 'height must be greater than 0, but got 0'],
    ['3', 'requested block height is bigger then the chain length'],
    ['x', 'type mismatch, parameter: height, error: strconv.ParseInt: parsing "x": invalid syntax'],
  ])('there is no block %s', async (height, message) => {
    expect(await ask(chain, `${BLOCKS}/${height}`)).toMatchObject({ status: 400, ...refused(3, message) });
  });

  test('pass on queries by path', async () => {
    const url = '/cosmos/base/tendermint/v1beta1/abci_query?path=/cosmos.bank.v1beta1.Query/Params';
    const { json } = await ask(chain, url);
    expect([json.code, json.height, fromBase64(json.value).length > 0]).toEqual([0, '2', true]);
    expect((await ask(chain, `${url}x`)).json).toMatchObject({ code: 6, codespace: 'sdk', value: null });
    expect((await ask(chain, `${url}&height=-1`)).status).toBe(400);
  });

  test('say what gas has to cost', async () => {
    const dear = await newChain({ ledger: { minGasPrice: { numerator: 1n, denominator: 3n } } });
    const { json } = await ask(dear, '/cosmos/base/node/v1beta1/config');
    expect(json.minimum_gas_price).toBe('0.333333333333333334upokt');
  });

  test('are not there before the first block', async () => {
    const empty = await newChain();
    for (const path of [`${BLOCKS}/latest`, '/cosmos/base/node/v1beta1/status']) {
      expect(await ask(empty, path)).toMatchObject({ status: 503, ...refused(14, 'there is no block yet') });
    }
  });
});

test('a node listens at an own port, and leaves it when the other is taken', async () => {
  const world = testWorld();
  const door = { host: '127.0.0.1', port: 0 };
  const running = await startNode({
    world,
    genesis: testGenesis(),
    proposerKey,
    blockTimeMs: 20,
    rpc: door,
    rest: door,
  });
  while (running.node.latestHeight() < 1) await world.sleep(5);
  const answer = await fetch(`${running.restUrl}/cosmos/base/tendermint/v1beta1/syncing`);
  expect([answer.status, await answer.text()]).toEqual([200, '{"syncing":false}']);
  expect(Number(answer.headers.get('x-cosmos-block-height'))).toBeGreaterThan(0);
  expect((await fetch(`${running.restUrl}//[`)).status).toBe(501);
  expect((await fetch(`${running.restUrl}/status`)).status).toBe(501);
  expect((await fetch(`${running.url}/status`)).status).toBe(200);

  const taken = { host: '127.0.0.1', port: Number(new URL(running.restUrl).port) };
  const second = startNode({ world: testWorld(), genesis: testGenesis(), proposerKey, rpc: door, rest: taken });
  await expect(second).rejects.toMatchObject({ code: 'ADDRESS_IN_USE' });
  await running.close();
  await expect(fetch(`${running.restUrl}/`)).rejects.toThrow();
  await world.close();
});
