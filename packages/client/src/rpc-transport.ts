/**
 * A ledger over CometBFT's JSON-RPC: ours, a CometBFT 0.38 node, or Pocket's own network.
 *
 * Requests go by HTTP POST, the subscription by WebSocket at `<url>/websocket`.
 *
 * Source: cometbft/cometbft v0.38 `rpc/jsonrpc`; JSON-RPC 2.0.
 */
import { fromHex, toBase64, toHex, utf8 } from '@decai/protocol/bytes';
import { Fault, isFault } from '@decai/protocol/fault';
import { readBody } from '@decai/protocol/http';
import type { World } from '@decai/protocol/world';
import { withDeadline } from './deadline.ts';
import type { BlockReference, LedgerTransport } from './ledger-transport.ts';
import {
  parseJson,
  readBlock,
  readBlockResults,
  readBroadcast,
  readQuery,
  readReference,
  readStatus,
  readTransaction,
  readTransactionPage,
} from './rpc-answers.ts';
import { asObject, textField, type JsonObject } from './rpc-fields.ts';

export type RpcTransportOptions = {
  /** `http://host:port` or `https://host/path`, as given to CosmJS or `--node`. */
  readonly url: string;
  /** For one request, from sending to the last byte of the answer. */
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 15_000;
/** A block of Pocket's size, in base64, with all its events. */
const ANSWER_BYTES_MAX = 256 * 1024 * 1024;
const NEW_BLOCK = "tm.event='NewBlock'";

export function createRpcTransport(
  world: Pick<World, 'request' | 'connect' | 'sleep'>,
  { url, timeoutMs = TIMEOUT_MS }: RpcTransportOptions,
): LedgerTransport {
  const base = url.replace(/\/+$/, '');
  let id = 0;

  const call = async (method: string, params: JsonObject, signal?: AbortSignal): Promise<JsonObject> => {
    const request = { jsonrpc: '2.0', id: (id += 1), method, params };
    try {
      return await withDeadline(world, timeoutMs, signal, async (deadline) => {
        const answer = await world.request({
          method: 'POST',
          url: base,
          headers: { 'content-type': 'application/json' },
          body: utf8(JSON.stringify(request)),
          signal: deadline,
        });
        const body = await readBody(answer.body, ANSWER_BYTES_MAX, (bytes) => invalid(method, `has ${bytes} bytes`));
        return readResult(body, method, answer.status);
      });
    } catch (thrown) {
      signal?.throwIfAborted();
      if (isFault(thrown) && thrown.code.startsWith('LEDGER_')) throw thrown;
      throw new Fault('LEDGER_UNREACHABLE', `no answer to ${method} from ${base}`, { method, url: base }, thrown);
    }
  };

  return {
    async status(signal) {
      return readStatus(await call('status', {}, signal));
    },
    async block(height, signal) {
      return readBlock(await call('block', atHeight(height), signal));
    },
    async blockResults(height, signal) {
      return readBlockResults(await call('block_results', atHeight(height), signal));
    },
    async abciQuery(path, data, height, signal, prove = false) {
      return readQuery(await call('abci_query', { path, data: toHex(data), prove, ...atHeight(height) }, signal));
    },
    async broadcastTxSync(transaction, signal) {
      return readBroadcast(await call('broadcast_tx_sync', { tx: toBase64(transaction) }, signal));
    },
    async tx(hash, signal) {
      try {
        return readTransaction(await call('tx', { hash: toBase64(fromHex(hash)), prove: false }, signal));
      } catch (thrown) {
        if (isFault(thrown, 'LEDGER_RPC_ERROR') && `${thrown.details['data']}`.includes('not found')) return undefined;
        throw thrown;
      }
    },
    async txSearch({ query, page = 1, perPage = 100, order = 'asc' }, signal) {
      const params = { query, prove: false, page: `${page}`, per_page: `${perPage}`, order_by: order };
      return readTransactionPage(await call('tx_search', params, signal));
    },
    subscribeBlocks: (signal) => subscribe(world, `${base}/websocket`, signal),
  };
}

function atHeight(height: number | undefined): JsonObject {
  return height === undefined || height === 0 ? {} : { height: `${height}` };
}

function readResult(body: Uint8Array, method: string, status: number): JsonObject {
  let parsed: JsonObject;
  try {
    parsed = asObject(parseJson(body), 'body');
  } catch {
    throw invalid(method, `has status ${status} and is no JSON object`);
  }
  if (parsed['error'] !== undefined && parsed['error'] !== null)
    throw rpcError(method, asObject(parsed['error'], 'error'));
  return asObject(parsed['result'], 'result');
}

async function* subscribe(
  world: Pick<World, 'connect'>,
  url: string,
  signal: AbortSignal,
): AsyncGenerator<BlockReference, void> {
  const socket = await world.connect(url, signal);
  const close = (): void => socket.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscribe', params: { query: NEW_BLOCK } }));
    for await (const message of socket.messages) {
      const reference = readEvent(message);
      if (reference !== undefined) yield reference;
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', close);
    socket.close();
  }
}

/** The block that an event tells of, or undefined for the answer to `subscribe` itself. */
function readEvent(message: string): BlockReference | undefined {
  let parsed: JsonObject;
  try {
    parsed = asObject(JSON.parse(message), 'message');
  } catch {
    throw invalid('subscribe', 'is no JSON object');
  }
  if (parsed['error'] !== undefined && parsed['error'] !== null)
    throw rpcError('subscribe', asObject(parsed['error'], 'error'));
  const result = asObject(parsed['result'], 'result');
  if (result['data'] === undefined || result['data'] === null) return undefined;
  return readReference(asObject(asObject(result['data'], 'data')['value'], 'value'));
}

function rpcError(method: string, error: JsonObject): Fault {
  const code = typeof error['code'] === 'number' ? error['code'] : 0;
  const data = typeof error['data'] === 'string' ? error['data'] : '';
  const message = `${method} was answered with an error: ${textField(error, 'message')} ${data}`.trim();
  return new Fault('LEDGER_RPC_ERROR', message, { method, code, data });
}

function invalid(method: string, problem: string): Fault {
  return new Fault('LEDGER_ANSWER_INVALID', `the answer to ${method} ${problem}`, { method });
}
