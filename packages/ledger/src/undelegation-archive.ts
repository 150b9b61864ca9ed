/**
 * Gateways that an application has dropped stay in an archive, under the end of the session in which it dropped them.
 *
 * They may have signed relays of that session, and of earlier ones that are not settled yet: the rings of those sessions
 * are built from the archive.
 *
 * Source: pokt-network/poktroll `x/application/keeper/msg_server_undelegate_from_gateway.go`.
 */
import { create } from '@bufbuild/protobuf';
import { UndelegatingGatewayListSchema, type Application } from '@decai/protocol/gen/pocket/application/types_pb';

type Archive = Application['pendingUndelegations'];

/** The record without the delegation, which is now archived under `sessionEndHeight`. */
export function undelegated(application: Application, gateway: string, sessionEndHeight: number): Application {
  const key = String(sessionEndHeight);
  const archived = application.pendingUndelegations[key]?.gatewayAddresses ?? [];
  return {
    ...application,
    delegateeGatewayAddresses: application.delegateeGatewayAddresses.filter((delegatee) => delegatee !== gateway),
    pendingUndelegations: {
      ...application.pendingUndelegations,
      [key]: create(UndelegatingGatewayListSchema, { gatewayAddresses: [...archived, gateway] }),
    },
  };
}

/** The record with the delegation, last in the list, and without any trace of the gateway in the archive. */
export function delegated(application: Application, gateway: string): Application {
  const pendingUndelegations: Archive = {};
  for (const [height, list] of Object.entries(application.pendingUndelegations)) {
    const gatewayAddresses = list.gatewayAddresses.filter((archived) => archived !== gateway);
    if (gatewayAddresses.length > 0) pendingUndelegations[height] = { ...list, gatewayAddresses };
  }
  const delegateeGatewayAddresses = [...application.delegateeGatewayAddresses, gateway];
  return { ...application, delegateeGatewayAddresses, pendingUndelegations };
}

/** The record without archive entries of sessions that ended before `height`; the same record if there are none. */
export function prunedArchive(application: Application, height: number): Application {
  const entries = Object.entries(application.pendingUndelegations);
  const kept = entries.filter(([sessionEndHeight]) => BigInt(sessionEndHeight) >= BigInt(height));
  return kept.length === entries.length
    ? application
    : { ...application, pendingUndelegations: Object.fromEntries(kept) };
}
