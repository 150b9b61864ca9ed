/**
 * Whether an answer is the supplier's answer to this request, unchanged.
 *
 * A supplier signs the hash of the payload, not the payload; so the hash is compared here, always, before anything of the
 * answer is used. The order is cheap checks first, and it is fixed.
 *
 * Source: pokt-network/poktroll `x/service/types/relay.go`; pokt-network/shannon-sdk `relay.go`.
 */
import { equalBytes, toHex } from '@decai/protocol/bytes';
import { decode } from '@decai/protocol/codec';
import { isFault } from '@decai/protocol/fault';
import {
  RelayResponseSchema,
  type RelayMinerError,
  type RelayResponse,
} from '@decai/protocol/gen/pocket/service/relay_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { sha256 } from '@decai/protocol/hash';
import { decodeHttpResponse, type HttpResponseMessage } from '@decai/protocol/http-message';
import { PAYLOAD_HASH_LENGTH, responseHash } from '@decai/protocol/relay';
import { verifyResponseHash } from '@decai/protocol/signature';
import type { SignedRelay } from './sign-relay.ts';

/** In the order in which they are checked. */
export type VerificationCode =
  | 'RELAY_RESPONSE_TOO_LARGE'
  | 'RELAY_RESPONSE_MALFORMED'
  | 'RELAY_MINER_ERROR'
  | 'RELAY_PAYLOAD_UNHASHED'
  | 'RELAY_PAYLOAD_ALTERED'
  | 'RELAY_SESSION_MISMATCH'
  | 'RELAY_SUPPLIER_KEY_UNKNOWN'
  | 'RELAY_SIGNATURE_INVALID'
  | 'RELAY_PAYLOAD_MALFORMED'
  | 'RELAY_REQUEST_MISMATCH';

export type VerificationRefusal = {
  readonly code: VerificationCode;
  /** Expected and actual; never the answer itself. */
  readonly message: string;
  /** What the miner says went wrong, with code RELAY_MINER_ERROR. */
  readonly minerError?: RelayMinerError;
};

export type RelayVerdict =
  | { readonly ok: true; readonly response: RelayResponse; readonly http: HttpResponseMessage }
  | { readonly ok: false; readonly refusal: VerificationRefusal };

export type VerificationOptions = {
  readonly bytesMax?: number;
  /** Takes an answer without a payload hash, as chains before v0.1.25 made them. Then the signature covers the payload. */
  readonly legacyUnhashed?: boolean;
};

export const RESPONSE_BYTES_MAX: number = 64 * 1024 * 1024;

/** Inside the payload, and so under the signature: the digest of the request that is answered. */
export const REQUEST_HASH_HEADER = 'pocket-request-hash';

const SIGNED_HEADER_FIELDS = [
  'applicationAddress',
  'serviceId',
  'sessionId',
  'sessionStartBlockHeight',
  'sessionEndBlockHeight',
] as const satisfies readonly (keyof SessionHeader)[];

/**
 * Checks the bytes of a RelayResponse against the request that was sent.
 *
 * `supplierPublicKey` is that of the supplier named in the request; undefined when the ledger knows none. Refuses in the
 * order of `VerificationCode`.
 */
export function verifyRelay(
  sent: SignedRelay,
  bytes: Uint8Array,
  supplierPublicKey: Uint8Array | undefined,
  { bytesMax = RESPONSE_BYTES_MAX, legacyUnhashed = false }: VerificationOptions = {},
): RelayVerdict {
  if (bytes.length > bytesMax) {
    return refuse('RELAY_RESPONSE_TOO_LARGE', `the answer has ${bytes.length} bytes, at most ${bytesMax} are taken`);
  }
  const response = decodeOrUndefined(() => decode(RelayResponseSchema, bytes));
  if (response === undefined) return refuse('RELAY_RESPONSE_MALFORMED', 'the answer is no RelayResponse');

  if (response.relayMinerError !== undefined) return minerErrorRefusal(response.relayMinerError);

  const unhashed = legacyUnhashed && response.payloadHash.length === 0;
  if (!unhashed) {
    if (response.payloadHash.length !== PAYLOAD_HASH_LENGTH) {
      const message = `the payload hash has ${response.payloadHash.length} bytes, expected ${PAYLOAD_HASH_LENGTH}`;
      return refuse('RELAY_PAYLOAD_UNHASHED', message);
    }
    if (!equalBytes(response.payloadHash, sha256(response.payload))) {
      return refuse('RELAY_PAYLOAD_ALTERED', 'the payload is not the one whose hash was signed');
    }
  }

  const difference = headerDifference(sent.request.meta?.sessionHeader, response.meta?.sessionHeader);
  if (difference !== undefined) return refuse('RELAY_SESSION_MISMATCH', difference);

  if (supplierPublicKey === undefined) {
    return refuse('RELAY_SUPPLIER_KEY_UNKNOWN', 'the supplier has no public key on the ledger');
  }
  const signature = response.meta?.supplierOperatorSignature ?? new Uint8Array(0);
  if (!verifyResponseHash(responseHash(response), signature, supplierPublicKey)) {
    return refuse('RELAY_SIGNATURE_INVALID', 'the signature is not that of the supplier');
  }

  const http = decodeOrUndefined(() => decodeHttpResponse(response.payload));
  if (http === undefined) return refuse('RELAY_PAYLOAD_MALFORMED', 'the payload is no POKTHTTPResponse');
  const named = http.headers[REQUEST_HASH_HEADER];
  if (named !== undefined && named !== toHex(sent.digest)) {
    return refuse('RELAY_REQUEST_MISMATCH', 'the answer names another request');
  }
  return { ok: true, response, http };
}

/** Refusals that only the supplier, or someone who holds its connection, can have caused: evidence, not bad luck. */
export function isMisbehaviour(code: VerificationCode): boolean {
  return MISBEHAVIOUR.has(code);
}

const MISBEHAVIOUR: ReadonlySet<VerificationCode> = new Set([
  'RELAY_PAYLOAD_UNHASHED',
  'RELAY_PAYLOAD_ALTERED',
  'RELAY_SESSION_MISMATCH',
  'RELAY_SIGNATURE_INVALID',
  'RELAY_REQUEST_MISMATCH',
]);

function headerDifference(expected: SessionHeader | undefined, actual: SessionHeader | undefined): string | undefined {
  if (expected === undefined || actual === undefined) return 'the answer has no session header';
  for (const field of SIGNED_HEADER_FIELDS) {
    if (expected[field] !== actual[field]) return `${field} is ${actual[field]}, expected ${expected[field]}`;
  }
  return undefined;
}

function minerErrorRefusal(minerError: RelayMinerError): RelayVerdict {
  const { codespace, code, description } = minerError;
  return refuse('RELAY_MINER_ERROR', `the miner answered ${codespace}/${code}: ${description}`, { minerError });
}

function refuse(code: VerificationCode, message: string, rest: Partial<VerificationRefusal> = {}): RelayVerdict {
  return { ok: false, refusal: { code, message, ...rest } };
}

function decodeOrUndefined<Message>(read: () => Message): Message | undefined {
  try {
    return read();
  } catch (thrown) {
    if (isFault(thrown)) return undefined;
    throw thrown;
  }
}
