/** The explorer's tables, dropped and built anew from the blocks of a store, whether a node runs on it or not. */
import { Fault } from '@decai/protocol/fault';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import type { World } from '@decai/protocol/world';
import { parseGenesis } from '@decai/ledger/genesis';
import { BlockStore } from '../embedded/block-store.ts';
import { decodeGenesis } from '../embedded/genesis-document.ts';
import type { Progress } from './explorer-database.ts';
import { Indexer } from './follow-blocks.ts';

export type RebuildOptions = {
  readonly world: Pick<World, 'sleep' | 'openDatabase'>;
  /** A node's. It is only read. */
  readonly store: KeyValueStore;
};

/**
 * Comes back with how far the tables have come: the last block that the store had when this began.
 *
 * @throws GENESIS_MISSING for a store without a chain; whatever stopped the work.
 */
export async function rebuildExplorer({ world, store }: RebuildOptions): Promise<Progress> {
  const blocks = new BlockStore(store);
  const kept = blocks.genesis();
  if (kept === undefined) throw new Fault('GENESIS_MISSING', 'the store is empty: there is nothing to read');
  const genesis = decodeGenesis(kept);
  const { chainId } = parseGenesis(genesis);
  const faults: unknown[] = [];
  const latestHeight = (): number => blocks.latestHeight();
  const indexer = new Indexer({
    world,
    chain: { chainId, genesis, latestHeight, blocks },
    rebuild: true,
    onFault: (thrown) => faults.push(thrown),
  });
  try {
    indexer.follow(latestHeight());
    await indexer.settled();
    if (faults.length > 0) throw faults[0];
    return await indexer.read((_database, progress) => progress);
  } finally {
    await indexer.close();
  }
}
