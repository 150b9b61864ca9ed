/**
 * The doors of the gateway: which path and method lead where, and what every answer carries.
 *
 * Paths are the OpenAI dialect's, with and without `/v1`. Every refusal is the JSON envelope, never HTML, and every answer
 * has a request id, under which its trace is kept.
 */
import type { HttpAnswer, HttpExchange, HttpHandler } from '@decai/protocol/http';
import { toHex, utf8 } from '@decai/protocol/bytes';
import type { Gateway } from './gateway.ts';
import { apiRefusal, refusalAnswer } from './openai-error.ts';
import { serveModel, serveModels } from './serve-models.ts';
import { serveChatCompletion, serveCompletion, serveEmbedding } from './serve-inference.ts';
import { serveTrace } from './serve-trace.ts';

/** Serves one request under the id it was given; the last argument is what stands behind a prefix such as `/v1/models/`. */
export type Endpoint = (
  gateway: Gateway,
  exchange: HttpExchange,
  requestId: string,
  rest: string,
) => Promise<HttpAnswer> | HttpAnswer;

/** Method, path, endpoint. A path that ends in `/` takes anything behind it. */
const ROUTES: readonly (readonly [method: string, path: string, endpoint: Endpoint])[] = [
  ['POST', '/v1/chat/completions', serveChatCompletion],
  ['POST', '/v1/completions', serveCompletion],
  ['POST', '/v1/embeddings', serveEmbedding],
  ['GET', '/v1/models', serveModels],
  ['GET', '/v1/models/', serveModel],
  ['GET', '/v1/traces/', serveTrace],
  ['GET', '/health', () => json(200, { status: 'ok' })],
  ['GET', '/ready', (gateway) => readiness(gateway)],
  ['GET', '/metrics', (gateway) => gateway.metrics.answer()],
];

export function serveGateway(gateway: Gateway): HttpHandler {
  return async (exchange) => {
    const startedMs = gateway.world.now();
    const requestId = `req_${toHex(gateway.world.randomBytes(16))}`;
    const answer = await route(gateway, exchange, requestId);
    return {
      ...answer,
      headers: {
        ...answer.headers,
        'x-request-id': requestId,
        'openai-processing-ms': String(gateway.world.now() - startedMs),
        'openai-version': '2020-10-01',
      },
    };
  };
}

async function route(gateway: Gateway, exchange: HttpExchange, requestId: string): Promise<HttpAnswer> {
  const [asked = '/'] = exchange.url.split('?');
  const candidates = [asked, `/v1${asked}`];
  const fitting = ROUTES.filter(([, path]) => candidates.some((candidate) => fits(path, candidate)));
  const found = fitting.find(([method]) => method === exchange.method);
  if (found === undefined) {
    if (fitting.length === 0) return refusalAnswer(apiRefusal('unknown_url', `There is no ${asked} here.`));
    const refused = refusalAnswer(apiRefusal('method_not_allowed', `${asked} does not take ${exchange.method}.`));
    return { ...refused, headers: { ...refused.headers, allow: fitting.map(([method]) => method).join(', ') } };
  }
  const [, path, endpoint] = found;
  const matched = candidates.find((candidate) => fits(path, candidate))!;
  try {
    return await endpoint(gateway, exchange, requestId, matched.slice(path.length));
  } catch (thrown) {
    if (exchange.signal.aborted) throw thrown;
    gateway.onTrouble(thrown, requestId);
    return refusalAnswer(apiRefusal('internal', 'The gateway failed; it has been noted under the request id.'));
  }
}

function fits(path: string, asked: string): boolean {
  return path.endsWith('/') ? asked.startsWith(path) && asked.length > path.length : asked === path;
}

function readiness(gateway: Gateway): HttpAnswer {
  const models = gateway.catalog.entries.map(({ model }) => model);
  const height = gateway.blocks.latest?.height ?? 0;
  const ready = models.length > 0 && height > 0;
  return json(ready ? 200 : 503, { ready, models, height });
}

export function json(status: number, document: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: utf8(JSON.stringify(document)) };
}
