/**
 * What a relay that failed means: what it says about the supplier, and what the sender does next.
 *
 * One table for everything that can come back: errors that a miner names, bare HTTP errors, answers that do not verify,
 * connections that break. Texts are not compared.
 *
 * Source: pokt-network/poktroll `pkg/relayer/proxy/errors.go`, `pkg/relayer/relay_authenticator/errors.go`;
 * pokt-network/pocket-relay-miner `relayer/proxy.go` (statuses without an error message).
 */
import type { SupplierOutcome } from '@decai/protocol/supplier-outcome';
import { isMisbehaviour, type VerificationCode, type VerificationRefusal } from './verify-relay.ts';
import type { StreamCode, StreamRefusal } from './stream-v1.ts';

export type NextStep =
  /** Another supplier may do better. */
  | 'try_elsewhere'
  /** Ask the ledger for the session once more, then try; after that, elsewhere. */
  | 'refresh_session'
  /** Ask the ledger for the ring once more, then try; after that, elsewhere. */
  | 'refresh_ring'
  /** The request itself is not possible: the user must be told. */
  | 'give_up';

export type TransportCode =
  'SUPPLIER_UNREACHABLE' | 'SUPPLIER_TIMEOUT' | 'SUPPLIER_BROKE_OFF' | 'SUPPLIER_HTTP_ERROR' | 'STREAM_ABANDONED';

export type RelayFailure = {
  readonly code: TransportCode | VerificationCode | StreamCode;
  readonly message: string;
  readonly outcome: SupplierOutcome;
  readonly next: NextStep;
  /** Do not ask this supplier again for the rest of the session. */
  readonly restOfSession: boolean;
  /** What the miner named, if it named something. */
  readonly minerError?: { readonly codespace: string; readonly code: number; readonly message: string };
  /** When to come again, if the supplier said so. */
  readonly retryAfterSeconds?: number;
  /** The marshalled response, where it proves misbehaviour: with the request it convinces anybody else. */
  readonly evidence?: Uint8Array;
};

type Meaning = readonly [outcome: SupplierOutcome, next: NextStep, restOfSession?: 'rest of session'];

const MINER_ERRORS: Readonly<Record<string, Meaning>> = {
  'relayer_proxy/1': ['user_error', 'refresh_session'],
  'relayer_proxy/2': ['backend_error', 'try_elsewhere', 'rest of session'],
  'relayer_proxy/3': ['backend_error', 'try_elsewhere', 'rest of session'],
  'relayer_proxy/4': ['user_error', 'give_up'],
  'relayer_proxy/5': ['backend_error', 'try_elsewhere'],
  'relayer_proxy/6': ['user_error', 'refresh_session'],
  'relayer_proxy/7': ['over_service', 'try_elsewhere', 'rest of session'],
  'relayer_proxy/8': ['backend_error', 'try_elsewhere'],
  'relayer_proxy/9': ['unreachable', 'try_elsewhere'],
  'relayer_proxy/10': ['timeout', 'try_elsewhere'],
  'relayer_proxy/11': ['user_error', 'give_up'],
  'relayer_proxy/12': ['backend_error', 'try_elsewhere'],
  'relayer_proxy/13': ['user_error', 'give_up'],
  // Ours to mend, if it is true; another supplier will show.
  'relayer_proxy/14': ['user_error', 'try_elsewhere'],
  'relay_authenticator/1': ['user_error', 'refresh_session'],
  'relay_authenticator/2': ['user_error', 'refresh_session'],
  'relay_authenticator/3': ['unreachable', 'try_elsewhere', 'rest of session'],
  'relay_authenticator/4': ['user_error', 'try_elsewhere'],
  'relay_authenticator/5': ['backend_error', 'try_elsewhere'],
  'relay_authenticator/6': ['user_error', 'try_elsewhere'],
  'rings/1': ['user_error', 'refresh_ring'],
  'rings/2': ['user_error', 'refresh_ring'],
  'rings/3': ['user_error', 'refresh_ring'],
  'service/1110': ['backend_error', 'try_elsewhere'],
  'service/1111': ['user_error', 'try_elsewhere'],
  'query/3': ['user_error', 'refresh_session'],
};

const HTTP_STATUSES: Readonly<Record<number, Meaning>> = {
  400: ['user_error', 'try_elsewhere'],
  403: ['user_error', 'refresh_session'],
  404: ['backend_error', 'try_elsewhere', 'rest of session'],
  408: ['timeout', 'try_elsewhere'],
  413: ['user_error', 'give_up'],
  429: ['over_service', 'try_elsewhere', 'rest of session'],
  502: ['unreachable', 'try_elsewhere'],
  503: ['queue_full', 'try_elsewhere'],
  504: ['timeout', 'try_elsewhere'],
};

const STREAM_OUTCOMES: Readonly<Record<StreamCode, SupplierOutcome>> = {
  STREAM_TRUNCATED: 'truncated',
  STREAM_EMPTY: 'truncated',
  STREAM_STATUS_CHANGED: 'malformed',
  STREAM_BATCH_TOO_LARGE: 'malformed',
};

const UNLISTED: Meaning = ['backend_error', 'try_elsewhere'];
const QUEUE_FULL: Meaning = ['queue_full', 'try_elsewhere'];

/**
 * The failure behind an answer that did not verify, or that names an error. `status` is the outer one, `response` the bytes
 * that were refused.
 */
export function failureOfRefusal(
  refusal: VerificationRefusal | StreamRefusal,
  status: number,
  retryAfterSeconds?: number,
  response?: Uint8Array,
): RelayFailure {
  const { code, message } = refusal;
  const minerError = 'minerError' in refusal ? refusal.minerError : undefined;
  if (minerError !== undefined) {
    const pair = `${minerError.codespace}/${minerError.code}`;
    // One code for a backend that is down and for a queue that is full; the status tells them apart.
    const meaning = pair === 'relayer_proxy/9' && status === 503 ? QUEUE_FULL : (MINER_ERRORS[pair] ?? UNLISTED);
    const { codespace, code: minerCode, message: minerMessage } = minerError;
    return {
      ...failure(code, message, meaning, retryAfterSeconds),
      minerError: { codespace, code: minerCode, message: minerMessage },
    };
  }
  if (isStreamCode(code)) return failure(code, message, [STREAM_OUTCOMES[code], 'try_elsewhere']);
  if (isMisbehaviour(code)) {
    const fraud = failure(code, message, ['fraud', 'try_elsewhere', 'rest of session']);
    return response === undefined ? fraud : { ...fraud, evidence: response };
  }
  if (code === 'RELAY_SUPPLIER_KEY_UNKNOWN')
    return failure(code, message, ['unreachable', 'try_elsewhere', 'rest of session']);
  return failure(code, message, ['malformed', 'try_elsewhere']);
}

/** The failure of an answer with an HTTP error and no relay in it. */
export function failureOfStatus(status: number, retryAfterSeconds?: number): RelayFailure {
  const message = `the supplier answered status ${status} without a relay`;
  return failure('SUPPLIER_HTTP_ERROR', message, HTTP_STATUSES[status] ?? UNLISTED, retryAfterSeconds);
}

/** The failure of a connection: nobody there, too slow, or broken off. */
export function failureOfTransport(code: TransportCode, message: string): RelayFailure {
  return failure(code, message, [TRANSPORT_OUTCOMES[code], 'try_elsewhere']);
}

const TRANSPORT_OUTCOMES: Readonly<Record<TransportCode, SupplierOutcome>> = {
  SUPPLIER_UNREACHABLE: 'unreachable',
  SUPPLIER_TIMEOUT: 'timeout',
  SUPPLIER_BROKE_OFF: 'truncated',
  SUPPLIER_HTTP_ERROR: 'backend_error',
  // The user hung up: says nothing about the supplier.
  STREAM_ABANDONED: 'user_error',
};

function isStreamCode(code: RelayFailure['code']): code is StreamCode {
  return Object.hasOwn(STREAM_OUTCOMES, code);
}

function failure(
  code: RelayFailure['code'],
  message: string,
  [outcome, next, rest]: Meaning,
  retryAfterSeconds?: number,
): RelayFailure {
  const base = { code, message, outcome, next, restOfSession: rest !== undefined };
  return retryAfterSeconds === undefined ? base : { ...base, retryAfterSeconds };
}
