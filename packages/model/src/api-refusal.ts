/**
 * The "no" of an OpenAI-compatible API, as a value: what is refused, and how it looks on the wire.
 *
 * Source: openai/openai-openapi, schema `Error`; openai/openai-node `src/core/error.ts` for status to class.
 */

export type ApiRefusal = {
  readonly refused: true;
  readonly status: number;
  readonly type: 'invalid_request_error' | 'server_error';
  /** Stable; null where the API itself names none. */
  readonly code: string | null;
  /** The field at fault. */
  readonly param: string | null;
  readonly message: string;
};

export function isRefusal(value: unknown): value is ApiRefusal {
  return typeof value === 'object' && value !== null && (value as { refused?: unknown }).refused === true;
}

/** The error envelope. */
export function refusalBody({ message, type, param, code }: ApiRefusal): object {
  return { error: { message, type, param, code } };
}

const invalid = (status: number, code: string | null, param: string | null, message: string): ApiRefusal => ({
  refused: true,
  status,
  type: 'invalid_request_error',
  code,
  param,
  message,
});

export const MALFORMED_JSON = (): ApiRefusal => invalid(400, 'malformed_json', null, 'the body is not valid JSON');

export const BODY_TOO_LARGE = (bytesMax: number): ApiRefusal =>
  invalid(413, 'body_too_large', null, `the body is larger than ${bytesMax} bytes`);

export const UNKNOWN_PATH = (path: string): ApiRefusal =>
  invalid(404, 'unknown_url', null, `there is nothing at ${path}`);

export const METHOD_NOT_ALLOWED = (method: string, allowed: string): ApiRefusal =>
  invalid(405, 'method_not_allowed', null, `expected ${allowed}, got ${method}`);

export const MODEL_NOT_FOUND = (model: string): ApiRefusal =>
  invalid(404, 'model_not_found', 'model', `there is no model ${JSON.stringify(model.slice(0, 100))} here`);

export const INVALID_VALUE = (param: string, expected: string): ApiRefusal =>
  invalid(400, 'invalid_value', param, `${param}: expected ${expected}`);

export const MISSING_VALUE = (param: string): ApiRefusal =>
  invalid(400, 'missing_required_parameter', param, `${param} is missing`);

export const UNSUPPORTED_VALUE = (param: string, explanation: string): ApiRefusal =>
  invalid(400, 'unsupported_value', param, `${param}: ${explanation}`);

export const CONTEXT_LENGTH_EXCEEDED = (param: string, tokens: number, tokensMax: number): ApiRefusal =>
  invalid(
    400,
    'context_length_exceeded',
    param,
    `the prompt has ${tokens} tokens and leaves no room for an answer; the context holds ${tokensMax}`,
  );

export const OVERLOADED = (): ApiRefusal => ({
  refused: true,
  status: 503,
  type: 'server_error',
  code: 'server_overloaded',
  param: null,
  message: 'too many requests wait for this model; try again shortly',
});

export const INTERNAL = (): ApiRefusal => ({
  refused: true,
  status: 500,
  type: 'server_error',
  code: 'internal_error',
  param: null,
  message: 'the model failed to answer',
});
