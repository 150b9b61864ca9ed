/** One answer of the model to one prompt, as text released piece by piece, and how it ended. */
import { createAnswerText, type Released } from './answer-text.ts';
import type { Engine, Piece, Sampling } from './engine.ts';

export type AnswerSettings = {
  readonly sampling: Sampling;
  /** Undefined: as many as the context holds. */
  readonly maxTokens: number | undefined;
  readonly stops: readonly string[];
};

export type AnswerEnd = {
  /** `stop`: the model ended its turn or wrote a stop string. `length`: it ran into the limit or the end of the context. */
  readonly finishReason: 'stop' | 'length';
  /** Tokens generated, those of a stop string included. */
  readonly completionTokens: number;
};

/**
 * Releases the answer's text as it becomes certain; returns how it ended.
 *
 * Leaving the loop or aborting the signal stops the model. `prompt` must be shorter than the context.
 */
export async function* answer(
  engine: Engine,
  prompt: readonly Piece[],
  { sampling, maxTokens, stops }: AnswerSettings,
  signal?: AbortSignal,
): AsyncGenerator<Released, AnswerEnd, void> {
  const limit = Math.min(maxTokens ?? Number.POSITIVE_INFINITY, engine.contextTokens - prompt.length);
  const text = createAnswerText(stops);
  let completionTokens = 0;
  if (limit > 0) {
    for await (const piece of engine.generate(prompt, sampling, signal)) {
      completionTokens += 1;
      const released = text.push(piece);
      if (released.text !== '' || released.pieces.length > 0) yield released;
      if (text.stopped || completionTokens >= limit) break;
    }
  }
  const rest = text.end();
  if (rest.text !== '' || rest.pieces.length > 0) yield rest;
  return { finishReason: text.stopped || completionTokens < limit ? 'stop' : 'length', completionTokens };
}

/** The whole answer at once. */
export async function wholeAnswer(...args: Parameters<typeof answer>): Promise<Released & AnswerEnd> {
  const running = answer(...args);
  let text = '';
  const pieces: Released['pieces'][number][] = [];
  for (;;) {
    const step = await running.next();
    if (step.done === true) return { text, pieces, ...step.value };
    text += step.value.text;
    pieces.push(...step.value.pieces);
  }
}
