/**
 * What chat completions and completions have in common: sampling, lengths, stops, streaming, number of choices.
 *
 * Source: openai/openai-openapi, `CreateChatCompletionRequest` and `CreateCompletionRequest`.
 */
import { INVALID_VALUE, UNSUPPORTED_VALUE } from './api-refusal.ts';
import type { Sampling } from './engine.ts';
import {
  isObject,
  readBias,
  readBoolean,
  readModelName,
  readNumber,
  readStops,
  refuse,
  type JsonObject,
} from './request-fields.ts';

/** More choices than this in one request are more requests. */
const CHOICES_MAX = 8;

export type GenerationRequest = {
  readonly model: string;
  /** Without the seed where the request names none. */
  readonly sampling: Omit<Sampling, 'seed' | 'temperature' | 'topCount'> & { readonly topCount: number };
  readonly temperature: number | undefined;
  readonly seed: number | undefined;
  /** Undefined: as many as the context holds. */
  readonly maxTokens: number | undefined;
  readonly stops: readonly string[];
  readonly choices: number;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** Whether log-probabilities are part of the answer. */
  readonly logProbabilities: boolean;
};

/** @throws FieldRefused at the first field at fault. `topCount` and `logProbabilities` differ between the two APIs and come from the caller. */
export function readGeneration(
  body: JsonObject,
  own: { readonly topCount: number; readonly logProbabilities: boolean; readonly maxTokens: number | undefined },
): GenerationRequest {
  const model = readModelName(body);
  const temperature = readNumber(body, 'temperature', { min: 0, max: 2 });
  const topP = readNumber(body, 'top_p', { min: 0, max: 1 }) ?? 1;
  const choices = readNumber(body, 'n', { min: 1, max: CHOICES_MAX, integer: true }) ?? 1;
  const stops = readStops(body);
  const seed = readNumber(body, 'seed', { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, integer: true });
  const presencePenalty = readNumber(body, 'presence_penalty', { min: -2, max: 2 }) ?? 0;
  const frequencyPenalty = readNumber(body, 'frequency_penalty', { min: -2, max: 2 }) ?? 0;
  const bias = readBias(body);
  const stream = readBoolean(body, 'stream') ?? false;
  return {
    model,
    sampling: { topP, presencePenalty, frequencyPenalty, bias, topCount: own.topCount },
    temperature,
    seed,
    maxTokens: own.maxTokens,
    stops,
    choices,
    stream,
    includeUsage: readIncludeUsage(body, stream),
    logProbabilities: own.logProbabilities,
  };
}

function readIncludeUsage(body: JsonObject, stream: boolean): boolean {
  const { stream_options: options } = body;
  if (options === undefined || options === null) return false;
  if (!stream) refuse(UNSUPPORTED_VALUE('stream_options', 'allowed only with stream: true'));
  if (!isObject(options)) refuse(INVALID_VALUE('stream_options', 'an object'));
  return readBoolean(options, 'include_usage') ?? false;
}
