/**
 * Every "no" that the gateway says to a client, in the OpenAI envelope.
 *
 * One table holds status, type and code of each; clients act on all three (whether an SDK repeats a call depends on the
 * status and on `x-should-retry`), so a code never changes its row. Messages show expected and actual, never a prompt,
 * an answer, a key, or a supplier's own words.
 */
import type { HttpAnswer } from '@decai/protocol/http';
import { utf8 } from '@decai/protocol/bytes';

type Row = {
  readonly status: number;
  readonly type: string;
  /** What an OpenAI SDK is told by `x-should-retry`; absent, it decides by the status. */
  readonly retry?: boolean;
};

/** The codes are stable and listed in `docs/errors.md`. */
export type ApiErrorCode =
  | 'invalid_json'
  | 'invalid_request'
  | 'context_length_exceeded'
  | 'invalid_api_key'
  | 'model_not_allowed'
  | 'model_not_found'
  | 'unknown_url'
  | 'method_not_allowed'
  | 'request_too_large'
  | 'rate_limit_exceeded'
  | 'network_capacity'
  | 'internal'
  | 'all_suppliers_failed'
  | 'supplier_answer_broken'
  | 'no_supplier'
  | 'upstream_timeout';

export const API_ERRORS: Readonly<Record<ApiErrorCode, Row>> = {
  invalid_json: { status: 400, type: 'invalid_request_error' },
  invalid_request: { status: 400, type: 'invalid_request_error' },
  context_length_exceeded: { status: 400, type: 'invalid_request_error' },
  invalid_api_key: { status: 401, type: 'authentication_error' },
  model_not_allowed: { status: 403, type: 'permission_error' },
  model_not_found: { status: 404, type: 'invalid_request_error' },
  unknown_url: { status: 404, type: 'invalid_request_error' },
  method_not_allowed: { status: 405, type: 'invalid_request_error' },
  request_too_large: { status: 413, type: 'invalid_request_error' },
  rate_limit_exceeded: { status: 429, type: 'rate_limit_error' },
  network_capacity: { status: 429, type: 'rate_limit_error' },
  internal: { status: 500, type: 'server_error' },
  all_suppliers_failed: { status: 502, type: 'upstream_error', retry: false },
  supplier_answer_broken: { status: 502, type: 'upstream_error', retry: false },
  no_supplier: { status: 503, type: 'overloaded' },
  upstream_timeout: { status: 504, type: 'timeout', retry: false },
};

export type ApiRefusal = {
  readonly ok: false;
  readonly code: ApiErrorCode;
  readonly message: string;
  /** The request field that is to blame, as `messages[0].role`. */
  readonly param: string | null;
  /** Seconds after which it is worth asking again. */
  readonly retryAfterS?: number;
};

export function apiRefusal(
  code: ApiErrorCode,
  message: string,
  more: { readonly param?: string; readonly retryAfterS?: number } = {},
): ApiRefusal {
  const { param = null, retryAfterS } = more;
  return { ok: false, code, message, param, ...(retryAfterS === undefined ? {} : { retryAfterS }) };
}

/** `{"error": {message, type, param, code}}`, for a body or for an event of a stream that has begun. */
export function errorEnvelope({ code, message, param }: ApiRefusal): string {
  return JSON.stringify({ error: { message, type: API_ERRORS[code].type, param, code } });
}

export function refusalAnswer(refusal: ApiRefusal): HttpAnswer {
  const row = API_ERRORS[refusal.code];
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (row.retry !== undefined) headers['x-should-retry'] = String(row.retry);
  if (refusal.retryAfterS !== undefined) {
    // Clients wait out a long retry-after on every attempt, so a long one comes with the advice not to.
    headers['retry-after'] = String(Math.ceil(refusal.retryAfterS));
    headers['retry-after-ms'] = String(Math.ceil(refusal.retryAfterS * 1_000));
    if (refusal.retryAfterS > 60) headers['x-should-retry'] = 'false';
  }
  if (row.status === 401) headers['www-authenticate'] = 'Bearer';
  return { status: row.status, headers, body: utf8(errorEnvelope(refusal)) };
}
