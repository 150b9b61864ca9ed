/**
 * Answers plain completions, whole or as a stream of chunks.
 *
 * Source: openai/openai-openapi, `CreateCompletionResponse`.
 */
import { answer, wholeAnswer } from './answer.ts';
import type { CompletionRequest } from './completion-request.ts';
import type { Engine, GeneratedPiece, Piece, ScoredPiece } from './engine.ts';
import { samplingOf, type AnswerIdentity } from './generation-run.ts';
import { usageOf } from './usage.ts';

/** A prompt as the client gave it, cut into pieces; the model reads more than that before it. */
export type CutPrompt = { readonly own: readonly Piece[]; readonly read: readonly Piece[] };

/** The response object of a completion. */
export async function completion(
  engine: Engine,
  prompts: readonly CutPrompt[],
  request: CompletionRequest,
  identity: AnswerIdentity,
  signal: AbortSignal,
): Promise<object> {
  const choices: object[] = [];
  let completionTokens = 0;
  for (const { index, prompt, settings } of eachChoice(prompts, request, identity)) {
    const whole = await wholeAnswer(engine, prompt.read, settings, signal);
    completionTokens += whole.completionTokens;
    const echoed = request.echo ? await echo(engine, prompt, request, signal) : { text: '', pieces: [] };
    choices.push({
      text: echoed.text + whole.text,
      index,
      logprobs: request.logProbabilities ? logProbabilitiesOf([...echoed.pieces, ...whole.pieces], 0) : null,
      finish_reason: whole.finishReason,
    });
  }
  return { ...headOf(request, identity), choices, usage: usageOf(promptTokens(prompts), completionTokens) };
}

/** The chunks of a streamed completion. */
export async function* completionChunks(
  engine: Engine,
  prompts: readonly CutPrompt[],
  request: CompletionRequest,
  identity: AnswerIdentity,
  signal: AbortSignal,
): AsyncGenerator<object, void, void> {
  const head = headOf(request, identity);
  const chunk = (index: number, text: string, logprobs: object | null, finishReason: string | null): object => ({
    ...head,
    choices: [{ text, index, logprobs, finish_reason: finishReason }],
    ...(request.includeUsage ? { usage: null } : {}),
  });
  let completionTokens = 0;
  for (const { index, prompt, settings } of eachChoice(prompts, request, identity)) {
    let offset = 0;
    const release = (text: string, pieces: readonly EchoedPiece[]): object => {
      const logprobs = request.logProbabilities && pieces.length > 0 ? logProbabilitiesOf(pieces, offset) : null;
      offset += text.length;
      return chunk(index, text, logprobs, null);
    };
    if (request.echo) {
      const echoed = await echo(engine, prompt, request, signal);
      yield release(echoed.text, echoed.pieces);
    }
    const running = answer(engine, prompt.read, settings, signal);
    try {
      for (;;) {
        const step = await running.next();
        if (step.done === true) {
          completionTokens += step.value.completionTokens;
          yield chunk(index, '', null, step.value.finishReason);
          break;
        }
        yield release(step.value.text, step.value.pieces);
      }
    } finally {
      await running.return({ finishReason: 'stop', completionTokens: 0 });
    }
  }
  if (request.includeUsage) yield { ...head, choices: [], usage: usageOf(promptTokens(prompts), completionTokens) };
}

/** Choices in the API's order: all of the first prompt, then all of the second. */
function* eachChoice(
  prompts: readonly CutPrompt[],
  request: CompletionRequest,
  identity: AnswerIdentity,
): Generator<{ index: number; prompt: CutPrompt; settings: Parameters<typeof answer>[2] }> {
  for (const [at, prompt] of prompts.entries()) {
    for (let choice = 0; choice < request.choices; choice += 1) {
      const { maxTokens, stops } = request;
      const settings = { sampling: samplingOf(request, identity, choice), maxTokens, stops };
      yield { index: at * request.choices + choice, prompt, settings };
    }
  }
}

/** A piece of the prompt has no log-probability where it is the first. */
type EchoedPiece = GeneratedPiece | Piece;

async function echo(
  engine: Engine,
  { own, read }: CutPrompt,
  request: CompletionRequest,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly pieces: readonly EchoedPiece[] }> {
  const text = Buffer.concat(own.map(({ bytes }) => bytes)).toString('utf8');
  if (!request.logProbabilities) return { text, pieces: [] };
  const scored = await engine.score(read, request.sampling.topCount, signal);
  const before = read.length - own.length;
  // The API gives the first piece of a prompt no log-probability, whatever a model reads before it.
  return { text, pieces: own.map((piece, at) => (at === 0 ? piece : (scored[before + at] ?? piece))) };
}

function promptTokens(prompts: readonly CutPrompt[]): number {
  return prompts.reduce((sum, { read }) => sum + read.length, 0);
}

function headOf(request: CompletionRequest, identity: AnswerIdentity): object {
  return {
    id: `cmpl-${identity.id}`,
    object: 'text_completion',
    created: identity.created,
    model: request.model,
    system_fingerprint: identity.fingerprint,
  };
}

/** Four arrays of one length; `text_offset` counts from `offset`. */
function logProbabilitiesOf(pieces: readonly EchoedPiece[], offset: number): object {
  const offsets: number[] = [];
  let at = offset;
  for (const piece of pieces) {
    offsets.push(at);
    at += textOf(piece).length;
  }
  return {
    tokens: pieces.map(textOf),
    token_logprobs: pieces.map((piece) => ('top' in piece ? piece.logProbability : null)),
    top_logprobs: pieces.map((piece) => ('top' in piece ? topOf(piece.top) : null)),
    text_offset: offsets,
  };
}

function topOf(top: readonly ScoredPiece[]): object {
  return Object.fromEntries(top.map((piece) => [textOf(piece), piece.logProbability]));
}

function textOf({ bytes }: Piece): string {
  return new TextDecoder().decode(bytes);
}
