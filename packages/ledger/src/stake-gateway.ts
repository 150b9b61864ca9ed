/**
 * Staking a gateway, raising its stake, or calling off its unbonding. Events carry the record without its card.
 *
 * Source: pokt-network/poktroll `x/gateway/keeper/msg_server_stake_gateway.go`, `x/gateway/types/message_stake_gateway.go`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import {
  EventGatewayStakedSchema,
  EventGatewayUnbondingCanceledSchema,
} from '@decai/protocol/gen/pocket/gateway/event_pb';
import type { MsgStakeGateway } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { GatewaySchema, type Gateway } from '@decai/protocol/gen/pocket/gateway/types_pb';
import { upokt } from './coins.ts';
import { ACCEPTED, refuse, withStatus, type Refusal, type Verdict } from './refusal.ts';
import { GATEWAY } from './registered-error.ts';
import { currentSessionEnd } from './session-timings.ts';
import { amountUpoktOf, coinText, stakeProblem } from './stake.ts';
import type { State } from './state.ts';

/** Refuses, in this order: address (1101), stake (1102). */
export function checkStakeGateway(msg: MsgStakeGateway): Refusal | undefined {
  const address = addressProblem(msg.address);
  if (address !== undefined) return refuse(GATEWAY.INVALID_ADDRESS, `invalid gateway address: ${address}`);
  const stake = stakeProblem(msg.stake, 'gateway');
  return stake === undefined ? undefined : refuse(GATEWAY.INVALID_STAKE, stake);
}

/** Refuses, in this order: a stake that does not rise (1102), one below the minimum (1102), an account that cannot pay (sdk 5). */
export function stakeGateway(state: State, msg: MsgStakeGateway): Verdict {
  const stored = state.gateways.get(msg.address);
  const stakeUpokt = amountUpoktOf(msg.stake);
  const heldUpokt = amountUpoktOf(stored?.stake);
  if (stored !== undefined && stakeUpokt <= heldUpokt) {
    const details = `stake amount ${coinText(msg.stake)} must be higher than previous stake amount ${coinText(stored.stake)}`;
    return refuse(GATEWAY.INVALID_STAKE, details, 'InvalidArgument');
  }
  const { minStake } = state.params.gateway.live();
  if (stakeUpokt < amountUpoktOf(minStake)) {
    const details = `gateway "${msg.address}" must stake at least ${coinText(minStake)}`;
    return refuse(GATEWAY.INVALID_STAKE, details, 'InvalidArgument');
  }
  const paid = state.bank.escrow(msg.address, 'gateway', upokt(stakeUpokt - heldUpokt));
  if (!paid.ok) return withStatus(paid, 'Internal');

  const before = stored ?? create(GatewaySchema, { address: msg.address });
  const gateway = { ...before, stake: msg.stake, unstakeSessionEndHeight: 0n };
  state.gateways.put(gateway);
  const event = { gateway: withoutCard(gateway), sessionEndHeight: BigInt(currentSessionEnd(state)) };
  if (before.unstakeSessionEndHeight !== 0n) state.journal.emit(EventGatewayUnbondingCanceledSchema, event);
  state.journal.emit(EventGatewayStakedSchema, event);
  return ACCEPTED;
}

/** The record as events show it: cards may be large. */
export function withoutCard(gateway: Gateway): Gateway {
  return { ...gateway, metadata: undefined };
}
