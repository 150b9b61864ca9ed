/**
 * The supplier's signature on what it answers: the payload's hash, the session, and through a header the request.
 *
 * A response names only its session, so that any answer could be passed off as that to another request of the session.
 * `Pocket-Request-Hash` inside the payload closes this: the payload's hash is signed, and with it the request's.
 *
 * Source: pokt-network/poktroll `x/service/types/relay.go`, `pkg/relayer/relay_authenticator`.
 */
import { toHex } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { RelayResponseSchema, type RelayResponse } from '@decai/protocol/gen/pocket/service/relay_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { encodeHttpResponse, type HttpResponseMessage } from '@decai/protocol/http-message';
import { newRelayResponse, responseHash } from '@decai/protocol/relay';
import { relayMinerError, type RelayRefusal } from '@decai/protocol/relay-error';
import { signResponseHash } from '@decai/protocol/signature';

/** Whom an answer is for, and who answers. */
export type ResponseSigner = {
  readonly privateKey: Uint8Array;
  readonly header: SessionHeader;
  /** The request's hash, named inside the answer; absent where binding is switched off. */
  readonly requestHash?: Uint8Array;
};

export type SignedResponse = {
  readonly response: RelayResponse;
  /** The response as it travels. */
  readonly bytes: Uint8Array;
};

/** Inside the payload, in the form in which HTTP headers are written here. */
export const REQUEST_HASH_HEADER = 'pocket-request-hash';

/** Signs an answer, or the refusal that stands in for one. */
export function signResponse(
  signer: ResponseSigner,
  answer: HttpResponseMessage,
  refusal?: RelayRefusal,
): SignedResponse {
  const bound = signer.requestHash === undefined ? {} : { [REQUEST_HASH_HEADER]: toHex(signer.requestHash) };
  const payload = encodeHttpResponse({ ...answer, headers: { ...answer.headers, ...bound } });
  const response = newRelayResponse(signer.header, payload);
  if (refusal !== undefined) response.relayMinerError = relayMinerError(refusal);
  response.meta!.supplierOperatorSignature = signResponseHash(responseHash(response), signer.privateKey);
  return { response, bytes: encode(RelayResponseSchema, response) };
}
