/** What the indexer does when something is not as it should be: the chain never hears of it, and the tables get well again. */
import type { SqlDatabase } from '@decai/protocol/sql-database';
import { Fault } from '@decai/protocol/fault';
import { createMemoryDatabases } from '@decai/world/memory-databases';
import { expect, test } from 'vitest';
import { asking, explored } from '../testing/explored.ts';
import { recordedChain } from '../testing/recorded-chain.ts';
import { EXPLORER_SCHEMA_VERSION } from './explorer-tables.ts';
import { Indexer, type IndexedChain } from './follow-blocks.ts';

const whole = recordedChain('run-q');
const LAST = 20;
const chain: IndexedChain = { ...whole, latestHeight: () => LAST };

const sleep = async (): Promise<void> => undefined;

async function totalsOf(of: IndexedChain): Promise<string> {
  return (await (await explored(of)).ask('/totals')).text;
}

test('a database that fails is told of once, and tried again with the next block', async () => {
  const { openDatabase } = createMemoryDatabases();
  const faults: unknown[] = [];
  let trouble: 'open' | 'write' | 'none' = 'open';
  const flaky = (name: string): SqlDatabase => {
    if (trouble === 'open') throw new Fault('DATABASE_FAILED', 'no room on the disk');
    const database = openDatabase(name);
    return {
      ...database,
      run(sql, parameters) {
        if (trouble === 'write' && sql.includes('"claims"')) throw new Fault('DATABASE_FAILED', 'the disk is gone');
        database.run(sql, parameters);
      },
    };
  };
  const indexer = new Indexer({
    world: { openDatabase: flaky, sleep },
    chain,
    onFault: (thrown) => faults.push(thrown),
  });
  const { ask } = asking(indexer, chain);
  expect((await ask('/totals')).status).toBe(503);
  for (const height of [1, 2, 3]) {
    indexer.follow(height);
    await indexer.settled();
  }
  expect(faults).toMatchObject([{ code: 'DATABASE_FAILED' }]);
  expect((await ask('/totals')).json.error.code).toBe('EXPLORER_UNAVAILABLE');

  trouble = 'write';
  indexer.follow(LAST - 1);
  await indexer.settled();
  // The same silence: it has not been well since.
  expect(faults).toHaveLength(1);

  trouble = 'none';
  indexer.follow(LAST);
  await indexer.settled();
  expect((await ask('/totals')).text).toBe(await totalsOf(chain));

  trouble = 'write';
  indexer.follow(LAST + 12);
  await indexer.settled();
  expect(faults).toMatchObject([{ code: 'DATABASE_FAILED' }, { code: 'DATABASE_FAILED' }]);
  await indexer.close();
});

test.each([
  [7, []],
  [Infinity, [{ code: 'DATABASE_BUSY' }]],
])('another writer is waited for, %d times at once', async (busy, told) => {
  const { openDatabase } = createMemoryDatabases();
  const faults: unknown[] = [];
  let left = busy;
  const shared = (name: string): SqlDatabase => {
    const database = openDatabase(name);
    return {
      ...database,
      run(sql, parameters) {
        if (sql === 'BEGIN IMMEDIATE' && (left -= 1) >= 0) throw new Fault('DATABASE_BUSY', 'somebody writes');
        database.run(sql, parameters);
      },
    };
  };
  const indexer = new Indexer({
    world: { openDatabase: shared, sleep },
    chain,
    onFault: (thrown) => faults.push(thrown),
  });
  indexer.follow(LAST);
  await indexer.settled();
  expect(faults).toMatchObject(told);
  left = 0;
  indexer.follow(LAST);
  await indexer.settled();
  expect((await asking(indexer, chain).ask('/totals')).text).toBe(await totalsOf(chain));
});

test('what is wanted in the very moment in which all is done is not forgotten', async () => {
  let moments = 0;
  for (let read = 1; read < 20; read += 1) {
    for (let ticks = 0; ticks < 5; ticks += 1) {
      const { openDatabase } = createMemoryDatabases();
      let reads = 0;
      let wanting: Promise<void> | undefined;
      const wantMore = async (): Promise<void> => {
        for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
        indexer.follow(2);
      };
      const watched = (name: string): SqlDatabase => {
        const database = openDatabase(name);
        return {
          ...database,
          all(sql, parameters) {
            if (sql.includes('from "progress"') && (reads += 1) === read) wanting = wantMore();
            return database.all(sql, parameters);
          },
        };
      };
      const indexer: Indexer = new Indexer({ world: { openDatabase: watched, sleep }, chain });
      indexer.follow(1);
      await indexer.settled();
      await wanting;
      await indexer.settled();
      if (reads < read) continue;
      moments += 1;
      expect([read, ticks, (await asking(indexer, chain).ask('')).json.indexedHeight]).toEqual([read, ticks, 2]);
    }
  }
  expect(moments).toBeGreaterThan(10);
});

test('a damaged file is replaced by a new one', async () => {
  const { openDatabase } = createMemoryDatabases();
  const opened: boolean[] = [];
  let broken = true;
  const world = {
    sleep,
    openDatabase(name: string, { fresh = false } = {}) {
      opened.push(fresh);
      if (broken && !fresh) throw new Fault('DATABASE_BROKEN', 'the file is no database');
      broken = false;
      return openDatabase(name, { fresh });
    },
  };
  const indexer = new Indexer({ world, chain });
  indexer.follow(LAST);
  await indexer.settled();
  expect(opened).toEqual([false, true]);
  expect((await asking(indexer, chain).ask('/totals')).text).toBe(await totalsOf(chain));
  await indexer.close();
});

test('damage that shows while it is read is cured with the next block', async () => {
  const { openDatabase } = createMemoryDatabases();
  await (await explored(chain, openDatabase)).indexer.close();
  const opened: boolean[] = [];
  const faults: unknown[] = [];
  const world = {
    sleep,
    openDatabase(name: string, { fresh = false } = {}): SqlDatabase {
      opened.push(fresh);
      const database = openDatabase(name, { fresh });
      const all: SqlDatabase['all'] = () => {
        throw new Fault('DATABASE_BROKEN', 'the database is damaged');
      };
      return fresh ? database : { ...database, all };
    },
  };
  const indexer = new Indexer({ world, chain, onFault: (thrown) => faults.push(thrown) });
  for (const height of [LAST - 1, LAST]) {
    indexer.follow(height);
    await indexer.settled();
  }
  expect([opened, faults.length]).toEqual([[false, true], 1]);
  expect((await asking(indexer, chain).ask('/totals')).text).toBe(await totalsOf(chain));
});

test.each<[string, (database: SqlDatabase) => void]>([
  [
    'of another schema',
    (database) =>
      database.run('UPDATE progress SET value = ? WHERE name = ?', [`${EXPLORER_SCHEMA_VERSION + 1}`, 'schemaVersion']),
  ],
  [
    'of another genesis',
    (database) => database.run('UPDATE progress SET value = ? WHERE name = ?', ['ab', 'genesisHash']),
  ],
  [
    'of another history',
    (database) => database.run('UPDATE progress SET value = ? WHERE name = ?', ['ab', 'blockHash']),
  ],
  [
    'of a chain that was longer',
    (database) => database.run('UPDATE progress SET value = ? WHERE name = ?', ['5000', 'height']),
  ],
  [
    'of somebody else',
    (database) => {
      database.run('DROP TABLE progress');
      database.run('CREATE TABLE progress (name, value)');
    },
  ],
])('tables %s are built anew', async (_what, spoil) => {
  const { openDatabase } = createMemoryDatabases();
  await (await explored(chain, openDatabase)).indexer.close();
  const database = openDatabase('explorer');
  spoil(database);
  database.run('UPDATE blocks SET settledUpokt = ?', ['1']);
  database.close();
  const { ask, list } = await explored(chain, openDatabase);
  expect((await ask('/totals')).text).toBe(await totalsOf(chain));
  expect(await list('/blocks')).toEqual(await (await explored(chain)).list('/blocks'));
});

test('tables that another process rebuilds meanwhile are followed', async () => {
  const { openDatabase } = createMemoryDatabases();
  const { indexer, ask } = await explored(chain, (name) => {
    const database = openDatabase(name);
    return { ...database, close: () => undefined };
  });
  const other = recordedChain('run-q');
  // As `node reindex` does beside a node that runs: the same file, emptied.
  await indexer.read((database) => {
    database.run('UPDATE progress SET value = ? WHERE name = ?', ['0', 'schemaVersion']);
  });
  expect((await ask('/totals')).status).toBe(503);
  indexer.follow(other.latestHeight());
  await indexer.settled();
  expect((await ask('/totals')).text).toBe((await (await explored(other)).ask('/totals')).text);
});

test('blocks that the node does not have any more are counted and passed over', async () => {
  const missing = new Set([1, 2, 3, 9, LAST]);
  const pruned: IndexedChain = {
    ...chain,
    blocks: { ...whole.blocks, block: (height) => (missing.has(height) ? undefined : whole.blocks.block(height)) },
  };
  const { ask, list } = await explored(pruned);
  expect((await ask('')).json).toMatchObject({ indexedHeight: LAST, chainHeight: LAST, missingBlocks: missing.size });
  expect(await list('/blocks')).toHaveLength(LAST - missing.size);
});

test('a closed indexer takes back the block that it was in, and wants no more', async () => {
  const { openDatabase } = createMemoryDatabases();
  let pauses = 0;
  const world = {
    openDatabase,
    async sleep() {
      if ((pauses += 1) === 40) void indexer.close();
    },
  };
  const indexer = new Indexer({ world, chain });
  indexer.follow(LAST);
  await indexer.settled();
  indexer.follow(LAST + 1);
  await indexer.settled();
  await indexer.close();
  await expect(indexer.read(() => undefined)).rejects.toMatchObject({ code: 'EXPLORER_UNAVAILABLE' });
  expect((await (await explored(chain, openDatabase)).ask('/totals')).text).toBe(await totalsOf(chain));
});
