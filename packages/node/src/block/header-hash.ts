/**
 * The hash of a block: the Merkle root of its header's fourteen fields, each encoded by itself.
 *
 * Everything in a block hangs on it: transactions, results, validators and state by their roots in the header, and all
 * blocks before by the last block's id.
 *
 * Source: cometbft/cometbft v0.38 `types/block.go` (`Header.Hash`), `types/encoding_helper.go`.
 */
import { create } from '@bufbuild/protobuf';
import { BytesValueSchema, Int64ValueSchema, StringValueSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import { EMPTY } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { BlockIDSchema, type Header } from '@decai/protocol/gen/tendermint/types/types_pb';
import { ConsensusSchema } from '@decai/protocol/gen/tendermint/version/types_pb';
import { merkleRoot } from './merkle-root.ts';

/** 32 bytes. */
export function headerHash(header: Header): Uint8Array {
  return merkleRoot([
    encode(ConsensusSchema, header.version ?? create(ConsensusSchema)),
    header.chainId === '' ? EMPTY : encode(StringValueSchema, create(StringValueSchema, { value: header.chainId })),
    header.height === 0n ? EMPTY : encode(Int64ValueSchema, create(Int64ValueSchema, { value: header.height })),
    encode(TimestampSchema, header.time ?? create(TimestampSchema)),
    encode(BlockIDSchema, header.lastBlockId ?? create(BlockIDSchema)),
    wrapped(header.lastCommitHash),
    wrapped(header.dataHash),
    wrapped(header.validatorsHash),
    wrapped(header.nextValidatorsHash),
    wrapped(header.consensusHash),
    wrapped(header.appHash),
    wrapped(header.lastResultsHash),
    wrapped(header.evidenceHash),
    wrapped(header.proposerAddress),
  ]);
}

function wrapped(value: Uint8Array): Uint8Array {
  return value.length === 0 ? EMPTY : encode(BytesValueSchema, create(BytesValueSchema, { value }));
}
