/**
 * A relay: a request that someone's ring signed, and the answer that a supplier signed. What is signed, what is hashed, and
 * what ends as a leaf of the session's trie.
 *
 * Everything hashed here is our own canonical encoding of the decoded message, because a peer need not send canonical
 * bytes. The supplier's signature covers the hash of the payload and not the payload: whoever delivers an answer must
 * compare the two (`isPayloadAuthentic`).
 *
 * Source: pokt-network/poktroll `x/service/types/relay.go`, `proto/pocket/service/relay.proto`, `pkg/relayer/miner`.
 */
import { create } from '@bufbuild/protobuf';
import { equalBytes } from './bytes.ts';
import { encode } from './codec.ts';
import { Fault } from './fault.ts';
import {
  RelayRequestMetadataSchema,
  RelayRequestSchema,
  RelayResponseMetadataSchema,
  RelayResponseSchema,
  RelaySchema,
  type RelayRequest,
  type RelayResponse,
} from './gen/pocket/service/relay_pb.ts';
import type { SessionHeader } from './gen/pocket/session/types_pb.ts';
import { sha256 } from './hash.ts';
import { RELAY_ERROR, refuseRelay, type RelayRefusal } from './relay-error.ts';
import { sessionHeaderProblem } from './session-header.ts';

export const PAYLOAD_HASH_LENGTH = 32;

const NOTHING = new Uint8Array();

/** A request that nobody has signed yet. */
export function newRelayRequest(
  header: SessionHeader,
  supplierOperatorAddress: string,
  payload: Uint8Array,
): RelayRequest {
  const meta = create(RelayRequestMetadataSchema, { sessionHeader: header, supplierOperatorAddress });
  return create(RelayRequestSchema, { meta, payload });
}

/**
 * The unsigned answer to a request: its session header, the payload and the payload's hash.
 *
 * @throws PAYLOAD_EMPTY
 */
export function newRelayResponse(header: SessionHeader, payload: Uint8Array): RelayResponse {
  const meta = create(RelayResponseMetadataSchema, { sessionHeader: header });
  return create(RelayResponseSchema, { meta, payload, payloadHash: payloadHashOf(payload) });
}

/**
 * SHA-256 of a payload.
 *
 * @throws PAYLOAD_EMPTY, because the network signs no empty payload: an empty body is wrapped in a POKTHTTPResponse.
 */
export function payloadHashOf(payload: Uint8Array): Uint8Array {
  if (payload.length === 0) throw new Fault('PAYLOAD_EMPTY', 'an empty payload has no hash');
  return sha256(payload);
}

/** What the ring signs, before hashing: the request without its signature. */
export function requestSignBytes(request: RelayRequest): Uint8Array {
  const meta = { ...(request.meta ?? create(RelayRequestMetadataSchema)), signature: NOTHING };
  return encode(RelayRequestSchema, { ...request, meta });
}

/** The message of the ring signature, 32 bytes. */
export function requestHash(request: RelayRequest): Uint8Array {
  return sha256(requestSignBytes(request));
}

/** What the supplier signs, before hashing: the response without its signature and, where its hash stands, its payload. */
export function responseSignBytes(response: RelayResponse): Uint8Array {
  const meta = { ...(response.meta ?? create(RelayResponseMetadataSchema)), supplierOperatorSignature: NOTHING };
  const payload = response.payloadHash.length > 0 ? NOTHING : response.payload;
  return encode(RelayResponseSchema, { ...response, meta, payload });
}

/** The 32 bytes that go into the supplier's signature; its signer hashes them once more. */
export function responseHash(response: RelayResponse): Uint8Array {
  return sha256(responseSignBytes(response));
}

/** The leaf: request whole, prompt included, and response without its payload. */
export function relayBytes(request: RelayRequest, response: RelayResponse): Uint8Array {
  return encode(RelaySchema, create(RelaySchema, { req: request, res: { ...response, payload: NOTHING } }));
}

/** The leaf's key, 32 bytes; compared with the difficulty target of the session's start. */
export function relayHash(relay: Uint8Array): Uint8Array {
  return sha256(relay);
}

/** Whether the payload is the one whose hash the supplier signed: a hash of 32 bytes is there, and it is the payload's. */
export function isPayloadAuthentic(response: RelayResponse): boolean {
  return (
    response.payloadHash.length === PAYLOAD_HASH_LENGTH && equalBytes(response.payloadHash, sha256(response.payload))
  );
}

/**
 * Why a request is incomplete, or undefined when it is not.
 *
 * Checked in this order: session header present, session header well formed, signature present, supplier named. The
 * supplier's address is not parsed: it must equal one that is known.
 */
export function relayRequestProblem(request: RelayRequest): RelayRefusal | undefined {
  const { sessionHeader, signature, supplierOperatorAddress } = request.meta ?? create(RelayRequestMetadataSchema);
  const refuse = (details: string) => refuseRelay(RELAY_ERROR.REQUEST_INVALID, details);
  if (sessionHeader === undefined) return refuse('missing session header');
  const flaw = sessionHeaderProblem(sessionHeader);
  if (flaw !== undefined) return refuse(`invalid session header: ${flaw}`);
  if (signature.length === 0) return refuse('missing application signature');
  return supplierOperatorAddress === '' ? refuse('relay metadata missing supplier operator address') : undefined;
}

/**
 * Why a response is incomplete, or undefined when it is not.
 *
 * Checked in this order: session header present, session header well formed, signature present. Whether its payload hash is
 * there and right is another question: a leaf has no payload any more (`isPayloadAuthentic`).
 */
export function relayResponseProblem(response: RelayResponse | undefined): RelayRefusal | undefined {
  const { sessionHeader, supplierOperatorSignature } = response?.meta ?? create(RelayResponseMetadataSchema);
  const refuse = (details: string) => refuseRelay(RELAY_ERROR.RESPONSE_INVALID, details);
  if (sessionHeader === undefined) return refuse('missing meta');
  const flaw = sessionHeaderProblem(sessionHeader);
  if (flaw !== undefined) return refuse(`invalid session header: ${flaw}`);
  return supplierOperatorSignature.length === 0 ? refuse('missing supplier operator signature') : undefined;
}
