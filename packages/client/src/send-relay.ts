/**
 * One relay over HTTP: sent to a supplier, verified, and given back as the answer of its backend, whole or as a stream.
 *
 * A failure is a value that says what it means (`relay-outcome.ts`); only the caller's own abort is thrown. Nothing is
 * given on before it is verified, and a stream is given back only once its first batch is.
 *
 * Source: pokt-network/poktroll `pkg/relayer/proxy`; pokt-network/pocket-relay-miner `relayer/http_stream.go`.
 */
import { Fault, isFault } from '@decai/protocol/fault';
import { readBody, type HttpAnswer, type HttpHeaders } from '@decai/protocol/http';
import type { World } from '@decai/protocol/world';
import { createIdleLimit, type IdleLimit } from './idle-limit.ts';
import type { PublicKeyBook } from './public-key-book.ts';
import { failureOfRefusal, failureOfStatus, failureOfTransport, type RelayFailure } from './relay-outcome.ts';
import { createRelayVerifier, type RelayVerifier } from './relay-verifier.ts';
import type { SignedRelay } from './sign-relay.ts';
import { isStreamV1, readStreamV1, type StreamPiece } from './stream-v1.ts';
import { RESPONSE_BYTES_MAX, type VerificationOptions } from './verify-relay.ts';

export type RelayTarget = {
  /** As staked; nothing is added to it. */
  readonly url: string;
  /** As staked: 4 for REST, 3 for JSON-RPC. */
  readonly rpcType: number;
};

export type RelaySending = {
  readonly world: Pick<World, 'request' | 'sleep' | 'now'>;
  readonly keys: PublicKeyBook;
  readonly relay: SignedRelay;
  readonly target: RelayTarget;
  readonly signal: AbortSignal;
  readonly limits?: Partial<RelayLimits>;
  readonly verification?: VerificationOptions;
};

export type RelayLimits = {
  /** From sending to the first byte of the answer's body: a model reads a long prompt before it says anything. */
  readonly firstByteMs: number;
  /** Between two pieces of the answer after that. */
  readonly idleMs: number;
};

export const RELAY_LIMITS: RelayLimits = { firstByteMs: 120_000, idleMs: 60_000 };

export type RelayAnswer =
  | {
      readonly ok: true;
      readonly kind: 'whole';
      /** Of the backend; the supplier is answerable for it, whatever it is. */
      readonly status: number;
      readonly headers: HttpHeaders;
      readonly body: Uint8Array;
    }
  | {
      readonly ok: true;
      readonly kind: 'stream';
      readonly status: number;
      readonly headers: HttpHeaders;
      /** Verified pieces; throws RELAY_STREAM_FAILED when the stream fails on the way. Leaving it early hangs up. */
      readonly body: AsyncIterable<Uint8Array>;
      /** How it ended, once `body` has; undefined when it ended well. */
      readonly ended: Promise<RelayFailure | undefined>;
    }
  | { readonly ok: false; readonly failure: RelayFailure };

/** The backend's answer to one relay, or what went wrong. @throws the signal's reason when it is aborted. */
export async function sendRelay(sending: RelaySending): Promise<RelayAnswer> {
  const { world, keys, relay, target, signal, verification } = sending;
  const { firstByteMs, idleMs } = { ...RELAY_LIMITS, ...sending.limits };
  const idle = createIdleLimit(world, signal);
  const verify = createRelayVerifier(keys, relay, verification);
  let handedOn = false;
  try {
    const answer = await idle.wait(
      firstByteMs,
      world.request({
        method: 'POST',
        url: target.url,
        headers: relayHeaders(relay, target.rpcType),
        body: relay.bytes,
        signal: idle.signal,
      }),
    );
    const body = idle.follow(answer.body, firstByteMs, idleMs);
    const received = { ...answer, body };
    if (answer.status >= 400 || !isStreamV1(answer.headers)) return await readWhole(received, verify, sending);
    const stream = await readStream(received, verify, signal, idle);
    handedOn = stream.ok;
    return stream;
  } catch (thrown) {
    return { ok: false, failure: transportFailure(thrown, signal) };
  } finally {
    if (!handedOn) idle.end();
  }
}

type Received = HttpAnswer & { readonly body: AsyncGenerator<Uint8Array, void> };

function relayHeaders({ request }: SignedRelay, rpcType: number): HttpHeaders {
  const { serviceId, applicationAddress } = request.meta!.sessionHeader!;
  return {
    'content-type': 'application/x-protobuf',
    accept: 'application/x-protobuf',
    'rpc-type': `${rpcType}`,
    'target-service-id': serviceId,
    'app-address': applicationAddress,
  };
}

async function readWhole(
  { status, headers, body }: Received,
  verify: RelayVerifier,
  { verification }: RelaySending,
): Promise<RelayAnswer> {
  const bytesMax = verification?.bytesMax ?? RESPONSE_BYTES_MAX;
  let bytes: Uint8Array;
  try {
    bytes = await readBody(body, bytesMax, (seen) => new Fault('RELAY_RESPONSE_TOO_LARGE', `${seen} bytes`));
  } catch (thrown) {
    if (!isFault(thrown, 'RELAY_RESPONSE_TOO_LARGE')) throw thrown;
    const refusal = {
      code: 'RELAY_RESPONSE_TOO_LARGE',
      message: `the answer has more than ${bytesMax} bytes`,
    } as const;
    return { ok: false, failure: failureOfRefusal(refusal, status) };
  }
  const verdict = await verify(bytes);
  if (verdict.ok) return { ok: true, kind: 'whole', ...verdict.http };
  const retryAfterSeconds = retryAfter(headers);
  // Some miners answer errors with a status and a text, and no relay.
  const bare = verdict.refusal.code === 'RELAY_RESPONSE_MALFORMED' && status !== 200;
  return {
    ok: false,
    failure: bare
      ? failureOfStatus(status, retryAfterSeconds)
      : failureOfRefusal(verdict.refusal, status, retryAfterSeconds, bytes),
  };
}

async function readStream(
  { status, headers, body }: Received,
  verify: RelayVerifier,
  signal: AbortSignal,
  idle: IdleLimit,
): Promise<RelayAnswer> {
  const pieces = readStreamV1(body, { verify });
  const next = await pieces.next();
  const first = next.value as StreamPiece;
  if (first.kind !== 'batch') {
    const refusal = first.kind === 'refused' ? first.refusal : ({ code: 'STREAM_EMPTY', message: 'no batch' } as const);
    const response = first.kind === 'refused' ? first.response : undefined;
    return { ok: false, failure: failureOfRefusal(refusal, status, undefined, response) };
  }
  let tell: (failure: RelayFailure | undefined) => void = () => undefined;
  const ended = new Promise<RelayFailure | undefined>((resolve) => (tell = resolve));
  return {
    ok: true,
    kind: 'stream',
    status: first.http.status,
    headers: { 'content-type': headers['content-type']!, ...first.http.headers },
    body: deliver(first.http.body, pieces, status, signal, idle, tell),
    ended,
  };
}

async function* deliver(
  first: Uint8Array,
  pieces: AsyncGenerator<StreamPiece, void>,
  status: number,
  signal: AbortSignal,
  idle: IdleLimit,
  tell: (failure: RelayFailure | undefined) => void,
): AsyncGenerator<Uint8Array, void> {
  // Holds unless the stream comes to an end of its own.
  let failure: RelayFailure | undefined = failureOfTransport('STREAM_ABANDONED', 'the reader left before the end');
  try {
    yield first;
    for await (const piece of pieces) {
      if (piece.kind === 'batch') yield piece.http.body;
      else
        failure = piece.kind === 'end' ? undefined : failureOfRefusal(piece.refusal, status, undefined, piece.response);
    }
  } catch (thrown) {
    failure = signal.aborted ? failure : transportFailure(thrown, signal);
    if (signal.aborted) throw thrown;
  } finally {
    idle.end();
    tell(failure);
    // A reader who leaves after the first batch has not entered the loop, which would do this.
    await pieces.return();
  }
  if (failure !== undefined) throw new Fault('RELAY_STREAM_FAILED', failure.message, { code: failure.code });
}

function transportFailure(thrown: unknown, signal: AbortSignal): RelayFailure {
  signal.throwIfAborted();
  if (isFault(thrown, 'SUPPLIER_TIMEOUT')) return failureOfTransport('SUPPLIER_TIMEOUT', thrown.message);
  if (isFault(thrown, 'HTTP_BROKEN_OFF')) return failureOfTransport('SUPPLIER_BROKE_OFF', thrown.message);
  if (isFault(thrown, 'HTTP_UNREACHABLE')) return failureOfTransport('SUPPLIER_UNREACHABLE', thrown.message);
  if (isFault(thrown, 'HTTP_URL_INVALID')) return failureOfTransport('SUPPLIER_UNREACHABLE', thrown.message);
  throw thrown;
}

function retryAfter(headers: HttpHeaders): number | undefined {
  const text = headers['retry-after'];
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}
