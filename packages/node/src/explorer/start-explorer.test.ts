/** An explorer beside a node that runs: on a real disk, over a real socket, and in the chain's way never. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLedgerClient } from '@decai/client/ledger-client';
import { Fault } from '@decai/protocol/fault';
import { createWorld } from '@decai/world';
import { afterAll, expect, test } from 'vitest';
import { NODE_STORE, startNode, type RunningNode } from '../start-node.ts';
import { alice, bob, proposerKey, testGenesis } from '../testing/test-genesis.ts';
import { signedSend } from '../testing/test-transactions.ts';
import { testWorld } from '../testing/test-world.ts';
import { rebuildExplorer } from './rebuild-explorer.ts';

const root = mkdtempSync(join(tmpdir(), 'decai-explorer-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const door = { host: '127.0.0.1', port: 0 };
const options = { genesis: testGenesis(), proposerKey, blockTimeMs: 10, explorer: door };

async function reached({ node }: RunningNode, height: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = node.onBlock((at) => {
      if (at < height) return;
      stop();
      resolve();
    });
  });
}

async function ask(running: RunningNode, path: string): Promise<any> {
  return (await fetch(`${running.explorerUrl}/explorer/v1${path}`)).json();
}

async function caughtUp(running: RunningNode, height: number): Promise<void> {
  while ((await ask(running, '')).indexedHeight < height) await new Promise((resolve) => setTimeout(resolve, 2));
}

test('it follows a chain over restarts, and can be rebuilt from the store of one that is closed or runs', async () => {
  const dataDirectory = join(root, 'chain');
  const world = createWorld({ dataDirectory });
  const first = await startNode({ ...options, world });
  const { accountNumber } = (await createLedgerClient(first.transport).account(alice.address))!;
  first.node.admit(signedSend({ key: alice, accountNumber, sequence: 0n }, bob.address, 5n));
  const sent = first.node.latestHeight() + 3;
  await reached(first, sent);
  await caughtUp(first, sent);
  const blocks = (await ask(first, '/blocks?order=asc&limit=4')).items;
  expect(blocks.map(({ height }: any) => height)).toEqual([1, 2, 3, 4]);
  const transactions = (await ask(first, '/blocks?limit=200')).items.map((one: any) => one.transactions);
  expect(transactions.reduce((sum: number, many: number) => sum + many)).toBe(1);
  expect(blocks[0]).toMatchObject({ supplyUpokt: '2000000000', mintedUpokt: '0' });
  await first.close();

  const store = world.openStore(NODE_STORE);
  const { height } = await rebuildExplorer({ world, store });
  expect(height).toBeGreaterThanOrEqual(4);
  await store.close();

  const second = await startNode({ ...options, world });
  await reached(second, height + 2);
  await caughtUp(second, height + 2);
  expect((await ask(second, '/blocks?order=asc&limit=4')).items).toEqual(blocks);
  const beside = world.openStore(NODE_STORE);
  expect((await rebuildExplorer({ world, store: beside })).height).toBeGreaterThan(height);
  await beside.close();
  await reached(second, second.node.latestHeight() + 2);
  await caughtUp(second, height + 4);
  expect((await ask(second, '/blocks?order=asc&limit=4')).items).toEqual(blocks);
  await second.close();
  await world.close();
}, 60_000);

test('a store without a chain is not rebuilt from', async () => {
  const world = createWorld({ dataDirectory: join(root, 'empty') });
  const store = world.openStore(NODE_STORE);
  await expect(rebuildExplorer({ world, store })).rejects.toMatchObject({ code: 'GENESIS_MISSING' });
  await store.close();
  await world.close();
}, 60_000);

test('a database that is none is replaced, and one that cannot be had stops nobody', async () => {
  const world = createWorld({ dataDirectory: join(root, 'broken') });
  const running = await startNode({ ...options, world });
  await running.close();
  writeFileSync(join(root, 'broken', 'explorer.sqlite'), 'not a database '.repeat(100));
  const again = await startNode({ ...options, world });
  await reached(again, again.node.latestHeight() + 1);
  await caughtUp(again, 1);
  await again.close();
  await world.close();

  const faults: unknown[] = [];
  const openDatabase = () => {
    throw new Fault('DATABASE_FAILED', 'no room');
  };
  const without = testWorld();
  const alone = await startNode({
    ...options,
    world: { ...without, openDatabase },
    onFault: (...fault) => faults.push(fault),
  });
  await reached(alone, 4);
  const answer = await fetch(`${alone.explorerUrl}/explorer/v1/totals`);
  expect([answer.status, ((await answer.json()) as any).error.code]).toEqual([503, 'EXPLORER_UNAVAILABLE']);
  expect(faults).toEqual([['explorer', expect.objectContaining({ code: 'DATABASE_FAILED' })]]);
  await alone.close();
  await without.close();
}, 60_000);

test('a node whose explorer cannot have its port starts not at all', async () => {
  const world = testWorld();
  const running = await startNode({ ...options, world });
  const taken = { host: '127.0.0.1', port: Number(new URL(running.explorerUrl).port) };
  const second = testWorld();
  const starting = startNode({ ...options, world: second, rpc: door, rest: door, explorer: taken });
  await expect(starting).rejects.toMatchObject({ code: 'ADDRESS_IN_USE' });
  await running.close();
  await world.close();
  await second.close();
}, 60_000);
