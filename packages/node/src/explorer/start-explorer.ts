/**
 * An explorer beside a node: it follows the node's blocks and answers over HTTP.
 *
 * The node hears nothing of it. What goes wrong is told to `onFault`, and the chain goes on.
 */
import type { World } from '@decai/protocol/world';
import type { LedgerNode } from '../ledger-node.ts';
import type { FaultListener } from '../rpc/serve-rpc.ts';
import { Indexer } from './follow-blocks.ts';
import { serveExplorer } from './serve-explorer.ts';

export type Explorer = {
  readonly url: string;
  /** Resolves when every block that was made so far is in the tables, or cannot be put there. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

/** @throws ADDRESS_IN_USE */
export async function startExplorer(
  world: Pick<World, 'sleep' | 'listen' | 'openDatabase'>,
  node: LedgerNode,
  address: { readonly host: string; readonly port: number },
  onFault?: FaultListener,
): Promise<Explorer> {
  const { chainId, genesis, blocks } = node;
  const latestHeight = (): number => node.latestHeight();
  const chain = { chainId, genesis, blocks, latestHeight };
  const indexer = new Indexer({ world, chain, onFault: (thrown) => onFault?.('explorer', thrown) });
  const listening = await world.listen(serveExplorer({ indexer, latestHeight }, onFault), address);
  const stop = node.onBlock((height) => indexer.follow(height));
  indexer.follow(await node.read(latestHeight));
  return {
    url: listening.url,
    settled: () => indexer.settled(),
    async close() {
      stop();
      await listening.close();
      await indexer.close();
    },
  };
}
