/**
 * Beginning to unbond a gateway: applications stay delegated to it until its last session has ended.
 *
 * Source: pokt-network/poktroll `x/gateway/keeper/msg_server_unstake_gateway.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import { EventGatewayUnbondingBeginSchema } from '@decai/protocol/gen/pocket/gateway/event_pb';
import type { MsgUnstakeGateway } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { ACCEPTED, refuse, type Refusal, type Verdict } from './refusal.ts';
import { GATEWAY } from './registered-error.ts';
import { currentSessionEnd } from './session-timings.ts';
import { withoutCard } from './stake-gateway.ts';
import type { State } from './state.ts';
import { gatewayUnbondingEnd } from './unbonding.ts';

/** Refuses a malformed address (1101). */
export function checkUnstakeGateway({ address }: MsgUnstakeGateway): Refusal | undefined {
  const problem = addressProblem(address);
  return problem === undefined ? undefined : refuse(GATEWAY.INVALID_ADDRESS, `invalid gateway address: ${problem}`);
}

/** Refuses, in this order: no such gateway (1104), already unbonding (1107). */
export function unstakeGateway(state: State, { address }: MsgUnstakeGateway): Verdict {
  const stored = state.gateways.get(address);
  if (stored === undefined) return refuse(GATEWAY.NOT_FOUND, `gateway with address ${address}`, 'NotFound');
  if (stored.unstakeSessionEndHeight !== 0n) {
    return refuse(GATEWAY.IS_UNSTAKING, `gateway with address "${address}"`, 'FailedPrecondition');
  }
  const endHeight = currentSessionEnd(state);
  const gateway = { ...stored, unstakeSessionEndHeight: BigInt(endHeight) };
  state.gateways.put(gateway);
  state.journal.emit(EventGatewayUnbondingBeginSchema, {
    gateway: withoutCard(gateway),
    sessionEndHeight: BigInt(endHeight),
    unbondingEndHeight: gatewayUnbondingEnd(state.params.shared.live(), BigInt(endHeight)),
  });
  return ACCEPTED;
}
