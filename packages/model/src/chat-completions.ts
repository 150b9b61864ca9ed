/**
 * Answers chat completions, whole or as a stream of chunks.
 *
 * Source: openai/openai-openapi, `CreateChatCompletionResponse` and `CreateChatCompletionStreamResponse`.
 */
import { answer, wholeAnswer } from './answer.ts';
import type { Engine, GeneratedPiece, Piece, ScoredPiece } from './engine.ts';
import type { ChatRequest } from './chat-request.ts';
import { samplingOf, type AnswerIdentity } from './generation-run.ts';
import { usageOf } from './usage.ts';

/** The response object of a chat completion. */
export async function chatCompletion(
  engine: Engine,
  prompt: readonly Piece[],
  request: ChatRequest,
  identity: AnswerIdentity,
  signal: AbortSignal,
): Promise<object> {
  const choices: object[] = [];
  let completionTokens = 0;
  for (let index = 0; index < request.choices; index += 1) {
    const { maxTokens, stops } = request;
    const settings = { sampling: samplingOf(request, identity, index), maxTokens, stops };
    const whole = await wholeAnswer(engine, prompt, settings, signal);
    completionTokens += whole.completionTokens;
    choices.push({
      index,
      message: { role: 'assistant', content: whole.text, refusal: null },
      logprobs: request.logProbabilities ? logProbabilitiesOf(whole.pieces) : null,
      finish_reason: whole.finishReason,
    });
  }
  return {
    ...headOf(request, identity, 'chat.completion'),
    choices,
    usage: usageOf(prompt.length, completionTokens),
  };
}

/** The chunks of a streamed chat completion. */
export async function* chatCompletionChunks(
  engine: Engine,
  prompt: readonly Piece[],
  request: ChatRequest,
  identity: AnswerIdentity,
  signal: AbortSignal,
): AsyncGenerator<object, void, void> {
  const head = headOf(request, identity, 'chat.completion.chunk');
  const chunk = (
    index: number,
    delta: object,
    pieces: readonly GeneratedPiece[],
    finishReason: string | null,
  ): object => ({
    ...head,
    choices: [
      {
        index,
        delta,
        logprobs: request.logProbabilities && pieces.length > 0 ? logProbabilitiesOf(pieces) : null,
        finish_reason: finishReason,
      },
    ],
    ...(request.includeUsage ? { usage: null } : {}),
  });
  let completionTokens = 0;
  for (let index = 0; index < request.choices; index += 1) {
    yield chunk(index, { role: 'assistant', content: '', refusal: null }, [], null);
    const { maxTokens, stops } = request;
    const running = answer(
      engine,
      prompt,
      { sampling: samplingOf(request, identity, index), maxTokens, stops },
      signal,
    );
    try {
      for (;;) {
        const step = await running.next();
        if (step.done === true) {
          completionTokens += step.value.completionTokens;
          yield chunk(index, {}, [], step.value.finishReason);
          break;
        }
        yield chunk(index, { content: step.value.text }, step.value.pieces, null);
      }
    } finally {
      await running.return({ finishReason: 'stop', completionTokens: 0 });
    }
  }
  if (request.includeUsage) yield { ...head, choices: [], usage: usageOf(prompt.length, completionTokens) };
}

function headOf(request: ChatRequest, identity: AnswerIdentity, object: string): object {
  return {
    id: `chatcmpl-${identity.id}`,
    object,
    created: identity.created,
    model: request.model,
    system_fingerprint: identity.fingerprint,
  };
}

function logProbabilitiesOf(pieces: readonly GeneratedPiece[]): object {
  return {
    content: pieces.map((piece) => ({ ...entryOf(piece), top_logprobs: piece.top.map(entryOf) })),
    refusal: null,
  };
}

/** `bytes` are exact even where a token is only part of a character; `token` shows such bytes as a replacement character. */
function entryOf({ bytes, logProbability }: ScoredPiece): object {
  return { token: new TextDecoder().decode(bytes), logprob: logProbability, bytes: [...bytes] };
}
