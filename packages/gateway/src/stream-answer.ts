/**
 * A supplier's stream, made fit for every client, one event in and at most one event out, nothing held longer than needed.
 *
 * What clients insist on (spec of the OpenAI dialect as the SDKs read it): the same id and time in every chunk, a role in
 * the first delta of each choice, `delta` and `index` always, one finish reason a choice, usage last and only where it was
 * asked for. The chunk with a finish reason waits for the usage behind it, so that a client that did not ask for a usage
 * chunk finds the counts there. A stream that ends without a finish reason is an error, never a quiet success.
 */
import { Fault } from '@decai/protocol/fault';
import { type ApiRefusal, apiRefusal, errorEnvelope } from './openai-error.ts';
import type { InferenceRequest } from './inference-request.ts';
import { dataEvent, DONE, readEvents } from './sse.ts';
import { type Usage, usageOf } from './usage.ts';

/** What the gateway learns while a stream passes. */
export type StreamReport = {
  id: string | undefined;
  usage: Usage | undefined;
  /** Set when the stream ended otherwise than it should have; the client was told. */
  failure: ApiRefusal | undefined;
};

type Chunk = Record<string, unknown> & { choices: Record<string, unknown>[] };

const CUT = apiRefusal('supplier_answer_broken', 'The supplier broke the answer off before its end.');
const GARBLED = apiRefusal('supplier_answer_broken', 'The supplier sent an event that is not an OpenAI chunk.');
const FAILED = apiRefusal('supplier_answer_broken', 'The model server failed while it answered.');

/**
 * Rewrites a stream of events; the last piece ends the answer, with `[DONE]` or with an error event.
 *
 * @param report is filled while the stream passes.
 */
export async function* mendStream(
  request: InferenceRequest,
  pieces: AsyncIterable<Uint8Array>,
  now: number,
  report: StreamReport,
): AsyncGenerator<Uint8Array> {
  const mender = new StreamMender(request, now, report);
  try {
    for await (const event of readEvents(pieces)) {
      if (event.trim() === '[DONE]') {
        yield* mender.end(true);
        return;
      }
      yield* mender.take(event);
    }
    yield* mender.end(false);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    report.failure ??= thrown.code === 'STREAM_REFUSED' ? (thrown.cause as ApiRefusal) : CUT;
    yield dataEvent(errorEnvelope(report.failure));
  }
}

class StreamMender {
  readonly #request: InferenceRequest;
  readonly #now: number;
  readonly #report: StreamReport;
  readonly #roleSent = new Set<number>();
  readonly #finished = new Set<number>();
  /** The chunk with the finish reason, until the usage behind it is known. */
  #held: Chunk | undefined;
  #stamp: { id: string; created: number; model: unknown; object: unknown } | undefined;

  constructor(request: InferenceRequest, now: number, report: StreamReport) {
    this.#request = request;
    this.#now = now;
    this.#report = report;
  }

  *take(event: string): Generator<Uint8Array> {
    const chunk = parseChunk(event);
    if ('error' in chunk) throw new Fault('STREAM_REFUSED', FAILED.message, {}, FAILED);
    if (!Array.isArray(chunk.choices)) throw new Fault('STREAM_REFUSED', GARBLED.message, {}, GARBLED);
    this.#report.usage = usageOf(chunk.usage) ?? this.#report.usage;
    const mended = this.#mend(chunk as Chunk);
    if (mended.choices.length === 0) return;
    yield* this.#release();
    if (mended.choices.some((choice) => typeof choice.finish_reason === 'string')) this.#held = mended;
    else yield this.#write(mended);
  }

  /** The last events. `clean` says whether the supplier said that it was done. */
  *end(clean: boolean): Generator<Uint8Array> {
    if (this.#finished.size === 0 && !(clean && this.#roleSent.size > 0)) {
      throw new Fault('STREAM_REFUSED', CUT.message, {}, CUT);
    }
    if (this.#finished.size === 0) {
      const choices = [...this.#roleSent].map((index) => ({ index, delta: {}, finish_reason: 'stop' }));
      this.#held = { ...this.#stamp, choices };
    }
    yield* this.#release();
    const { usage } = this.#report;
    if (this.#request.usageAsked && usage !== undefined) {
      yield dataEvent(JSON.stringify({ ...this.#stamp, choices: [], usage: usage.fields }));
    }
    yield DONE;
  }

  *#release(): Generator<Uint8Array> {
    if (this.#held !== undefined) yield this.#write(this.#held);
    this.#held = undefined;
  }

  #write(chunk: Chunk): Uint8Array {
    const { usage } = this.#report;
    const carriesUsage = !this.#request.usageAsked && chunk === this.#held && usage !== undefined;
    const { usage: _supplierUsage, ...rest } = chunk;
    if (carriesUsage) return dataEvent(JSON.stringify({ ...rest, usage: usage.fields }));
    return dataEvent(JSON.stringify(this.#request.usageAsked ? { ...rest, usage: null } : rest));
  }

  #mend(chunk: Chunk): Chunk {
    this.#stamp ??= {
      id: typeof chunk.id === 'string' && chunk.id !== '' ? chunk.id : `chatcmpl-${this.#now}`,
      object: chunk.object ?? (this.#request.api === 'chat' ? 'chat.completion.chunk' : 'text_completion'),
      created: typeof chunk.created === 'number' ? chunk.created : Math.floor(this.#now / 1_000),
      model: chunk.model ?? this.#request.model,
    };
    this.#report.id = this.#stamp.id;
    const choices = chunk.choices.map((choice, position) => this.#mendChoice(choice, position));
    return { ...chunk, ...this.#stamp, choices: choices.filter((choice) => choice !== undefined) };
  }

  /** Nothing for what follows a choice's finish reason: clients join a second one to the first. */
  #mendChoice(choice: Record<string, unknown>, position: number): Record<string, unknown> | undefined {
    const index = typeof choice.index === 'number' ? choice.index : position;
    if (this.#finished.has(index)) return undefined;
    const finish =
      typeof choice.finish_reason === 'string' && choice.finish_reason !== '' ? choice.finish_reason : null;
    if (finish !== null) this.#finished.add(index);
    const isFirst = !this.#roleSent.has(index);
    this.#roleSent.add(index);
    if (this.#request.api !== 'chat') return { ...choice, index, finish_reason: finish };
    const { role: _role, ...delta } = (choice.delta ?? {}) as Record<string, unknown>;
    return { ...choice, index, delta: isFirst ? { role: 'assistant', ...delta } : delta, finish_reason: finish };
  }
}

function parseChunk(event: string): Record<string, unknown> {
  try {
    const chunk: unknown = JSON.parse(event);
    if (typeof chunk === 'object' && chunk !== null) return chunk as Record<string, unknown>;
  } catch {
    // Falls through: what is not JSON is as garbled as JSON that is no object.
  }
  throw new Fault('STREAM_REFUSED', GARBLED.message, {}, GARBLED);
}
