/** A random town that moves house at some height, by an export or by a snapshot, lives on as if it had not. */
import { expect, test } from 'vitest';
import { utf8 } from '@decai/protocol/bytes';
import { sha256 } from '@decai/protocol/hash';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { exportGenesis, type GenesisDocument } from '../../export-genesis.ts';
import { parseGenesis } from '../../genesis.ts';
import { Ledger } from '../../ledger.ts';
import { restoreState, snapshotChunks } from '../../snapshot.ts';
import { STATE_TRIE_PREFIX } from '../../state-trie.ts';
import { SECOND_NS } from '../model/model.ts';
import { Draw } from './draw.ts';
import { drawScript, RandomTown } from './random-town.ts';

const BLOCKS_AFTER = 40;

/** Everything that lies there, the tree and the indexes too; not what a chain says of itself. */
function contentOf(disk: KeyValueStore): [key: string, value: string][] {
  return [...disk.range({})]
    .map(([key, value]): [string, string] => [Buffer.from(key).toString('latin1'), Buffer.from(value).toString('hex')])
    .filter(([key]) => !key.startsWith('chain/'));
}

function exported(town: RandomTown): KeyValueStore {
  const document = JSON.parse(JSON.stringify(exportGenesis(town.disk))) as GenesisDocument;
  const disk = createMemoryStore();
  disk.write(new Ledger(disk).initChain(parseGenesis(document)).writes);
  return disk;
}

function restored(town: RandomTown, hash: Uint8Array): KeyValueStore {
  const genesis = parseGenesis({ ...exportGenesis(town.disk), initial_height: '1' });
  const disk = createMemoryStore();
  const chunks = [...snapshotChunks(town.disk, 5_000)];
  expect(chunks.length).toBeGreaterThan(3);
  disk.write(restoreState(genesis, { ...town.ledger.lastBlock!, hash }, chunks));
  return disk;
}

test.each(Array.from({ length: 8 }, (_, index) => 7_000 + index))('town %d moves', (seed) => {
  const blocksBefore = new Draw(seed).between(20, 220);
  const { blocks } = drawScript(seed, blocksBefore + BLOCKS_AFTER);
  const town = new RandomTown(seed);
  const hashAt = (height: number): Uint8Array => sha256(utf8(`block ${height}`));
  for (const moves of blocks.slice(0, blocksBefore)) town.block(moves);
  const disks = [exported(town), restored(town, hashAt(blocksBefore))];
  for (const disk of disks) {
    expect(new Ledger(disk).lastBlock).toEqual(town.ledger.lastBlock);
    expect(contentOf(disk)).toEqual(contentOf(town.disk));
  }
  expect(contentOf(town.disk).some(([key]) => key.startsWith(STATE_TRIE_PREFIX))).toBe(true);
  for (const [index, moves] of blocks.slice(blocksBefore).entries()) {
    const height = blocksBefore + index + 1;
    const { writes: _writes, ...stayed } = town.block(moves);
    for (const disk of disks) {
      const { writes, ...moved } = new Ledger(disk).finalizeBlock({
        height,
        timeNs: BigInt(height) * SECOND_NS,
        hash: hashAt(height),
        transactions: town.lastTransactions.map(({ bytes }) => bytes),
      });
      disk.write(writes);
      expect(moved).toEqual(stayed);
    }
  }
});
