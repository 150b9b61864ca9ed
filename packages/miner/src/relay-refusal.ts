/**
 * Every way in which a relay is turned away: our stable code, the HTTP status, and Shannon's pair of codespace and code.
 *
 * The pair is what gateways act on; two refusals may share one. Nothing that is refused is mined or charged.
 *
 * Source: pokt-network/poktroll `pkg/relayer/proxy/errors.go`, `pkg/relayer/relay_authenticator/errors.go`,
 * `pkg/crypto/rings/errors.go`, `x/session` query errors.
 */

export type RelayRefusalCode =
  | 'RELAY_TOO_LARGE'
  | 'RELAY_MALFORMED'
  | 'RELAY_INVALID'
  | 'RPC_TYPE_UNREADABLE'
  | 'SUPPLIER_NOT_SERVED'
  | 'SERVICE_UNKNOWN'
  | 'PATH_NOT_ALLOWED'
  | 'HEIGHTS_IMPLAUSIBLE'
  | 'SESSION_LOOKUPS_BUSY'
  | 'LEDGER_UNREACHABLE'
  | 'SESSION_UNKNOWN'
  | 'SUPPLIER_NOT_IN_SESSION'
  | 'RELAY_REPLAYED'
  | 'RING_SIGNATURE_INVALID'
  | 'BUDGET_USED_UP'
  | 'JOURNAL_BEHIND'
  | 'BACKEND_UNHEALTHY'
  | 'MINER_BUSY'
  | 'MINER_CLOSING'
  | 'BACKEND_UNREACHABLE'
  | 'BACKEND_TIMEOUT'
  | 'RESPONSE_TOO_LARGE'
  | 'CLIENT_GONE'
  | 'MINER_FAULT';

export type RelayRefusal = {
  readonly code: RelayRefusalCode;
  readonly status: number;
  readonly codespace: string;
  readonly minerErrorCode: number;
  /** Expected and actual, for a person; never a prompt, an answer or a key. */
  readonly message: string;
  /** When to come again, where that is known. */
  readonly retryAfterSeconds?: number;
};

type Mapping = readonly [status: number, codespace: string, minerErrorCode: number, retryAfterSeconds?: number];

/** In the order in which they are checked. */
export const RELAY_REFUSALS: Readonly<Record<RelayRefusalCode, Mapping>> = {
  RELAY_TOO_LARGE: [413, 'relayer_proxy', 13],
  RELAY_MALFORMED: [400, 'relayer_proxy', 14],
  RELAY_INVALID: [400, 'relay_authenticator', 4],
  RPC_TYPE_UNREADABLE: [400, 'relayer_proxy', 5],
  SUPPLIER_NOT_SERVED: [503, 'relay_authenticator', 3],
  SERVICE_UNKNOWN: [404, 'relayer_proxy', 3],
  PATH_NOT_ALLOWED: [404, 'relayer_proxy', 4],
  HEIGHTS_IMPLAUSIBLE: [400, 'relayer_proxy', 1],
  SESSION_LOOKUPS_BUSY: [503, 'query', 3, 1],
  LEDGER_UNREACHABLE: [503, 'query', 3, 1],
  SESSION_UNKNOWN: [403, 'relayer_proxy', 6],
  SUPPLIER_NOT_IN_SESSION: [403, 'relay_authenticator', 2],
  RELAY_REPLAYED: [409, 'relay_authenticator', 4],
  RING_SIGNATURE_INVALID: [403, 'rings', 3],
  BUDGET_USED_UP: [429, 'relayer_proxy', 7],
  JOURNAL_BEHIND: [503, 'relayer_proxy', 9, 1],
  BACKEND_UNHEALTHY: [503, 'relayer_proxy', 9, 5],
  MINER_BUSY: [503, 'relayer_proxy', 9, 1],
  MINER_CLOSING: [503, 'relayer_proxy', 9],
  BACKEND_UNREACHABLE: [502, 'relayer_proxy', 9],
  BACKEND_TIMEOUT: [504, 'relayer_proxy', 10],
  RESPONSE_TOO_LARGE: [502, 'relayer_proxy', 12],
  // Nobody reads this one; the status is the one that proxies log for it.
  CLIENT_GONE: [499, 'relayer_proxy', 10],
  MINER_FAULT: [500, 'relayer_proxy', 5],
};

export function refuseRelay(code: RelayRefusalCode, message: string): RelayRefusal {
  const [status, codespace, minerErrorCode, retryAfterSeconds] = RELAY_REFUSALS[code];
  const refusal = { code, status, codespace, minerErrorCode, message };
  return retryAfterSeconds === undefined ? refusal : { ...refusal, retryAfterSeconds };
}
