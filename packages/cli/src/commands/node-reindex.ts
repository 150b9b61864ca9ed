/** `decai node reindex`: the explorer's tables, dropped and built anew from the blocks; the node may run meanwhile. */
import { isFault } from '@decai/protocol/fault';
import { type Command, UsageError } from '../command.ts';
import { withNodeStore } from '../roles/node-store.ts';
import { CONFIG_OPTION } from '../roles/role-config.ts';

export const nodeReindex: Command = {
  name: 'node reindex',
  summary: "Drop the explorer's tables and build them anew from the blocks.",
  options: [CONFIG_OPTION],
  examples: ['decai node reindex --config node.yaml'],
  async run(invocation) {
    return await withNodeStore(invocation, async ({ world, store, config, file }) => {
      // Loaded here, so that other commands need not.
      const { rebuildExplorer } = await import('@decai/node/explorer/rebuild-explorer');
      try {
        const { chainId, height } = await rebuildExplorer({ world, store });
        invocation.print(`the explorer of ${chainId} is built anew up to block ${height}`);
        return 0;
      } catch (thrown) {
        if (!isFault(thrown, 'GENESIS_MISSING')) throw thrown;
        throw new UsageError(`there is no chain in ${file.resolve(config.data)}`, 'begin one: decai node start');
      }
    });
  },
};
