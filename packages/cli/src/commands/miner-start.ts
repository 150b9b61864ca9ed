/** `decai miner start`: turns the supplier's model server into paid relays. */
import { createRpcTransport } from '@decai/client/rpc-transport';
import { createWorld } from '@decai/world';
import type { Command } from '../command.ts';
import { readKeyFile } from '../keys/key-file.ts';
import { CONFIG_OPTION, readRoleConfig } from '../roles/role-config.ts';
import { logTrouble, openRoleLog } from '../roles/role-log.ts';
import { runRole } from '../roles/run-role.ts';

export const minerStart: Command = {
  name: 'miner start',
  summary: 'Run a relay miner in front of a model server.',
  options: [CONFIG_OPTION],
  examples: ['decai miner start --config miner.yaml'],
  async run(invocation) {
    // Loaded here, so that other commands need not.
    const { parseMinerConfig } = await import('@decai/miner/miner-config');
    const { startMiner } = await import('@decai/miner/start-miner');
    const file = await readRoleConfig(invocation, 'packages/miner/miner.example.yaml');
    const config = parseMinerConfig(file.text);
    const key = readKeyFile(file.resolve(config.keys.file));
    const log = openRoleLog('miner');
    return await runRole(invocation, 'miner', async () => {
      const world = createWorld({ dataDirectory: file.resolve(config.data) });
      const miner = await startMiner({
        world,
        config,
        ledger: createRpcTransport(world, { url: config.ledger }),
        keys: [key],
        environment: process.env,
        onState: ({ state, supplier, sessionId }) => log.info({ state, supplier, sessionId }, 'session'),
        onTrouble: (trouble) => logTrouble(log, trouble),
      });
      return {
        url: miner.url,
        lines: Object.entries(config.services).map(([service, { backend }]) => `${service} from ${backend}`),
        facts: { supplier: key.address },
        async close() {
          await miner.close();
          await world.close();
        },
      };
    });
  },
};
