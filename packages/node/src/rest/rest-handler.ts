/**
 * The queries of a ledger as REST: paths and parameters from the services' annotations, answers in the chain's JSON.
 *
 * `x-cosmos-block-height` asks about a height, and says of which height an answer is. Nothing that a client sends is a
 * fault: whatever it is, it gets an answer or a refusal in the one form.
 *
 * Source: grpc-ecosystem/grpc-gateway v1 `runtime/{mux,handler,errors}.go`; cosmos/cosmos-sdk `server/api/server.go`.
 */
import type { DescService, JsonValue, Message } from '@bufbuild/protobuf';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { chainJsonText } from '@decai/protocol/chain-json';
import { decode, encode } from '@decai/protocol/codec';
import { Fault, isFault } from '@decai/protocol/fault';
import { readBody, type HttpAnswer, type HttpExchange, type HttpHandler, type HttpHeaders } from '@decai/protocol/http';
import { fromChainJson } from '@decai/protocol/parse-chain-json';
import type { LedgerNode } from '../ledger-node.ts';
import type { FaultListener } from '../rpc/serve-rpc.ts';
import {
  httpStatusOf,
  NOT_IMPLEMENTED,
  refusalBody,
  restRefusal,
  type RestOutcome,
  type RestRefusal,
} from './grpc-status.ts';
import { methodPath, type RestMethod } from './rest-method.ts';
import { findRoute, restRoutes, type FoundRoute, type RestRoute } from './rest-route.ts';
import { stateRefusal } from './state-refusal.ts';
import { requestFromUrl, unescapeUrl } from './url-fields.ts';

export type RestOptions = {
  /** Whose state is asked. */
  readonly ledger: Pick<LedgerNode, 'query' | 'read' | 'latestHeight'>;
  readonly services: readonly DescService[];
  /** What is answered beside the state. */
  readonly methods?: readonly RestMethod[];
  /** Hears of faults inside methods. */
  readonly onFault?: FaultListener;
};

/** A transaction of 1 MiB fits in base64. */
const BODY_BYTES_MAX = 2 * 1024 * 1024;
const HEIGHT = 'x-cosmos-block-height';
const GRPC_HEIGHT = `grpc-metadata-${HEIGHT}`;
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': `content-type, ${HEIGHT}`,
  'access-control-expose-headers': `${HEIGHT}, ${GRPC_HEIGHT}`,
} as const;

type Answered = { readonly outcome: RestOutcome<string>; readonly height: number };

export function restHandler({ ledger, services, methods = [], onFault = () => undefined }: RestOptions): HttpHandler {
  const routes = restRoutes(services);
  const beside = new Map(methods.map((method) => [method.path, method]));

  return async (exchange) => {
    if (exchange.method === 'OPTIONS') return { status: 204, headers: CORS, body: new Uint8Array(0) };
    const found = routeOf(routes, exchange);
    if (!found.ok) return refused(found);
    const { route } = found.value;
    const request = await requestOf(found.value, exchange);
    if (!request.ok) return refused(request);
    const height = heightAsked(exchange.headers);
    if (!height.ok) return refused(height);
    const { outcome, height: answeredAt } = await answerWhole(route, request.value, height.value);
    if (!outcome.ok) return refused(outcome, answeredAt);
    const at = `${answeredAt}`;
    return reply(200, outcome.value, { [HEIGHT]: at, [GRPC_HEIGHT]: at });
  };

  async function answerWhole(route: RestRoute, request: Message, height: number): Promise<Answered> {
    const path = methodPath(route.method);
    try {
      return await ledger.read((): Answered => {
        const method = beside.get(path);
        if (method !== undefined) return { outcome: method.answer(request), height: ledger.latestHeight() };
        return answerFromState(route, request, height);
      });
    } catch (thrown) {
      onFault(path, thrown);
      const message = isFault(thrown) ? `${thrown.code}: ${thrown.message}` : 'unexpected error';
      return { outcome: restRefusal('Internal', message), height: 0 };
    }
  }

  function answerFromState({ method }: RestRoute, request: Message, height: number): Answered {
    const data = encode(method.input, request);
    const answer = ledger.query({ path: methodPath(method), data, height });
    if (answer.code !== 0) return { outcome: stateRefusal(answer), height: answer.height };
    const text = chainJsonText(method.output, decode(method.output, answer.value));
    return { outcome: { ok: true, value: text }, height: answer.height };
  }
}

function routeOf(routes: readonly RestRoute[], { method, url }: HttpExchange): RestOutcome<FoundRoute> {
  const path = unescapeUrl(pathAndQuery(url).path);
  if (path === undefined) return restRefusal('InvalidArgument', 'Bad Request');
  const found = findRoute(routes, method === 'HEAD' ? 'GET' : method, path);
  return found === undefined ? NOT_IMPLEMENTED : { ok: true, value: found };
}

function pathAndQuery(url: string): { readonly path: string; readonly query: string } {
  const local = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/s, '');
  const mark = local.indexOf('?');
  return mark < 0 ? { path: local, query: '' } : { path: local.slice(0, mark), query: local.slice(mark + 1) };
}

/** The request message, checked: everything in it can be put into bytes. */
async function requestOf({ route, fields }: FoundRoute, exchange: HttpExchange): Promise<RestOutcome<Message>> {
  const { input } = route.method;
  if (route.verb === 'GET') return requestFromUrl(input, fields, pathAndQuery(exchange.url).query);
  try {
    const tooLarge = (): Fault => new Fault('REST_BODY_TOO_LARGE', `more than ${BODY_BYTES_MAX} bytes`);
    const text = fromUtf8(await readBody(exchange.body, BODY_BYTES_MAX, tooLarge));
    const message = fromChainJson(input, text.trim() === '' ? {} : (JSON.parse(text) as JsonValue));
    encode(input, message);
    return { ok: true, value: message };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return restRefusal('InvalidArgument', 'the body is not JSON');
    if (isFault(thrown)) return restRefusal('InvalidArgument', thrown.message);
    throw thrown;
  }
}

/** 0, the latest, unless a header says otherwise. */
function heightAsked(headers: HttpHeaders): RestOutcome<number> {
  const text = headers[HEIGHT] ?? headers[GRPC_HEIGHT] ?? '0';
  if (/^-?[0-9]{1,15}$/.test(text)) return { ok: true, value: Number(text) };
  return restRefusal('InvalidArgument', `invalid height header "${HEIGHT}": ${JSON.stringify(text)}`);
}

/** @param height of the state that refused; 0 when none was asked. */
function refused(refusal: RestRefusal, height = 0): HttpAnswer {
  const about: Record<string, string> = height === 0 ? {} : { [GRPC_HEIGHT]: `${height}` };
  return reply(httpStatusOf(refusal), refusalBody(refusal), about);
}

function reply(status: number, text: string, about: HttpHeaders): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json', ...CORS, ...about }, body: utf8(text) };
}
