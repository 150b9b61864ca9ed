/**
 * The sum trie: 10,000 relays of 1 kB inserted, the root taken once, against hashing the same bytes once and no trie at all.
 *
 * The baseline is the least that any implementation must do; the ratio says what the trie costs on top of it.
 */
import { randomBytes } from 'node:crypto';
import { sha256 } from '@decai/protocol/hash';
import { SumTrie } from '@decai/protocol/sum-trie';
import { measure } from './measure.ts';
import type { BenchLine } from './report.ts';

const LEAVES = 10_000;

export async function benchTrie(): Promise<BenchLine[]> {
  const relays = Array.from({ length: LEAVES }, () => new Uint8Array(randomBytes(1_000)));
  const keys = relays.map(sha256);
  const build = (): void => {
    const trie = new SumTrie();
    for (let i = 0; i < LEAVES; i += 1) trie.update(keys[i]!, relays[i]!, 1n);
    trie.root();
  };
  const hash = (): void => {
    for (const relay of relays) sha256(relay);
  };
  const repeat = (act: () => void) => (times: number) => {
    for (let i = 0; i < times; i += 1) act();
  };
  const [trie, hashes] = await measure([
    { name: 'trie', run: repeat(build) },
    { name: 'hashes', run: repeat(hash) },
  ]);
  return [
    {
      what: 'sum trie, 10,000 leaves of 1 kB and root',
      ours: `${(trie!.usMedian / 1_000).toFixed(1)} ms`,
      baseline: `the leaves hashed once ${(hashes!.usMedian / 1_000).toFixed(1)} ms`,
      ratio: trie!.usMedian / hashes!.usMedian,
      ratioMeans: 'times the cost of hashing the leaves',
    },
  ];
}
