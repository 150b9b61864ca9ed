/**
 * Finds transactions by an event query: by hash at once, by an attribute through the index, otherwise block by block.
 *
 * Source: cometbft/cometbft v0.38 `state/txindex/kv/kv.go`, `rpc/core/tx.go`.
 */
import { Fault } from '@decai/protocol/fault';
import type { ExecTxResult } from '@decai/protocol/gen/tendermint/abci/types_pb';
import { transactionHash } from '@decai/protocol/transaction';
import type { Place, StoredBlock } from './embedded/block-store.ts';
import { eventMap, fulfils, matchesEvents, type Condition } from './event-query.ts';
import type { LedgerNode } from './ledger-node.ts';

export type FoundTransaction = {
  readonly hash: string;
  readonly height: number;
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly result: ExecTxResult;
};

/** Looked at before a search is refused: a query must be about something. */
const CANDIDATES_MAX = 200_000;

/**
 * All transactions that fulfil the conditions, oldest first.
 *
 * @throws QUERY_TOO_BROAD when too many blocks or transactions would have to be looked at.
 */
export function searchTransactions(node: LedgerNode, conditions: readonly Condition[]): FoundTransaction[] {
  const found: FoundTransaction[] = [];
  let looked = 0;
  for (const transaction of candidates(node, conditions)) {
    if ((looked += 1) > CANDIDATES_MAX) throw new Fault('QUERY_TOO_BROAD', 'the query is about too many transactions');
    if (transaction !== undefined && matches(transaction, conditions)) found.push(transaction);
  }
  return found;
}

export function transactionAt(node: LedgerNode, { height, index }: Place): FoundTransaction | undefined {
  const stored = node.blocks.block(height);
  return stored === undefined ? undefined : transactionIn(stored, height, index);
}

/** What a query sees of a transaction. */
export function transactionEvents({ hash, height, result }: FoundTransaction): ReturnType<typeof eventMap> {
  return eventMap(result.events, { 'tm.event': 'Tx', 'tx.hash': hash, 'tx.height': `${height}` });
}

/** Every transaction of a block. */
export function transactionsIn(stored: StoredBlock, height: number): FoundTransaction[] {
  return (stored.block.data?.txs ?? []).map((_, index) => transactionIn(stored, height, index)!);
}

function transactionIn(stored: StoredBlock, height: number, index: number): FoundTransaction | undefined {
  const bytes = stored.block.data?.txs[index];
  const result = stored.results.txResults[index];
  if (bytes === undefined || result === undefined) return undefined;
  return { hash: transactionHash(bytes), height, index, bytes, result };
}

/** Transactions that may match, oldest first; undefined for a block without any, so that it is counted. */
function* candidates(
  node: LedgerNode,
  conditions: readonly Condition[],
): Generator<FoundTransaction | undefined, void> {
  const hash = conditions.find(({ key, operator }) => key === 'tx.hash' && operator === '=');
  if (hash !== undefined) {
    const place = /^[0-9a-fA-F]{64}$/.test(hash.value) ? node.blocks.placeOf(hash.value) : undefined;
    if (place !== undefined) yield transactionAt(node, place);
    return;
  }
  const heights = heightRange(conditions, node.firstHeight, node.latestHeight());
  const indexed = conditions.find(
    ({ key, operator }) => operator === '=' && !key.startsWith('tx.h') && key !== 'tm.event',
  );
  if (indexed !== undefined) {
    for (const place of node.blocks.placesByAttribute(indexed.key, indexed.value)) {
      if (heights.from <= place.height && place.height <= heights.to) yield transactionAt(node, place);
    }
    return;
  }
  for (let height = heights.from; height <= heights.to; height += 1) {
    const stored = node.blocks.block(height);
    yield undefined;
    if (stored !== undefined) yield* transactionsIn(stored, height);
  }
}

function heightRange(conditions: readonly Condition[], first: number, latest: number): { from: number; to: number } {
  let [from, to] = [first, latest];
  for (const { key, operator, value } of conditions) {
    const height = Number(value);
    if (key !== 'tx.height' || !Number.isSafeInteger(height)) continue;
    if (operator === '=') [from, to] = [Math.max(from, height), Math.min(to, height)];
    if (operator === '>=' || operator === '>') from = Math.max(from, height);
    if (operator === '<=' || operator === '<') to = Math.min(to, height);
  }
  return { from, to };
}

function matches(transaction: FoundTransaction, conditions: readonly Condition[]): boolean {
  const events = transactionEvents(transaction);
  return conditions.every((condition) =>
    condition.key === 'tx.hash'
      ? fulfils({ ...condition, value: condition.value.toUpperCase() }, transaction.hash)
      : matchesEvents([condition], events),
  );
}
