/**
 * `decai node start`: a ledger in one process, durable, with CometBFT's RPC in front of it, and REST and an explorer where wanted.
 */
import { isFault } from '@decai/protocol/fault';
import { createWorld } from '@decai/world';
import { type Command, UsageError } from '../command.ts';
import { openProposerKey } from '../keys/proposer-key.ts';
import { readGenesisFile } from '../roles/genesis-file.ts';
import { readNodeConfig } from '../roles/node-config.ts';
import { CONFIG_OPTION, readRoleConfig } from '../roles/role-config.ts';
import { logTrouble, openRoleLog } from '../roles/role-log.ts';
import { runRole } from '../roles/run-role.ts';

export const nodeStart: Command = {
  name: 'node start',
  summary: 'Run a ledger node that makes its own blocks.',
  options: [CONFIG_OPTION],
  examples: ['decai node start --config node.yaml'],
  async run(invocation) {
    // Loaded here, so that other commands need not.
    const { startNode } = await import('@decai/node/start-node');
    const file = await readRoleConfig(invocation, 'packages/cli/node.example.yaml');
    const config = readNodeConfig(file.text);
    const genesis = await readGenesisFile(file.resolve(config.genesis));
    const log = openRoleLog('node');
    const dataDirectory = file.resolve(config.data);
    const world = createWorld({ dataDirectory });
    try {
      return await runRole(invocation, 'node', async () => {
        const running = await startNode({
          world,
          proposerKey: openProposerKey(file.resolve(config.proposerKeyFile), (length) => world.randomBytes(length)),
          blockTimeMs: config.blockMs,
          historyBlocks: config.historyBlocks,
          ...(config.proofThreads !== undefined && { proofThreads: config.proofThreads }),
          rpc: config.listen,
          ...(config.rest && { rest: config.rest }),
          ...(config.explorer && { explorer: config.explorer }),
          onFault: (method, thrown) => logTrouble(log, thrown, method),
          ...(genesis === undefined ? {} : { genesis }),
        });
        const { chainId, latestHeight } = await running.transport.status();
        return {
          url: running.url,
          lines: [
            `chain ${chainId} at block ${latestHeight}, a block every ${config.blockMs} ms`,
            ...(config.rest ? [`REST at ${running.restUrl}`] : []),
            ...(config.explorer ? [`explorer at ${running.explorerUrl}/explorer/v1`] : []),
          ],
          facts: { chainId },
          failed: running.ended,
          close: () => running.close(),
        };
      });
    } catch (thrown) {
      if (!isFault(thrown, 'GENESIS_MISSING')) throw thrown;
      throw new UsageError(
        `there is no chain in ${dataDirectory} yet, and no genesis at ${file.resolve(config.genesis)} to begin one`,
        'a local network keeps the genesis of its chain in .decai/node/genesis.json',
      );
    } finally {
      await world.close();
    }
  },
};
