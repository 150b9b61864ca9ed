/** Records with proofs over real sockets: present, absent, of an earlier height, and forged on the way. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLedgerClient, createRpcTransport, type LedgerTransport } from '@decai/client';
import { provenRecord } from '@decai/client/proven-record';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { transactionHash } from '@decai/protocol/transaction';
import { inProcessTransport } from '../in-process-transport.ts';
import { startNode, type RunningNode } from '../start-node.ts';
import { alice, bob, proposerKey, testGenesis } from '../testing/test-genesis.ts';
import { signedSend } from '../testing/test-transactions.ts';
import { testWorld } from '../testing/test-world.ts';

const world = testWorld();
let running: RunningNode;
let remote: LedgerTransport;
/** The block in which Bob got his coins. */
let paidAt: number;

const balanceKey = utf8(`bank/balance/${bob.address}/upokt/`);

beforeAll(async () => {
  running = await startNode({
    world,
    genesis: testGenesis(),
    proposerKey,
    blockTimeMs: 20,
    historyBlocks: 1_000,
    rpc: { host: '127.0.0.1', port: 0 },
    rest: { host: '127.0.0.1', port: 0 },
  });
  remote = createRpcTransport(world, { url: running.url });
  while ((await remote.status()).latestHeight < 2) await world.sleep(5);
  const { accountNumber } = (await createLedgerClient(remote).account(alice.address))!;
  const bytes = signedSend({ key: alice, accountNumber, sequence: 0n }, bob.address, 7n);
  await remote.broadcastTxSync(bytes);
  let found = await remote.tx(transactionHash(bytes));
  while (found === undefined) {
    await world.sleep(5);
    found = await remote.tx(transactionHash(bytes));
  }
  paidAt = found.height;
  while ((await remote.status()).latestHeight < paidAt + 2) await world.sleep(5);
});

afterAll(async () => {
  await running.close();
  await world.close();
});

const balanceAt = async (transport: LedgerTransport, height?: number): Promise<bigint | undefined> => {
  const { value } = await provenRecord(transport, { key: balanceKey, ...(height !== undefined && { height }) });
  return value === undefined ? undefined : BigInt(fromUtf8(value));
};

/** What an address answers. */
const fetched = async (url: string, headers: Record<string, string> = {}): Promise<any> =>
  (await fetch(url, { headers })).json();

describe('a proven record', () => {
  test('is what the state held after each block, over RPC and in the same process', async () => {
    for (const transport of [remote, inProcessTransport(running.node)]) {
      const before = (await balanceAt(transport, paidAt - 1))!;
      expect(await balanceAt(transport, paidAt)).toBe(before + 7n);
      expect(await balanceAt(transport)).toBe(before + 7n);
    }
  });

  test('may be that there is none', async () => {
    const key = utf8('application/Application/address/nobody/');
    expect(await provenRecord(remote, { key })).toMatchObject({ value: undefined });
  });

  test('is refused when the node gives another value, height or no proof at all', async () => {
    const forged = (
      change: (answer: Awaited<ReturnType<LedgerTransport['abciQuery']>>) => object,
    ): LedgerTransport => ({
      ...remote,
      abciQuery: async (...question) => {
        const answer = await remote.abciQuery(...question);
        return { ...answer, ...change(answer) };
      },
    });
    const refused = (transport: LedgerTransport) =>
      expect(provenRecord(transport, { key: balanceKey })).rejects.toMatchObject({ code: 'STATE_UNPROVEN' });
    await refused(forged(({ height }) => ({ height: height - 1 })));
    await refused(forged(() => ({ proof: undefined })));
    await refused(forged(() => ({ proof: utf8('not a proof') })));
    await refused(forged(() => ({ code: 18, log: 'no' })));
    const elsewhere = await remote.abciQuery('/store/state/key', balanceKey, paidAt - 1, undefined, true);
    await refused(forged(() => ({ proof: elsewhere.proof })));
  });

  test('is asked for in the forms of CometBFT and of REST', async () => {
    const key = Buffer.from(balanceKey).toString('hex');
    const asked = `path="/store/state/key"&data=0x${key}&height=${paidAt}&prove=true`;
    const { response } = (await fetched(`${running.url}/abci_query?${asked}`)).result;
    expect(Buffer.from(response.key, 'base64')).toEqual(Buffer.from(balanceKey));
    expect(response.proofOps.ops).toHaveLength(1);
    expect(response.proofOps.ops[0]).toMatchObject({ type: 'ics23:smt', key: response.key });
    const data = encodeURIComponent(Buffer.from(balanceKey).toString('base64'));
    const path = `path=/store/state/key&data=${data}&height=${paidAt}&prove=true`;
    const rest = await fetched(`${running.restUrl}/cosmos/base/tendermint/v1beta1/abci_query?${path}`);
    expect(rest).toMatchObject({ value: response.value, proof_ops: response.proofOps });
  });

  test('is none where the store, the question or the key is none', async () => {
    const ask = (path: string, key = balanceKey) => remote.abciQuery(path, key, paidAt, undefined, true);
    expect(await ask('/store/bank/key')).toMatchObject({ code: 6, log: 'no such store: bank: unknown request' });
    expect(await ask('/store/state/subspace')).toMatchObject({ code: 6 });
    expect(await ask('/store/state')).toMatchObject({ code: 6 });
    expect(await ask('/store/state/key', utf8(''))).toMatchObject({ code: 18 });
    expect(await ask('/store/state/key', utf8('chain/last_block'))).toMatchObject({ code: 18 });
    expect(await ask('/store/state/key', utf8('x'.repeat(3_000)))).toMatchObject({ code: 0 });
  });
});

describe('an earlier height', () => {
  test('is answered by every query, over REST too', async () => {
    const balance = async (height: number) => {
      const url = `${running.restUrl}/cosmos/bank/v1beta1/balances/${bob.address}/by_denom?denom=upokt`;
      return BigInt((await fetched(url, { 'x-cosmos-block-height': `${height}` })).balance.amount);
    };
    expect(await balance(paidAt)).toBe((await balance(paidAt - 1)) + 7n);
    const status = await fetched(`${running.restUrl}/cosmos/base/node/v1beta1/status`);
    expect(Number(status.earliest_store_height)).toBeLessThanOrEqual(1);
  });
});
