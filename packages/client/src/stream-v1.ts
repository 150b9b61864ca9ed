/**
 * Streams, version 1: signed batches with a delimiter between them, read and verified batch by batch.
 *
 * A batch is a marshalled RelayResponse followed by 15 ASCII bytes. The delimiter may also occur inside a batch, because
 * answers are embedded as they are; then the halves are no messages, and joining them again heals it. Nothing is given on
 * before its batch is verified, which costs some 40 µs a batch.
 *
 * The form has no sequence numbers and no end marker: that batches are missing at the end cannot be seen here, only by
 * what the stream itself promises (`[DONE]`, a finish reason).
 *
 * Source: pokt-network/pocket-relay-miner `relayer/http_stream.go`; pokt-network/pocket-ap `relay/stream.go`.
 */
import { concat, utf8 } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import type { HttpHeaders } from '@decai/protocol/http';
import type { HttpResponseMessage } from '@decai/protocol/http-message';
import { DelimiterSplitter } from './delimiter-splitter.ts';
import type { RelayVerdict, VerificationRefusal } from './verify-relay.ts';

export const STREAM_DELIMITER: Uint8Array = utf8('||POKT_STREAM||');

export type StreamCode = 'STREAM_TRUNCATED' | 'STREAM_EMPTY' | 'STREAM_STATUS_CHANGED' | 'STREAM_BATCH_TOO_LARGE';

export type StreamRefusal = { readonly code: StreamCode; readonly message: string } | VerificationRefusal;

export type StreamPiece =
  | { readonly kind: 'batch'; readonly http: HttpResponseMessage }
  /** The last piece, always: the body ended cleanly behind a whole batch. */
  | { readonly kind: 'end'; readonly batches: number }
  /** The last piece, always: what came before was genuine, what follows is not to be had. */
  | {
      readonly kind: 'refused';
      readonly refusal: StreamRefusal;
      readonly batches: number;
      /** The batch that did not verify. */
      readonly response?: Uint8Array;
    };

export type StreamReading = {
  /** Checks one batch; the answer must not depend on other batches. */
  readonly verify: (batch: Uint8Array) => RelayVerdict | Promise<RelayVerdict>;
  readonly batchBytesMax?: number;
};

/** An image in one delta fits. */
export const BATCH_BYTES_MAX: number = 16 * 1024 * 1024;

/** How many delimiters inside one batch are healed. */
const JOINS_MAX = 16;

/** Whether the outer headers of an answer announce a stream. */
export function isStreamV1(headers: HttpHeaders): boolean {
  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return mediaType === 'text/event-stream' || mediaType === 'application/x-ndjson';
}

/**
 * The verified batches of a body, in order, and how it ended.
 *
 * An abort passes through as the throw it is; a body that breaks off is `STREAM_TRUNCATED`.
 */
export async function* readStreamV1(
  body: AsyncIterable<Uint8Array>,
  { verify, batchBytesMax = BATCH_BYTES_MAX }: StreamReading,
): AsyncGenerator<StreamPiece, void> {
  const splitter = new DelimiterSplitter(STREAM_DELIMITER, batchBytesMax + STREAM_DELIMITER.length);
  const batches = new BatchReader(verify, batchBytesMax);
  try {
    for await (const chunk of body) {
      for (const piece of splitter.push(chunk)) {
        const read = await batches.take(piece);
        if (read !== undefined) yield read;
        if (read?.kind === 'refused') return;
      }
      if (splitter.overflowed) {
        yield batches.refuse('STREAM_BATCH_TOO_LARGE', `a batch has more than ${batchBytesMax} bytes`);
        return;
      }
    }
  } catch (thrown) {
    if (!isFault(thrown, 'HTTP_BROKEN_OFF')) throw thrown;
    yield batches.refuse('STREAM_TRUNCATED', `the stream broke off after ${batches.count} batches`);
    return;
  }
  // The sender may leave the last delimiter out.
  const rest = splitter.rest();
  if (rest.length > 0) {
    const read = await batches.take(rest);
    if (read !== undefined) yield read;
    if (read?.kind === 'refused') return;
  }
  yield batches.end();
}

/** Puts pieces between delimiters together to batches and verifies them. */
class BatchReader {
  count = 0;
  readonly #verify: StreamReading['verify'];
  readonly #bytesMax: number;
  /** Pieces that are no message yet: a delimiter inside a batch may have cut it. */
  #open: Uint8Array[] = [];
  #status: number | undefined;

  constructor(verify: StreamReading['verify'], bytesMax: number) {
    this.#verify = verify;
    this.#bytesMax = bytesMax;
  }

  async take(piece: Uint8Array): Promise<StreamPiece | undefined> {
    this.#open.push(piece);
    const batch = this.#open.length === 1 ? piece : concat(...this.#open.flatMap(withDelimiter).slice(1));
    if (batch.length > this.#bytesMax) {
      return this.refuse('STREAM_BATCH_TOO_LARGE', `a batch has more than ${this.#bytesMax} bytes`);
    }
    const verdict = await this.#verify(batch);
    if (!verdict.ok) {
      const mayBeHalf = verdict.refusal.code === 'RELAY_RESPONSE_MALFORMED' && this.#open.length <= JOINS_MAX;
      if (mayBeHalf) return undefined;
      return { kind: 'refused', refusal: verdict.refusal, batches: this.count, response: batch };
    }
    this.#open = [];
    const { http } = verdict;
    this.#status ??= http.status;
    if (http.status !== this.#status) {
      return this.refuse('STREAM_STATUS_CHANGED', `a batch has status ${http.status}, the first had ${this.#status}`);
    }
    this.count += 1;
    return { kind: 'batch', http };
  }

  end(): StreamPiece {
    if (this.#open.length > 0) return this.refuse('STREAM_TRUNCATED', 'the stream ended inside a batch');
    if (this.count === 0) return this.refuse('STREAM_EMPTY', 'the stream ended before its first batch');
    return { kind: 'end', batches: this.count };
  }

  refuse(code: StreamCode, message: string): StreamPiece {
    return { kind: 'refused', refusal: { code, message }, batches: this.count };
  }
}

function withDelimiter(piece: Uint8Array): readonly Uint8Array[] {
  return [STREAM_DELIMITER, piece];
}
