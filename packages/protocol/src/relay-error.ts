/**
 * What a relay miner answers instead of a relay: codespace, code, the registered description and a concrete message.
 *
 * Codes and descriptions are wire facts: clients of other makers match on them. They are never reworded and never reused.
 *
 * Source: pokt-network/poktroll `pkg/relayer/proxy/errors.go`, `pkg/relayer/relay_authenticator/errors.go`,
 * `pkg/relayer/proxy/websockets/errors.go`, `pkg/crypto/rings/errors.go`, `pkg/client/query/errors.go`,
 * `x/service/types/errors.go`.
 */
import { create } from '@bufbuild/protobuf';
import { RelayMinerErrorSchema, type RelayMinerError } from './gen/pocket/service/relay_pb.ts';

/** A kind of refusal, as the network registers it. */
export type RelayErrorKind = { readonly codespace: string; readonly code: number; readonly description: string };

/** A relay that was not served, or may not be counted, and why. */
export type RelayRefusal = RelayErrorKind & {
  /** Details first, the registered description last. Never a prompt or an answer. */
  readonly message: string;
};

export const RELAY_ERROR = {
  INVALID_SESSION: { codespace: 'relayer_proxy', code: 1, description: 'invalid session in relayer request' },
  SERVICES_UNDEFINED: { codespace: 'relayer_proxy', code: 2, description: 'services configurations are undefined' },
  SERVICE_NOT_HANDLED: {
    codespace: 'relayer_proxy',
    code: 3,
    description: 'service endpoint not handled by relayer proxy',
  },
  TRANSPORT_UNSUPPORTED: { codespace: 'relayer_proxy', code: 4, description: 'unsupported proxy transport type' },
  INTERNAL: { codespace: 'relayer_proxy', code: 5, description: 'internal error' },
  UNKNOWN_SESSION: { codespace: 'relayer_proxy', code: 6, description: 'relayer proxy encountered unknown session' },
  /** The application has used up what it can pay this supplier in the session. */
  RATE_LIMITED: { codespace: 'relayer_proxy', code: 7, description: 'offchain rate limit hit by relayer proxy' },
  RELAY_COST: { codespace: 'relayer_proxy', code: 8, description: 'failed to calculate relay cost' },
  SUPPLIER_UNREACHABLE: { codespace: 'relayer_proxy', code: 9, description: 'supplier(s) not reachable' },
  TIMEOUT: { codespace: 'relayer_proxy', code: 10, description: 'relayer proxy request timed out' },
  BODY_TOO_LARGE: { codespace: 'relayer_proxy', code: 11, description: 'max body size exceeded' },
  RESPONSE_TOO_LARGE: { codespace: 'relayer_proxy', code: 12, description: 'response limit exceed' },
  REQUEST_TOO_LARGE: { codespace: 'relayer_proxy', code: 13, description: 'request limit exceed' },
  REQUEST_UNDECODABLE: { codespace: 'relayer_proxy', code: 14, description: 'failed to unmarshal relay request' },

  SESSION_MISMATCH: { codespace: 'relay_authenticator', code: 1, description: 'invalid session in relayer request' },
  SUPPLIER_NOT_IN_SESSION: {
    codespace: 'relay_authenticator',
    code: 2,
    description: 'supplier does not belong to session',
  },
  SIGNER_UNDEFINED: { codespace: 'relay_authenticator', code: 3, description: 'undefined supplier signer' },
  REQUEST_REFUSED: { codespace: 'relay_authenticator', code: 4, description: 'invalid relay request' },
  RESPONSE_REFUSED: { codespace: 'relay_authenticator', code: 5, description: 'invalid relay response' },
  SUPPLIER_MISSING: { codespace: 'relay_authenticator', code: 6, description: 'supplier operator address is missing' },

  RING_KEY: { codespace: 'rings', code: 1, description: 'key is not a secp256k1 public key' },
  RING_UNKNOWN: { codespace: 'rings', code: 2, description: 'invalid relay request' },
  RING_SIGNATURE: { codespace: 'rings', code: 3, description: 'invalid relay request signature' },

  SOCKET_CONNECTION: { codespace: 'websockets', code: 1, description: 'websockets connection error' },
  SOCKET_BRIDGE: { codespace: 'websockets', code: 2, description: 'websockets bridge error' },
  SOCKET_GATEWAY_MESSAGE: { codespace: 'websockets', code: 3, description: 'websockets gateway message error' },
  SOCKET_BACKEND_MESSAGE: { codespace: 'websockets', code: 4, description: 'websockets service backend message error' },

  RESPONSE_INVALID: { codespace: 'service', code: 1110, description: 'invalid relay response' },
  REQUEST_INVALID: { codespace: 'service', code: 1111, description: 'invalid relay request' },
  SESSION_NOT_FOUND: { codespace: 'query', code: 3, description: 'error while trying to retrieve a session' },
  /** What an error gets that nobody registered. */
  UNREGISTERED: { codespace: 'undefined', code: 1, description: 'Unregistered error' },
} as const;

/** The refusal of this kind; `details` show expected and actual. */
export function refuseRelay(error: RelayErrorKind, details = ''): RelayRefusal {
  return { ...error, message: details === '' ? error.description : `${details}: ${error.description}` };
}

/** The message that carries a refusal in a relay response. */
export function relayMinerError(refusal: RelayRefusal): RelayMinerError {
  const { codespace, code, description, message } = refusal;
  return create(RelayMinerErrorSchema, { codespace, code, description, message });
}

/** Whether an answer from the wire is of this kind. Texts are not compared. */
export function isRelayError(error: RelayErrorKind, answer: { codespace: string; code: number }): boolean {
  return answer.codespace === error.codespace && answer.code === error.code;
}
