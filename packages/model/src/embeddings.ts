/**
 * Answers embedding requests with vectors of unit length.
 *
 * The models in the box were not trained for this. Two questions of their domain that ask for the same lie near each other,
 * which is enough to group questions; no more is promised.
 * Source: openai/openai-openapi, `CreateEmbeddingRequest` and `CreateEmbeddingResponse`.
 */
import { INVALID_VALUE, UNSUPPORTED_VALUE } from './api-refusal.ts';
import { readPrompts, type PlainPrompt } from './completion-request.ts';
import type { CutPrompt } from './completions.ts';
import type { Engine } from './engine.ts';
import { readModelName, refuse, type JsonObject } from './request-fields.ts';

export type EmbeddingRequest = {
  readonly model: string;
  readonly inputs: readonly PlainPrompt[];
  readonly encoding: 'float' | 'base64';
};

/** Texts of one request, at most: as many as the API itself allows. */
const INPUTS_MAX = 2048;

/** @throws FieldRefused at the first field at fault. */
export function readEmbeddingRequest(body: JsonObject): EmbeddingRequest {
  const inputs = readPrompts(body['input'], 'input', INPUTS_MAX);
  const model = readModelName(body);
  const encoding = body['encoding_format'] ?? 'float';
  if (encoding !== 'float' && encoding !== 'base64') refuse(INVALID_VALUE('encoding_format', 'float or base64'));
  if (body['dimensions'] !== undefined && body['dimensions'] !== null) {
    refuse(UNSUPPORTED_VALUE('dimensions', 'the vectors of this model cannot be shortened'));
  }
  if (inputs.includes('')) refuse(INVALID_VALUE('input', 'texts that are not empty'));
  return { model, inputs, encoding };
}

/** The response object. `base64` is of the numbers as little-endian float32, which is what the official client asks for. */
export async function embeddings(
  engine: Engine,
  inputs: readonly CutPrompt[],
  request: EmbeddingRequest,
  signal: AbortSignal,
): Promise<object> {
  const data: object[] = [];
  for (const [index, { read }] of inputs.entries()) {
    signal.throwIfAborted();
    const vector = await engine.embed(read, signal);
    data.push({ object: 'embedding', index, embedding: request.encoding === 'float' ? vector : toBase64(vector) });
  }
  const tokens = inputs.reduce((sum, { own }) => sum + own.length, 0);
  return { object: 'list', data, model: request.model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, at) => bytes.writeFloatLE(value, at * 4));
  return bytes.toString('base64');
}
