/** A recorded run of a whole chain as a node would have kept it, block by block. */
import { create } from '@bufbuild/protobuf';
import { fromBase64, fromHex } from '@decai/protocol/bytes';
import {
  EventSchema,
  ExecTxResultSchema,
  ResponseFinalizeBlockSchema,
} from '@decai/protocol/gen/tendermint/abci/types_pb';
import { BlockSchema } from '@decai/protocol/gen/tendermint/types/block_pb';
import { BlockIDSchema, CommitSchema } from '@decai/protocol/gen/tendermint/types/types_pb';
import { committedLines, committedVectors } from '@decai/protocol/testing/committed-vectors';
import { parseTimestamp } from '@decai/protocol/time-text';
import type { LocalnetRun, RecordedBlock, RecordedEvent } from '@decai/ledger/conformance/localnet-run';
import type { StoredBlock } from '../embedded/block-store.ts';
import type { IndexedChain } from '../explorer/follow-blocks.ts';

export type RecordedChain = IndexedChain & {
  /** What each block changed, as the recorder saw it. */
  readonly state: LocalnetRun['state'];
};

/** The run of that name in `vectors/localnet`. Its state is not read by anything under test. */
export function recordedChain(name: string): RecordedChain {
  const genesis = committedVectors(`localnet/${name}/genesis.json`) as LocalnetRun['genesis'];
  const blocks = (committedLines(`localnet/${name}/blocks.jsonl`) as RecordedBlock[]).map(storedBlock);
  const state = committedLines(`localnet/${name}/state.jsonl`) as LocalnetRun['state'];
  return {
    chainId: String(genesis['chain_id']),
    genesis,
    latestHeight: () => blocks.length,
    blocks: { block: (height) => blocks[height - 1], stateAt: () => undefined, earliestStateHeight: () => 1 },
    state,
  };
}

function storedBlock({ height, block_id: id, block, results }: RecordedBlock): StoredBlock {
  const { seconds, nanos } = parseTimestamp(block.header.time);
  const time = { $typeName: 'google.protobuf.Timestamp', seconds, nanos } as const;
  return {
    block: create(BlockSchema, {
      header: { height: BigInt(height), time },
      data: { txs: block.data.txs.map(fromBase64) },
    }),
    commit: create(CommitSchema, { blockId: create(BlockIDSchema, { hash: fromHex(id.hash.toLowerCase()) }) }),
    results: create(ResponseFinalizeBlockSchema, {
      events: (results.finalize_block_events ?? []).map(storedEvent),
      txResults: (results.txs_results ?? []).map(({ code, events }) =>
        create(ExecTxResultSchema, { code, events: events.map(storedEvent) }),
      ),
    }),
  };
}

function storedEvent({ type, attributes }: RecordedEvent) {
  return create(EventSchema, { type, attributes: attributes.map((one) => ({ ...one })) });
}
