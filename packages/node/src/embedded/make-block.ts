/**
 * Puts a block together: the header with all its roots, the transactions, and the sequencer's signature over its id.
 *
 * The ledger is given the block's own hash, so everything in the header comes from before the block: the state's hash is
 * that after the previous block.
 *
 * Source: cometbft/cometbft v0.38 `state/state.go` (`MakeBlock`), `state/execution.go`.
 */
import { create } from '@bufbuild/protobuf';
import { TimestampSchema, type Timestamp } from '@bufbuild/protobuf/wkt';
import { BlockSchema, type Block } from '@decai/protocol/gen/tendermint/types/block_pb';
import {
  BlockIDSchema,
  CommitSchema,
  CommitSigSchema,
  HeaderSchema,
  type BlockID,
  type Commit,
} from '@decai/protocol/gen/tendermint/types/types_pb';
import { BlockIDFlag } from '@decai/protocol/gen/tendermint/types/validator_pb';
import { commitHash, consensusHash, dataHash, partSet, resultsHash, validatorsHash } from '../block/block-roots.ts';
import { headerHash } from '../block/header-hash.ts';
import { merkleRoot } from '../block/merkle-root.ts';
import { precommitSignBytes, type SequencerKey } from '../block/sequencer-key.ts';
import type { ConsensusLimits } from '../ledger-node.ts';
import type { StoredBlock } from './block-store.ts';

export type BlockMaking = {
  readonly chainId: string;
  readonly height: number;
  readonly timeNs: bigint;
  readonly transactions: readonly Uint8Array[];
  /** The state's hash before this block. */
  readonly appHash: Uint8Array;
  /** Undefined for the first block. */
  readonly previous: StoredBlock | undefined;
  readonly key: SequencerKey;
  readonly votingPower: bigint;
  readonly limits: ConsensusLimits;
};

export type MadeBlock = { readonly block: Block; readonly commit: Commit; readonly hash: Uint8Array };

/** CometBFT's block protocol. */
const BLOCK_VERSION = 11n;
const NANOS = 1_000_000_000n;

export function makeBlock(making: BlockMaking): MadeBlock {
  const { chainId, height, previous, key, votingPower, limits, transactions } = making;
  const time = timestamp(making.timeNs);
  const lastCommit = previous?.commit ?? create(CommitSchema);
  const validators = validatorsHash([{ publicKey: key.publicKey, votingPower }]);
  const header = create(HeaderSchema, {
    version: { block: BLOCK_VERSION },
    chainId,
    height: BigInt(height),
    time,
    lastBlockId: previous?.commit.blockId ?? create(BlockIDSchema, { partSetHeader: {} }),
    lastCommitHash: commitHash(lastCommit),
    dataHash: dataHash(transactions),
    validatorsHash: validators,
    nextValidatorsHash: validators,
    consensusHash: consensusHash(BigInt(limits.blockBytesMax), limits.blockGasMax),
    appHash: making.appHash,
    lastResultsHash: resultsHash(previous?.results.txResults ?? []),
    evidenceHash: merkleRoot([]),
    proposerAddress: key.address,
  });
  const block = create(BlockSchema, { header, data: { txs: [...transactions] }, evidence: {}, lastCommit });
  const hash = headerHash(header);
  const blockId = create(BlockIDSchema, { hash, partSetHeader: partSet(block) });
  return { block, hash, commit: signBlock(chainId, BigInt(height), time, blockId, key) };
}

function signBlock(chainId: string, height: bigint, time: Timestamp, blockId: BlockID, key: SequencerKey): Commit {
  const signature = create(CommitSigSchema, {
    blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_COMMIT,
    validatorAddress: key.address,
    timestamp: time,
    signature: key.sign(precommitSignBytes({ height, blockId, time, chainId })),
  });
  return create(CommitSchema, { height, round: 0, blockId, signatures: [signature] });
}

function timestamp(timeNs: bigint): Timestamp {
  return create(TimestampSchema, { seconds: timeNs / NANOS, nanos: Number(timeNs % NANOS) });
}
