/**
 * `cosmos.tx.v1beta1.Service` as far as blocks and mempool answer it: sending and finding transactions. Simulation is a
 * question about the state.
 *
 * Source: cosmos/cosmos-sdk `x/auth/tx/service.go`, `x/auth/tx/query.go`, `client/broadcast.go`.
 */
import { create } from '@bufbuild/protobuf';
import { SDK, type RegisteredError } from '@decai/ledger/registered-error';
import { chainJsonText } from '@decai/protocol/chain-json';
import { isFault } from '@decai/protocol/fault';
import { PageResponseSchema } from '@decai/protocol/gen/cosmos/base/query/v1beta1/pagination_pb';
import {
  BroadcastMode,
  OrderBy,
  Service,
  type GetTxsEventRequest,
} from '@decai/protocol/gen/cosmos/tx/v1beta1/service_pb';
import { TxSchema, type Tx } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import { BlockSchema } from '@decai/protocol/gen/tendermint/types/block_pb';
import { BlockIDSchema } from '@decai/protocol/gen/tendermint/types/types_pb';
import { transactionBytes } from '@decai/protocol/transaction';
import type { Admission, MempoolRefusal } from '../embedded/mempool.ts';
import { parseEventQuery } from '../event-query.ts';
import type { LedgerNode } from '../ledger-node.ts';
import type { Place } from '../embedded/block-store.ts';
import { searchTransactions, transactionAt, transactionsAt, transactionsIn } from '../search-transactions.ts';
import { restRefusal, type RestOutcome } from './grpc-status.ts';
import { JsonText, restMethod, type RestMethod } from './rest-method.ts';
import { responseText, transactionParts, transactionTexts } from './transaction-json.ts';

const { getTx, getTxsEvent, broadcastTx, getBlockWithTxs, txDecode, txEncode } = Service.method;
const PAGE_MAX = 100n;

export function transactionMethods(node: LedgerNode): readonly RestMethod[] {
  return [
    restMethod(getTx, ({ hash }) => findOne(node, hash)),
    restMethod(getTxsEvent, (request) => findSome(node, request)),
    restMethod(broadcastTx, ({ txBytes, mode }) => broadcast(node, txBytes, mode)),
    restMethod(getBlockWithTxs, ({ height, pagination }) => {
      return blockWithTransactions(node, height, pagination?.offset ?? 0n, pagination?.limit || PAGE_MAX);
    }),
    restMethod(txDecode, ({ txBytes }) => {
      if (txBytes.length === 0) return restRefusal('InvalidArgument', 'invalid empty tx bytes');
      const tx = readParts(txBytes);
      return tx.ok ? { ok: true, value: { tx: tx.value } } : tx;
    }),
    restMethod(txEncode, ({ tx }) => {
      if (tx === undefined) return restRefusal('InvalidArgument', 'invalid empty tx');
      return { ok: true, value: { txBytes: transactionBytes(tx) } };
    }),
  ];
}

function findOne(node: LedgerNode, hash: string): RestOutcome<JsonText> {
  if (hash === '') return restRefusal('InvalidArgument', 'tx hash cannot be empty');
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(hash)) return restRefusal('InvalidArgument', 'tx hash is not hexadecimal');
  const place = hash.length === 64 ? node.blocks.placeOf(hash) : undefined;
  const found = place === undefined ? undefined : transactionAt(node, place);
  if (found === undefined) return restRefusal('NotFound', `tx not found: ${hash}`);
  const { tx, response } = transactionTexts(found);
  return { ok: true, value: new JsonText(`{"tx":${tx},"tx_response":${response}}`) };
}

/** Pages are counted from 1 and hold at most a hundred. */
function findSome(node: LedgerNode, request: GetTxsEventRequest): RestOutcome<JsonText> {
  const query = request.query === '' ? request.events.join(' AND ') : request.query;
  if (query === '') return restRefusal('InvalidArgument', 'query cannot be empty');
  const searched = search(node, query);
  if (!searched.ok) return searched;
  const { value: found } = searched;
  if (request.orderBy === OrderBy.DESC) found.reverse();
  const limit = Number(request.limit === 0n || request.limit > PAGE_MAX ? PAGE_MAX : request.limit);
  const page = request.page || 1n;
  const pages = Math.max(1, Math.ceil(found.length / limit));
  if (page > pages) return restRefusal('Internal', `page should be within [1, ${pages}] range, given ${page}`);
  const first = (Number(page) - 1) * limit;
  const onPage = transactionsAt(node, found.slice(first, first + limit));
  const texts = onPage.map(transactionTexts);
  const [txs, responses] = [texts.map(({ tx }) => tx), texts.map(({ response }) => response)];
  const lists = `"txs":[${txs.join(',')}],"tx_responses":[${responses.join(',')}]`;
  return { ok: true, value: new JsonText(`{${lists},"pagination":null,"total":"${found.length}"}`) };
}

function search(node: LedgerNode, query: string): RestOutcome<Place[]> {
  try {
    return { ok: true, value: searchTransactions(node, parseEventQuery(query)) };
  } catch (thrown) {
    if (!isFault(thrown, 'QUERY_INVALID') && !isFault(thrown, 'QUERY_TOO_BROAD')) throw thrown;
    return restRefusal('InvalidArgument', thrown.message);
  }
}

function broadcast(node: LedgerNode, bytes: Uint8Array, mode: BroadcastMode): RestOutcome<JsonText> {
  if (bytes.length === 0) return restRefusal('InvalidArgument', 'invalid empty tx');
  if (mode !== BroadcastMode.SYNC && mode !== BroadcastMode.ASYNC) {
    return restRefusal('InvalidArgument', 'unsupported return type; supported types: sync, async');
  }
  const response = responseText(broadcastFields(node.admit(bytes), mode));
  return { ok: true, value: new JsonText(`{"tx_response":${response}}`) };
}

/** What the mempool has no place for is told as a result, in both modes; what the check found, only to who waits for it. */
function broadcastFields(admission: Admission, mode: BroadcastMode): Parameters<typeof responseText>[0] {
  const { hash: txhash } = admission;
  if (!admission.checked) {
    const [codespace, code] = NO_PLACE[admission.refusal.code];
    return { txhash, codespace, code };
  }
  if (mode === BroadcastMode.ASYNC) return { txhash };
  const { code, codespace, log } = admission.result;
  return { txhash, code, codespace, rawLog: log };
}

const NO_PLACE: Readonly<Record<MempoolRefusal['code'], RegisteredError>> = {
  MEMPOOL_TX_SEEN: ['sdk', 19, 'tx already in mempool'],
  MEMPOOL_FULL: ['sdk', 20, 'mempool is full'],
  MEMPOOL_TX_TOO_LARGE: ['sdk', 21, 'tx too large'],
};

function blockWithTransactions(node: LedgerNode, height: bigint, offset: bigint, limit: bigint): RestOutcome<JsonText> {
  const latest = node.latestHeight();
  if (height < 1n || height > latest) {
    const rule = `height must not be less than 1 or greater than the current height ${latest}`;
    return restRefusal('InvalidArgument', `requested height ${height} but ${rule}: ${SDK.INVALID_HEIGHT[2]}`);
  }
  const stored = node.blocks.block(Number(height));
  if (stored === undefined) return restRefusal('NotFound', `there is no block ${height}`);
  const all = transactionsIn(stored, Number(height));
  if (all.length > 0 && offset >= all.length) {
    const range = `cannot paginate ${all.length} txs with offset ${offset} and limit ${limit}`;
    return restRefusal('InvalidArgument', `out of range: ${range}: ${SDK.INVALID_REQUEST[2]}`);
  }
  const [first, count] = [Number(offset), Number(limit > PAGE_MAX ? PAGE_MAX : limit)];
  const txs = all.slice(first, first + count).map(({ bytes }) => chainJsonText(TxSchema, transactionParts(bytes)));
  const id = chainJsonText(BlockIDSchema, stored.commit.blockId ?? create(BlockIDSchema));
  const block = chainJsonText(BlockSchema, stored.block);
  const pagination = chainJsonText(PageResponseSchema, create(PageResponseSchema, { total: BigInt(all.length) }));
  const text = `{"txs":[${txs.join(',')}],"block_id":${id},"block":${block},"pagination":${pagination}}`;
  return { ok: true, value: new JsonText(text) };
}

function readParts(bytes: Uint8Array): RestOutcome<Tx> {
  try {
    return { ok: true, value: transactionParts(bytes) };
  } catch (thrown) {
    if (!isFault(thrown, 'TX_UNDECODABLE')) throw thrown;
    return restRefusal('InvalidArgument', `${thrown.message}: ${SDK.TX_DECODE[2]}`);
  }
}
