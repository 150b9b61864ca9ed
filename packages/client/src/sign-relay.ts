/**
 * Turns an HTTP request into a relay that a supplier can be paid for: wrapped, bound to one session and one supplier, and
 * signed by a ring.
 *
 * Every call signs afresh. A ring signature is random, so two calls never give the same bytes; a request sent twice as it
 * is would be one leaf, and the second answer unpaid work.
 *
 * Source: pokt-network/poktroll `x/service/types/relay.go`; pokt-network/shannon-sdk `relay.go`, `signer.go`.
 */
import { toHex } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { RelayRequestSchema, type RelayRequest } from '@decai/protocol/gen/pocket/service/relay_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { encodeHttpRequest, type HttpRequestMessage } from '@decai/protocol/http-message';
import { newRelayRequest, requestHash } from '@decai/protocol/relay';
import { signRing } from '@decai/protocol/ring';
import type { SigningRing } from '@decai/protocol/ring-members';

export type RelaySigning = {
  readonly sessionHeader: SessionHeader;
  readonly supplierOperatorAddress: string;
  /** What the supplier's backend is to get. Signed as it stands here, and public if the relay is drawn for a proof. */
  readonly http: HttpRequestMessage;
  readonly ring: SigningRing;
  readonly privateKey: Uint8Array;
  readonly randomBytes: (length: number) => Uint8Array;
};

export type SignedRelay = {
  readonly request: RelayRequest;
  /** What goes over the wire. */
  readonly bytes: Uint8Array;
  /** What the ring signed, 32 bytes; an answer may name it to prove which request it answers. */
  readonly digest: Uint8Array;
};

/**
 * Inside the payload: makes two equal questions two requests, each with a digest of its own, so that an answer to one
 * cannot pass for an answer to the other and a trace knows which is which. Backends do not see it.
 */
export const NONCE_HEADER = 'pocket-request-nonce';

/** @throws what `signRing` throws when key and ring do not fit. */
export function signRelay(signing: RelaySigning): SignedRelay {
  const { sessionHeader, supplierOperatorAddress, ring, privateKey, randomBytes } = signing;
  const headers = { ...signing.http.headers, [NONCE_HEADER]: toHex(randomBytes(16)) };
  const http = encodeHttpRequest({ ...signing.http, headers });
  const request = newRelayRequest(sessionHeader, supplierOperatorAddress, http);
  const digest = requestHash(request);
  request.meta!.signature = signRing({ message: digest, ...ring, privateKey, randomBytes });
  return { request, bytes: encode(RelayRequestSchema, request), digest };
}
