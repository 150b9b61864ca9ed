/**
 * What a client asked for, read as far as the gateway must understand it, and the body that goes to the supplier.
 *
 * Everything unknown passes through: a model server knows more fields than this gateway ever will. Types are checked only
 * where a wrong one would break something here. A field that is `null` counts as absent.
 */
import { z } from 'zod';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { type ApiRefusal, apiRefusal } from './openai-error.ts';

export type InferenceApi = 'chat' | 'completions' | 'embeddings';

/** Where each API lives, on this gateway and on every OpenAI-compatible backend. */
export const API_PATHS: Readonly<Record<InferenceApi, string>> = {
  chat: '/v1/chat/completions',
  completions: '/v1/completions',
  embeddings: '/v1/embeddings',
};

export type InferenceRequest = {
  readonly ok: true;
  readonly api: InferenceApi;
  readonly model: string;
  readonly streaming: boolean;
  /** Whether the client wants usage as a last chunk of its own. */
  readonly usageAsked: boolean;
  /** Embeddings only: how the client wants the numbers. */
  readonly encoding: 'float' | 'base64';
  /** The JSON body for the supplier, in UTF-8. */
  readonly body: Uint8Array;
};

const optional = <Schema extends z.ZodType>(schema: Schema) => z.nullish(schema);

const streamFields = {
  model: z.string().min(1),
  stream: optional(z.boolean()),
  stream_options: optional(z.looseObject({ include_usage: optional(z.boolean()) })),
  max_tokens: optional(z.int().min(1)),
  n: optional(z.int().min(1).max(128)),
};

const SCHEMAS = {
  chat: z.looseObject({
    ...streamFields,
    messages: z.array(z.looseObject({ role: z.string().min(1) })).min(1),
    max_completion_tokens: optional(z.int().min(1)),
  }),
  completions: z.looseObject({
    ...streamFields,
    prompt: z.union([z.string(), z.array(z.union([z.string(), z.number(), z.array(z.number())])).min(1)]),
  }),
  embeddings: z.looseObject({
    model: z.string().min(1),
    input: z.union([
      z.string().min(1),
      z.array(z.string()).min(1),
      z.array(z.int()).min(1),
      z.array(z.array(z.int()).min(1)).min(1),
    ]),
    encoding_format: optional(z.enum(['float', 'base64'])),
  }),
} as const;

/**
 * Reads a request body.
 *
 * Refuses, in this order: bytes that are not a JSON object (`invalid_json`); a field of a wrong type or missing, named in
 * `param` (`invalid_request`); `stream_options` without `stream` (`invalid_request`).
 */
export function parseInference(api: InferenceApi, bytes: Uint8Array): InferenceRequest | ApiRefusal {
  const document = parseJson(bytes);
  if (document === undefined) return apiRefusal('invalid_json', 'The request body is not a JSON object.');
  const parsed = SCHEMAS[api].safeParse(document);
  if (!parsed.success) return refuseField(parsed.error.issues[0]!);

  const request = parsed.data as { model: string } & Record<string, unknown>;
  const streaming = request.stream === true;
  const options = request.stream_options as { include_usage?: boolean | null } | null | undefined;
  if (!streaming && options !== undefined && options !== null) {
    return apiRefusal('invalid_request', 'stream_options goes with stream: true only.', { param: 'stream_options' });
  }
  return {
    ok: true,
    api,
    model: request.model,
    streaming,
    usageAsked: options?.include_usage === true,
    encoding: request.encoding_format === 'base64' ? 'base64' : 'float',
    body: utf8(JSON.stringify(forSupplier(api, request, streaming))),
  };
}

/**
 * The body as the supplier gets it: a stream always ends with usage, because the gateway meters whether or not the client
 * asked; embeddings always come as numbers, because not every backend speaks base64.
 */
function forSupplier(api: InferenceApi, request: Record<string, unknown>, streaming: boolean): Record<string, unknown> {
  if (api === 'embeddings') return { ...request, encoding_format: 'float' };
  if (!streaming) return request;
  const options = (request.stream_options ?? {}) as Record<string, unknown>;
  return { ...request, stream_options: { ...options, include_usage: true } };
}

function parseJson(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const document: unknown = JSON.parse(fromUtf8(bytes));
    if (typeof document !== 'object' || document === null || Array.isArray(document)) return undefined;
    return document as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function refuseField(issue: z.core.$ZodIssue): ApiRefusal {
  const param = issue.path.reduce<string>(
    (path, step) =>
      typeof step === 'number' ? `${path}[${step}]` : path === '' ? String(step) : `${path}.${String(step)}`,
    '',
  );
  return apiRefusal('invalid_request', `Invalid value for '${param}': ${issue.message}.`, { param });
}
