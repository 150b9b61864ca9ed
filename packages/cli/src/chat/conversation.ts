/**
 * A conversation with a model, over any way of sending a request: through a gateway, or directly into the network.
 *
 * Answers are streamed; what was said is kept, so that the model sees the whole conversation.
 */
import { utf8 } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import type { HttpAnswer } from '@decai/protocol/http';
import { readEvents } from '@decai/gateway/sse';
import { bodyText } from '../body-text.ts';
import { UsageError } from '../command.ts';

/** Sends a chat completion request and gives the answer as the server gave it. */
export type SendChat = (body: Uint8Array, signal: AbortSignal) => Promise<HttpAnswer>;

export type Said = {
  /** `chatcmpl-…`: what `decai trace` takes. */
  readonly id: string | undefined;
  readonly text: string;
};

export class Conversation {
  readonly #send: SendChat;
  readonly #model: string;
  readonly #messages: { readonly role: 'user' | 'assistant'; readonly content: string }[] = [];

  constructor(model: string, send: SendChat) {
    this.#model = model;
    this.#send = send;
  }

  /**
   * Asks, and tells the answer piece by piece.
   *
   * @throws UsageError with the server's words when it refuses; STREAM_FAILED when the answer breaks off.
   */
  async ask(question: string, tell: (piece: string) => void, signal: AbortSignal): Promise<Said> {
    const messages = [...this.#messages, { role: 'user' as const, content: question }];
    const body = utf8(JSON.stringify({ model: this.#model, messages, stream: true }));
    const answer = await this.#send(body, signal);
    if (answer.status !== 200) throw new UsageError(await refusalText(answer));
    let id: string | undefined;
    let text = '';
    for await (const chunk of chunksOf(answer)) {
      id ??= chunk.id;
      const piece = chunk.choices?.[0]?.delta?.content ?? '';
      text += piece;
      if (piece !== '') tell(piece);
    }
    this.#messages.push(messages.at(-1)!, { role: 'assistant', content: text });
    return { id, text };
  }
}

type Chunk = {
  readonly id?: string;
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly error?: { readonly message?: string };
};

async function* chunksOf({ body }: HttpAnswer): AsyncGenerator<Chunk> {
  for await (const event of readEvents(body instanceof Uint8Array ? onePiece(body) : body)) {
    if (event === '[DONE]') return;
    const chunk = JSON.parse(event) as Chunk;
    if (chunk.error !== undefined) throw new Fault('STREAM_FAILED', chunk.error.message ?? 'the answer broke off');
    yield chunk;
  }
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The message of an error envelope; the status where there is none. */
async function refusalText(answer: HttpAnswer): Promise<string> {
  const { status } = answer;
  const text = await bodyText(answer);
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string; code?: string } };
    if (error?.message !== undefined)
      return `${error.message} (${status}${error.code === undefined ? '' : ` ${error.code}`})`;
  } catch {
    // No JSON: the status says what can be said.
  }
  return `the answer has status ${status}`;
}
