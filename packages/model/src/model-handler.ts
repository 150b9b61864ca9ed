/**
 * The OpenAI-compatible server as a function from exchange to answer.
 *
 * A request is read, refused or admitted, in that order: its JSON, its fields, its model, its length, the load.
 * Prompts and answers are never logged.
 */
import { readBody, type HttpAnswer, type HttpExchange, type HttpHandler } from '@decai/protocol/http';
import type { World } from '@decai/protocol/world';
import {
  BODY_TOO_LARGE,
  CONTEXT_LENGTH_EXCEEDED,
  INTERNAL,
  INVALID_VALUE,
  isRefusal,
  MALFORMED_JSON,
  METHOD_NOT_ALLOWED,
  MODEL_NOT_FOUND,
  OVERLOADED,
  refusalBody,
  UNKNOWN_PATH,
  type ApiRefusal,
} from './api-refusal.ts';
import { chatCompletion, chatCompletionChunks } from './chat-completions.ts';
import { readChatRequest } from './chat-request.ts';
import { completion, completionChunks, type CutPrompt } from './completions.ts';
import { readCompletionRequest, type PlainPrompt } from './completion-request.ts';
import { embeddings, readEmbeddingRequest } from './embeddings.ts';
import type { Engine, Piece } from './engine.ts';
import { encodeEventStream } from './event-stream.ts';
import { identify, type AnswerIdentity } from './generation-run.ts';
import type { GenerationRequest } from './generation-request.ts';
import { modelEntry, tokenizerEntry } from './model-list.ts';
import { findModel } from './models.ts';
import { FieldRefused, isObject, refuse, type JsonObject } from './request-fields.ts';
import { Turnstile, type Ticket } from './turnstile.ts';

export type ModelHandlerOptions = {
  readonly world: Pick<World, 'now' | 'randomBytes'>;
  readonly engines: readonly Engine[];
  /** Requests that may wait for one model while its slots are taken. */
  readonly waitingMax?: number;
  readonly bodyBytesMax?: number;
};

const WAITING_MAX = 64;
const BODY_BYTES_MAX = 1024 * 1024;
const TEMPERATURE_DEFAULT = 1;
const RETRY_AFTER_SECONDS = '1';

type Served = { readonly engine: Engine; readonly turnstile: Turnstile };

export function createModelHandler(options: ModelHandlerOptions): HttpHandler {
  const { world, waitingMax = WAITING_MAX, bodyBytesMax = BODY_BYTES_MAX } = options;
  const served = new Map<string, Served>(
    options.engines.map((engine) => [engine.modelId, { engine, turnstile: new Turnstile(engine.slots, waitingMax) }]),
  );

  const find = (model: string): Served => served.get(model) ?? refuse(MODEL_NOT_FOUND(model));

  const posts: Readonly<Record<string, (body: JsonObject, signal: AbortSignal) => Promise<HttpAnswer>>> = {
    async '/v1/chat/completions'(body, signal) {
      const request = readChatRequest(body);
      const { engine, turnstile } = find(request.model);
      const prompt = engine.renderChat(request.messages);
      checkLength('messages', prompt, engine);
      const identity = identifyFor(request, engine);
      return admit(turnstile, signal, (done) =>
        request.stream
          ? eventStream(chatCompletionChunks(engine, prompt, request, identity, signal), signal, done)
          : whole(chatCompletion(engine, prompt, request, identity, signal), done),
      );
    },
    async '/v1/completions'(body, signal) {
      const request = readCompletionRequest(body);
      const { engine, turnstile } = find(request.model);
      const prompts = request.prompts.map((prompt): CutPrompt => {
        const own = cut(prompt, engine, 'prompt');
        return { own, read: engine.renderText(own) };
      });
      for (const { read } of prompts) checkLength('prompt', read, engine);
      const identity = identifyFor(request, engine);
      return admit(turnstile, signal, (done) =>
        request.stream
          ? eventStream(completionChunks(engine, prompts, request, identity, signal), signal, done)
          : whole(completion(engine, prompts, request, identity, signal), done),
      );
    },
    async '/v1/embeddings'(body, signal) {
      const request = readEmbeddingRequest(body);
      const { engine, turnstile } = find(request.model);
      const inputs = request.inputs.map((input): CutPrompt => {
        const own = cut(input, engine, 'input');
        return { own, read: engine.renderInput(own) };
      });
      for (const { read } of inputs) checkLength('input', read, engine);
      return admit(turnstile, signal, (done) => whole(embeddings(engine, inputs, request, signal), done));
    },
  };

  const gets: Readonly<Record<string, (query: URLSearchParams) => object>> = {
    '/health': () => ({
      status: 'ok',
      models: [...served.values()].map(({ engine, turnstile }) => ({
        id: engine.modelId,
        engine: engine.kind,
        running: turnstile.inside,
        waiting: turnstile.waiting,
      })),
    }),
    '/v1/models': () => ({ object: 'list', data: [...served.values()].map(({ engine }) => modelEntry(engine)) }),
    '/v1/tokenizer': (query) => tokenizerEntry(find(query.get('model') ?? options.engines[0]?.modelId ?? '').engine),
  };

  function identifyFor(request: GenerationRequest, engine: Engine): AnswerIdentity {
    return identify(world, engine, request, findModel(engine.modelId)?.defaultTemperature ?? TEMPERATURE_DEFAULT);
  }

  async function route(exchange: HttpExchange): Promise<HttpAnswer | ApiRefusal> {
    const { pathname, searchParams } = new URL(exchange.url, 'http://model');
    const get = Object.hasOwn(gets, pathname) ? gets[pathname] : undefined;
    const post = Object.hasOwn(posts, pathname) ? posts[pathname] : undefined;
    const one = /^\/v1\/models\/([^/]+)$/.exec(pathname)?.[1];
    if (get === undefined && post === undefined && one === undefined) return UNKNOWN_PATH(pathname.slice(0, 200));
    const allowed = post === undefined ? 'GET' : 'POST';
    if (exchange.method !== allowed) return METHOD_NOT_ALLOWED(exchange.method, allowed);
    if (one !== undefined) return json(200, modelEntry(find(decodeId(one)).engine));
    if (get !== undefined) return json(200, get(searchParams));
    const bytes = await readBody(exchange.body, bodyBytesMax, () => new TooLarge());
    const body = parseJson(bytes);
    return isRefusal(body) ? body : post!(body, exchange.signal);
  }

  return async (exchange) => {
    try {
      const answered = await route(exchange);
      return isRefusal(answered) ? refusalAnswer(answered) : answered;
    } catch (thrown) {
      if (thrown instanceof FieldRefused) return refusalAnswer(thrown.refusal);
      if (thrown instanceof TooLarge) return refusalAnswer(BODY_TOO_LARGE(bodyBytesMax));
      if (exchange.signal.aborted) throw thrown;
      return refusalAnswer(INTERNAL());
    }
  };
}

class TooLarge extends Error {}

/** Waits for a free slot of the model; `respond` must call `done` when the slot is free again. */
async function admit(
  turnstile: Turnstile,
  signal: AbortSignal,
  respond: (done: () => void) => HttpAnswer | Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const ticket: Ticket = (await turnstile.enter(signal)) ?? refuse(OVERLOADED());
  // A stream that nobody begins to read runs no code of its own: the client's leaving frees the slot too.
  signal.addEventListener('abort', ticket.release, { once: true });
  return respond(() => {
    signal.removeEventListener('abort', ticket.release);
    ticket.release();
  });
}

async function whole(result: Promise<object>, done: () => void): Promise<HttpAnswer> {
  try {
    return json(200, await result);
  } finally {
    done();
  }
}

function eventStream(events: AsyncIterable<object>, signal: AbortSignal, done: () => void): HttpAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    body: encodeEventStream(events, signal, done),
  };
}

function json(status: number, value: object, headers: HttpAnswer['headers'] = {}): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: new TextEncoder().encode(JSON.stringify(value)),
  };
}

function refusalAnswer(refusal: ApiRefusal): HttpAnswer {
  const headers = refusal.status === 503 ? { 'retry-after': RETRY_AFTER_SECONDS } : {};
  return json(refusal.status, refusalBody(refusal), headers);
}

function parseJson(bytes: Uint8Array): JsonObject | ApiRefusal {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isObject(value) ? value : MALFORMED_JSON();
  } catch {
    return MALFORMED_JSON();
  }
}

function cut(prompt: PlainPrompt, engine: Engine, field: string): Piece[] {
  if (typeof prompt === 'string') return engine.tokenize(prompt);
  return prompt.map((id) => engine.pieceOf(id) ?? refuse(INVALID_VALUE(field, `ids of the vocabulary, not ${id}`)));
}

/** At least one token of an answer must fit behind the prompt. */
function checkLength(field: string, prompt: readonly Piece[], { contextTokens }: Engine): void {
  if (prompt.length >= contextTokens) refuse(CONTEXT_LENGTH_EXCEEDED(field, prompt.length, contextTokens));
}

function decodeId(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
