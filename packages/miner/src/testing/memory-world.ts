/**
 * A World for tests: a clock that the test moves, a disk that can crash, and a network of handlers by host.
 *
 * A request reaches its handler at once and in the same process; hanging up is seen on the other side as it is over a
 * socket: the signal fires, and an unread body is told to stop.
 */
import { u64be } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import { sha256 } from '@decai/protocol/hash';
import type { HttpAnswer, HttpExchange, HttpHandler } from '@decai/protocol/http';
import { inlineJudges } from '@decai/protocol/judge';
import { createMemoryDisk, type MemoryDisk } from '@decai/protocol/memory-store';
import type { World } from '@decai/protocol/world';
import { manualClock, type ManualClock } from '@decai/client/testing/manual-clock';

export type MemoryWorld = {
  readonly world: World;
  readonly clock: ManualClock;
  readonly disk: MemoryDisk;
  /** Who answers at `http://<host>`; null: nobody any more. */
  route(host: string, handler: HttpHandler | null): void;
  /** Who answers there now. */
  handlerOf(host: string): HttpHandler;
};

export function createMemoryWorld(): MemoryWorld {
  const clock = manualClock(1_700_000_000_000);
  const disk = createMemoryDisk();
  const handlers = new Map<string, HttpHandler>();
  let drawn = 0n;
  let port = 20_000;
  const world: World = {
    now: clock.now,
    sleep: clock.sleep,
    randomBytes(length) {
      const blocks: Uint8Array[] = [];
      for (let have = 0; have < length; have += 32) blocks.push(sha256(u64be((drawn += 1n))));
      return new Uint8Array(Buffer.concat(blocks)).slice(0, length);
    },
    async request(exchange) {
      const url = new URL(exchange.url);
      const handler = handlers.get(url.host);
      if (handler === undefined) throw new Fault('HTTP_UNREACHABLE', 'nobody is there', { host: url.host });
      return carry(await orGone(handler({ ...exchange, url: url.pathname + url.search }), exchange.signal), exchange);
    },
    connect: async () => {
      throw new Fault('SOCKET_UNREACHABLE', 'there are no sockets here');
    },
    async listen(handler, { host, port: wanted }) {
      const address = `${host}:${wanted === 0 ? (port += 1) : wanted}`;
      handlers.set(address, handler);
      return { url: `http://${address}`, close: async () => void handlers.delete(address) };
    },
    openStore: (name) => disk.openStore(name),
    openDatabase: () => {
      throw new Fault('DATABASE_FAILED', 'there is no SQL here');
    },
    openJudges: inlineJudges,
  };
  return {
    world,
    clock,
    disk,
    handlerOf: (host) => handlers.get(host)!,
    route: (host, handler) => void (handler === null ? handlers.delete(host) : handlers.set(host, handler)),
  };
}

function carry(answer: HttpAnswer, { signal }: HttpExchange): HttpAnswer {
  if (answer.body instanceof Uint8Array) return answer;
  return { ...answer, body: pieces(answer.body, signal) };
}

async function* pieces(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const source = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orGone(source.next(), signal);
      if (next.done === true) return;
      yield next.value;
    }
  } catch (thrown) {
    signal.throwIfAborted();
    throw new Fault('HTTP_BROKEN_OFF', 'the answer broke off', {}, thrown);
  } finally {
    void source.return?.();
  }
}

function orGone<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(signal.reason as Error);
    if (signal.aborted) gone();
    signal.addEventListener('abort', gone, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', gone));
  });
}
