/**
 * Every way in which a relay is turned away: our stable code, the HTTP status, and what Shannon calls it.
 *
 * Gateways act on Shannon's codespace and code; two refusals may share a pair. What is refused is never mined or charged.
 *
 * Source: pokt-network/poktroll `pkg/relayer/proxy/errors.go`; statuses as pokt-network/pocket-relay-miner uses them.
 */
import { RELAY_ERROR, type RelayErrorKind } from '@decai/protocol/relay-error';

export type MinerRefusalCode =
  | 'RELAY_TOO_LARGE'
  | 'RELAY_MALFORMED'
  | 'RELAY_INVALID'
  | 'MINER_CLOSING'
  | 'SUPPLIER_NOT_SERVED'
  | 'SERVICE_UNKNOWN'
  | 'RPC_TYPE_UNREADABLE'
  | 'PAYLOAD_MALFORMED'
  | 'PATH_NOT_ALLOWED'
  | 'HEIGHTS_IMPLAUSIBLE'
  | 'LEDGER_UNREACHABLE'
  | 'SESSION_LOOKUPS_BUSY'
  | 'SESSION_UNKNOWN'
  | 'SUPPLIER_NOT_IN_SESSION'
  | 'RELAY_REPLAYED'
  | 'RING_SIGNATURE_INVALID'
  | 'BUDGET_USED_UP'
  | 'JOURNAL_BEHIND'
  | 'BACKEND_UNHEALTHY'
  | 'MINER_BUSY'
  | 'BACKEND_UNREACHABLE'
  | 'BACKEND_TIMEOUT'
  | 'RESPONSE_TOO_LARGE'
  | 'CLIENT_GONE'
  | 'MINER_FAULT';

export type MinerRefusal = {
  readonly code: MinerRefusalCode;
  readonly status: number;
  readonly kind: RelayErrorKind;
  /** Expected and actual, for a person; never a prompt, an answer or a key. */
  readonly message: string;
  /** When to come again, where that is known. */
  readonly retryAfterSeconds?: number;
};

type Row = readonly [status: number, kind: RelayErrorKind, retryAfterSeconds?: number];

/** In the order in which they are checked. */
export const MINER_REFUSALS: Readonly<Record<MinerRefusalCode, Row>> = {
  RELAY_TOO_LARGE: [413, RELAY_ERROR.REQUEST_TOO_LARGE],
  RELAY_MALFORMED: [400, RELAY_ERROR.REQUEST_UNDECODABLE],
  RELAY_INVALID: [400, RELAY_ERROR.REQUEST_REFUSED],
  MINER_CLOSING: [503, RELAY_ERROR.SUPPLIER_UNREACHABLE],
  SUPPLIER_NOT_SERVED: [503, RELAY_ERROR.SIGNER_UNDEFINED],
  SERVICE_UNKNOWN: [404, RELAY_ERROR.SERVICE_NOT_HANDLED],
  RPC_TYPE_UNREADABLE: [400, RELAY_ERROR.INTERNAL],
  PAYLOAD_MALFORMED: [400, RELAY_ERROR.REQUEST_UNDECODABLE],
  PATH_NOT_ALLOWED: [404, RELAY_ERROR.TRANSPORT_UNSUPPORTED],
  HEIGHTS_IMPLAUSIBLE: [400, RELAY_ERROR.INVALID_SESSION],
  LEDGER_UNREACHABLE: [503, RELAY_ERROR.SESSION_NOT_FOUND, 1],
  SESSION_LOOKUPS_BUSY: [503, RELAY_ERROR.SESSION_NOT_FOUND, 1],
  SESSION_UNKNOWN: [403, RELAY_ERROR.UNKNOWN_SESSION],
  SUPPLIER_NOT_IN_SESSION: [403, RELAY_ERROR.SUPPLIER_NOT_IN_SESSION],
  RELAY_REPLAYED: [409, RELAY_ERROR.REQUEST_REFUSED],
  RING_SIGNATURE_INVALID: [403, RELAY_ERROR.RING_SIGNATURE],
  BUDGET_USED_UP: [429, RELAY_ERROR.RATE_LIMITED],
  JOURNAL_BEHIND: [503, RELAY_ERROR.SUPPLIER_UNREACHABLE, 1],
  BACKEND_UNHEALTHY: [503, RELAY_ERROR.SUPPLIER_UNREACHABLE, 5],
  MINER_BUSY: [503, RELAY_ERROR.SUPPLIER_UNREACHABLE, 1],
  BACKEND_UNREACHABLE: [502, RELAY_ERROR.SUPPLIER_UNREACHABLE],
  BACKEND_TIMEOUT: [504, RELAY_ERROR.TIMEOUT],
  RESPONSE_TOO_LARGE: [502, RELAY_ERROR.RESPONSE_TOO_LARGE],
  // Nobody is there to read it; the status is the one that proxies log.
  CLIENT_GONE: [499, RELAY_ERROR.TIMEOUT],
  MINER_FAULT: [500, RELAY_ERROR.INTERNAL],
};

export function refuse(code: MinerRefusalCode, message: string): MinerRefusal {
  const [status, kind, retryAfterSeconds] = MINER_REFUSALS[code];
  const refusal = { code, status, kind, message };
  return retryAfterSeconds === undefined ? refusal : { ...refusal, retryAfterSeconds };
}

/** Tells a refusal from whatever else a step may give. */
export function isRefusal(outcome: object): outcome is MinerRefusal {
  return 'kind' in outcome && 'code' in outcome && typeof outcome.code === 'string' && outcome.code in MINER_REFUSALS;
}
