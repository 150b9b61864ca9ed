/** Dropped and rebuilt, or killed at any moment and resumed: every route answers with the same bytes. */
import { createMemoryDatabases } from '@decai/world/memory-databases';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { asking, everyPath, explored, type Explored } from '../testing/explored.ts';
import { recordedChain } from '../testing/recorded-chain.ts';
import { Indexer, type IndexedChain } from './follow-blocks.ts';

const chain = recordedChain('run-q');

let paths: readonly string[];
let expected: readonly string[];

beforeAll(async () => {
  const explorer = await explored(chain);
  paths = await everyPath(explorer);
  expected = await answers(explorer);
});

async function answers({ ask }: Explored): Promise<string[]> {
  const texts: string[] = [];
  for (const path of paths) texts.push(`${path} ${(await ask(path)).text}`);
  return texts;
}

describe('every route answers the same', () => {
  test('when the tables were dropped and built anew', async () => {
    const { openDatabase } = createMemoryDatabases();
    await explored(upTo(chain, 31), openDatabase);
    const world = { openDatabase, sleep: async () => undefined };
    const indexer = new Indexer({ world, chain, rebuild: true });
    indexer.follow(chain.latestHeight());
    await indexer.settled();
    const again = asking(indexer, chain);
    expect(paths.length).toBeGreaterThan(150);
    expect(await answers(again)).toEqual(expected);
    await indexer.close();
  }, 60_000);

  test('when the process was killed in the middle of blocks and between them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 8 }), async (lives) => {
        const databases = createMemoryDatabases();
        for (const pauses of lives) {
          await liveFor(pauses, databases.openDatabase);
          databases.crash();
        }
        const again = await explored(chain, databases.openDatabase);
        expect(await answers(again)).toEqual(expected);
        await again.indexer.close();
      }),
      { numRuns: 6 },
    );
  }, 60_000);

  test('when it followed block by block, closed and opened again', async () => {
    const { openDatabase } = createMemoryDatabases();
    for (let height = 1; height <= chain.latestHeight(); height += 7) {
      await (await explored(upTo(chain, height), openDatabase)).indexer.close();
    }
    expect(await answers(await explored(chain, openDatabase))).toEqual(expected);
  }, 60_000);
});

/** Indexes until so many pauses have been made, and then never again. */
async function liveFor(pauses: number, openDatabase: Parameters<typeof explored>[1]): Promise<void> {
  let left = pauses;
  await new Promise<void>((dead) => {
    const sleep = (): Promise<void> => {
      if ((left -= 1) > 0) return Promise.resolve();
      dead();
      return new Promise(() => undefined);
    };
    const indexer = new Indexer({ world: { openDatabase: openDatabase!, sleep }, chain });
    indexer.follow(chain.latestHeight());
    void indexer.settled().then(dead);
  });
}

function upTo(whole: IndexedChain, height: number): IndexedChain {
  return { ...whole, latestHeight: () => height };
}
