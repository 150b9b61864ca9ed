/**
 * A streamed answer in signed batches (stream v1): an event at a time while there is time to sign, several together when
 * there is not, none split, and the first at once.
 *
 * What is mined is the last batch with content that went to the socket: exactly what the client has seen. A client who
 * leaves ends the backend's work, and what he got is paid for. A backend that breaks off breaks the connection off, so that
 * nobody takes half an answer for a whole one, and earns nothing.
 *
 * Source: pokt-network/pocket-relay-miner `relayer/http_stream.go` (the form); pokt-network/poktroll pull request 1570
 * (the last batch as leaf).
 */
import { writeStreamBatches, type StreamBatch } from '@decai/client/stream-v1-writer';
import { EMPTY, utf8 } from '@decai/protocol/bytes';
import type { RelayResponse } from '@decai/protocol/gen/pocket/service/relay_pb';
import type { World } from '@decai/protocol/world';
import type { BackendAnswer } from './backend.ts';
import { EventUnits, type StreamKind } from './event-units.ts';
import type { MinerConfig } from './miner-config.ts';
import { renameModelInUnit } from './model-name.ts';
import type { SignedResponse } from './sign-response.ts';
import type { TokenBucket } from './token-bucket.ts';
import { UnitQueue } from './unit-queue.ts';

export type StreamOptions = {
  readonly world: Pick<World, 'sleep'>;
  readonly limits: MinerConfig['stream'];
  readonly eventBytesMax: number;
  /** Signatures that streams may make; without one left, events wait for company. */
  readonly signing: TokenBucket;
  readonly sign: (body: Uint8Array) => SignedResponse;
  /** Fires when the client is gone. */
  readonly signal: AbortSignal;
};

export type StreamEnd = {
  /** `ended`: all of it went out. `cut`: the client left. `failed`: the backend broke off; `failure` says how. */
  readonly kind: 'ended' | 'cut' | 'failed';
  readonly failure?: unknown;
  /** The last batch with content that went out. */
  readonly last: RelayResponse | undefined;
  readonly batches: number;
};

/** What goes to the socket. `onEnd` is called exactly once, whoever ends it. */
export type RelayStream = AsyncIterable<Uint8Array>;

const KEEPALIVE: Uint8Array = utf8(': keepalive\n\n');

/** So many batches may wait for a slow reader before the backend has to wait too. */
const QUEUED_BATCHES = 4;

/**
 * Begins a stream: resolves when its first batch stands ready, so that a backend that fails before it can still be refused.
 *
 * @throws what the backend's body throws before the first batch; then `onEnd` is not called.
 */
export async function streamRelay(
  answer: BackendAnswer & { readonly stream: StreamKind },
  options: StreamOptions,
  onEnd: (end: StreamEnd) => void,
): Promise<RelayStream> {
  const queue = new UnitQueue(options.world.sleep, QUEUED_BATCHES * options.limits.batchBytesMax);
  void fill(queue, answer, options.eventBytesMax);
  const batches = signedBatches(queue, answer.stream, options);
  let first: IteratorResult<SentBatch, void>;
  try {
    first = await batches.next();
  } catch (thrown) {
    queue.end();
    throw thrown;
  }
  const stream = new BatchStream(first, batches, options.signal, (end) => {
    queue.end();
    onEnd(end);
  });
  return { [Symbol.asyncIterator]: () => stream };
}

/** Reads the backend to its end, or until nobody listens. */
async function fill(queue: UnitQueue, answer: BackendAnswer & { stream: StreamKind }, bytesMax: number): Promise<void> {
  const { modelName } = answer;
  const put = (unit: Uint8Array): void =>
    queue.push(modelName === undefined ? unit : renameModelInUnit(unit, modelName));
  const units = new EventUnits(answer.stream, bytesMax);
  try {
    for await (const piece of answer.body) {
      units.push(piece).forEach(put);
      await queue.room();
      if (queue.isEnded) return;
    }
    const rest = units.end();
    if (rest.length > 0) put(rest);
    queue.end();
  } catch (thrown) {
    queue.end(thrown);
  }
}

type SentBatch = StreamBatch<SignedResponse> & { readonly hasContent: boolean };

async function* signedBatches(
  queue: UnitQueue,
  kind: StreamKind,
  { limits, signing, sign }: StreamOptions,
): AsyncGenerator<SentBatch, void> {
  const { batchEventsMax, batchBytesMax } = limits;
  // A comment means nothing to a reader of events; a reader of NDJSON knows no such thing.
  const silenceMs = kind === 'sse' ? limits.keepaliveMs : SILENCE_UNBROKEN_MS;
  let isFirst = true;
  for (;;) {
    const state = await queue.wait(silenceMs);
    if (state === 'ended') break;
    if (state === 'silent') {
      if (kind === 'sse') yield* batchesOf(KEEPALIVE, sign, false);
      continue;
    }
    if (!signing.take() && !isFirst) await queue.gather(batchEventsMax, limits.batchMs);
    yield* batchesOf(queue.take(batchEventsMax, batchBytesMax), sign, true);
    isFirst = false;
  }
  // A stream without a batch would look like one that was cut before its first.
  if (isFirst) yield* batchesOf(EMPTY, sign, true);
}

const SILENCE_UNBROKEN_MS = 24 * 60 * 60 * 1_000;

function batchesOf(body: Uint8Array, sign: StreamOptions['sign'], hasContent: boolean): SentBatch[] {
  return writeStreamBatches(body, sign).map((batch) => ({ ...batch, hasContent }));
}

/**
 * Hands batches out and keeps account of what was handed out. An object and not a generator, because a generator that was
 * never begun does not notice that it is given up.
 */
class BatchStream implements AsyncIterator<Uint8Array, undefined> {
  readonly #batches: AsyncGenerator<SentBatch, void>;
  readonly #signal: AbortSignal;
  readonly #onEnd: (end: StreamEnd) => void;
  readonly #leave = (): void => this.#end('cut');
  #first: IteratorResult<SentBatch, void> | undefined;
  #last: RelayResponse | undefined;
  #sent = 0;
  #ended = false;

  constructor(
    first: IteratorResult<SentBatch, void>,
    batches: AsyncGenerator<SentBatch, void>,
    signal: AbortSignal,
    onEnd: (end: StreamEnd) => void,
  ) {
    this.#first = first;
    this.#batches = batches;
    this.#signal = signal;
    this.#onEnd = onEnd;
    signal.addEventListener('abort', this.#leave, { once: true });
    if (signal.aborted) this.#leave();
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#ended) return DONE;
    let next: IteratorResult<SentBatch, void>;
    try {
      next = this.#first ?? (await this.#batches.next());
    } catch (thrown) {
      if (this.#ended) return DONE;
      this.#end('failed', thrown);
      throw thrown;
    }
    this.#first = undefined;
    // The client may have left while the batch was made; then it goes nowhere.
    if (this.#ended) return DONE;
    if (next.done === true) {
      this.#end('ended');
      return DONE;
    }
    const { wire, signed, hasContent } = next.value;
    this.#sent += 1;
    if (hasContent) this.#last = signed.response;
    return { done: false, value: wire };
  }

  /** The reader stops before the end. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#end('cut');
    return DONE;
  }

  #end(kind: StreamEnd['kind'], failure?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#signal.removeEventListener('abort', this.#leave);
    this.#onEnd({ kind, failure, last: this.#last, batches: this.#sent });
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
