/**
 * A ledger in the same process, asked the way a remote one is: the client's transport over a node, without sockets.
 *
 * Source: the same methods as `rpc/rpc-methods.ts`, without the detour over JSON.
 */
import type {
  BlockReference,
  BroadcastAnswer,
  IncludedTransaction,
  LedgerBlock,
  LedgerBlockResults,
  LedgerStatus,
  LedgerTransport,
  TransactionPage,
  TransactionResult,
  TransactionSearch,
} from '@decai/client/ledger-transport';
import { Fault, isFault } from '@decai/protocol/fault';
import type { Event, ExecTxResult } from '@decai/protocol/gen/tendermint/abci/types_pb';
import type { ChainEvent } from '@decai/protocol/typed-event';
import type { Place, StoredBlock } from './embedded/block-store.ts';
import { parseEventQuery } from './event-query.ts';
import { COMET_VERSION, type LedgerNode } from './ledger-node.ts';
import { timeText } from './rpc/block-json.ts';
import { searchTransactions, transactionAt, transactionsAt, type FoundTransaction } from './search-transactions.ts';

export function inProcessTransport(node: LedgerNode): LedgerTransport {
  const read = async <T>(signal: AbortSignal | undefined, look: () => T): Promise<T> => {
    signal?.throwIfAborted();
    return await node.read(() => {
      signal?.throwIfAborted();
      return look();
    });
  };
  return {
    status: (signal) => read(signal, () => status(node)),
    block: (height = 0, signal) => read(signal, () => ledgerBlock(stored(node, height))),
    blockResults: (height, signal) => read(signal, () => blockResults(height, stored(node, height))),
    abciQuery: (path, data, height = 0, signal, prove = false) =>
      read(signal, () => {
        const { record, ...answer } = node.query({ path, data, height, prove });
        const [operation] = record?.proofOps ?? [];
        return operation === undefined ? answer : { ...answer, proof: operation.data };
      }),
    broadcastTxSync: (transaction, signal) => read(signal, () => broadcast(node, transaction)),
    tx: (hash, signal) =>
      read(signal, () => {
        const place = node.blocks.placeOf(hash);
        const found = place === undefined ? undefined : transactionAt(node, place);
        return found === undefined ? undefined : included(found);
      }),
    txSearch: (wanted, signal) => read(signal, () => searchPage(node, wanted)),
    subscribeBlocks: (signal) => subscribe(node, signal),
  };
}

function status(node: LedgerNode): LedgerStatus {
  const latestHeight = node.latestHeight();
  const latest = node.blocks.block(latestHeight);
  return {
    chainId: node.chainId,
    nodeVersion: COMET_VERSION,
    latestHeight,
    latestBlockHash: latest?.commit.blockId?.hash ?? new Uint8Array(0),
    latestBlockTime: latest === undefined ? '1970-01-01T00:00:00Z' : timeText(latest.block.header!.time!),
    earliestHeight: latest === undefined ? 0 : node.firstHeight,
    catchingUp: false,
  };
}

function blockResults(height: number, { results }: StoredBlock): LedgerBlockResults {
  const { txResults, events, appHash } = results;
  return { height, transactionResults: txResults.map(resultOf), blockEvents: events.map(plainEvent), appHash };
}

function broadcast(node: LedgerNode, transaction: Uint8Array): BroadcastAnswer {
  const admission = node.admit(transaction);
  if (!admission.checked) throw rpcFault('broadcast_tx_sync', admission.refusal.message);
  const { code, codespace, log } = admission.result;
  return { code, codespace, log, hash: admission.hash };
}

function searchPage(node: LedgerNode, wanted: TransactionSearch): TransactionPage {
  const { query, page = 1, perPage = 100, order = 'asc' } = wanted;
  const found = search(node, query);
  if (order === 'desc') found.reverse();
  const places = found.slice((page - 1) * perPage, page * perPage);
  return { transactions: transactionsAt(node, places).map(included), total: found.length };
}

async function* subscribe(node: LedgerNode, signal: AbortSignal): AsyncGenerator<BlockReference, void> {
  const unread: BlockReference[] = [];
  let wake: () => void = () => undefined;
  const stop = node.onBlock((_height, block) => {
    unread.push(referenceOf(block));
    wake();
  });
  const abort = (): void => wake();
  signal.addEventListener('abort', abort);
  try {
    for (;;) {
      signal.throwIfAborted();
      const block = unread.shift();
      if (block !== undefined) yield block;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stop();
    signal.removeEventListener('abort', abort);
  }
}

function stored(node: LedgerNode, height: number): StoredBlock {
  const block = node.blocks.block(height === 0 ? node.latestHeight() : height);
  if (block === undefined) throw rpcFault('block', `there is no block ${height}`);
  return block;
}

function referenceOf({ block, commit }: StoredBlock): BlockReference {
  const header = block.header!;
  return { height: Number(header.height), hash: commit.blockId!.hash, time: timeText(header.time!) };
}

function ledgerBlock(block: StoredBlock): LedgerBlock {
  const { chainId, proposerAddress, appHash } = block.block.header!;
  return { ...referenceOf(block), chainId, proposerAddress, appHash, transactions: block.block.data?.txs ?? [] };
}

function included({ hash, height, index, bytes, result }: FoundTransaction): IncludedTransaction {
  return { hash, height, index, transaction: bytes, result: resultOf(result) };
}

function resultOf({ code, codespace, log, data, gasWanted, gasUsed, events }: ExecTxResult): TransactionResult {
  return { code, codespace, log, data, gasWanted, gasUsed, events: events.map(plainEvent) };
}

function plainEvent({ type, attributes }: Event): ChainEvent {
  return { type, attributes: attributes.map(({ key, value }) => ({ key, value })) };
}

function search(node: LedgerNode, query: string): Place[] {
  try {
    return searchTransactions(node, parseEventQuery(query));
  } catch (thrown) {
    if (isFault(thrown, 'QUERY_INVALID') || isFault(thrown, 'QUERY_TOO_BROAD'))
      throw rpcFault('tx_search', thrown.message);
    throw thrown;
  }
}

function rpcFault(method: string, data: string): Fault {
  return new Fault('LEDGER_RPC_ERROR', `${method} was answered with an error: ${data}`, { method, code: -32603, data });
}
