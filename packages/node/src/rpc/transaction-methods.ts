/**
 * The RPC's methods about transactions: one by its hash, many by their events, those that wait, and new ones.
 *
 * Source: cometbft/cometbft v0.38 `rpc/core/{tx,mempool}.go`, `types/tx.go` (TxProof).
 */
import { toBase64, toHex } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import { sha256 } from '@decai/protocol/hash';
import { merkleProof } from '../block/merkle-root.ts';
import type { Place } from '../embedded/block-store.ts';
import type { Admission } from '../embedded/mempool.ts';
import { parseEventQuery } from '../event-query.ts';
import type { LedgerNode } from '../ledger-node.ts';
import { searchTransactions, transactionAt, transactionsAt, type FoundTransaction } from '../search-transactions.ts';
import { hexText, type Json } from './block-json.ts';
import { txResultJson } from './result-json.ts';
import { internalError, invalidParams } from './rpc-error.ts';
import { isDescending, onPage, pageLength, type RpcMethod } from './rpc-method.ts';
import type { RpcParams } from './rpc-params.ts';

export const TRANSACTION_METHODS: Readonly<Record<string, RpcMethod>> = {
  tx: { params: ['hash', 'prove'], answer: tx },
  tx_search: { params: ['query', 'prove', 'page', 'per_page', 'order_by'], answer: txSearch },
  broadcast_tx_sync: { params: ['tx'], answer: (node, params) => broadcastJson(node.admit(transaction(params))) },
  broadcast_tx_async: { params: ['tx'], answer: broadcastAsync },
  unconfirmed_txs: { params: ['limit'], answer: unconfirmed },
  num_unconfirmed_txs: { params: [], answer: (node) => waiting(node, 0) },
};

function tx(node: LedgerNode, params: RpcParams): Json {
  const hash = params.bytes('hash');
  const place = hash.length === 32 ? node.blocks.placeOf(toHex(hash)) : undefined;
  const found = place === undefined ? undefined : transactionAt(node, place);
  if (found === undefined) throw internalError(`tx (${hexText(hash)}) not found`);
  return transactionJson(found, params.boolean('prove'));
}

function txSearch(node: LedgerNode, params: RpcParams): Json {
  const query = params.text('query');
  if (query === undefined) throw invalidParams('query is missing');
  const descends = isDescending(params);
  const prove = params.boolean('prove');
  const found = search(node, query);
  if (descends) found.reverse();
  const txs = transactionsAt(node, onPage(found, params)).map((one) => transactionJson(one, prove));
  return { txs, total_count: `${found.length}` };
}

function search(node: LedgerNode, query: string): Place[] {
  try {
    return searchTransactions(node, parseEventQuery(query));
  } catch (thrown) {
    if (isFault(thrown, 'QUERY_INVALID') || isFault(thrown, 'QUERY_TOO_BROAD')) throw internalError(thrown.message);
    throw thrown;
  }
}

function transactionJson(found: FoundTransaction, prove: boolean): Json {
  const { hash, height, index, result, bytes } = found;
  const json = { hash, height: `${height}`, index, tx_result: txResultJson(result), tx: toBase64(bytes) };
  return prove ? { ...json, proof: proofJson(found) } : json;
}

/** How the transaction leads to the hash of the data in its block's header. */
function proofJson({ index, bytes, block: { header, data } }: FoundTransaction): Json {
  const { total, leafHash, aunts } = merkleProof((data?.txs ?? []).map(sha256), index);
  return {
    root_hash: hexText(header!.dataHash),
    data: toBase64(bytes),
    proof: {
      total: `${total}`,
      index: `${index}`,
      leaf_hash: toBase64(leafHash),
      aunts: aunts.map(toBase64),
    },
  };
}

/** Answers before the check; what it finds nobody hears. */
function broadcastAsync(node: LedgerNode, params: RpcParams): Json {
  const { hash } = node.admit(transaction(params));
  return { code: 0, data: '', log: '', codespace: '', hash };
}

function unconfirmed(node: LedgerNode, params: RpcParams): Json {
  return waiting(node, pageLength(params.integer('limit')));
}

function waiting(node: LedgerNode, limit: number): Json {
  const { count, bytes } = node.waiting;
  const listed = limit === 0 ? [] : node.waiting.transactions().slice(0, limit);
  return {
    n_txs: `${limit === 0 ? count : listed.length}`,
    total: `${count}`,
    total_bytes: `${bytes}`,
    txs: limit === 0 ? null : listed.map(toBase64),
  };
}

function transaction(params: RpcParams): Uint8Array {
  const bytes = params.bytes('tx');
  if (bytes.length === 0) throw invalidParams('tx is missing');
  return bytes;
}

function broadcastJson(admission: Admission): Json {
  if (!admission.checked) throw internalError(admission.refusal.message);
  const { code, codespace, log } = admission.result;
  return { code, data: '', log, codespace, hash: admission.hash };
}
