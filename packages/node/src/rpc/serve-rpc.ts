/**
 * CometBFT's RPC over HTTP: JSON-RPC 2.0 in a POST, one call or a list of them, and the same methods as paths for GET.
 *
 * Whatever is sent is answered in CometBFT's forms; nothing that a client sends is a fault of the node.
 *
 * Source: cometbft/cometbft v0.38 `rpc/jsonrpc/server/*.go`; JSON-RPC 2.0.
 */
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { Fault, isFault } from '@decai/protocol/fault';
import { readBody, type HttpAnswer, type HttpExchange, type HttpHandler } from '@decai/protocol/http';
import type { LedgerNode } from '../ledger-node.ts';
import type { Json } from './block-json.ts';
import { internalError, invalidRequest, methodNotFound, parseError, RpcError } from './rpc-error.ts';
import { RPC_METHODS } from './rpc-methods.ts';
import { jsonParams, urlParams, type RpcParams } from './rpc-params.ts';

/** As CometBFT: a transaction of 1 MiB does not fit in base64, one of 700 kB does. */
const BODY_BYTES_MAX = 1_000_000;
const BATCH_MAX = 10;

/** Hears of faults inside a method: bugs, or a disk that fails. */
export type FaultListener = (method: string, thrown: unknown) => void;

export type RpcCall = { readonly id: number | string | null; readonly method: string; readonly params: unknown };

export function serveRpc(node: LedgerNode, onFault: FaultListener = () => undefined): HttpHandler {
  return async (exchange) => {
    if (!URL.canParse(exchange.url, 'http://node')) return answer(404, methodNotFound());
    const { pathname, searchParams } = new URL(exchange.url, 'http://node');
    if (exchange.method === 'POST') return await servePost(node, exchange, onFault);
    if (exchange.method === 'OPTIONS') return { status: 204, headers: CORS, body: new Uint8Array(0) };
    if (exchange.method !== 'GET' && exchange.method !== 'HEAD') return answer(405, invalidRequest('GET or POST'));
    const method = pathname.replace(/^\/+|\/+$/g, '');
    if (method === '') return { status: 200, headers: JSON_HEADERS, body: utf8(JSON.stringify(endpoints())) };
    const result = await callMethod(node, method, () => urlParams(searchParams), onFault);
    if (!(result instanceof RpcError)) return reply(200, responseJson(-1, result));
    return answer(result.code === methodNotFound().code ? 404 : 500, result);
  };
}

/**
 * Answers one call.
 *
 * An error is returned, not thrown: every call has an answer.
 */
export async function callMethod(
  node: LedgerNode,
  name: string,
  params: (names: readonly string[]) => RpcParams,
  onFault: FaultListener,
): Promise<Json | RpcError> {
  const method = Object.hasOwn(RPC_METHODS, name) ? RPC_METHODS[name] : undefined;
  if (method === undefined) return methodNotFound();
  try {
    const given = params(method.params);
    return await node.read(() => method.answer(node, given));
  } catch (thrown) {
    if (thrown instanceof RpcError) return thrown;
    onFault(name, thrown);
    return internalError(isFault(thrown) ? `${thrown.code}: ${thrown.message}` : 'unexpected error');
  }
}

/** Reads one call of JSON-RPC. @throws RpcError when it is none. */
export function readCall(value: unknown): RpcCall {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidRequest('a call is an object');
  const { jsonrpc, id = null, method, params } = value as Record<string, unknown>;
  if (jsonrpc !== '2.0') throw invalidRequest('jsonrpc is "2.0"');
  if (typeof method !== 'string') throw invalidRequest('method is a text');
  if (id !== null && typeof id !== 'string' && !Number.isSafeInteger(id))
    throw invalidRequest('id is a text or an integer');
  return { id: id as RpcCall['id'], method, params };
}

export function responseJson(id: RpcCall['id'], result: Json | RpcError): Json {
  const head = { jsonrpc: '2.0', id };
  return result instanceof RpcError ? { ...head, error: result.toJson() } : { ...head, result };
}

async function servePost(node: LedgerNode, exchange: HttpExchange, onFault: FaultListener): Promise<HttpAnswer> {
  let parsed: unknown;
  try {
    const body = await readBody(exchange.body, BODY_BYTES_MAX, (bytes) => new Fault('RPC_BODY_TOO_LARGE', `${bytes}`));
    parsed = JSON.parse(fromUtf8(body));
  } catch (thrown) {
    if (isFault(thrown, 'RPC_BODY_TOO_LARGE')) return answer(413, invalidRequest(`more than ${BODY_BYTES_MAX} bytes`));
    if (thrown instanceof SyntaxError || isFault(thrown, 'UTF8_INVALID')) return answer(500, parseError('not JSON'));
    throw thrown;
  }
  if (!Array.isArray(parsed)) {
    const response = await answerCall(node, parsed, onFault);
    return response === undefined
      ? { status: 200, headers: JSON_HEADERS, body: new Uint8Array(0) }
      : reply(200, response);
  }
  if (parsed.length > BATCH_MAX) return answer(500, invalidRequest(`more than ${BATCH_MAX} calls`));
  const responses: Json[] = [];
  for (const value of parsed) {
    const response = await answerCall(node, value, onFault);
    if (response !== undefined) responses.push(response);
  }
  return reply(200, responses);
}

/** Undefined for a call without an id, which wants no answer. */
async function answerCall(node: LedgerNode, value: unknown, onFault: FaultListener): Promise<Json | undefined> {
  let call: RpcCall;
  try {
    call = readCall(value);
  } catch (thrown) {
    if (thrown instanceof RpcError) return responseJson(null, thrown);
    throw thrown;
  }
  if (call.id === null) return undefined;
  const params = (names: readonly string[]): RpcParams => jsonParams(call.params, names);
  return responseJson(call.id, await callMethod(node, call.method, params, onFault));
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'content-type',
} as const;
const JSON_HEADERS = { 'content-type': 'application/json', ...CORS } as const;

function endpoints(): Json {
  return { methods: Object.entries(RPC_METHODS).map(([name, { params }]) => ({ name, params })) };
}

function answer(status: number, error: RpcError): HttpAnswer {
  return reply(status, responseJson(-1, error));
}

function reply(status: number, json: Json): HttpAnswer {
  return { status, headers: JSON_HEADERS, body: utf8(JSON.stringify(json)) };
}
