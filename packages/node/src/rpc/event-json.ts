/**
 * What subscribers are told: one event for a new block, one for its header, one for each of its transactions.
 *
 * An event carries its data, and every attribute by name, which is what queries are matched against.
 *
 * Source: cometbft/cometbft v0.38 `types/events.go`, `types/event_bus.go`.
 */
import { toBase64 } from '@decai/protocol/bytes';
import type { StoredBlock } from '../embedded/block-store.ts';
import { eventMap, type EventMap } from '../event-query.ts';
import { transactionEvents, transactionsIn } from '../search-transactions.ts';
import { blockIdJson, blockJson, headerJson, type Json } from './block-json.ts';
import { eventsJson, sparseTxResultJson } from './result-json.ts';

export type PublishedEvent = {
  readonly attributes: EventMap;
  /** Made once it is known that somebody wants it. */
  readonly data: () => Json;
};

/** In the order in which CometBFT publishes them. */
export function publishedEvents(height: number, stored: StoredBlock): PublishedEvent[] {
  const { block, commit, results } = stored;
  const newBlock: PublishedEvent = {
    attributes: eventMap(results.events, { 'tm.event': 'NewBlock', 'block.height': `${height}` }),
    data: () => ({
      type: 'tendermint/event/NewBlock',
      value: {
        block: blockJson(block),
        block_id: blockIdJson(commit.blockId),
        result_finalize_block: {
          events: eventsJson(results.events),
          tx_results: results.txResults.map(sparseTxResultJson),
          validator_updates: null,
          app_hash: toBase64(results.appHash),
        },
      },
    }),
  };
  const newHeader: PublishedEvent = {
    attributes: eventMap([], { 'tm.event': 'NewBlockHeader' }),
    data: () => ({ type: 'tendermint/event/NewBlockHeader', value: { header: headerJson(block.header) } }),
  };
  const transactions = transactionsIn(stored, height).map((transaction): PublishedEvent => {
    const { index, bytes, result } = transaction;
    return {
      attributes: transactionEvents(transaction),
      data: () => ({
        type: 'tendermint/event/Tx',
        value: {
          TxResult: {
            height: `${height}`,
            ...(index === 0 ? {} : { index }),
            tx: toBase64(bytes),
            result: sparseTxResultJson(result),
          },
        },
      }),
    };
  });
  return [newBlock, newHeader, ...transactions];
}

export function attributesJson(attributes: EventMap): Json {
  return Object.fromEntries([...attributes].map(([name, values]) => [name, [...values]]));
}
