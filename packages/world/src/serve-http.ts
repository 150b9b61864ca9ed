/**
 * Serves an HttpHandler with node:http.
 *
 * Whatever a client does (hangs up, stalls, sends nonsense, never reads), the process goes on: the handler hears of it
 * through the exchange's signal. A body that throws cuts the connection, so that nobody takes a torn answer for a whole one.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Fault } from '@decai/protocol/fault';
import type { HttpAnswer, HttpExchange, HttpHandler, HttpHeaders } from '@decai/protocol/http';
import type { Listening, ListenOptions } from '@decai/protocol/world';
import { acceptSockets } from './web-socket.ts';

/** A client gets this long to send its headers, and this long for a whole request. */
const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 300_000;
const KEEP_ALIVE_MS = 120_000;
const HEADER_BYTES_MAX = 32 * 1024;
/** How long a client may go on sending a body that nobody wants, after it was answered. */
const LINGER_MS = 2_000;
const CLOSE_GRACE_MS = 5_000;

/**
 * Listens and serves until closed.
 *
 * @throws ADDRESS_IN_USE when the port is taken; ADDRESS_UNAVAILABLE when the host is not ours or the port not allowed.
 */
export async function serveHttp(handler: HttpHandler, options: ListenOptions): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: HEADER_BYTES_MAX,
    },
    (request, response) => void serveExchange(handler, request, response, () => closing),
  );
  let closing = false;
  const sockets = options.onSocket === undefined ? undefined : acceptSockets(server, options.onSocket);
  await startListening(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${host}:${port}`,
    close(graceMs = CLOSE_GRACE_MS) {
      closing = true;
      closed ??= stopServer(server, graceMs, sockets);
      return closed;
    },
  };
}

async function serveExchange(
  handler: HttpHandler,
  request: IncomingMessage,
  response: ServerResponse,
  isClosing: () => boolean,
): Promise<void> {
  const gone = new AbortController();
  request.on('error', ignore);
  response.on('error', ignore);
  response.on('close', () => {
    if (!response.writableFinished) gone.abort(new Fault('HTTP_CLIENT_GONE', 'the client hung up'));
  });
  const exchange: HttpExchange = {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers: joinHeaders(request),
    body: readPieces(request, gone.signal),
    signal: gone.signal,
  };
  try {
    const answer = await handler(exchange);
    if (isClosing()) response.shouldKeepAlive = false;
    await sendAnswer(answer, request, response);
  } catch {
    // What went wrong is for the handler to tell; here it only has to end in an answer or a cut.
    if (response.headersSent) response.destroy();
    else if (!response.destroyed) failWith500(response);
  }
}

async function sendAnswer(answer: HttpAnswer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (response.destroyed) {
    await abandon(answer.body);
    return;
  }
  response.once('finish', () => lingerOver(request));
  if (answer.body instanceof Uint8Array) {
    response.writeHead(answer.status, { 'content-length': answer.body.length, ...answer.headers });
    response.end(answer.body);
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.flushHeaders();
  for await (const piece of answer.body) {
    if (response.destroyed) return;
    if (piece.length > 0 && !response.write(piece)) await drained(response);
  }
  response.end();
}

/** Lets the producer of a body that nobody will read know that it may stop. */
async function abandon(body: HttpAnswer['body']): Promise<void> {
  if (body instanceof Uint8Array) return;
  await body[Symbol.asyncIterator]().return?.();
}

/** Resolves when more may be written, or nothing more can be. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
    if (response.destroyed) done();
  });
}

/** Reads on for a while after an early answer: cutting at once could destroy the answer on its way. */
function lingerOver(request: IncomingMessage): void {
  if (request.complete) return;
  request.resume();
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  timer.unref();
  request.once('close', () => clearTimeout(timer));
}

/** The body in pieces. Stopping early leaves the connection open, so that the refusal still reaches the client. */
async function* readPieces(request: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      yield new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new Fault('HTTP_BROKEN_OFF', 'the request broke off', {}, cause);
  }
}

function joinHeaders(request: IncomingMessage): HttpHeaders {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function failWith500(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  const body = 'internal error\n';
  response.writeHead(500, { 'content-type': 'text/plain', 'content-length': body.length });
  response.end(body);
}

function startListening(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const [code, message] =
        cause.code === 'EADDRINUSE'
          ? (['ADDRESS_IN_USE', `port ${port} is taken`] as const)
          : (['ADDRESS_UNAVAILABLE', `cannot listen on ${host} port ${port}`] as const);
      reject(new Fault(code, message, { host, port }, cause));
    });
    server.listen(port, host, () => {
      server.on('error', ignore);
      resolve();
    });
  });
}

async function stopServer(server: Server, graceMs: number, sockets: { close(): void } | undefined): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  sockets?.close();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await ended;
  clearTimeout(cut);
}

function ignore(): void {}
