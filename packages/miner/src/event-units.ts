/**
 * Cuts a stream into the units that a reader can act on: an event of `text/event-stream` with its empty line, a line of
 * NDJSON with its line feed.
 *
 * Nothing is changed: the units of a stream, joined, are the stream. A unit is never split over two batches, because a
 * client shows nothing of half an event.
 *
 * Source: WHATWG HTML, "Server-sent events", 9.2.5 (line ends are LF, CR or CRLF).
 */
import { concat } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';

export type StreamKind = 'sse' | 'ndjson';

const LF = 0x0a;
const CR = 0x0d;

/** The kind of stream that a content type announces; undefined for anything that is answered whole. */
export function streamKind(contentType: string | undefined): StreamKind | undefined {
  const mediaType = contentType?.split(';')[0]!.trim().toLowerCase();
  if (mediaType === 'text/event-stream') return 'sse';
  return mediaType === 'application/x-ndjson' ? 'ndjson' : undefined;
}

export class EventUnits {
  readonly #kind: StreamKind;
  readonly #bytesMax: number;
  /** Pieces of the unit that has not ended yet. */
  #open: Uint8Array[] = [];
  #openLength = 0;
  #lineIsEmpty = true;
  #afterCr = false;

  constructor(kind: StreamKind, bytesMax: number) {
    this.#kind = kind;
    this.#bytesMax = bytesMax;
  }

  /**
   * The units that end within `piece`.
   *
   * @throws STREAM_EVENT_TOO_LARGE when one unit grows beyond the limit.
   */
  push(piece: Uint8Array): Uint8Array[] {
    const units: Uint8Array[] = [];
    let start = 0;
    for (let index = 0; index < piece.length; index++) {
      if (!this.#endsUnit(piece[index]!)) continue;
      // The line feed of a CRLF comes along if it is here; if not it will open the next unit, where it ends no line.
      if (piece[index] === CR && piece[index + 1] === LF) this.#endsUnit(piece[(index += 1)]!);
      this.#keep(piece.subarray(start, index + 1));
      units.push(this.end());
      start = index + 1;
    }
    this.#keep(piece.subarray(start));
    return units;
  }

  /** What has not ended: the last unit of a stream that breaks off, or nothing. */
  end(): Uint8Array {
    const unit = this.#open.length === 1 ? this.#open[0]! : concat(...this.#open);
    this.#open = [];
    this.#openLength = 0;
    return unit;
  }

  #endsUnit(byte: number): boolean {
    if (this.#kind === 'ndjson') return byte === LF;
    if (byte === LF && this.#afterCr) {
      this.#afterCr = false;
      return false;
    }
    this.#afterCr = byte === CR;
    const lineEnds = byte === LF || byte === CR;
    const unitEnds = lineEnds && this.#lineIsEmpty;
    this.#lineIsEmpty = lineEnds;
    return unitEnds;
  }

  #keep(piece: Uint8Array): void {
    this.#openLength += piece.length;
    if (this.#openLength > this.#bytesMax) {
      throw new Fault('STREAM_EVENT_TOO_LARGE', 'one event of the backend is too large', {
        length: this.#openLength,
        max: this.#bytesMax,
      });
    }
    if (piece.length > 0) this.#open.push(piece);
  }
}
