/** The blocks and the state of a node, opened by a command beside it. A running node may go on meanwhile; it is only read. */
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import type { World } from '@decai/protocol/world';
import { createWorld } from '@decai/world';
import type { Invocation } from '../command.ts';
import { type NodeConfig, readNodeConfig } from './node-config.ts';
import { readRoleConfig, type RoleConfigFile } from './role-config.ts';

export type NodeStore = {
  /** The node's: its databases lie beside the store. */
  readonly world: World;
  readonly store: KeyValueStore;
  readonly config: NodeConfig;
  readonly file: RoleConfigFile;
};

/** Opens the store that `--config` names, runs `act` and closes it, whatever happens. @throws UsageError */
export async function withNodeStore<T>(invocation: Invocation, act: (opened: NodeStore) => Promise<T>): Promise<T> {
  const { NODE_STORE } = await import('@decai/node/start-node');
  const file = await readRoleConfig(invocation, 'packages/cli/node.example.yaml');
  const config = readNodeConfig(file.text);
  const world = createWorld({ dataDirectory: file.resolve(config.data) });
  const store = world.openStore(NODE_STORE);
  try {
    return await act({ world, store, config, file });
  } finally {
    await store.close();
    await world.close();
  }
}
