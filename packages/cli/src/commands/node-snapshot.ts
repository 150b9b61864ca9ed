/** `decai node snapshot DIR`: the whole state after a block, for a node that begins there. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import { type Command, numberOption, UsageError } from '../command.ts';
import { withNodeStore } from '../roles/node-store.ts';
import { CONFIG_OPTION } from '../roles/role-config.ts';
import { chunkFile, MANIFEST_FILE } from '../roles/snapshot-folder.ts';

export const nodeSnapshot: Command = {
  name: 'node snapshot',
  summary: 'Write the whole state after a block, with that block, for a node that begins there.',
  arguments: [{ name: '<folder>', help: 'made for it; must not exist' }],
  options: [CONFIG_OPTION, { flags: '--height <number>', help: 'after this block; absent: the last' }],
  examples: ['decai node snapshot snapshot-1200 --config node.yaml --height 1200'],
  async run(invocation) {
    const [folder] = invocation.arguments;
    if (folder === undefined) throw new UsageError('into which folder?', 'decai node snapshot FOLDER --config FILE');
    const height = numberOption(invocation, 'height', 1, Number.MAX_SAFE_INTEGER);
    return await withNodeStore(invocation, async ({ store }) => {
      const { BlockStore } = await import('@decai/node/embedded/block-store');
      const { takeSnapshot } = await import('@decai/node/embedded/chain-snapshot');
      const blocks = new BlockStore(store);
      const at = height ?? blocks.latestHeight();
      let snapshot: ReturnType<typeof takeSnapshot>;
      try {
        snapshot = takeSnapshot(blocks, at);
      } catch (thrown) {
        if (!isFault(thrown, 'STATE_NOT_KEPT') && !isFault(thrown, 'NO_CHAIN')) throw thrown;
        throw new UsageError(thrown.message);
      }
      await mkdir(folder).catch((thrown: NodeJS.ErrnoException) => {
        throw new UsageError(`cannot make the folder ${folder} (${thrown.code})`);
      });
      for (const [index, chunk] of snapshot.chunks.entries()) await writeFile(join(folder, chunkFile(index)), chunk);
      await writeFile(join(folder, MANIFEST_FILE), snapshot.manifest);
      invocation.print(`block ${at}, root ${toHex(blocks.block(at)!.results.appHash).toUpperCase()}`);
      return 0;
    });
  },
};
