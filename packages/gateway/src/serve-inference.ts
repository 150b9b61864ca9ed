/**
 * `POST /v1/chat/completions`, `/v1/completions`, `/v1/embeddings`: the gateway's part of the story, from the client's
 * request to the last byte of a verified answer.
 */
import { withDeadline } from '@decai/client/deadline';
import { isFault } from '@decai/protocol/fault';
import { type HttpAnswer, type HttpExchange, readBody } from '@decai/protocol/http';
import type { CatalogEntry } from './catalog.ts';
import type { Gateway } from './gateway.ts';
import { type InferenceApi, type InferenceRequest, parseInference } from './inference-request.ts';
import { type ApiRefusal, apiRefusal, refusalAnswer } from './openai-error.ts';
import { relayInference, type Relayed } from './relay-inference.ts';
import { modelNotFound } from './serve-models.ts';
import type { Endpoint } from './serve.ts';
import { admitTenant, type Tenant } from './tenants.ts';
import type { Tracing } from './trace-book.ts';
import type { Usage } from './usage.ts';

export const serveChatCompletion: Endpoint = (gateway, exchange, requestId) =>
  serveInference('chat', gateway, exchange, requestId);

export const serveCompletion: Endpoint = (gateway, exchange, requestId) =>
  serveInference('completions', gateway, exchange, requestId);

export const serveEmbedding: Endpoint = (gateway, exchange, requestId) =>
  serveInference('embeddings', gateway, exchange, requestId);

async function serveInference(
  api: InferenceApi,
  gateway: Gateway,
  exchange: HttpExchange,
  requestId: string,
): Promise<HttpAnswer> {
  const admitted = admitTenant(gateway.tenants, exchange.headers);
  if (!admitted.ok) return refusalAnswer(admitted);
  const serving = beginServing(gateway, admitted.tenant, requestId, api);
  try {
    const request = await readInference(api, gateway, exchange);
    if (!request.ok) return serving.refuse(request);
    const entry = findModel(gateway, admitted.tenant, request);
    if (!entry.ok) return serving.refuse(entry);
    serving.model = entry.model;

    const relayed = await relayWithin(gateway, request, entry, serving.tracing, exchange.signal);
    if (!relayed.ok) return serving.refuse(relayed);
    return relayed.answered.kind === 'whole'
      ? serving.answerWhole(relayed, relayed.answered)
      : serving.answerStream(relayed, relayed.answered, exchange.signal);
  } catch (thrown) {
    serving.end(exchange.signal.aborted ? 499 : 500);
    throw thrown;
  }
}

async function readInference(
  api: InferenceApi,
  gateway: Gateway,
  exchange: HttpExchange,
): Promise<InferenceRequest | ApiRefusal> {
  const { requestBytesMax } = gateway.limits;
  const tooLarge = apiRefusal('request_too_large', `The request body has more than ${requestBytesMax} bytes.`);
  const bytes = await readBody(exchange.body, requestBytesMax, () => tooLarge).catch((thrown: unknown) => {
    if (thrown === tooLarge) return undefined;
    throw thrown;
  });
  return bytes === undefined ? tooLarge : parseInference(api, bytes);
}

function findModel(
  gateway: Gateway,
  tenant: Tenant,
  { model }: InferenceRequest,
): ({ readonly ok: true } & CatalogEntry) | ApiRefusal {
  const entry = gateway.catalog.find(model);
  if (entry === undefined) return modelNotFound(model);
  if (!tenant.mayUse(model)) {
    return apiRefusal('model_not_allowed', 'This key may not use this model.', { param: 'model' });
  }
  return { ok: true, ...entry };
}

/** The deadline covers everything up to the first byte; a stream has its own limit on silence after that. */
async function relayWithin(
  gateway: Gateway,
  request: InferenceRequest,
  entry: CatalogEntry,
  tracing: Tracing,
  signal: AbortSignal,
): Promise<Relayed | ApiRefusal> {
  const { world, limits } = gateway;
  try {
    return await withDeadline(world, limits.totalMsMax, signal, (inner) =>
      relayInference(gateway, request, entry, tracing, inner),
    );
  } catch (thrown) {
    if (signal.aborted || !isFault(thrown, 'DEADLINE_EXCEEDED')) throw thrown;
    return apiRefusal('upstream_timeout', `No answer within ${limits.totalMsMax} ms.`);
  }
}

/** One request being served: it ends exactly once, on every way out. */
type Serving = {
  readonly tracing: Tracing;
  model: string;
  refuse(refusal: ApiRefusal): HttpAnswer;
  answerWhole(relayed: Relayed, whole: Extract<Relayed['answered'], { kind: 'whole' }>): HttpAnswer;
  answerStream(
    relayed: Relayed,
    stream: Extract<Relayed['answered'], { kind: 'stream' }>,
    gone: AbortSignal,
  ): HttpAnswer;
  end(status: number, usage?: Usage): void;
};

function beginServing(gateway: Gateway, tenant: Tenant, requestId: string, api: InferenceApi): Serving {
  const startedMs = gateway.world.now();
  const tracing = gateway.traces.begin(requestId);
  tracing.tell('request.received', { api });
  tracing.tell('tenant.admitted', { tenant: tenant.label });
  let over = false;
  const serving: Serving = {
    tracing,
    model: 'unknown',
    end(status, usage) {
      if (over) return;
      over = true;
      tracing.tell('request.answered', {
        model: serving.model,
        status,
        ms: gateway.world.now() - startedMs,
        ...(usage === undefined ? {} : { promptTokens: usage.promptTokens, completionTokens: usage.completionTokens }),
      });
      tracing.end();
      tenant.release();
    },
    refuse(refusal) {
      const answer = refusalAnswer(refusal);
      serving.end(answer.status);
      return answer;
    },
    answerWhole(relayed, whole) {
      relayed.end('ok');
      if (whole.id !== undefined) tracing.alsoKnownAs(whole.id);
      serving.end(200, whole.usage);
      return { status: 200, headers: { 'content-type': 'application/json', ...evidence(relayed) }, body: whole.body };
    },
    answerStream(relayed, { events, report, outcome }, gone) {
      const { supplier } = relayed.place;
      const finish = (hungUp: boolean): void => {
        if (over) return;
        relayed.end(hungUp ? 'user_error' : outcome());
        if (report.id !== undefined) tracing.alsoKnownAs(report.id);
        if (report.failure === undefined) tracing.tell('relay.verified', { supplier, status: 200 });
        serving.end(hungUp ? 499 : report.failure === undefined ? 200 : 502, report.usage);
      };
      return {
        status: 200,
        headers: { ...STREAM_HEADERS, ...evidence(relayed) },
        body: untilOver(events, gone, finish),
      };
    },
  };
  return serving;
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

function evidence({ place, attempts }: Relayed): Record<string, string> {
  return {
    'x-pocket-supplier': place.supplier,
    'x-pocket-session': place.session.id,
    'x-pocket-verified': 'sig+hash',
    'x-pocket-attempts': String(attempts),
  };
}

/**
 * The events, and word of their end: at the last one, at a failure, or when the client is gone, also when nobody ever read.
 */
function untilOver(
  events: AsyncIterable<Uint8Array>,
  gone: AbortSignal,
  finish: (hungUp: boolean) => void,
): AsyncIterable<Uint8Array> {
  const source = events[Symbol.asyncIterator]();
  const leave = async (): Promise<void> => {
    finish(true);
    await source.return?.();
  };
  const onGone = (): void => void leave().catch(() => undefined);
  gone.addEventListener('abort', onGone, { once: true });
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      try {
        const next = await source.next();
        if (next.done === true) finish(false);
        return next;
      } catch (thrown) {
        finish(gone.aborted);
        throw thrown;
      }
    },
    async return() {
      await leave();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
