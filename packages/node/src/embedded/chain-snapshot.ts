/**
 * A snapshot of a chain: the state after a block and that block, from which another node goes on without those before.
 *
 * The root of the state is what the restorer trusts. The state knows the hash of its last block, which vouches for the
 * block's header and time. Results are carried along; the next block's header says whether they were right.
 */
import { create, type JsonValue } from '@bufbuild/protobuf';
import { equalBytes, toHex } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import { Fault, isFault } from '@decai/protocol/fault';
import { SnapshotManifestSchema, type SnapshotManifest } from '@decai/protocol/gen/decai/state/v1/snapshot_pb';
import { ResponseFinalizeBlockSchema } from '@decai/protocol/gen/tendermint/abci/types_pb';
import { BlockSchema } from '@decai/protocol/gen/tendermint/types/block_pb';
import { CommitSchema } from '@decai/protocol/gen/tendermint/types/types_pb';
import { sha256 } from '@decai/protocol/hash';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import { parseGenesis } from '@decai/ledger/genesis';
import { invalidSnapshot, restoreState, snapshotChunks } from '@decai/ledger/snapshot';
import { dataHash } from '../block/block-roots.ts';
import { headerHash } from '../block/header-hash.ts';
import { BlockStore, type StoredBlock } from './block-store.ts';
import { encodeGenesis } from './genesis-document.ts';

export type ChainSnapshot = {
  readonly manifest: Uint8Array;
  /** In order. */
  readonly chunks: readonly Uint8Array[];
};

const FORMAT = 1;
const NANOS = 1_000_000_000n;

/**
 * The snapshot after the last block, or after an earlier one whose state is kept.
 *
 * @throws STATE_NOT_KEPT; NO_CHAIN before the first block.
 */
export function takeSnapshot(blocks: BlockStore, height: number = blocks.latestHeight()): ChainSnapshot {
  const state = blocks.expectStateAt(height);
  // Whoever has the state after a block has the block; a chain that has none yet has only its genesis.
  const stored = blocks.block(height);
  if (stored === undefined) throw new Fault('NO_CHAIN', 'there is no block to go on from');
  const chunks = [...snapshotChunks(state)];
  const manifest = create(SnapshotManifestSchema, {
    format: FORMAT,
    chainId: stored.block.header!.chainId,
    height: BigInt(height),
    appHash: stored.results.appHash,
    chunkHashes: chunks.map(sha256),
    block: encode(BlockSchema, stored.block),
    commit: encode(CommitSchema, stored.commit),
    results: encode(ResponseFinalizeBlockSchema, stored.results),
  });
  return { manifest: encode(SnapshotManifestSchema, manifest), chunks };
}

/**
 * Makes an empty store one that a node goes on from, and returns the height of its last block.
 *
 * `appHash`: the root that the state must have, from somebody trusted.
 *
 * @throws STORE_NOT_EMPTY; SNAPSHOT_INVALID when anything is not as the root says; GENESIS_INVALID.
 */
export async function restoreSnapshot(
  store: KeyValueStore,
  genesis: JsonValue,
  { manifest: bytes, chunks }: ChainSnapshot,
  appHash: Uint8Array,
): Promise<number> {
  const blocks = new BlockStore(store);
  if (blocks.genesis() !== undefined) throw new Fault('STORE_NOT_EMPTY', 'the store has a chain already');
  const begin = parseGenesis(genesis);
  const manifest = readManifest(bytes);
  const { chainId, chunkHashes } = manifest;
  if (chainId !== begin.chainId) throw invalidSnapshot(`it is of chain ${chainId}, the genesis of ${begin.chainId}`);
  if (!equalBytes(manifest.appHash, appHash)) {
    throw invalidSnapshot(`it is of root ${toHex(manifest.appHash)}, trusted is ${toHex(appHash)}`);
  }
  if (chunks.length !== chunkHashes.length) throw invalidSnapshot(`${chunks.length} of ${chunkHashes.length} chunks`);
  for (const [index, chunk] of chunks.entries()) {
    if (!equalBytes(sha256(chunk), chunkHashes[index]!)) throw invalidSnapshot(`chunk ${index} is damaged`);
  }
  const stored = readBlock(manifest);
  const header = stored.block.header!;
  const height = Number(header.height);
  const timeNs = (header.time?.seconds ?? 0n) * NANOS + BigInt(header.time?.nanos ?? 0);
  const hash = headerHash(header);
  const state = restoreState(begin, { height, timeNs, appHash, hash }, chunks);
  blocks.adopt(encodeGenesis(genesis), hash, stored, state);
  await blocks.flush();
  return height;
}

function readManifest(bytes: Uint8Array): SnapshotManifest {
  const manifest = readPart(() => decode(SnapshotManifestSchema, bytes));
  if (manifest.format !== FORMAT) throw invalidSnapshot(`its format is ${manifest.format}, known is ${FORMAT}`);
  return manifest;
}

function readBlock({ block: blockBytes, commit, results, height, chainId }: SnapshotManifest): StoredBlock {
  const block = readPart(() => decode(BlockSchema, blockBytes));
  const { header } = block;
  if (header === undefined || header.height !== height || header.chainId !== chainId) {
    throw invalidSnapshot('its block is another one');
  }
  const transactions = block.data?.txs ?? [];
  if (!equalBytes(dataHash(transactions), header.dataHash)) throw invalidSnapshot('its block has other transactions');
  return {
    block,
    commit: readPart(() => decode(CommitSchema, commit)),
    results: readPart(() => decode(ResponseFinalizeBlockSchema, results)),
  };
}

function readPart<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    throw invalidSnapshot(`a part of it cannot be read: ${thrown.message}`, thrown);
  }
}
