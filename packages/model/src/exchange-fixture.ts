/** Calls a handler in a test the way a server would, and a world that never changes. */
import { readBody, type HttpAnswer, type HttpExchange, type HttpHandler } from '@decai/protocol/http';
import type { World } from '@decai/protocol/world';

/** Stands still, and its random bytes count up. */
export function stillWorld(): Pick<World, 'now' | 'randomBytes'> {
  let drawn = 0;
  return {
    now: () => 1_800_000_000_000,
    randomBytes: (length) => Uint8Array.from({ length }, () => (drawn = (drawn + 1) % 256)),
  };
}

export function exchangeOf(method: string, url: string, body: unknown, signal?: AbortSignal): HttpExchange {
  const bytes =
    body instanceof Uint8Array ? body : new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body));
  return { method, url, headers: {}, body: bytes, signal: signal ?? new AbortController().signal };
}

export async function textOf(answer: HttpAnswer): Promise<string> {
  return new TextDecoder().decode(await readBody(answer.body, 1 << 24, () => new Error('too large')));
}

export type JsonAnswer = { readonly status: number; readonly headers: HttpAnswer['headers']; readonly json: any };

export async function call(handler: HttpHandler, method: string, url: string, body?: unknown): Promise<JsonAnswer> {
  const answer = await handler(exchangeOf(method, url, body));
  return { status: answer.status, headers: answer.headers, json: JSON.parse(await textOf(answer)) };
}

/** The events of a stream, without the last `[DONE]`, which must be there. */
export async function streamOf(handler: HttpHandler, url: string, body: unknown): Promise<any[]> {
  const answer = await handler(exchangeOf('POST', url, body));
  const text = await textOf(answer);
  if (answer.headers['content-type'] !== 'text/event-stream; charset=utf-8') throw new Error(`not a stream: ${text}`);
  const events = text.split('\n\n').map((event) => event.replace(/^data: /, ''));
  if (events.pop() !== '' || events.pop() !== '[DONE]') throw new Error('the stream has no proper end');
  return events.map((event) => JSON.parse(event));
}
