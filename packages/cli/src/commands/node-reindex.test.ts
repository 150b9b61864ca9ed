/** The explorer's tables, spoilt and rebuilt by the command. That equal tables answer alike is tested where they are answered. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLedgerClient } from '@decai/client/ledger-client';
import { startNode } from '@decai/node/start-node';
import { alice, bob, proposerKey, testGenesis } from '@decai/node/testing/test-genesis';
import { signedSend } from '@decai/node/testing/test-transactions';
import { createWorld } from '@decai/world';
import { afterAll, expect, test } from 'vitest';
import { nodeReindex } from './node-reindex.ts';

const root = mkdtempSync(join(tmpdir(), 'decai-reindex-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const dataDirectory = join(root, 'data');
const config = join(root, 'node.yaml');
writeFileSync(config, 'data: data\n');

async function reindex(): Promise<string[]> {
  const printed: string[] = [];
  const code = await nodeReindex.run({
    arguments: [],
    options: { config },
    print: (line) => printed.push(line),
    write: () => undefined,
    note: () => undefined,
    signal: new AbortController().signal,
  });
  return [String(code), ...printed];
}

/** A chain of a few blocks with a transaction in it, indexed to its last. */
async function makeChain(): Promise<void> {
  const world = createWorld({ dataDirectory });
  const door = { host: '127.0.0.1', port: 0 };
  const running = await startNode({ world, genesis: testGenesis(), proposerKey, blockTimeMs: 10, explorer: door });
  const account = (await createLedgerClient(running.transport).account(alice.address))!;
  running.node.admit(signedSend({ key: alice, ...account, sequence: 0n }, bob.address, 5n));
  const last = running.node.latestHeight() + 3;
  await new Promise<void>((resolve) => void running.node.onBlock((height) => height >= last && resolve()));
  await running.close();
  await world.close();
}

/** Every row of every table. */
async function tables(): Promise<Record<string, unknown>> {
  const world = createWorld({ dataDirectory });
  const database = world.openDatabase('explorer');
  const names = database.all(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`);
  const rows = names.map(({ name }) => [name, database.all(`SELECT * FROM "${name}"`)]);
  database.close();
  await world.close();
  return Object.fromEntries(rows);
}

test('node reindex builds the same tables, and needs a chain', async () => {
  await expect(reindex()).rejects.toThrow('there is no chain in');
  await makeChain();
  // The node may have made a block more than its index was told of.
  const [code, printed] = await reindex();
  expect([code, printed]).toEqual([
    '0',
    expect.stringMatching(/^the explorer of decai-test-1 is built anew up to block \d+$/),
  ]);
  const before = await tables();
  expect((before['blocks'] as { transactions: number }[]).some(({ transactions }) => transactions === 1)).toBe(true);

  const world = createWorld({ dataDirectory });
  const database = world.openDatabase('explorer');
  database.run('UPDATE blocks SET supplyUpokt = ?', ['1']);
  database.run('DROP TABLE claims');
  database.close();
  await world.close();
  expect(await reindex()).toEqual([code, printed]);
  expect(await tables()).toEqual(before);
});
