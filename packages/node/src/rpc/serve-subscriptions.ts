/**
 * CometBFT's RPC over a WebSocket: the same methods, and subscriptions to events.
 *
 * An event is sent as a response with the id of its subscription, and names the query. Each socket has few subscriptions
 * and gets its calls answered one after the other.
 *
 * Source: cometbft/cometbft v0.38 `rpc/jsonrpc/server/ws_handler.go`, `rpc/core/events.go`.
 */
import { isFault } from '@decai/protocol/fault';
import type { MessageSocket } from '@decai/protocol/world';
import { matchesEvents, parseEventQuery, type Condition } from '../event-query.ts';
import type { LedgerNode } from '../ledger-node.ts';
import type { Json } from './block-json.ts';
import { attributesJson, publishedEvents, type PublishedEvent } from './event-json.ts';
import { internalError, parseError, RpcError } from './rpc-error.ts';
import { jsonParams } from './rpc-params.ts';
import { callMethod, readCall, responseJson, type FaultListener, type RpcCall } from './serve-rpc.ts';

type Subscription = { readonly id: RpcCall['id']; readonly conditions: readonly Condition[] };

const PATH = '/websocket';
const SUBSCRIPTIONS_MAX = 5;
const SOCKETS_MAX = 1_000;

export type Subscriptions = {
  /** Takes a socket that a client opened. */
  accept(socket: MessageSocket, path: string): void;
  close(): void;
};

export function serveSubscriptions(node: LedgerNode, onFault: FaultListener = () => undefined): Subscriptions {
  const clients = new Set<Client>();
  const stop = node.onBlock((height, stored) => {
    if (clients.size === 0) return;
    const events = publishedEvents(height, stored);
    for (const client of clients) client.publish(events);
  });
  return {
    accept(socket, path) {
      if (new URL(path, 'http://node').pathname !== PATH || clients.size >= SOCKETS_MAX) {
        socket.close();
        return;
      }
      const client = new Client(node, socket, onFault);
      clients.add(client);
      // What a client sends never throws out of here: `run` answers everything, and ends with the socket.
      void client.run().finally(() => clients.delete(client));
    },
    close() {
      stop();
      for (const client of clients) client.socket.close();
    },
  };
}

class Client {
  readonly socket: MessageSocket;
  readonly #node: LedgerNode;
  readonly #onFault: FaultListener;
  /** By query, as CometBFT has it. */
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(node: LedgerNode, socket: MessageSocket, onFault: FaultListener) {
    this.#node = node;
    this.socket = socket;
    this.#onFault = onFault;
  }

  async run(): Promise<void> {
    for await (const message of this.socket.messages) {
      const response = await this.#answer(message);
      if (response !== undefined) this.socket.send(JSON.stringify(response));
    }
  }

  publish(events: readonly PublishedEvent[]): void {
    for (const [query, { id, conditions }] of this.#subscriptions) {
      for (const event of events) {
        if (!matchesEvents(conditions, event.attributes)) continue;
        const result = { query, data: event.data(), events: attributesJson(event.attributes) };
        this.socket.send(JSON.stringify(responseJson(id, result)));
      }
    }
  }

  async #answer(message: string): Promise<Json | undefined> {
    let call: RpcCall;
    try {
      call = readCall(parse(message));
    } catch (thrown) {
      if (thrown instanceof RpcError) return responseJson(-1, thrown);
      throw thrown;
    }
    if (call.id === null) return undefined;
    return responseJson(call.id, await this.#call(call));
  }

  async #call(call: RpcCall): Promise<Json | RpcError> {
    try {
      if (call.method === 'subscribe') return this.#subscribe(call);
      if (call.method === 'unsubscribe') return this.#unsubscribe(call);
      if (call.method === 'unsubscribe_all') return this.#unsubscribeAll();
      return await callMethod(this.#node, call.method, (names) => jsonParams(call.params, names), this.#onFault);
    } catch (thrown) {
      if (thrown instanceof RpcError) return thrown;
      throw thrown;
    }
  }

  #subscribe({ id, params }: RpcCall): Json {
    const query = jsonParams(params, ['query']).text('query') ?? '';
    const conditions = conditionsOf(query);
    if (this.#subscriptions.has(query)) throw internalError('already subscribed');
    if (this.#subscriptions.size >= SUBSCRIPTIONS_MAX) {
      throw internalError(`max_subscriptions_per_client ${SUBSCRIPTIONS_MAX} reached`);
    }
    this.#subscriptions.set(query, { id, conditions });
    return {};
  }

  #unsubscribe({ params }: RpcCall): Json {
    const query = jsonParams(params, ['query']).text('query') ?? '';
    if (!this.#subscriptions.delete(query)) throw internalError('subscription not found');
    return {};
  }

  #unsubscribeAll(): Json {
    if (this.#subscriptions.size === 0) throw internalError('subscription not found');
    this.#subscriptions.clear();
    return {};
  }
}

function parse(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    throw parseError('not JSON');
  }
}

function conditionsOf(query: string): readonly Condition[] {
  try {
    return parseEventQuery(query);
  } catch (thrown) {
    if (isFault(thrown, 'QUERY_INVALID')) throw internalError(`failed to parse query: ${thrown.message}`);
    throw thrown;
  }
}
