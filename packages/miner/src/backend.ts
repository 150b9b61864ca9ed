/**
 * The call to the operator's own server: the relay's request put in front of it, and its answer as it comes.
 *
 * The path is on the service's list, the headers are those that may pass, the operator's own are added. A client who leaves
 * ends the call; so do silence before the first byte, silence after it, and the limit on the whole answer.
 *
 * Source: pokt-network/poktroll `pkg/relayer/proxy/http_server.go`, `sync.go`.
 */
import { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { createIdleLimit } from '@decai/client/idle-limit';
import { Fault, isFault } from '@decai/protocol/fault';
import { readBody, type HttpHeaders } from '@decai/protocol/http';
import type { HttpRequestMessage } from '@decai/protocol/http-message';
import type { World } from '@decai/protocol/world';
import { BackendGate } from './backend-gate.ts';
import { requestHeaders, responseHeaders } from './backend-headers.ts';
import { BackendHealth } from './backend-health.ts';
import { backendUrl, type BackendPath } from './backend-path.ts';
import { streamKind, type StreamKind } from './event-units.ts';
import type { ServiceConfig } from './miner-config.ts';
import { refuse, type MinerRefusal } from './miner-refusal.ts';
import { renameModel } from './model-name.ts';

/** A server behind one service, with what is known of it. */
export type Backend = {
  readonly serviceId: string;
  readonly config: ServiceConfig;
  /** The operator's headers, environment variables filled in. */
  readonly headers: HttpHeaders;
  readonly gate: BackendGate;
  readonly health: BackendHealth;
};

export type BackendAsk = {
  readonly message: HttpRequestMessage;
  readonly path: BackendPath;
  /** Told to the backend where the operator wants it: `pocket-*`. */
  readonly about: HttpHeaders;
};

export type BackendAnswer = {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Absent for an answer that is given whole. */
  readonly stream: StreamKind | undefined;
  /** Throws what `backendRefusal` translates. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The name that the request gave the model, where the backend knows it by another. */
  readonly modelName: string | undefined;
  /** Lets go of the call; aborts it if it still runs. */
  end(): void;
};

export function createBackend(serviceId: string, config: ServiceConfig, headers: HttpHeaders, world: World): Backend {
  return {
    serviceId,
    config,
    headers,
    gate: new BackendGate(config, world.sleep),
    health: new BackendHealth(config.probe.failuresMax),
  };
}

/** Asks the backend; resolves when its answer begins, or with why it did not. */
export async function callBackend(
  world: Pick<World, 'request' | 'sleep' | 'now'>,
  { config, headers, health }: Backend,
  { message, path, about }: BackendAsk,
  signal: AbortSignal,
): Promise<BackendAnswer | MinerRefusal> {
  const limit = createIdleLimit(world, signal);
  // A limit on waiting does not see an answer that drips for ever.
  world.sleep(config.timeoutMs, limit.signal).then(
    () => limit.end(),
    () => undefined,
  );
  const { body, before } = config.model === undefined ? unchanged(message) : renameModel(message.body, config.model);
  try {
    const answer = await limit.wait(
      config.firstByteTimeoutMs,
      world.request({
        method: message.method === '' ? 'POST' : message.method,
        url: backendUrl(config.backend, path),
        headers: requestHeaders(message.headers, config.pocketHeaders ? { ...about, ...headers } : headers),
        body,
        signal: limit.signal,
      }),
    );
    const answered = responseHeaders(answer.headers);
    const pieces = limit.follow(answer.body, config.firstByteTimeoutMs, config.idleTimeoutMs);
    return {
      status: answer.status,
      headers: withoutEncoding(answered),
      stream: streamKind(answered['content-type']),
      body: watched(unpacked(answered['content-encoding'], pieces), answer.status, health, signal),
      modelName: before,
      end: () => limit.end(),
    };
  } catch (thrown) {
    limit.end();
    return backendRefusal(thrown, health, signal);
  }
}

/** The whole body of an answer. Refuses one that is too large, breaks off, or takes too long. */
export async function readWhole(
  { config, health }: Backend,
  answer: BackendAnswer,
  signal: AbortSignal,
): Promise<Uint8Array | MinerRefusal> {
  const max = config.responseBytesMax;
  try {
    const body = await readBody(answer.body, max, (seen) => new Fault('RESPONSE_TOO_LARGE', 'too large', { seen }));
    return answer.modelName === undefined ? body : renameModel(body, answer.modelName).body;
  } catch (thrown) {
    if (isFault(thrown, 'RESPONSE_TOO_LARGE')) {
      return refuse('RESPONSE_TOO_LARGE', `the backend's answer has more than ${max} bytes`);
    }
    return backendRefusal(thrown, health, signal);
  } finally {
    answer.end();
  }
}

/** What a call that failed means to the asker. Whether the backend is to blame is told to its health. */
export function backendRefusal(thrown: unknown, health: BackendHealth, signal: AbortSignal): MinerRefusal {
  if (signal.aborted) return refuse('CLIENT_GONE', 'the client left before the answer');
  if (!isFault(thrown)) throw thrown;
  health.failed();
  // The limits of waiting and of the whole answer; their words are about suppliers, ours are about a backend.
  if (thrown.code === 'SUPPLIER_TIMEOUT' || thrown.code === 'EXCHANGE_ENDED') {
    return refuse('BACKEND_TIMEOUT', 'the backend did not answer in time');
  }
  return refuse('BACKEND_UNREACHABLE', `the backend did not answer: ${thrown.code}`);
}

/** The body, and at its end the news whether the backend works. */
async function* watched(
  body: AsyncIterable<Uint8Array>,
  status: number,
  health: BackendHealth,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  yield* body;
  if (signal.aborted) return;
  if (status >= 500) health.failed();
  else health.succeeded();
}

function unchanged({ body }: HttpRequestMessage): { body: Uint8Array; before: undefined } {
  return { body, before: undefined };
}

/** Some backends pack although they are asked not to. */
function unpacked(encoding: string | undefined, body: AsyncGenerator<Uint8Array, void>): AsyncIterable<Uint8Array> {
  const unpack = UNPACKERS[encoding?.trim().toLowerCase() ?? ''];
  return unpack === undefined ? body : readUnpacked(body, unpack());
}

const UNPACKERS: Readonly<Record<string, () => ReturnType<typeof createGunzip>>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress as unknown as () => ReturnType<typeof createGunzip>,
};

async function* readUnpacked(
  body: AsyncGenerator<Uint8Array, void>,
  unpacker: ReturnType<typeof createGunzip>,
): AsyncGenerator<Uint8Array, void> {
  const source = Readable.from(body);
  // An error of the source is one of the unpacker's too, so that the loop below throws it.
  source.on('error', (cause) => unpacker.destroy(cause));
  try {
    for await (const piece of source.pipe(unpacker) as AsyncIterable<Buffer>) {
      yield new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
    }
  } catch (cause) {
    if (isFault(cause)) throw cause;
    throw new Fault('BACKEND_ENCODING_BROKEN', 'the backend packed its answer wrongly', {}, cause);
  } finally {
    source.destroy();
  }
}

function withoutEncoding(headers: HttpHeaders): HttpHeaders {
  if (UNPACKERS[headers['content-encoding']?.trim().toLowerCase() ?? ''] === undefined) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'content-encoding'));
}
