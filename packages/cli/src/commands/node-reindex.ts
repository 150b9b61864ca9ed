/** `decai node reindex`: the explorer's tables, dropped and built anew from the blocks; the node may run meanwhile. */
import { isFault } from '@decai/protocol/fault';
import { createWorld } from '@decai/world';
import { type Command, UsageError } from '../command.ts';
import { readNodeConfig } from '../roles/node-config.ts';
import { CONFIG_OPTION, readRoleConfig } from '../roles/role-config.ts';

export const nodeReindex: Command = {
  name: 'node reindex',
  summary: "Drop the explorer's tables and build them anew from the blocks.",
  options: [CONFIG_OPTION],
  examples: ['decai node reindex --config node.yaml'],
  async run(invocation) {
    // Loaded here, so that other commands need not.
    const { rebuildExplorer } = await import('@decai/node/explorer/rebuild-explorer');
    const { NODE_STORE } = await import('@decai/node/start-node');
    const file = await readRoleConfig(invocation, 'packages/cli/node.example.yaml');
    const dataDirectory = file.resolve(readNodeConfig(file.text).data);
    const world = createWorld({ dataDirectory });
    const store = world.openStore(NODE_STORE);
    try {
      const { chainId, height } = await rebuildExplorer({ world, store });
      invocation.print(`the explorer of ${chainId} is built anew up to block ${height}`);
      return 0;
    } catch (thrown) {
      if (!isFault(thrown, 'GENESIS_MISSING')) throw thrown;
      throw new UsageError(`there is no chain in ${dataDirectory}`, 'begin one: decai node start --config FILE');
    } finally {
      await store.close();
      await world.close();
    }
  },
};
