/**
 * Queries by path, as ABCI asks them: `/pocket.application.Query/Application` with the request's bytes.
 *
 * A refusal becomes the code that the Go application would give, and its text keeps the form that clients match on.
 *
 * Source: cosmos/cosmos-sdk `baseapp/abci.go` (Query, gRPCErrorToSDKError); CometBFT `abci/types` (ResponseQuery).
 */
import { EMPTY } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import { APPLICATION_QUERIES } from './application-queries.ts';
import { AUTH_QUERIES } from './auth-queries.ts';
import { AUTHZ_QUERIES } from './authz-queries.ts';
import { BANK_QUERIES } from './bank-queries.ts';
import { GATEWAY_QUERIES } from './gateway-queries.ts';
import { PROOF_QUERIES } from './proof-queries.ts';
import type { QueryMethod } from './query-method.ts';
import { refusalText, refuse, refuseAs, type GrpcCode, type Outcome, type Refusal } from './refusal.ts';
import { PANIC, SDK, type RegisteredError } from './registered-error.ts';
import { SERVICE_QUERIES } from './service-queries.ts';
import { SESSION_QUERIES } from './session-queries.ts';
import { SHARED_QUERIES } from './shared-queries.ts';
import { STAKING_QUERIES } from './staking-queries.ts';
import type { State } from './state.ts';
import { queryRecord, STORE_QUERY_PREFIX, type ProofOp } from './store-query.ts';
import { SUPPLIER_QUERIES } from './supplier-queries.ts';
import { TOKENOMICS_QUERIES } from './tokenomics-queries.ts';
import { TRANSACTION_QUERIES } from './transaction-queries.ts';

export type QueryRequest = {
  readonly path: string;
  /** The request message, encoded. */
  readonly data: Uint8Array;
  /** 0 asks about the last height. */
  readonly height?: number;
  /** Asks for a proof; only records of the store have one. */
  readonly prove?: boolean;
};

export type QueryAnswer = {
  /** 0 for success. */
  readonly code: number;
  /** Whose code it is; empty for success. */
  readonly codespace: string;
  /** Empty for success. */
  readonly log: string;
  /** The response message, encoded; empty for a refusal. */
  readonly value: Uint8Array;
  /** Where a record of the store was asked for: its key, and what leads from it to the root of the state. */
  readonly record?: { readonly key: Uint8Array; readonly proofOps: readonly ProofOp[] };
  /** At which the answer holds; 0 for a refusal before the state was looked at. */
  readonly height: number;
};

const METHODS: ReadonlyMap<string, QueryMethod> = new Map(
  [
    APPLICATION_QUERIES,
    GATEWAY_QUERIES,
    SUPPLIER_QUERIES,
    SERVICE_QUERIES,
    SESSION_QUERIES,
    SHARED_QUERIES,
    PROOF_QUERIES,
    TOKENOMICS_QUERIES,
    AUTH_QUERIES,
    AUTHZ_QUERIES,
    BANK_QUERIES,
    STAKING_QUERIES,
    TRANSACTION_QUERIES,
  ]
    .flat()
    .map((method) => [method.path, method]),
);

/** Every path that is answered. */
export function queryPaths(): readonly string[] {
  return [...METHODS.keys()];
}

/** States by height. */
export type QueriedStates = {
  readonly lastHeight: number;
  /** The state after a block; undefined when it is not kept. */
  at(height: number): State | undefined;
};

/**
 * Answers a query. Never throws for what a stranger asks.
 *
 * Refuses, in this order: an unknown path (sdk 6); a height below 0 (18), in the future (26), or no longer kept (18); a
 * request that is no message of the method (18); what the method refuses.
 */
export function answerQuery(states: QueriedStates, request: QueryRequest): QueryAnswer {
  const { path, data, height: asked = 0, prove = false } = request;
  const isRecord = path.startsWith(STORE_QUERY_PREFIX);
  const method = METHODS.get(path);
  if (method === undefined && !isRecord) return refused(refuse(SDK.UNKNOWN_REQUEST, 'unknown query path'), 0);
  const height = asked === 0 ? states.lastHeight : asked;
  const opened = openAt(states, height);
  if (!opened.ok) return refused(opened, 0);
  const state = opened.value;
  try {
    if (isRecord) {
      const found = queryRecord(state, path, data, prove);
      if (!found.ok) return refused(found, height);
      const { value, proofOps } = found.value;
      return { ...ANSWERED, value, record: { key: data, proofOps }, height };
    }
    const answered = method!.answer(state, data);
    if (!answered.ok) return refused(asQueryError(answered), height);
    return { ...ANSWERED, value: answered.value, height };
  } catch (thrown) {
    // What the request's bytes say is a stranger's choice; anything else is a fault of ours, and still no reason to stop.
    if (isFault(thrown) && thrown.code.startsWith('WIRE_')) {
      return refused(asQueryError(refuseAs('InvalidArgument', thrown.message)), height);
    }
    return refused(refuse(PANIC, `recovered: ${isFault(thrown) ? thrown.message : 'unexpected error'}`), height);
  }
}

const ANSWERED = { code: 0, codespace: '', log: '' } as const;

function openAt(states: QueriedStates, height: number): Outcome<State> {
  const { lastHeight } = states;
  if (height < 0) return refuse(SDK.INVALID_REQUEST, 'cannot query with height < 0; please provide a valid height');
  if (height > lastHeight) {
    return refuse(SDK.INVALID_HEIGHT, 'cannot query with height in the future; please provide a valid height');
  }
  const state = states.at(height);
  if (state !== undefined) return { ok: true, value: state };
  const details = `failed to load state at height ${height}; version does not exist (latest height: ${lastHeight})`;
  return refuse(SDK.INVALID_REQUEST, details);
}

/** ABCI's code for a gRPC status. */
const BY_STATUS: Readonly<Record<GrpcCode, RegisteredError>> = {
  NotFound: SDK.KEY_NOT_FOUND,
  InvalidArgument: SDK.INVALID_REQUEST,
  FailedPrecondition: SDK.INVALID_REQUEST,
  Unauthenticated: SDK.UNAUTHORIZED,
  AlreadyExists: SDK.UNKNOWN_REQUEST,
  PermissionDenied: SDK.UNKNOWN_REQUEST,
  Internal: SDK.UNKNOWN_REQUEST,
  Unknown: SDK.UNKNOWN_REQUEST,
};

function asQueryError(refusal: Refusal): Refusal {
  return refuse(refusal.grpc === undefined ? SDK.INVALID_REQUEST : BY_STATUS[refusal.grpc], refusalText(refusal));
}

function refused(refusal: Refusal, height: number): QueryAnswer {
  const { codespace, code } = refusal;
  return { code, codespace, log: refusalText(refusal), value: EMPTY, height };
}
