/**
 * A town in one process: a clock, a network that delays and loses, and one World for each role that lives there.
 *
 * Roles are connected by calling each other's handlers, through the faults that the seed has drawn. A role can be killed at
 * any moment: what it had not flushed is gone, its connections break, and whatever it was waiting for never comes.
 */
import { Fault } from '@decai/protocol/fault';
import type { HttpAnswer, HttpExchange, HttpHandler } from '@decai/protocol/http';
import { inlineJudges } from '@decai/protocol/judge';
import { createMemoryDisk, type MemoryDisk } from '@decai/protocol/memory-store';
import type { Listening, ListenOptions, MessageSocket, World } from '@decai/protocol/world';
import { createMemoryDatabases, type MemoryDatabases } from '@decai/world/memory-databases';
import { type SeededRandom, seededRandom } from './seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';

export type NetworkFaults = {
  /** Bounds of the delay of a request, of an answer, and of each piece of a body. */
  readonly delayMs: readonly [min: number, max: number];
  /** Chance that a request is lost before anybody sees it. */
  readonly loseRequest: number;
  /** Chance that an answer is lost after the other side has done its work. */
  readonly loseAnswer: number;
};

export const CALM: NetworkFaults = { delayMs: [1, 1], loseRequest: 0, loseAnswer: 0 };

/** A role's place in the town. A killed one stays dead; the next life of the role is another value. */
export type Resident = {
  readonly world: World;
  readonly kill: () => void;
};

type Server = { readonly handler: HttpHandler; readonly options: ListenOptions; readonly life: Life };

/** What one life of a role can still do. */
class Life {
  /** The role whose life it is. */
  readonly name: string;
  readonly #ended = new AbortController();

  constructor(name: string) {
    this.name = name;
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  end(): void {
    this.#ended.abort(new Fault('ROLE_KILLED', 'the role was killed'));
  }

  /** The promise while the role lives; nothing, for ever, once it is dead: nobody is left to be told. */
  living<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.signal.aborted || resolve(value),
        (reason: unknown) => this.signal.aborted || reject(reason as Error),
      );
    });
  }
}

export class SimulatedTown {
  readonly clock: VirtualClock = new VirtualClock();
  readonly random: SeededRandom;
  faults: NetworkFaults = CALM;
  /** Roles whose requests reach nobody, and whom no request reaches. Sockets that are open stay open. */
  readonly isolated: Set<string> = new Set();
  readonly #servers = new Map<string, Server>();
  readonly #disks = new Map<string, MemoryDisk>();
  readonly #databases = new Map<string, MemoryDatabases>();
  readonly #networkRandom: SeededRandom;
  #lastPort = 20_000;

  constructor(seed: string) {
    this.random = seededRandom(seed);
    this.#networkRandom = this.random.fork('network');
  }

  /** A new life for the role of that name, on the disk that its earlier lives have left. */
  resident(name: string): Resident {
    const disk = this.#disks.get(name) ?? createMemoryDisk();
    this.#disks.set(name, disk);
    const databases = this.#databases.get(name) ?? createMemoryDatabases();
    this.#databases.set(name, databases);
    const life = new Life(name);
    const random = this.random.fork(`${name}/${this.clock.now()}`);
    const world: World = {
      now: () => this.clock.now(),
      sleep: (ms, signal) => life.living(this.clock.sleep(ms, signal)),
      randomBytes: (length) => random.bytes(length),
      request: (exchange) => life.living(this.#request(exchange, life)),
      connect: (url) => life.living(this.#connect(url, life)),
      listen: async (handler, options) => this.#listen(handler, options, life),
      openStore: (store) => disk.openStore(store),
      openDatabase: (database, options) => databases.openDatabase(database, options),
      openJudges: inlineJudges,
    };
    const kill = (): void => {
      life.end();
      for (const [address, server] of this.#servers) if (server.life === life) this.#servers.delete(address);
      disk.crash((unflushed) => random.whole(0, unflushed));
      databases.crash();
    };
    return { world, kill };
  }

  #listen(handler: HttpHandler, options: ListenOptions, life: Life): Listening {
    const address = `${options.host}:${options.port === 0 ? (this.#lastPort += 1) : options.port}`;
    if (this.#servers.has(address)) throw new Fault('ADDRESS_IN_USE', 'the port is taken', { address });
    const server = { handler, options, life };
    this.#servers.set(address, server);
    return {
      url: `http://${address}`,
      close: async () => {
        if (this.#servers.get(address) === server) this.#servers.delete(address);
      },
    };
  }

  async #request(exchange: HttpExchange, caller: Life): Promise<HttpAnswer> {
    const url = new URL(exchange.url);
    await this.#delay(exchange.signal);
    const server = this.#servers.get(addressOf(url));
    if (server === undefined || this.#isCut(caller, server.life)) throw unreachable(url.host);
    if (this.#networkRandom.chance(this.faults.loseRequest)) throw unreachable(url.host);

    const gone = AbortSignal.any([exchange.signal, caller.signal]);
    const answering = server.handler({ ...exchange, url: url.pathname + url.search, signal: gone });
    const answer = await orBroken(answering, server.life, gone);
    await this.#delay(exchange.signal);
    if (this.#isCut(caller, server.life) || this.#networkRandom.chance(this.faults.loseAnswer))
      throw unreachable(url.host);
    if (answer.body instanceof Uint8Array) return answer;
    return { ...answer, body: this.#carry(answer.body, server.life, gone) };
  }

  /** Pieces of a body, one delay each; broken off when either side dies or the receiver hangs up. */
  async *#carry(body: AsyncIterable<Uint8Array>, sender: Life, gone: AbortSignal): AsyncGenerator<Uint8Array> {
    const pieces = body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await orBroken(pieces.next(), sender, gone);
        if (next.done === true) return;
        await this.#delay(gone);
        yield next.value;
      }
    } finally {
      if (!sender.signal.aborted) void Promise.resolve(pieces.return?.()).catch(() => undefined);
    }
  }

  async #connect(url: string, caller: Life): Promise<MessageSocket> {
    const target = new URL(url);
    await this.#delay();
    const server = this.#servers.get(addressOf(target));
    if (server?.options.onSocket === undefined) {
      throw new Fault('SOCKET_UNREACHABLE', 'nobody takes sockets there', { host: target.host });
    }
    const broken = AbortSignal.any([caller.signal, server.life.signal]);
    const [near, far] = [new Mailbox(broken), new Mailbox(broken)];
    server.options.onSocket(
      socketOf(far, near, () => this.#delay()),
      target.pathname,
    );
    return socketOf(near, far, () => this.#delay());
  }

  #isCut(a: Life, b: Life): boolean {
    return this.isolated.has(a.name) || this.isolated.has(b.name);
  }

  #delay(signal?: AbortSignal): Promise<void> {
    const [min, max] = this.faults.delayMs;
    return this.clock.sleep(this.#networkRandom.whole(min, max), signal);
  }
}

/** A URL leaves out the port that its scheme implies. */
function addressOf(url: URL): string {
  return `${url.hostname}:${url.port === '' ? 80 : url.port}`;
}

function unreachable(host: string): Fault {
  return new Fault('HTTP_UNREACHABLE', 'no answer', { host });
}

/** The promise, or a broken connection when the other side dies or this side hangs up first. */
function orBroken<T>(promise: Promise<T>, other: Life, gone: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const broken = (): void => reject(gone.aborted ? gone.reason : unreachable('killed'));
    const signal = AbortSignal.any([gone, other.signal]);
    if (signal.aborted) broken();
    signal.addEventListener('abort', broken, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', broken));
  });
}

/** Messages on their way to one side. */
class Mailbox implements AsyncIterable<string> {
  readonly #messages: string[] = [];
  readonly #broken: AbortSignal;
  #closed = false;
  #wake: () => void = () => undefined;

  constructor(broken: AbortSignal) {
    this.#broken = broken;
    broken.addEventListener('abort', () => this.close(), { once: true });
  }

  put(message: string): void {
    this.#messages.push(message);
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      while (this.#messages.length > 0) yield this.#messages.shift()!;
      if (this.#closed || this.#broken.aborted) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

function socketOf(inbox: Mailbox, outbox: Mailbox, delay: () => Promise<void>): MessageSocket {
  // Messages stay in order however long each is under way.
  let onTheWay = Promise.resolve();
  const later = (deliver: () => void): void => {
    onTheWay = onTheWay.then(delay).then(deliver);
  };
  return {
    send: (text) => later(() => outbox.put(text)),
    messages: inbox,
    close: () => {
      inbox.close();
      later(() => outbox.close());
    },
  };
}
