/**
 * A refusal on the wire: HTTP status, a signed RelayResponse with a RelayMinerError, and inside it the JSON that every
 * OpenAI client reads. This is the one file that translates.
 *
 * Unsigned only when no key can be chosen: the request could not be read, or names a supplier that is not ours.
 */
import { EMPTY, utf8 } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import { RelayResponseSchema } from '@decai/protocol/gen/pocket/service/relay_pb';
import { SessionHeaderSchema } from '@decai/protocol/gen/pocket/session/types_pb';
import type { HttpAnswer, HttpHeaders } from '@decai/protocol/http';
import { encodeHttpResponse, type HttpResponseMessage } from '@decai/protocol/http-message';
import { newRelayResponse } from '@decai/protocol/relay';
import { relayMinerError, type RelayRefusal } from '@decai/protocol/relay-error';
import type { MinerRefusal } from './miner-refusal.ts';
import { signResponse, type ResponseSigner } from './sign-response.ts';

export const RELAY_CONTENT_TYPE = 'application/x-protobuf';

export type RefusalOptions = {
  /** What the asker said he accepts. JSON named there is answered with JSON alone. */
  readonly accept: string | undefined;
  readonly signer: ResponseSigner | undefined;
  /** `always200` keeps the outer status at 200, for gateways that look only into the body. */
  readonly errorStatus: 'specific' | 'always200';
};

export function answerRefusal(refusal: MinerRefusal, { accept, signer, errorStatus }: RefusalOptions): HttpAnswer {
  const retry: HttpHeaders =
    refusal.retryAfterSeconds === undefined ? {} : { 'retry-after': String(refusal.retryAfterSeconds) };
  const json = utf8(refusalJson(refusal));
  const headers = { 'content-type': 'application/json', ...retry };
  if (accept !== undefined && /\bapplication\/json\b/i.test(accept)) {
    return { status: refusal.status, headers, body: json };
  }
  const inner = { status: refusal.status, headers, body: json };
  const said: RelayRefusal = { ...refusal.kind, message: refusal.message };
  return {
    status: errorStatus === 'always200' ? 200 : refusal.status,
    headers: { 'content-type': RELAY_CONTENT_TYPE, ...retry },
    body: signer === undefined ? unsigned(inner, said) : signResponse(signer, inner, said).bytes,
  };
}

function unsigned(inner: HttpResponseMessage, said: RelayRefusal): Uint8Array {
  // The header stays empty, as in the answers of Go's relay miner: there is no session that we could vouch for.
  const response = newRelayResponse(decode(SessionHeaderSchema, EMPTY), encodeHttpResponse(inner));
  response.relayMinerError = relayMinerError(said);
  return encode(RelayResponseSchema, response);
}

function refusalJson({ code, status, message }: MinerRefusal): string {
  const type = status === 429 ? 'rate_limit_error' : status >= 500 ? 'server_error' : 'invalid_request_error';
  return JSON.stringify({ error: { message, type, param: null, code: code.toLowerCase() } });
}
