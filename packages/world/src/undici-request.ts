/**
 * One HTTP request through undici: a pool of connections for each origin, never the global fetch.
 *
 * Deadlines are the caller's, by the exchange's signal; only connecting has one of its own. Redirects are not followed,
 * bodies are not unpacked: both are the answer.
 */
import { Pool, type Dispatcher } from 'undici';
import { Fault } from '@decai/protocol/fault';
import type { HttpAnswer, HttpExchange, HttpHeaders } from '@decai/protocol/http';

export type HttpClient = {
  /**
   * Sends one request; resolves when the answer's headers are there. The body must be read, or the signal aborted.
   *
   * Throws the signal's reason when aborted; HTTP_UNREACHABLE when no answer begins; HTTP_URL_INVALID for a URL that is
   * not absolute http(s). The answer's body throws HTTP_BROKEN_OFF when the connection ends before the body does.
   */
  request(exchange: HttpExchange): Promise<HttpAnswer>;
  /** Cuts every connection. */
  close(): Promise<void>;
};

/** Pools kept; beyond it the one not used for the longest time goes, once it is idle. */
const ORIGINS_MAX = 1024;
const CONNECT_TIMEOUT_MS = 10_000;

export function createHttpClient(): HttpClient {
  const pools = new Map<string, Pool>();

  const poolFor = (origin: string): Pool => {
    const known = pools.get(origin);
    if (known !== undefined) {
      // A Map walks in the order of insertion: the front is what was not used for the longest time.
      pools.delete(origin);
      pools.set(origin, known);
      return known;
    }
    const pool = new Pool(origin, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: CONNECT_TIMEOUT_MS },
    });
    pools.set(origin, pool);
    if (pools.size > ORIGINS_MAX) dropIdlePool(pools);
    return pool;
  };

  return {
    async request(exchange) {
      exchange.signal.throwIfAborted();
      const url = parseUrl(exchange.url);
      let response: Dispatcher.ResponseData;
      try {
        response = await poolFor(url.origin).request({
          path: `${url.pathname}${url.search}`,
          method: exchange.method as Dispatcher.HttpMethod,
          headers: { ...exchange.headers },
          body: exchange.body as Dispatcher.DispatchOptions['body'] & object,
          signal: exchange.signal,
        });
      } catch (cause) {
        exchange.signal.throwIfAborted();
        throw new Fault('HTTP_UNREACHABLE', `no answer from ${url.origin}`, { origin: url.origin }, cause);
      }
      // A body that fails while nobody reads it must not bring the process down.
      response.body.on('error', ignore);
      return {
        status: response.statusCode,
        headers: joinHeaders(response.headers),
        body: readPieces(response.body, exchange.signal, url.origin),
      };
    },
    async close() {
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map((pool) => pool.destroy()));
    },
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Fault('HTTP_URL_INVALID', 'an absolute http or https URL is expected');
  }
  return url;
}

async function* readPieces(
  body: Dispatcher.ResponseData['body'],
  signal: AbortSignal,
  origin: string,
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      yield new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new Fault('HTTP_BROKEN_OFF', `the answer of ${origin} broke off`, { origin }, cause);
  }
}

function joinHeaders(received: Readonly<Record<string, string | string[] | undefined>>): HttpHeaders {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(received)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function dropIdlePool(pools: Map<string, Pool>): void {
  for (const [origin, pool] of pools) {
    if (pool.stats.running + pool.stats.pending > 0) continue;
    pools.delete(origin);
    void pool.close();
    return;
  }
}

function ignore(): void {}
