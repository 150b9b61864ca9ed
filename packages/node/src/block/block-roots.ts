/**
 * The roots that a header holds of what is not in it: transactions, results, validators, parameters, the last commit; and
 * of the block itself, cut into parts.
 *
 * Source: cometbft/cometbft v0.38 `types/tx.go`, `types/results.go`, `types/validator.go`, `types/params.go`,
 * `types/block.go`, `types/part_set.go`.
 */
import { create } from '@bufbuild/protobuf';
import { encode } from '@decai/protocol/codec';
import { ExecTxResultSchema, type ExecTxResult } from '@decai/protocol/gen/tendermint/abci/types_pb';
import { PublicKeySchema } from '@decai/protocol/gen/tendermint/crypto/keys_pb';
import { BlockSchema, type Block } from '@decai/protocol/gen/tendermint/types/block_pb';
import { BlockParamsSchema } from '@decai/protocol/gen/tendermint/types/params_pb';
import { CommitSigSchema, type Commit } from '@decai/protocol/gen/tendermint/types/types_pb';
import { SimpleValidatorSchema } from '@decai/protocol/gen/tendermint/types/validator_pb';
import { sha256 } from '@decai/protocol/hash';
import { merkleRoot } from './merkle-root.ts';

export type BlockValidator = {
  /** ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly votingPower: bigint;
};

export type PartSet = { readonly total: number; readonly hash: Uint8Array };

const PART_BYTES = 65_536;

export function dataHash(transactions: readonly Uint8Array[]): Uint8Array {
  return merkleRoot(transactions.map(sha256));
}

/** Over what every machine computes alike: code, data and gas, without texts and events. */
export function resultsHash(results: readonly ExecTxResult[]): Uint8Array {
  return merkleRoot(
    results.map(({ code, data, gasWanted, gasUsed }) =>
      encode(ExecTxResultSchema, create(ExecTxResultSchema, { code, data, gasWanted, gasUsed })),
    ),
  );
}

/** In the order of the set: falling power. */
export function validatorsHash(validators: readonly BlockValidator[]): Uint8Array {
  return merkleRoot(
    validators.map(({ publicKey, votingPower }) => {
      const pubKey = create(PublicKeySchema, { sum: { case: 'ed25519', value: publicKey } });
      return encode(SimpleValidatorSchema, create(SimpleValidatorSchema, { pubKey, votingPower }));
    }),
  );
}

/** Of the two parameters that bound a block. */
export function consensusHash(blockMaxBytes: bigint, blockMaxGas: bigint): Uint8Array {
  // The hashed message has the fields of BlockParams.
  return sha256(encode(BlockParamsSchema, create(BlockParamsSchema, { maxBytes: blockMaxBytes, maxGas: blockMaxGas })));
}

export function commitHash(commit: Commit): Uint8Array {
  return merkleRoot(commit.signatures.map((signature) => encode(CommitSigSchema, signature)));
}

/** How the block is cut for the network; with the header's hash it is the block's id. */
export function partSet(block: Block): PartSet {
  const bytes = encode(BlockSchema, block);
  const parts: Uint8Array[] = [];
  for (let offset = 0; offset < bytes.length; offset += PART_BYTES)
    parts.push(bytes.subarray(offset, offset + PART_BYTES));
  return { total: parts.length, hash: merkleRoot(parts) };
}
