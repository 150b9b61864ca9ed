/**
 * Delegation: an application lets a gateway sign relays in its name. It holds at once, also in the running session.
 *
 * Source: pokt-network/poktroll `x/application/keeper/msg_server_delegate_to_gateway.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import { EventRedelegationSchema } from '@decai/protocol/gen/pocket/application/event_pb';
import type { MsgDelegateToGateway } from '@decai/protocol/gen/pocket/application/tx_pb';
import { isGatewayActive } from './gateway-records.ts';
import { ACCEPTED, refuse, type Refusal, type Verdict } from './refusal.ts';
import { APPLICATION, GATEWAY } from './registered-error.ts';
import { currentSessionEnd } from './session-timings.ts';
import type { State } from './state.ts';
import { delegated } from './undelegation-archive.ts';

/** Refuses, in this order: the application's address (1102), the gateway's (1108). */
export function checkDelegation(msg: { appAddress: string; gatewayAddress: string }): Refusal | undefined {
  const application = addressProblem(msg.appAddress);
  if (application !== undefined) {
    return refuse(APPLICATION.INVALID_ADDRESS, `invalid application address: ${application}`);
  }
  const gateway = addressProblem(msg.gatewayAddress);
  if (gateway !== undefined) return refuse(APPLICATION.INVALID_GATEWAY_ADDRESS, `invalid gateway address: ${gateway}`);
  return undefined;
}

/**
 * Refuses, in this order: no such application (1104), no such gateway (1107), as many delegations as allowed (1110), a
 * gateway past its last session (gateway 1108), a delegation that exists (1109).
 */
export function delegateToGateway(state: State, { appAddress, gatewayAddress }: MsgDelegateToGateway): Verdict {
  const stored = state.applications.get(appAddress);
  if (stored === undefined) {
    return refuse(APPLICATION.NOT_FOUND, `application with address: ${appAddress}`, 'NotFound');
  }
  const namedGateway = `gateway with address: "${gatewayAddress}"`;
  const gateway = state.gateways.get(gatewayAddress);
  if (gateway === undefined) return refuse(APPLICATION.GATEWAY_NOT_FOUND, namedGateway, 'NotFound');

  const delegatees = stored.delegateeGatewayAddresses;
  const { maxDelegatedGateways } = state.params.application.live();
  const named = `application with address "${appAddress}" already delegated to`;
  if (BigInt(delegatees.length) >= maxDelegatedGateways) {
    const details = `${named} ${maxDelegatedGateways} (max) gateways`;
    return refuse(APPLICATION.MAX_DELEGATED_GATEWAYS, details, 'FailedPrecondition');
  }
  if (!isGatewayActive(gateway, state.height)) return refuse(GATEWAY.IS_INACTIVE, namedGateway, 'FailedPrecondition');
  if (delegatees.includes(gatewayAddress)) {
    return refuse(APPLICATION.ALREADY_DELEGATED, `${named} ${namedGateway}`, 'AlreadyExists');
  }

  const application = delegated(stored, gatewayAddress);
  state.applications.put(application);
  state.delegations?.open(appAddress, gatewayAddress, state.height);
  state.journal.emit(EventRedelegationSchema, { application, sessionEndHeight: BigInt(currentSessionEnd(state)) });
  return ACCEPTED;
}
