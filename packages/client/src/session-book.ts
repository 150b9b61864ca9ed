/**
 * The sessions of a client: which suppliers may serve an application for a service, asked once a session.
 *
 * The ledger's answer is not believed as it is: the id is recomputed from the hash of the block that opened the session.
 *
 * Source: pokt-network/poktroll `x/session/keeper/session_hydrator.go`.
 */
import { Fault } from '@decai/protocol/fault';
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import type { Session, SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { RPCType } from '@decai/protocol/gen/pocket/shared/service_pb';
import type { Supplier } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { sessionId, sessionPreimage } from '@decai/protocol/session-id';
import type { LedgerClient } from './ledger-client.ts';
import { remember } from './remembered.ts';
import type { SessionClock } from './session-clock.ts';

export type SessionSupplier = {
  readonly operatorAddress: string;
  /** Where relays for the service go; undefined when it staked no endpoint over HTTP. */
  readonly endpoint: { readonly url: string; readonly rpcType: number } | undefined;
  readonly record: Supplier;
};

export type NetworkSession = {
  /** As it stands in every relay, claim and proof of the session. */
  readonly header: SessionHeader;
  readonly id: string;
  readonly number: number;
  readonly startHeight: number;
  /** Last height of the session. */
  readonly endHeight: number;
  readonly serviceId: string;
  readonly applicationAddress: string;
  /** The record as it is now, not as it was at the start. */
  readonly application: Application;
  readonly suppliers: readonly SessionSupplier[];
};

export type SessionBook = {
  /**
   * The session that `height` lies in.
   *
   * @throws LEDGER_QUERY_REFUSED when the ledger has none (no such application, not staked for the service, no supplier);
   * SESSION_ID_MISMATCH when its id does not follow from the block that opened it; and what the transport throws.
   */
  sessionFor(applicationAddress: string, serviceId: string, height: number): Promise<NetworkSession>;
  /** Asks anew next time. */
  forget(applicationAddress: string, serviceId: string, height: number): Promise<void>;
};

const SESSIONS_MAX = 4096;

/** HTTP-shaped types of endpoint, the one made for language models first. */
const ENDPOINT_PREFERENCE: readonly number[] = [RPCType.REST, RPCType.JSON_RPC];

export function createSessionBook(
  ledger: Pick<LedgerClient, 'session' | 'blockHash'>,
  clock: Pick<SessionClock, 'spanAt'>,
): SessionBook {
  const sessions = remember<NetworkSession>(SESSIONS_MAX);
  const keyOf = async (application: string, service: string, height: number): Promise<string> =>
    `${application}/${service}/${(await clock.spanAt(height)).startHeight}`;
  return {
    async sessionFor(application, service, height) {
      return await sessions.get(await keyOf(application, service, height), async () =>
        readSession(ledger, await ledger.session(application, service, height), application, service, height),
      );
    },
    async forget(application, service, height) {
      sessions.forget(await keyOf(application, service, height));
    },
  };
}

async function readSession(
  ledger: Pick<LedgerClient, 'blockHash'>,
  session: Session,
  applicationAddress: string,
  serviceId: string,
  height: number,
): Promise<NetworkSession> {
  const { header, application } = session;
  const startHeight = Number(header?.sessionStartBlockHeight ?? 0n);
  const endHeight = Number(header?.sessionEndBlockHeight ?? 0n);
  if (
    header === undefined ||
    application === undefined ||
    header.applicationAddress !== applicationAddress ||
    header.serviceId !== serviceId ||
    height < startHeight ||
    height > endHeight
  ) {
    throw new Fault('LEDGER_ANSWER_INVALID', 'the session is not the one asked for', {
      height,
      startHeight,
      endHeight,
    });
  }
  const blockHash = await ledger.blockHash(startHeight);
  const expected = sessionId(sessionPreimage({ blockHash, serviceId, applicationAddress, startHeight }));
  if (header.sessionId !== expected) {
    throw new Fault('SESSION_ID_MISMATCH', 'the session id does not follow from the block that opened the session', {
      expected,
      actual: header.sessionId,
      startHeight,
    });
  }
  return {
    header,
    id: header.sessionId,
    number: Number(session.sessionNumber),
    startHeight,
    endHeight,
    serviceId,
    applicationAddress,
    application,
    suppliers: session.suppliers.map((record) => ({
      operatorAddress: record.operatorAddress,
      endpoint: endpointOf(record, serviceId),
      record,
    })),
  };
}

function endpointOf(supplier: Supplier, serviceId: string): SessionSupplier['endpoint'] {
  const endpoints = supplier.services.find((config) => config.serviceId === serviceId)?.endpoints ?? [];
  for (const rpcType of ENDPOINT_PREFERENCE) {
    const found = endpoints.find((endpoint) => endpoint.rpcType === rpcType && /^https?:\/\//.test(endpoint.url));
    if (found !== undefined) return { url: found.url, rpcType };
  }
  return undefined;
}
