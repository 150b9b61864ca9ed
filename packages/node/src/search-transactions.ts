/**
 * Finds transactions by an event query: by hash at once, by an attribute through the index, otherwise block by block.
 *
 * Source: cometbft/cometbft v0.38 `state/txindex/kv/kv.go`, `rpc/core/tx.go`.
 */
import { Fault } from '@decai/protocol/fault';
import type { ExecTxResult } from '@decai/protocol/gen/tendermint/abci/types_pb';
import type { Block } from '@decai/protocol/gen/tendermint/types/block_pb';
import { transactionHash } from '@decai/protocol/transaction';
import type { Place, StoredBlock } from './embedded/block-store.ts';
import { eventMap, matchesEvents, type Condition } from './event-query.ts';
import type { LedgerNode } from './ledger-node.ts';

export type FoundTransaction = {
  readonly hash: string;
  readonly height: number;
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly result: ExecTxResult;
  /** The block that it is in. */
  readonly block: Block;
};

/** Places listed before a search is refused: a query must be about something. */
const PLACES_MAX = 200_000;
/** Transactions read from their blocks before a search is refused. */
const READ_MAX = 5_000;

/**
 * The places of all transactions that fulfil the conditions, oldest first.
 *
 * What says that an attribute has a value, or where a height lies, is answered by the index alone; only for what is left is
 * each transaction read.
 *
 * @throws QUERY_TOO_BROAD when too many transactions would have to be listed or read.
 */
export function searchTransactions(node: LedgerNode, conditions: readonly Condition[]): Place[] {
  if (conditions.some(({ key, operator, value }) => key === 'tm.event' && operator === '=' && value !== 'Tx'))
    return [];
  const hashes = conditions.filter(({ key, operator }) => key === 'tx.hash' && operator === '=');
  const equal = conditions.filter(isIndexed);
  const heights = heightRange(conditions, node.firstHeight, node.latestHeight());
  const rest = conditions.filter((condition) => !isIndexed(condition) && !isDecided(condition));
  const listed = hashes.length > 0 ? placesOfHashes(node, hashes) : placesListed(node, equal, heights);
  const kept = hashes.length > 0 ? [...equal, ...rest] : rest;
  const within = listed.filter(({ height }) => heights.from <= height && height <= heights.to);
  return kept.length === 0 ? within : fulfilling(node, within, kept);
}

/** Whether the index of attributes answers a condition. */
function isIndexed({ key, operator }: Condition): boolean {
  return operator === '=' && !BUILT_IN.includes(key);
}

const BUILT_IN = ['tx.hash', 'tx.height', 'tm.event'];

/** Whether a condition is answered once hashes, heights and the kind of event have been looked at. */
function isDecided({ key, operator, value }: Condition): boolean {
  if (key === 'tx.height') return !['CONTAINS', 'EXISTS'].includes(operator) && Number.isSafeInteger(Number(value));
  return BUILT_IN.includes(key) && operator === '=';
}

/** All hashes must be those of one transaction. */
function placesOfHashes(node: LedgerNode, [first, ...others]: readonly Condition[]): Place[] {
  const hash = first!.value.toUpperCase();
  if (!/^[0-9A-F]{64}$/.test(hash) || others.some(({ value }) => value.toUpperCase() !== hash)) return [];
  const place = node.blocks.placeOf(hash);
  return place === undefined ? [] : [place];
}

/** Where all the attributes have their values; without any, every transaction between the heights. */
function placesListed(node: LedgerNode, equal: readonly Condition[], { from, to }: HeightRange): Place[] {
  const [first, ...others] = equal.map(({ key, value }) => node.blocks.placesByAttribute(key, value));
  if (first === undefined) return listOf(node.blocks.placesBetween(from, to));
  let places = listOf(first);
  for (const other of others) {
    const names = new Set(listOf(other).map(nameOf));
    places = places.filter((place) => names.has(nameOf(place)));
  }
  return places;
}

function listOf(places: Iterable<Place>): Place[] {
  const list: Place[] = [];
  for (const place of places) {
    if (list.push(place) > PLACES_MAX) throw tooBroad();
  }
  return list;
}

function nameOf({ height, index }: Place): string {
  return `${height}/${index}`;
}

function fulfilling(node: LedgerNode, places: readonly Place[], conditions: readonly Condition[]): Place[] {
  if (places.length > READ_MAX) throw tooBroad();
  return transactionsAt(node, places).filter((found) => matchesEvents(conditions, transactionEvents(found)));
}

function tooBroad(): Fault<'QUERY_TOO_BROAD'> {
  return new Fault('QUERY_TOO_BROAD', 'the query is about too many transactions');
}

export function transactionAt(node: LedgerNode, place: Place): FoundTransaction | undefined {
  return transactionsAt(node, [place])[0];
}

/** The transactions at places in the order of blocks, or the reverse: each block is read once. */
export function transactionsAt(node: LedgerNode, places: readonly Place[]): FoundTransaction[] {
  let block: { readonly height: number; readonly stored: StoredBlock | undefined } | undefined;
  return places.flatMap(({ height, index }) => {
    if (block?.height !== height) block = { height, stored: node.blocks.block(height) };
    return (block.stored && transactionIn(block.stored, height, index)) ?? [];
  });
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
  return { hash: transactionHash(bytes), height, index, bytes, result, block: stored.block };
}

type HeightRange = { readonly from: number; readonly to: number };

function heightRange(conditions: readonly Condition[], first: number, latest: number): HeightRange {
  let [from, to] = [first, latest];
  for (const { key, operator, value } of conditions) {
    const height = Number(value);
    if (key !== 'tx.height' || !Number.isSafeInteger(height)) continue;
    if (operator === '=') [from, to] = [Math.max(from, height), Math.min(to, height)];
    if (operator === '>=') from = Math.max(from, height);
    if (operator === '>') from = Math.max(from, height + 1);
    if (operator === '<=') to = Math.min(to, height);
    if (operator === '<') to = Math.min(to, height - 1);
  }
  return { from, to };
}
