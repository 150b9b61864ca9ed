/** A process that is killed while it makes blocks, on a real disk. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { toHex } from '@decai/protocol/bytes';
import { createWorld } from '@decai/world';
import { sequencerKey } from '../block/sequencer-key.ts';
import { proposerKey, testGenesis } from '../testing/test-genesis.ts';
import { EmbeddedChain } from './embedded-chain.ts';

const CHILD = fileURLToPath(new URL('../testing/child-node.ts', import.meta.url));

/** Runs a node until it has told of so many blocks, kills it, and gives what it told. */
function runUntilKilled(directory: string, blocks: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--conditions=decai-source', '--import=tsx', CHILD, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.on('data', (data: Buffer) => {
    told += data.toString();
    if (told.split('\n').length > blocks) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.on('close', () => resolve(told.split('\n').slice(0, -1))));
}

test('kill -9 loses no block that was told of, and the chain goes on', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'decai-kill-'));
  const world = createWorld({ dataDirectory: directory });
  const told: string[] = [];
  try {
    for (let round = 1; round <= 2; round += 1) {
      told.push(...(await runUntilKilled(directory, 15)));
      const sequencer = sequencerKey(proposerKey);
      const chain = await EmbeddedChain.open({ store: world.openStore('node'), genesis: testGenesis(), sequencer });
      for (const line of told) {
        const [height, hash] = line.split(' ');
        expect(toHex(chain.blocks.block(Number(height))!.commit.blockId!.hash)).toBe(hash);
      }
      const before = chain.latestHeight();
      await chain.produceBlock(Date.now());
      expect(chain.latestHeight()).toBe(before + 1);
      await chain.close();
    }
    expect(told.length).toBeGreaterThanOrEqual(30);
    // The second run went on where the first was killed.
    expect(new Set(told.map((line) => line.split(' ')[0])).size).toBe(told.length);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
