/**
 * The consensus part of a genesis document: what bounds a block. The ledger reads the rest.
 *
 * Source: cometbft/cometbft v0.38 `types/genesis.go`, `types/params.go`; cosmos/cosmos-sdk `x/genutil/types/genesis.go`.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import type { ConsensusLimits } from '../ledger-node.ts';

/** Small enough that a block never waits for its own bytes. */
const BLOCK_BYTES_MAX = 2 * 1024 * 1024;

type JsonObject = Readonly<Record<string, unknown>>;

export function consensusLimits(genesis: JsonValue): ConsensusLimits {
  const root = genesis as JsonObject;
  const params = child(child(root, 'consensus'), 'params') ?? child(root, 'consensus_params');
  const block = child(params, 'block');
  const bytes = Number(block?.['max_bytes'] ?? BLOCK_BYTES_MAX);
  const gas = `${block?.['max_gas'] ?? '-1'}`;
  if (!Number.isSafeInteger(bytes) || bytes < 1 || !/^-?\d{1,18}$/.test(gas)) {
    throw new Fault('GENESIS_INVALID', 'consensus.params.block has max_bytes above 0 and an integer max_gas');
  }
  return { blockBytesMax: bytes, blockGasMax: BigInt(gas) };
}

/** The document as it is kept: one text for one document. */
export function encodeGenesis(genesis: JsonValue): Uint8Array {
  return utf8(JSON.stringify(genesis));
}

export function decodeGenesis(bytes: Uint8Array): JsonValue {
  return JSON.parse(fromUtf8(bytes)) as JsonValue;
}

function child(parent: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = parent?.[name];
  return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
}
