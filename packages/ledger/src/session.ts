/**
 * Sessions: who may serve an application on a service at a height, found anew from the state whenever it is asked.
 *
 * Nothing about a session is stored. Its span comes from the parameters of the height, its id from the hash of the block
 * that opened it, its suppliers from the configurations active at the height. The application is read as it is now.
 *
 * Source: pokt-network/poktroll `x/session/keeper/session_hydrator.go`, `x/session/keeper/query_get_session.go`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import {
  SessionHeaderSchema,
  SessionSchema,
  type Session,
  type SessionHeader,
} from '@decai/protocol/gen/pocket/session/types_pb';
import type { ServiceConfigUpdate, Supplier } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { drawSuppliers } from '@decai/protocol/session-draw';
import { sessionAt } from '@decai/protocol/session-grid';
import { sessionId, sessionPreimage } from '@decai/protocol/session-id';
import { isApplicationActive } from './application-records.ts';
import { type Outcome, type Refusal, refuse, withStatus } from './refusal.ts';
import { type RegisteredError, SESSION } from './registered-error.ts';
import { checkServiceId } from './service-check.ts';
import { timingsAt } from './session-timings.ts';
import type { State } from './state.ts';
import { isConfigActive } from './supplier-records.ts';

export type SessionQuery = {
  readonly applicationAddress: string;
  readonly serviceId: string;
  /** 0 asks about the present height. */
  readonly blockHeight: number;
};

export type HydratedSession = {
  readonly header: SessionHeader;
  readonly number: number;
  readonly numBlocks: number;
  readonly application: Application;
  /** The drawn configurations, in the order of the draw, by operator. */
  readonly suppliers: ReadonlyMap<string, ServiceConfigUpdate>;
};

/** Refuses a question that no state could answer, in this order: application address (session 1105), service id (shared 1108), height (session 1107). */
export function checkSessionQuery({ applicationAddress, serviceId, blockHeight }: SessionQuery): Refusal | undefined {
  const problem = addressProblem(applicationAddress);
  if (problem !== undefined) return refuse(SESSION.INVALID_APPLICATION_ADDRESS, problem, 'InvalidArgument');
  const service = checkServiceId(serviceId);
  if (service !== undefined) return withStatus(service, 'InvalidArgument');
  if (blockHeight < 0) {
    return refuse(
      SESSION.INVALID_BLOCK_HEIGHT,
      `invalid block height for session being retrieved ${blockHeight};`,
      'InvalidArgument',
    );
  }
  return undefined;
}

/**
 * The session of an application on a service at a height, for a question that `checkSessionQuery` has passed.
 *
 * Refuses, in this order: a height that has not been reached or of which too little is still known (session 1101); an
 * application that is not there (1102), not active at the session's end (1109), or not staked for the service at the height
 * (1103); a service that nobody serves (1104). All have status Internal.
 */
export function hydrateSession(state: State, query: SessionQuery): Outcome<HydratedSession> {
  const height = query.blockHeight === 0 ? state.height : query.blockHeight;
  if (height > state.height) {
    return internal(
      SESSION.HYDRATION,
      `block height ${height} is ahead of the last committed block height ${state.height}`,
    );
  }
  const { shared, session: seating } = state.params;
  if (!shared.knows(height) || !seating.knows(height)) {
    return internal(SESSION.HYDRATION, `what held at height ${height} is no longer kept`);
  }
  const { applicationAddress, serviceId } = query;
  const timings = timingsAt(state, height);
  const { number, startHeight, endHeight } = sessionAt(timings, height);
  const blockHash = state.blockHashes.at(startHeight);
  const preimage = sessionPreimage({ blockHash, serviceId, applicationAddress, startHeight });
  const id = sessionId(preimage);

  const application = state.applications.get(applicationAddress);
  if (application === undefined) {
    return internal(
      SESSION.APPLICATION_NOT_FOUND,
      `could not find app with address "${applicationAddress}" at height ${startHeight}`,
    );
  }
  if (!takesPart(state, application, endHeight)) {
    return internal(
      SESSION.APPLICATION_NOT_ACTIVE,
      `application "${applicationAddress}" is not active for session ${id}`,
    );
  }
  if (!isStakedFor(application, serviceId, height)) {
    return internal(
      SESSION.APPLICATION_NOT_STAKED,
      `application "${applicationAddress}" not staked for service ID "${serviceId}"`,
    );
  }

  const candidates = new Map<string, ServiceConfigUpdate>();
  for (const config of state.suppliers.candidates(serviceId, height)) candidates.set(config.operatorAddress, config);
  if (candidates.size === 0) {
    return internal(
      SESSION.SUPPLIERS_NOT_FOUND,
      `could not find suppliers for service ${serviceId} at height ${height}`,
    );
  }
  const seats = Number(seating.at(height).numSuppliersPerSession);
  const drawn = drawSuppliers(preimage, [...candidates.keys()], seats);

  const header = create(SessionHeaderSchema, {
    applicationAddress,
    serviceId,
    sessionId: id,
    sessionStartBlockHeight: BigInt(startHeight),
    sessionEndBlockHeight: BigInt(endHeight),
  });
  const suppliers = new Map(drawn.map((operator) => [operator, candidates.get(operator)!]));
  return { ok: true, value: { header, number, numBlocks: timings.numBlocksPerSession, application, suppliers } };
}

/** The session as a query answers it: each supplier with the one configuration that was drawn and no history. */
export function sessionMessage(state: State, session: HydratedSession): Session {
  const suppliers: Supplier[] = [];
  for (const [operator, { service }] of session.suppliers) {
    const supplier = state.suppliers.get(operator);
    // A supplier that has gone meanwhile is no longer part of its past sessions.
    if (supplier !== undefined) suppliers.push({ ...supplier, services: service === undefined ? [] : [service] });
  }
  return create(SessionSchema, {
    header: session.header,
    sessionId: session.header.sessionId,
    sessionNumber: BigInt(session.number),
    numBlocksPerSession: BigInt(session.numBlocks),
    application: session.application,
    suppliers,
  });
}

/**
 * An application that both unbonds and moves to another address stays to the end of its unbonding in Shannon. Where sessions
 * are pinned the first end counts: an unbonding can be cancelled, and the transfer then takes the application away.
 */
function takesPart(state: State, application: Application, endHeight: number): boolean {
  if (!isApplicationActive(application, endHeight)) return false;
  return !state.isPinned || isApplicationActive({ ...application, unstakeSessionEndHeight: 0n }, endHeight);
}

/** The service that an application uses has a history once it was changed; before that, the present one was always it. */
function isStakedFor(
  { serviceConfigs, serviceConfigHistory }: Application,
  serviceId: string,
  height: number,
): boolean {
  if (serviceConfigHistory.length === 0) return serviceConfigs.some((config) => config.serviceId === serviceId);
  return serviceConfigHistory.some((entry) => entry.service?.serviceId === serviceId && isConfigActive(entry, height));
}

function internal(error: RegisteredError, details: string): Refusal {
  return refuse(error, details, 'Internal');
}
