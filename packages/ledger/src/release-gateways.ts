/**
 * End of a session: gateways whose unbonding is over get their stake back, and their records go.
 *
 * Source: pokt-network/poktroll `x/gateway/keeper/unbond_gateways.go`.
 */
import { Fault } from '@decai/protocol/fault';
import { EventGatewayUnbondingEndSchema } from '@decai/protocol/gen/pocket/gateway/event_pb';
import type { Gateway } from '@decai/protocol/gen/pocket/gateway/types_pb';
import { upokt } from './coins.ts';
import { orDiscard, recordDiscarded } from './discard-culprit.ts';
import { currentSessionEnd } from './session-timings.ts';
import { amountUpoktOf } from './stake.ts';
import { withoutCard } from './stake-gateway.ts';
import type { State } from './state.ts';
import { gatewayUnbondingEnd } from './unbonding.ts';

/**
 * Releases stakes, only when the block ends a session. The period is the one that held when unbonding began.
 *
 * A stake that the bank refuses to pay out, or that a fault keeps from it, stays in the module, and the record goes all the
 * same, with `record_discarded`.
 */
export function releaseGateways(state: State): void {
  const sessionEndHeight = BigInt(currentSessionEnd(state));
  if (BigInt(state.height) !== sessionEndHeight) return;
  const unbonding = [...state.gateways.entries()].map(([, gateway]) => gateway);
  for (const gateway of unbonding) {
    if (gateway.unstakeSessionEndHeight === 0n) continue;
    orDiscard(
      state,
      () => release(state, gateway, sessionEndHeight),
      (reason) => {
        recordDiscarded(state, 'gateway', gateway.address, reason);
        state.gateways.delete(gateway.address);
      },
    );
  }
}

function release(state: State, gateway: Gateway, sessionEndHeight: bigint): void {
  const { address, stake, unstakeSessionEndHeight } = gateway;
  const params = state.params.shared.at(Number(unstakeSessionEndHeight));
  const unbondingEndHeight = gatewayUnbondingEnd(params, unstakeSessionEndHeight);
  if (unbondingEndHeight > sessionEndHeight) return;

  const released = state.bank.release('gateway', address, upokt(amountUpoktOf(stake)));
  if (!released.ok) throw new Fault('GATEWAY_STAKE_STUCK', released.message, { address, height: state.height });
  state.gateways.delete(address);
  state.journal.emit(EventGatewayUnbondingEndSchema, {
    gateway: withoutCard(gateway),
    sessionEndHeight,
    unbondingEndHeight,
  });
}
