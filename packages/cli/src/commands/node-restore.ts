/** `decai node restore DIR`: a node that begins with a snapshot, once the root that somebody trusted says that it is right. */
import { fromHex } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import { type Command, textOption, UsageError } from '../command.ts';
import { readGenesisFile } from '../roles/genesis-file.ts';
import { withNodeStore } from '../roles/node-store.ts';
import { CONFIG_OPTION } from '../roles/role-config.ts';
import { readSnapshotFolder } from '../roles/snapshot-folder.ts';

const USER_ERRORS = ['SNAPSHOT_INVALID', 'STORE_NOT_EMPTY', 'GENESIS_INVALID'];

export const nodeRestore: Command = {
  name: 'node restore',
  summary: 'Let a new node begin with a snapshot, if it has the state that a root says.',
  arguments: [{ name: '<folder>', help: 'what decai node snapshot wrote' }],
  options: [
    CONFIG_OPTION,
    {
      flags: '--app-hash <hex>',
      help: 'the root after its block, from somebody you trust: the app hash of the next header, or decai query block',
    },
  ],
  examples: ['decai node restore snapshot-1200 --config node.yaml --app-hash 5B4F…'],
  async run(invocation) {
    const [folder] = invocation.arguments;
    if (folder === undefined) throw new UsageError('which folder?', 'decai node restore FOLDER --config FILE');
    return await withNodeStore(invocation, async ({ store, config, file }) => {
      const appHash = textOption(invocation, 'appHash') ?? '';
      if (!/^[0-9a-fA-F]{64}$/.test(appHash)) {
        throw new UsageError('--app-hash takes 64 hexadecimal digits', 'without a root, a snapshot could say anything');
      }
      const snapshot = await readSnapshotFolder(folder);
      const path = file.resolve(config.genesis);
      const genesis = await readGenesisFile(path);
      if (genesis === undefined) throw new UsageError(`there is no genesis at ${path}`);
      const { restoreSnapshot } = await import('@decai/node/embedded/chain-snapshot');
      try {
        const height = await restoreSnapshot(store, genesis, snapshot, fromHex(appHash));
        invocation.print(`the node goes on after block ${height}`);
        return 0;
      } catch (thrown) {
        if (!isFault(thrown) || !USER_ERRORS.includes(thrown.code)) throw thrown;
        throw new UsageError(thrown.message);
      }
    });
  },
};
