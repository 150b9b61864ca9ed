/**
 * The whole state in chunks, for a node that does not want to execute every block since the first.
 *
 * A snapshot holds records and nothing else: whoever restores it builds the indexes and the tree himself, and keeps the
 * result only if its root is the one that he was told by somebody he trusts.
 *
 * Source: CometBFT v0.38 `proto/tendermint/abci/types.proto` (Snapshot, ApplySnapshotChunk) for the way of chunks.
 */
import { create } from '@bufbuild/protobuf';
import { equalBytes, toHex } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import { Fault, isFault } from '@decai/protocol/fault';
import { RecordSchema, SnapshotChunkSchema, type Record } from '@decai/protocol/gen/decai/state/v1/snapshot_pb';
import { KEY_BYTES_MAX, type KeyValueReader, type KeyValueWrite } from '@decai/protocol/key-value-store';
import { putChainRecord, putLastBlock, type LastBlock } from './chain-record.ts';
import type { Genesis } from './genesis.ts';
import { isRecordKey, recordsOf, sealState } from './state-root.ts';
import { State } from './state.ts';
import { keyBytes, keyText, Store } from './store.ts';

/** A chunk is closed when it has reached this size; a restorer takes none of more than twice as much. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** The records of a committed state, encoded `decai.state.v1.SnapshotChunk`s, in byte order of their keys. */
export function* snapshotChunks(committed: KeyValueReader, chunkBytes: number = CHUNK_BYTES): Generator<Uint8Array> {
  let records: Record[] = [];
  let size = 0;
  for (const [key, value] of recordsOf(new Store(committed))) {
    records.push(create(RecordSchema, { key: keyBytes(key), value }));
    size += key.length + value.length;
    if (size < chunkBytes) continue;
    yield encode(SnapshotChunkSchema, create(SnapshotChunkSchema, { records }));
    [records, size] = [[], 0];
  }
  if (records.length > 0) yield encode(SnapshotChunkSchema, create(SnapshotChunkSchema, { records }));
}

/**
 * The writes that make the state after `last` in an empty store. What genesis fixed comes from the genesis.
 *
 * @throws SNAPSHOT_INVALID unless the chunks are chunks, their keys ascend, and the state has the root of `last` and has
 * seen a block with its hash.
 */
export function restoreState(
  genesis: Genesis,
  { hash, ...last }: LastBlock & { readonly hash: Uint8Array },
  chunks: Iterable<Uint8Array>,
): KeyValueWrite[] {
  const store = new Store({ get: () => undefined, range: () => [] });
  let previous = '';
  for (const chunk of chunks) {
    for (const { key: bytes, value } of readChunk(chunk)) {
      const key = keyText(bytes);
      if (key <= previous || key.length > KEY_BYTES_MAX || !isRecordKey(key)) {
        throw invalidSnapshot('the keys of its records do not ascend, or are none');
      }
      store.put(key, value);
      previous = key;
    }
  }
  const root = sealState(store);
  if (!equalBytes(root, last.appHash)) {
    throw invalidSnapshot(`its records lead to root ${toHex(root)}, not to ${toHex(last.appHash)}`);
  }
  putChainRecord(store, genesis);
  const state = new State(store, { ...genesis, ...last, hash });
  if (!equalBytes(state.blockHashes.at(last.height), hash)) {
    throw invalidSnapshot(`its block ${last.height} is not the one that its state has seen`);
  }
  state.reindex();
  putLastBlock(store, last);
  return store.writes();
}

function readChunk(bytes: Uint8Array): readonly Record[] {
  try {
    return decode(SnapshotChunkSchema, bytes, { bytesMax: 2 * CHUNK_BYTES }).records;
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    throw invalidSnapshot(`a chunk is none: ${thrown.message}`, thrown);
  }
}

export function invalidSnapshot(message: string, cause?: unknown): Fault<'SNAPSHOT_INVALID'> {
  return new Fault('SNAPSHOT_INVALID', `the snapshot cannot be used: ${message}`, {}, cause);
}
