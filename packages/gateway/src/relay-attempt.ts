/**
 * One attempt to have a request answered: signed for one supplier, sent, verified, and read far enough to know that the
 * answer is one.
 *
 * An answer counts as begun only when its first event is content, so that what goes wrong before can still be tried
 * elsewhere, and a client is told with a real status.
 */
import { signingRing } from '@decai/client/application-ring';
import { sendRelay } from '@decai/client/send-relay';
import type { NetworkSession } from '@decai/client/session-book';
import { signRelay } from '@decai/client/sign-relay';
import { toHex } from '@decai/protocol/bytes';
import type { SupplierOutcome } from '@decai/protocol/supplier-outcome';
import type { Gateway } from './gateway.ts';
import { API_PATHS, type InferenceRequest } from './inference-request.ts';
import type { ApiRefusal } from './openai-error.ts';
import { mendStream, type StreamReport } from './stream-answer.ts';
import type { Tracing } from './trace-book.ts';
import type { Usage } from './usage.ts';
import { readSupplierRefusal, readWholeAnswer } from './whole-answer.ts';

/** Whom to ask, in which session. */
export type Place = {
  readonly session: NetworkSession;
  readonly supplier: string;
  readonly target: { readonly url: string; readonly rpcType: number };
};

export type Answered =
  | {
      readonly kind: 'whole';
      readonly body: Uint8Array;
      readonly id: string | undefined;
      readonly usage: Usage | undefined;
    }
  | {
      readonly kind: 'stream';
      /** Events for the client; the last one ends the answer. */
      readonly events: AsyncIterable<Uint8Array>;
      /** Filled while the events pass. */
      readonly report: StreamReport;
      /** What the stream said of the supplier, once it is over. */
      readonly outcome: () => SupplierOutcome;
    };

export type Failed = {
  readonly ok: false;
  readonly outcome: SupplierOutcome;
  /** Asking somebody else would not help: the client is told this. */
  readonly refusal: ApiRefusal | undefined;
  /** What this gateway believes about the session may be old. */
  readonly sessionDoubted: boolean;
  readonly restOfSession: boolean;
};

/** @throws the signal's reason when it aborts. */
export async function attemptRelay(
  gateway: Gateway,
  request: InferenceRequest,
  { session, supplier, target }: Place,
  tracing: Tracing,
  signal: AbortSignal,
): Promise<{ readonly ok: true; readonly answered: Answered } | Failed> {
  const { world, key, publicKeys, limits } = gateway;
  const ring = await signingRing(session.application, key, session.endHeight, publicKeys);
  if (!ring.ok) return failed('user_error', { sessionDoubted: true });

  const relay = signRelay({
    sessionHeader: session.header,
    supplierOperatorAddress: supplier,
    http: {
      method: 'POST',
      url: new URL(API_PATHS[request.api], target.url).href,
      headers: {
        'content-type': 'application/json',
        accept: request.streaming ? 'text/event-stream' : 'application/json',
      },
      body: request.body,
    },
    ring,
    privateKey: key.privateKey,
    randomBytes: (length) => world.randomBytes(length),
  });
  tracing.tell('relay.signed', { requestHash: toHex(relay.digest), supplier });

  const answer = await sendRelay({
    world,
    keys: publicKeys,
    relay,
    target,
    signal,
    limits: { firstByteMs: limits.firstByteMsMax, idleMs: limits.silenceMsMax },
    verification: { bytesMax: limits.answerBytesMax },
  });
  if (!answer.ok) {
    const { outcome, next, restOfSession } = answer.failure;
    const refusal = next === 'give_up' ? GIVEN_UP : undefined;
    return failed(outcome, {
      refusal,
      sessionDoubted: next === 'refresh_session' || next === 'refresh_ring',
      restOfSession,
    });
  }
  if (answer.kind === 'stream' && answer.status === 200 && request.streaming) {
    return await beginStream(gateway, request, answer.body, answer.ended);
  }
  if (answer.kind === 'stream') {
    await answer.body[Symbol.asyncIterator]().return?.();
    return failed('malformed');
  }
  tracing.tell('relay.verified', { supplier, status: answer.status });
  if (answer.status !== 200) return failedByBackend(answer.status, answer.body);
  if (request.streaming) {
    // Some miners read a backend's stream to its end and sign it as one answer.
    if (!/^text\/event-stream\b/i.test(answer.headers['content-type'] ?? '')) return failed('malformed');
    return await beginStream(gateway, request, onePiece(answer.body), Promise.resolve(undefined));
  }
  const read = readWholeAnswer(request, answer.body, world.now());
  if (!read.ok) return failed('malformed');
  return { ok: true, answered: { kind: 'whole', body: read.body, id: read.id, usage: read.usage } };
}

const GIVEN_UP: ApiRefusal = {
  ok: false,
  code: 'request_too_large',
  message: 'No supplier of this session takes a request like this: it is too large, or its path is not served.',
  param: null,
};

async function beginStream(
  gateway: Gateway,
  request: InferenceRequest,
  body: AsyncIterable<Uint8Array>,
  ended: Promise<{ readonly outcome: SupplierOutcome } | undefined>,
): Promise<{ readonly ok: true; readonly answered: Answered } | Failed> {
  const report: StreamReport = { id: undefined, usage: undefined, failure: undefined };
  let transport: SupplierOutcome | undefined;
  void ended.then((failure) => (transport = failure?.outcome));
  const events = mendStream(request, body, gateway.world.now(), report);
  const first = await events.next();
  if (first.done === true || report.failure !== undefined) return failed(transport ?? 'malformed');
  const outcome = (): SupplierOutcome => transport ?? (report.failure === undefined ? 'ok' : 'truncated');
  return { ok: true, answered: { kind: 'stream', events: withFirst(first.value, events), report, outcome } };
}

/** A backend's refusal of the request itself goes to the client; one of its own troubles is tried elsewhere. */
function failedByBackend(status: number, body: Uint8Array): Failed {
  if (status === 429 || status === 503) return failed('queue_full');
  if (status === 408 || status === 504) return failed('timeout');
  if (status === 400 || status === 413 || status === 422)
    return failed('user_error', { refusal: readSupplierRefusal(body) });
  return failed('backend_error');
}

function failed(outcome: SupplierOutcome, more: Partial<Omit<Failed, 'ok' | 'outcome'>> = {}): Failed {
  return { ok: false, outcome, refusal: undefined, sessionDoubted: false, restOfSession: false, ...more };
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The stream with its first event put back. Leaving it early leaves the source, begun or not. */
function withFirst(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncIterable<Uint8Array> {
  let waiting: Uint8Array | undefined = first;
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      if (waiting === undefined) return rest.next();
      const value = waiting;
      waiting = undefined;
      return { done: false, value };
    },
    return: () => rest.return(undefined),
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
