/** A node that begins with a snapshot is the node that it was taken of, and takes nothing that its root does not say. */
import { describe, expect, test } from 'vitest';
import { create } from '@bufbuild/protobuf';
import { createLedgerClient } from '@decai/client/ledger-client';
import { decode, encode } from '@decai/protocol/codec';
import {
  SnapshotChunkSchema,
  SnapshotManifestSchema,
  type Record,
  type SnapshotManifest,
} from '@decai/protocol/gen/decai/state/v1/snapshot_pb';
import { BlockSchema } from '@decai/protocol/gen/tendermint/types/block_pb';
import { sha256 } from '@decai/protocol/hash';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { sequencerKey } from '../block/sequencer-key.ts';
import { inProcessTransport } from '../in-process-transport.ts';
import { alice, bob, proposerKey, testGenesis } from '../testing/test-genesis.ts';
import { signedSend } from '../testing/test-transactions.ts';
import type { BlockStore } from './block-store.ts';
import { restoreSnapshot, takeSnapshot, type ChainSnapshot } from './chain-snapshot.ts';
import { EmbeddedChain } from './embedded-chain.ts';

const sequencer = sequencerKey(proposerKey);
const START = Date.parse('2030-06-01T00:00:00Z');
const genesis = testGenesis();

async function send(chain: EmbeddedChain, amount: bigint): Promise<void> {
  const { accountNumber, sequence } = (await createLedgerClient(inProcessTransport(chain)).account(alice.address))!;
  chain.admit(signedSend({ key: alice, accountNumber, sequence }, bob.address, amount));
}

async function produce(chain: EmbeddedChain, count: number): Promise<void> {
  for (let block = 0; block < count; block += 1) {
    await send(chain, 3n);
    await chain.produceBlock(START + chain.latestHeight() * 1_000);
  }
}

async function grown(count: number): Promise<{ store: KeyValueStore; chain: EmbeddedChain; blocks: BlockStore }> {
  const store = createMemoryStore();
  const chain = await EmbeddedChain.open({ store, genesis, sequencer });
  await produce(chain, count);
  return { store, chain, blocks: chain.blocks };
}

const rootOf = (blocks: BlockStore, height: number): Uint8Array => blocks.block(height)!.results.appHash;

async function restored(snapshot: ChainSnapshot, appHash: Uint8Array): Promise<EmbeddedChain> {
  const store = createMemoryStore();
  await restoreSnapshot(store, genesis, snapshot, appHash);
  return EmbeddedChain.open({ store, genesis, sequencer });
}

describe('a snapshot', () => {
  test('makes a node that goes on as the first one does, block for block', async () => {
    const { chain, blocks } = await grown(12);
    const twin = await restored(takeSnapshot(blocks), rootOf(blocks, 12));
    expect([twin.latestHeight(), twin.firstHeight]).toEqual([12, 12]);
    expect(twin.blocks.earliestStateHeight()).toBe(12);
    for (let block = 0; block < 3; block += 1) {
      await send(chain, 5n);
      await send(twin, 5n);
      const nowMs = START + 60_000 + block;
      const [one, two] = [await chain.produceBlock(nowMs), await twin.produceBlock(nowMs)];
      expect(two).toEqual(one);
    }
    expect([...twin.blocks.state.range({})]).toEqual([...blocks.state.range({})]);
    expect(twin.blocks.earliestStateHeight()).toBe(12);
  });

  test('of an earlier block is that of then', async () => {
    const { chain, blocks } = await grown(8);
    const then = takeSnapshot(blocks);
    await produce(chain, 4);
    expect(takeSnapshot(blocks, 8)).toEqual(then);
    expect(() => takeSnapshot(blocks, 13)).toThrow(expect.objectContaining({ code: 'STATE_NOT_KEPT' }));
  });

  test('needs a block', async () => {
    const { blocks } = await grown(0);
    expect(() => takeSnapshot(blocks)).toThrow(expect.objectContaining({ code: 'NO_CHAIN' }));
  });
});

describe('a snapshot is refused', async () => {
  const { blocks, store } = await grown(6);
  const snapshot = takeSnapshot(blocks);
  const root = rootOf(blocks, 6);
  const stored = blocks.block(6)!.block;

  const outcome = async (forged: ChainSnapshot, appHash = root, target = createMemoryStore()): Promise<string> => {
    try {
      await restoreSnapshot(target, genesis, forged, appHash);
      return 'taken';
    } catch (thrown) {
      const { code, message } = thrown as Error & { code?: string };
      if (target !== store) expect([...target.range({})]).toEqual([]);
      return `${code}: ${message}`;
    }
  };
  const withManifest = (change: Partial<SnapshotManifest>, chunks = snapshot.chunks): ChainSnapshot => {
    const manifest = {
      ...decode(SnapshotManifestSchema, snapshot.manifest),
      chunkHashes: chunks.map(sha256),
      ...change,
    };
    return { manifest: encode(SnapshotManifestSchema, create(SnapshotManifestSchema, manifest)), chunks };
  };
  const withRecords = (change: (records: Record[]) => unknown): ChainSnapshot => {
    const chunk = decode(SnapshotChunkSchema, snapshot.chunks[0]!);
    change(chunk.records);
    return withManifest({}, [encode(SnapshotChunkSchema, chunk)]);
  };
  const header = stored.header!;
  const otherTime = { ...header, time: { ...header.time!, seconds: 5n } };

  test.each<[string, ChainSnapshot, string]>([
    ['of another format', withManifest({ format: 2 }), 'its format is 2'],
    ['of another chain', withManifest({ chainId: 'other' }), 'it is of chain other'],
    ['of another root than the trusted one', withManifest({ appHash: new Uint8Array(32) }), 'trusted is'],
    ['without its records', withManifest({}, []), 'lead to root'],
    ['with a record less', withRecords((records) => records.pop()), 'lead to root'],
    ['with another record', withRecords((records) => (records[3]!.value = Uint8Array.of(1))), 'lead to root'],
    ['with records out of order', withRecords((records) => records.reverse()), 'do not ascend'],
    ['with a record twice', withRecords((records) => records.push(records.at(-1)!)), 'do not ascend'],
    [
      'with a key of no record',
      withRecords((records) => records.push({ ...records[0]!, key: Buffer.from('trie/') })),
      'do not ascend, or are none',
    ],
    ['with a chunk that is none', withManifest({}, [Uint8Array.of(255)]), 'a chunk is none'],
    ['with fewer chunks than it says', { ...snapshot, chunks: [] }, '0 of 1 chunks'],
    [
      'with a chunk that changed on the way',
      { ...snapshot, chunks: withRecords((records) => records.pop()).chunks },
      'chunk 0 is damaged',
    ],
    ['with a manifest that is none', { ...snapshot, manifest: Uint8Array.of(255) }, 'cannot be read'],
    ['with a block that is none', withManifest({ block: Uint8Array.of(255) }), 'cannot be read'],
    ['with another height', withManifest({ height: 5n }), 'its block is another one'],
    [
      'with another block',
      withManifest({ block: decode(SnapshotManifestSchema, takeSnapshot(blocks, 5).manifest).block }),
      'its block is another one',
    ],
    [
      'with another time',
      withManifest({ block: encode(BlockSchema, { ...stored, header: otherTime }) }),
      'not the one that its state has seen',
    ],
    [
      'with other transactions',
      withManifest({ block: encode(BlockSchema, { ...stored, data: { ...stored.data!, txs: [] } }) }),
      'its block has other transactions',
    ],
  ])('%s', async (_what, forged, why) => {
    const said = await outcome(forged);
    expect(said).toContain('SNAPSHOT_INVALID');
    expect(said).toContain(why);
  });

  test('by a store that has a chain, and by nobody who is told its root', async () => {
    expect(await outcome(snapshot, root, store)).toContain('STORE_NOT_EMPTY');
    expect(await outcome(snapshot, new Uint8Array(32))).toContain('trusted is');
    expect(await outcome(snapshot)).toBe('taken');
  });
});
