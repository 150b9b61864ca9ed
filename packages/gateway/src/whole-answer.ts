/**
 * A supplier's whole answer, made fit for every client: checked for the shape that the SDKs insist on, and mended where a
 * backend is merely careless. What was signed are the bytes before mending.
 */
import { utf8, fromUtf8 } from '@decai/protocol/bytes';
import { type ApiRefusal, apiRefusal } from './openai-error.ts';
import type { InferenceRequest } from './inference-request.ts';
import { type Usage, usageOf } from './usage.ts';

export type WholeAnswer = {
  readonly ok: true;
  readonly body: Uint8Array;
  /** `chatcmpl-…` or `cmpl-…`; embeddings have none. */
  readonly id: string | undefined;
  readonly usage: Usage | undefined;
};

const BROKEN = apiRefusal(
  'supplier_answer_broken',
  'The supplier answered with something that is not an OpenAI answer.',
);

/** Refuses with `supplier_answer_broken` what is not a JSON object with the list that this API answers with. */
export function readWholeAnswer(request: InferenceRequest, bytes: Uint8Array, now: number): WholeAnswer | ApiRefusal {
  const answer = parseObject(bytes);
  const list = request.api === 'embeddings' ? answer?.data : answer?.choices;
  if (answer === undefined || !Array.isArray(list) || list.length === 0) return BROKEN;
  if (request.api === 'embeddings') {
    if (!list.every(hasVector)) return BROKEN;
    if (request.encoding === 'base64') answer.data = list.map(withBase64Vector);
  } else {
    if (!list.every((choice) => typeof choice === 'object' && choice !== null)) return BROKEN;
    answer.choices = list.map(mendChoice);
    answer.created = typeof answer.created === 'number' ? answer.created : Math.floor(now / 1_000);
  }
  return {
    ok: true,
    body: utf8(JSON.stringify(answer)),
    id: typeof answer.id === 'string' && answer.id !== '' ? answer.id : undefined,
    usage: usageOf(answer.usage),
  };
}

/** The parts of a supplier's refusal (status 4xx) that a client may see: what it would need to mend its request. */
export function readSupplierRefusal(bytes: Uint8Array): ApiRefusal {
  const error = parseObject(bytes)?.error as Record<string, unknown> | undefined;
  const message =
    typeof error?.message === 'string' ? error.message.slice(0, 1_000) : 'The model server refused the request.';
  const code = /maximum context length|context_length_exceeded/.test(`${message} ${String(error?.code)}`)
    ? 'context_length_exceeded'
    : 'invalid_request';
  return apiRefusal(code, message, typeof error?.param === 'string' ? { param: error.param } : {});
}

function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const document: unknown = JSON.parse(fromUtf8(bytes));
    return typeof document === 'object' && document !== null && !Array.isArray(document)
      ? (document as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function mendChoice(choice: Record<string, unknown>, index: number): Record<string, unknown> {
  return {
    ...choice,
    index: typeof choice.index === 'number' ? choice.index : index,
    finish_reason: typeof choice.finish_reason === 'string' ? choice.finish_reason : 'stop',
  };
}

function hasVector(item: unknown): item is { embedding: number[] } {
  const vector = (item as { embedding?: unknown } | null)?.embedding;
  return Array.isArray(vector) && vector.every((number) => typeof number === 'number');
}

/** Little-endian float32, as the official SDKs decode it. */
function withBase64Vector(item: { embedding: number[] }): Record<string, unknown> {
  const bytes = Buffer.alloc(item.embedding.length * 4);
  item.embedding.forEach((number, index) => bytes.writeFloatLE(number, index * 4));
  return { ...item, embedding: bytes.toString('base64') };
}
