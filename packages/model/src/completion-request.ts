/**
 * Reads the body of `POST /v1/completions`.
 *
 * Source: openai/openai-openapi, `CreateCompletionRequest`.
 */
import { INVALID_VALUE, MISSING_VALUE, UNSUPPORTED_VALUE } from './api-refusal.ts';
import { readGeneration, type GenerationRequest } from './generation-request.ts';
import { readBoolean, readNumber, refuse, type JsonObject } from './request-fields.ts';

/** A text, or the ids of its tokens. */
export type PlainPrompt = string | readonly number[];

export type CompletionRequest = GenerationRequest & {
  readonly prompts: readonly PlainPrompt[];
  /** Whether the answer begins with the prompt. */
  readonly echo: boolean;
};

/** Prompts of one request, at most. */
const PROMPTS_MAX = 16;
/** The API's default length of an answer. */
const MAX_TOKENS_DEFAULT = 16;

/** @throws FieldRefused at the first field at fault. */
export function readCompletionRequest(body: JsonObject): CompletionRequest {
  const prompts = readPrompts(body['prompt'], 'prompt', PROMPTS_MAX);
  const topCount = readNumber(body, 'logprobs', { min: 0, max: 5, integer: true });
  const maxTokens = readNumber(body, 'max_tokens', { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true });
  const echo = readBoolean(body, 'echo') ?? false;
  const request = readGeneration(body, {
    topCount: topCount ?? 0,
    logProbabilities: topCount !== undefined,
    maxTokens: maxTokens ?? MAX_TOKENS_DEFAULT,
  });
  const bestOf = readNumber(body, 'best_of', { min: 1, max: 20, integer: true });
  if (bestOf !== undefined && bestOf !== request.choices) {
    refuse(UNSUPPORTED_VALUE('best_of', 'must equal n: this server returns every choice it makes'));
  }
  if (typeof body['suffix'] === 'string' && body['suffix'] !== '') {
    refuse(UNSUPPORTED_VALUE('suffix', 'this model writes forwards only'));
  }
  return { ...request, prompts, echo };
}

/** One prompt or several, as text or token ids; `field` names it in a refusal. Embeddings read their input in the same way. */
export function readPrompts(value: unknown, field: string, countMax: number): PlainPrompt[] {
  if (value === undefined || value === null) refuse(MISSING_VALUE(field));
  if (typeof value === 'string') return [value];
  if (isTokenIds(value)) return [value];
  const isList =
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' || isTokenIds(one));
  if (!isList) refuse(INVALID_VALUE(field, 'a string, an array of strings, or arrays of token ids'));
  if (value.length > countMax) refuse(INVALID_VALUE(field, `at most ${countMax} in one request`));
  return value as PlainPrompt[];
}

function isTokenIds(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((id) => Number.isSafeInteger(id) && id >= 0);
}
