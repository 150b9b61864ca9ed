/**
 * Server-sent events as the OpenAI API writes them: one `data:` line per event, `[DONE]` at the end.
 *
 * A failure after the first byte cannot change the status any more; it becomes an event with the error envelope, and no
 * `[DONE]` follows.
 */
import { INTERNAL, refusalBody } from './api-refusal.ts';

const encoder = new TextEncoder();

export function encodeEvent(data: object): Uint8Array {
  return encoder.encode(`data: ${JSON.stringify(data)}\n\n`);
}

/** The events as bytes; `finished` runs when the stream ends in any way. */
export async function* encodeEventStream(
  events: AsyncIterable<object>,
  signal: AbortSignal,
  finished: () => void,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    for await (const event of events) yield encodeEvent(event);
    yield encoder.encode('data: [DONE]\n\n');
  } catch {
    if (!signal.aborted) yield encodeEvent(refusalBody(INTERNAL()));
  } finally {
    finished();
  }
}
