/**
 * The World of a real process: the machine's clock, its randomness, its sockets, its cores, and one LMDB environment for each
 * store.
 */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Fault } from '@decai/protocol/fault';
import type { World } from '@decai/protocol/world';
import { openLibsqlDatabase } from './libsql-database.ts';
import { openLmdbStore } from './lmdb-store.ts';
import { serveHttp } from './serve-http.ts';
import { threadedJudges } from './threaded-judges.ts';
import { createHttpClient } from './undici-request.ts';
import { connectWebSocket } from './web-socket.ts';

/** A longer timer would fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export type RealWorldOptions = {
  /** Where stores lie, one directory each, and SQL databases, one file each. Made when the first is opened. */
  readonly dataDirectory: string;
};

/** A world, and the end of it. */
export type RealWorld = World & {
  /** Cuts outgoing connections. Listeners, stores and judges are closed by whoever opened them. */
  close(): Promise<void>;
};

export function createWorld({ dataDirectory }: RealWorldOptions): RealWorld {
  const client = createHttpClient();
  return {
    now: () => Date.now(),
    sleep,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    request: (exchange) => client.request(exchange),
    connect: connectWebSocket,
    listen: serveHttp,
    openStore: (name) => openLmdbStore(join(dataDirectory, checkedName(name))),
    openDatabase: (name, options) => openLibsqlDatabase(join(dataDirectory, `${checkedName(name)}.sqlite`), options),
    openJudges: (shared, threads = availableParallelism() - 1) => threadedJudges(shared, threads),
    close: () => client.close(),
  };
}

function checkedName(name: string): string {
  if (/^[a-z0-9][a-z0-9._-]*$/i.test(name)) return name;
  throw new Fault('STORE_NAME_INVALID', 'a store is named by one path segment', { name });
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const cancel = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', cancel);
        resolve();
      },
      Math.min(ms, TIMER_MS_MAX),
    );
    signal?.addEventListener('abort', cancel, { once: true });
  });
}
