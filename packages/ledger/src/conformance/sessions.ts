/** Checks session vectors: which session a query finds, who serves in it, its windows, and the errors. */
import { create, type JsonValue, type MessageShape, toJson } from '@bufbuild/protobuf';
import { toHex } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import type { CaseVerdict, VectorChecker } from '@decai/protocol/conformance';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { ParamsSchema as SessionParamsSchema } from '@decai/protocol/gen/pocket/session/params_pb';
import { QueryGetSessionResponseSchema } from '@decai/protocol/gen/pocket/session/query_pb';
import { SessionHeaderSchema, SessionSchema } from '@decai/protocol/gen/pocket/session/types_pb';
import { ServiceConfigUpdateSchema, SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { sessionWindows } from '@decai/protocol/session-grid';
import { upoktCoin } from '../stake.ts';
import { type Refusal, refusalText } from '../refusal.ts';
import { checkSessionQuery, hydrateSession, sessionMessage, type SessionQuery } from '../session.ts';
import { timingsAt } from '../session-timings.ts';
import type { State } from '../state.ts';
import { compareCase } from './first-difference.ts';
import {
  type BlockHash,
  read,
  setBlockHashes,
  setSharedParams,
  type SharedParamsUpdate,
  stateAt,
} from './vector-state.ts';

type SessionInput = {
  readonly currentHeight: number;
  readonly sharedParams: JsonValue;
  readonly sharedParamsHistory: readonly SharedParamsUpdate[];
  readonly numSuppliersPerSession: number;
  readonly sessionParamsHistory: readonly {
    readonly effectiveHeight: number;
    readonly numSuppliersPerSession: number;
  }[];
  readonly blockHashes: readonly BlockHash[];
  readonly application: JsonValue;
  readonly suppliersServiceId: string;
  /** Pairs of activation and deactivation heights; 0 leaves the end open. */
  readonly suppliers: readonly {
    readonly operator: string;
    readonly configs: readonly (readonly [number, number])[];
  }[];
  readonly query: SessionQuery;
};

type SessionResult = {
  readonly header: JsonValue;
  readonly session?: JsonValue;
  readonly responseBytes?: string;
} & Record<string, unknown>;

type ExpectedError = {
  readonly codespace: string;
  readonly code: number;
  readonly grpcCode: string;
  readonly message: string;
};

type SessionCase = {
  readonly name: string;
  readonly input: SessionInput;
  readonly result?: SessionResult;
  readonly error?: ExpectedError;
};

export const sessionsChecker: VectorChecker = {
  format: 'sessions',

  recognises(document) {
    const cases = (document as { cases?: unknown } | null)?.cases;
    const first = Array.isArray(cases) ? (cases[0] as Partial<SessionCase> | undefined) : undefined;
    return first?.input?.query !== undefined && first.input.suppliersServiceId !== undefined;
  },

  *check(document) {
    for (const item of (document as { cases: SessionCase[] }).cases) yield checkCase(item);
  },
};

function checkCase({ name, input, result, error }: SessionCase): CaseVerdict {
  return compareCase(name, expectedOutcome(result, error), () => {
    const state = buildState(input);
    const malformed = checkSessionQuery(input.query);
    if (malformed !== undefined) return { error: errorOf(malformed) };
    const session = hydrateSession(state, input.query);
    if (!session.ok) return { error: errorOf(session) };

    const { header, number, numBlocks, suppliers } = session.value;
    const { graceEnd, claimOpen, claimClose, proofOpen, proofClose } = sessionWindows(
      timingsAt(state, Number(header.sessionStartBlockHeight)),
      Number(header.sessionStartBlockHeight),
    );
    const message = sessionMessage(state, session.value);
    return {
      result: {
        sessionId: header.sessionId,
        sessionNumber: number,
        numBlocksPerSession: numBlocks,
        header: toJson(SessionHeaderSchema, header),
        headerBytes: toHex(encode(SessionHeaderSchema, header)),
        suppliers: [...suppliers.keys()],
        windows: { graceEnd, claimOpen, claimClose, proofOpen, proofClose },
        ...(result?.session !== undefined && { session: toJson(SessionSchema, message) }),
        ...(result?.responseBytes !== undefined && {
          responseBytes: toHex(
            encode(QueryGetSessionResponseSchema, create(QueryGetSessionResponseSchema, { session: message })),
          ),
        }),
      },
    };
  });
}

function expectedOutcome(result: SessionResult | undefined, error: ExpectedError | undefined): unknown {
  if (error !== undefined) {
    const { codespace, code, grpcCode, message } = error;
    return { error: { codespace, code, grpcCode, text: registeredText(message) } };
  }
  if (result === undefined) return undefined;
  return {
    result: {
      ...result,
      header: toJson(SessionHeaderSchema, read(SessionHeaderSchema, result.header)),
      ...(result.session !== undefined && { session: toJson(SessionSchema, read(SessionSchema, result.session)) }),
    },
  };
}

function errorOf(refusal: Refusal): unknown {
  const { codespace, code, grpc } = refusal;
  return { codespace, code, grpcCode: grpc, text: registeredText(refusalText(refusal)) };
}

/** Details are worded freely; the registered text comes last and is the network's. */
function registeredText(message: string): string {
  return message.slice(message.lastIndexOf(': ') + 2);
}

function buildState(input: SessionInput): State {
  const state = stateAt(input.currentHeight);
  setSharedParams(state, input.sharedParams, input.sharedParamsHistory);
  state.params.session.setLive(sessionParams(input.numSuppliersPerSession));
  for (const { effectiveHeight, numSuppliersPerSession } of input.sessionParamsHistory) {
    state.params.session.history.put('', effectiveHeight, sessionParams(numSuppliersPerSession));
  }
  setBlockHashes(state, input.blockHashes);
  if (input.application !== null) state.applications.put(read(ApplicationSchema, input.application));
  for (const [index, supplier] of input.suppliers.entries())
    addSupplier(state, supplier, index, input.suppliersServiceId);
  return state;
}

function sessionParams(numSuppliersPerSession: number): MessageShape<typeof SessionParamsSchema> {
  return create(SessionParamsSchema, { numSuppliersPerSession: BigInt(numSuppliersPerSession) });
}

/**
 * The files leave out what does not matter for a draw: stakes count up, owners operate themselves and take everything, and
 * a supplier whose last configuration ends has unstaked with the session before.
 */
function addSupplier(
  state: State,
  { operator, configs }: SessionInput['suppliers'][number],
  index: number,
  serviceId: string,
): void {
  const stake = upoktCoin(1_000_000n + BigInt(index));
  const [, lastHeight] = configs.at(-1) ?? [0, 0];
  const unstakeSessionEndHeight = BigInt(lastHeight === 0 ? 0 : lastHeight - 1);
  state.suppliers.put(
    create(SupplierSchema, { ownerAddress: operator, operatorAddress: operator, stake, unstakeSessionEndHeight }),
  );
  for (const [activation, deactivation] of configs) {
    state.suppliers.putConfig(
      create(ServiceConfigUpdateSchema, {
        operatorAddress: operator,
        service: { serviceId, revShare: [{ address: operator, revSharePercentage: 100n }] },
        activationHeight: BigInt(activation),
        deactivationHeight: BigInt(deactivation),
      }),
    );
  }
}
