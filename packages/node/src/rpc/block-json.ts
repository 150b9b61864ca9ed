/**
 * Blocks as CometBFT's RPC writes them: 64-bit integers as decimal text, hashes in upper-case hexadecimal, other bytes in
 * base64, times in RFC 3339 with as few digits as are needed.
 *
 * Source: cometbft/cometbft v0.38 `libs/json`, `types/block.go`.
 */
import { create } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { toBase64, toHex } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { BlockSchema, type Block } from '@decai/protocol/gen/tendermint/types/block_pb';
import {
  BlockIDSchema,
  CommitSchema,
  HeaderSchema,
  type BlockID,
  type Commit,
  type Header,
} from '@decai/protocol/gen/tendermint/types/types_pb';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export function hexText(bytes: Uint8Array): string {
  return toHex(bytes).toUpperCase();
}

/** As Go's RFC3339Nano: no trailing zeros, no point when nothing follows it. */
export function timeText({ seconds, nanos }: Timestamp): string {
  const second = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const digits = `${nanos}`.padStart(9, '0').replace(/0+$/, '');
  return digits === '' ? `${second}Z` : `${second}.${digits}Z`;
}

export function blockIdJson(id: BlockID = create(BlockIDSchema)): Json {
  return {
    hash: hexText(id.hash),
    parts: { total: id.partSetHeader?.total ?? 0, hash: hexText(id.partSetHeader?.hash ?? new Uint8Array(0)) },
  };
}

export function headerJson(header: Header = create(HeaderSchema)): Json {
  const { version } = header;
  return {
    version: { block: `${version?.block ?? 0n}`, ...(version?.app ? { app: `${version.app}` } : {}) },
    chain_id: header.chainId,
    height: `${header.height}`,
    time: timeText(header.time!),
    last_block_id: blockIdJson(header.lastBlockId),
    last_commit_hash: hexText(header.lastCommitHash),
    data_hash: hexText(header.dataHash),
    validators_hash: hexText(header.validatorsHash),
    next_validators_hash: hexText(header.nextValidatorsHash),
    consensus_hash: hexText(header.consensusHash),
    app_hash: hexText(header.appHash),
    last_results_hash: hexText(header.lastResultsHash),
    evidence_hash: hexText(header.evidenceHash),
    proposer_address: hexText(header.proposerAddress),
  };
}

export function commitJson(commit: Commit = create(CommitSchema)): Json {
  return {
    height: `${commit.height}`,
    round: commit.round,
    block_id: blockIdJson(commit.blockId),
    signatures: commit.signatures.map((signature) => ({
      block_id_flag: signature.blockIdFlag,
      validator_address: hexText(signature.validatorAddress),
      timestamp: timeText(signature.timestamp!),
      signature: toBase64(signature.signature),
    })),
  };
}

export function blockJson(block: Block): Json {
  return {
    header: headerJson(block.header),
    data: { txs: (block.data?.txs ?? []).map(toBase64) },
    evidence: { evidence: [] },
    last_commit: commitJson(block.lastCommit),
  };
}

/** A row of `blockchain`. */
export function blockMetaJson(block: Block, id: BlockID | undefined): Json {
  return {
    block_id: blockIdJson(id),
    block_size: `${encode(BlockSchema, block).length}`,
    header: headerJson(block.header),
    num_txs: `${block.data?.txs.length ?? 0}`,
  };
}
