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
import { encode } from '@decai/protocol/codec';
import { Fault, isFault } from '@decai/protocol/fault';
import { readBody, type HttpAnswer, type HttpExchange, type HttpHandler, type HttpHeaders } from '@decai/protocol/http';
import { fromChainJson } from '@decai/protocol/parse-chain-json';
import type { LedgerNode } from '../ledger-node.ts';
import type { FaultListener } from '../rpc/serve-rpc.ts';
import { httpStatusOf, refusalBody, restRefusal, type RestOutcome, type RestRefusal } from './grpc-status.ts';
import { methodPath, type RestMethod } from './rest-method.ts';
import { restRoutes, type RestRoute } from './rest-route.ts';
import { answerFromState, questionOf, type Answered, type Question } from './state-over-rest.ts';
import { requestFromUrl } from './url-fields.ts';

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

export function restHandler({ ledger, services, methods = [], onFault = () => undefined }: RestOptions): HttpHandler {
  const routes = restRoutes(services);
  const beside = new Map(methods.map((method) => [method.path, method]));

  return async (exchange) => {
    if (exchange.method === 'OPTIONS') return { status: 204, headers: CORS, body: new Uint8Array(0) };
    const asked = questionOf(routes, exchange.method === 'HEAD' ? 'GET' : exchange.method, exchange.url);
    if (!asked.ok) return refused(asked);
    const request = await requestOf(asked.value, exchange);
    if (!request.ok) return refused(request);
    const height = heightAsked(exchange.headers);
    if (!height.ok) return refused(height);
    const { outcome, height: answeredAt } = await answerWhole(asked.value.route, request.value, height.value);
    if (!outcome.ok) return refused(outcome, answeredAt);
    const at = `${answeredAt}`;
    return reply(200, outcome.value, { [HEIGHT]: at, [GRPC_HEIGHT]: at });
  };

  async function answerWhole({ method }: RestRoute, request: Message, height: number): Promise<Answered> {
    const path = methodPath(method);
    try {
      return await ledger.read((): Answered => {
        const own = beside.get(path);
        if (own !== undefined) return { outcome: own.answer(request), height: ledger.latestHeight() };
        return answerFromState(ledger, method, request, height);
      });
    } catch (thrown) {
      onFault(path, thrown);
      const message = isFault(thrown) ? `${thrown.code}: ${thrown.message}` : 'unexpected error';
      return { outcome: restRefusal('Internal', message), height: 0 };
    }
  }
}

/** The request message, checked: everything in it can be put into bytes. */
async function requestOf({ route, fields, query }: Question, { body }: HttpExchange): Promise<RestOutcome<Message>> {
  const { input } = route.method;
  if (route.verb === 'GET') return requestFromUrl(input, fields, query);
  try {
    const tooLarge = (): Fault => new Fault('REST_BODY_TOO_LARGE', `more than ${BODY_BYTES_MAX} bytes`);
    const text = fromUtf8(await readBody(body, BODY_BYTES_MAX, tooLarge));
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
