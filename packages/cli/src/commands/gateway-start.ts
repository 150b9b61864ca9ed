/** `decai gateway start`: sells what applications delegated to it, in the dialect of OpenAI. */
import { createRpcTransport } from '@decai/client/rpc-transport';
import { createWorld } from '@decai/world';
import { type Command, UsageError } from '../command.ts';
import { readKeyFile } from '../keys/key-file.ts';
import { CONFIG_OPTION, readRoleConfig } from '../roles/role-config.ts';
import { logTrouble, openRoleLog } from '../roles/role-log.ts';
import { runRole } from '../roles/run-role.ts';

export const gatewayStart: Command = {
  name: 'gateway start',
  summary: 'Run a gateway: an OpenAI-compatible API in front of the network.',
  options: [CONFIG_OPTION],
  examples: ['decai gateway start --config gateway.yaml'],
  async run(invocation) {
    // Loaded here, so that other commands need not.
    const { readGatewayConfig } = await import('@decai/gateway/config');
    const { startGateway } = await import('@decai/gateway/gateway');
    const file = await readRoleConfig(invocation, 'packages/gateway/gateway.example.yaml');
    const read = readGatewayConfig(file.text);
    if (!read.ok) throw new UsageError(`${file.path} is wrong: ${read.problems.join('; ')}`);
    const { config } = read;
    const key = readKeyFile(file.resolve(config.keyFile));
    const log = openRoleLog('gateway');
    return await runRole(invocation, 'gateway', async () => {
      const world = createWorld({ dataDirectory: file.resolve(config.data) });
      const running = await startGateway({
        world,
        ledger: createRpcTransport(world, { url: config.ledger.rpc }),
        key,
        listen: config.listen,
        keys: config.keys,
        models: config.models,
        limits: config.limits,
        onTrouble: (thrown, requestId) => logTrouble(log, thrown, requestId),
      });
      return {
        url: running.url,
        lines: [`base URL ${running.url}/v1, address ${key.address}`],
        facts: { address: key.address },
        async close() {
          await running.close();
          await world.close();
        },
      };
    });
  },
};
