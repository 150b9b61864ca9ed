/**
 * Server-sent events as the OpenAI dialect uses them: find the events in a byte stream, write events that every client reads.
 *
 * Reading is lenient (LF, CR, CRLF, comments, several `data:` lines); writing is strict (`data: ` with one space, no `id:`
 * or `event:` lines), because clients differ in what they forgive.
 */
import { Fault } from '@decai/protocol/fault';
import { utf8 } from '@decai/protocol/bytes';

/** Longest event that is put together. Image and audio deltas are large; nothing honest is larger. */
export const EVENT_BYTES_MAX: number = 8 * 1024 * 1024;

export const DONE: Uint8Array = utf8('data: [DONE]\n\n');

/** One event. A line that ends a line for some readers but not for JSON is escaped. */
export function dataEvent(json: string): Uint8Array {
  return utf8(`data: ${json.replace(/[\u0085\u2028\u2029]/g, escapeLineEnd)}\n\n`);
}

/** A comment: keeps idle connections open and is ignored by every parser. */
export function commentEvent(text: string): Uint8Array {
  return utf8(`: ${text}\n\n`);
}

function escapeLineEnd(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * The data of each event, in order. Comments and other fields are left out, an event without data is none.
 *
 * A last event without its empty line is not given: it may be half.
 *
 * @throws SSE_EVENT_TOO_LARGE past `EVENT_BYTES_MAX`, UTF8_INVALID for bytes that are not UTF-8.
 */
export async function* readEvents(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let data: string[] = [];
  for await (const piece of pieces) {
    text += decodeMore(decoder, piece);
    if (text.length > EVENT_BYTES_MAX) {
      throw new Fault('SSE_EVENT_TOO_LARGE', 'an event of a stream is too large', {
        length: text.length,
        max: EVENT_BYTES_MAX,
      });
    }
    for (;;) {
      const end = text.search(/[\r\n]/);
      // A CR at the very end may be half of a CRLF.
      if (end < 0 || (text[end] === '\r' && end === text.length - 1)) break;
      const line = text.slice(0, end);
      text = text.slice(end + (text.startsWith('\r\n', end) ? 2 : 1));
      if (line !== '') {
        if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
        continue;
      }
      if (data.length > 0) yield data.join('\n');
      data = [];
    }
  }
}

function decodeMore(decoder: InstanceType<typeof TextDecoder>, piece: Uint8Array): string {
  try {
    return decoder.decode(piece, { stream: true });
  } catch (cause) {
    throw new Fault('UTF8_INVALID', 'a stream is not UTF-8', { length: piece.length }, cause);
  }
}
