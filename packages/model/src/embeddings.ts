/**
 * Answers embedding requests with vectors of unit length.
 *
 * The models in the box were not trained for this; texts with like words come out near each other, and no more is promised.
 * Source: openai/openai-openapi, `CreateEmbeddingRequest` and `CreateEmbeddingResponse`.
 */
import { INVALID_VALUE, UNSUPPORTED_VALUE } from './api-refusal.ts';
import { readPrompts, type PlainPrompt } from './completion-request.ts';
import type { Engine, Piece } from './engine.ts';
import { readModelName, refuse, type JsonObject } from './request-fields.ts';

export type EmbeddingRequest = {
  readonly model: string;
  readonly inputs: readonly PlainPrompt[];
  readonly encoding: 'float' | 'base64';
};

/** @throws FieldRefused at the first field at fault. */
export function readEmbeddingRequest(body: JsonObject): EmbeddingRequest {
  const inputs = readPrompts(body['input'], 'input');
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
  inputs: readonly (readonly Piece[])[],
  request: EmbeddingRequest,
  signal: AbortSignal,
): Promise<object> {
  const data: object[] = [];
  for (const [index, pieces] of inputs.entries()) {
    signal.throwIfAborted();
    const vector = await engine.embed(pieces, signal);
    data.push({ object: 'embedding', index, embedding: request.encoding === 'float' ? vector : toBase64(vector) });
  }
  const tokens = inputs.reduce((sum, pieces) => sum + pieces.length, 0);
  return { object: 'list', data, model: request.model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, at) => bytes.writeFloatLE(value, at * 4));
  return bytes.toString('base64');
}
