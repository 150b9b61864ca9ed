/**
 * Taking a delegation back, which takes effect with the next session. The gateway itself may be long gone.
 *
 * Source: pokt-network/poktroll `x/application/keeper/msg_server_undelegate_from_gateway.go`.
 */
import { EventRedelegationSchema } from '@decai/protocol/gen/pocket/application/event_pb';
import type { MsgUndelegateFromGateway } from '@decai/protocol/gen/pocket/application/tx_pb';
import { ACCEPTED, refuse, type Verdict } from './refusal.ts';
import { APPLICATION } from './registered-error.ts';
import { currentSessionEnd } from './session-timings.ts';
import type { State } from './state.ts';
import { undelegated } from './undelegation-archive.ts';

/** Refuses, in this order: no such application (1104), no such delegation (1111). */
export function undelegateFromGateway(state: State, { appAddress, gatewayAddress }: MsgUndelegateFromGateway): Verdict {
  const stored = state.applications.get(appAddress);
  if (stored === undefined) {
    return refuse(APPLICATION.NOT_FOUND, `application with address: ${appAddress}`, 'NotFound');
  }
  if (!stored.delegateeGatewayAddresses.includes(gatewayAddress)) {
    const details = `application with address "${appAddress}" not delegated to gateway with address: "${gatewayAddress}"`;
    return refuse(APPLICATION.NOT_DELEGATED, details, 'FailedPrecondition');
  }
  const endHeight = currentSessionEnd(state);
  const application = undelegated(stored, gatewayAddress, endHeight);
  state.applications.put(application);
  state.delegations?.close(appAddress, gatewayAddress, endHeight);
  state.journal.emit(EventRedelegationSchema, { application, sessionEndHeight: BigInt(endHeight) });
  return ACCEPTED;
}
