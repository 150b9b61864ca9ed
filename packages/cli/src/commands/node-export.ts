/** `decai node export`: the state after a block as a genesis that another chain can go on from. */
import { writeFile } from 'node:fs/promises';
import { isFault } from '@decai/protocol/fault';
import { type Command, numberOption, textOption, UsageError } from '../command.ts';
import { withNodeStore } from '../roles/node-store.ts';
import { CONFIG_OPTION } from '../roles/role-config.ts';

export const nodeExport: Command = {
  name: 'node export',
  summary:
    'Write the state after a block as a genesis document: a chain that begins with it has the same state and root.',
  options: [
    CONFIG_OPTION,
    { flags: '--height <number>', help: 'after this block; absent: the last' },
    { flags: '--out <file>', help: 'absent: standard output' },
  ],
  examples: ['decai node export --config node.yaml --height 1200 --out genesis.json'],
  async run(invocation) {
    const height = numberOption(invocation, 'height', 1, Number.MAX_SAFE_INTEGER);
    const out = textOption(invocation, 'out');
    return await withNodeStore(invocation, async ({ store }) => {
      const { exportChain } = await import('@decai/node/embedded/export-chain');
      try {
        const document = exportChain(store, height);
        const text = JSON.stringify(document, null, 1);
        if (out === undefined) invocation.print(text);
        else await writeFile(out, `${text}\n`);
        const { chain_id: chainId, initial_height: next, app_hash: appHash } = document;
        invocation.note(`${chainId} after block ${Number(next) - 1}, root ${appHash}`);
        return 0;
      } catch (thrown) {
        if (isFault(thrown, 'STATE_NOT_KEPT') || isFault(thrown, 'NO_CHAIN')) throw new UsageError(thrown.message);
        throw thrown;
      }
    });
  },
};
