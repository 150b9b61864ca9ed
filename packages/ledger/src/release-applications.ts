/**
 * End of a session: applications whose unbonding is over get their stake back, and their records go.
 *
 * Source: pokt-network/poktroll `x/application/keeper/unbond_applications.go`.
 */
import {
  ApplicationUnbondingReason,
  EventApplicationStakeStuckInModulePoolSchema,
  EventApplicationUnbondingEndSchema,
} from '@decai/protocol/gen/pocket/application/event_pb';
import type { Coin } from '@decai/protocol/coin';
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { upokt } from './coins.ts';
import { orDiscard } from './discard-culprit.ts';
import { refusalText } from './refusal.ts';
import { currentSessionEnd } from './session-timings.ts';
import { amountUpoktOf } from './stake.ts';
import type { State } from './state.ts';
import { applicationUnbondingEnd, mayLeave } from './unbonding.ts';

/**
 * Releases stakes, only when the block ends a session. The period is the one that held when unbonding began.
 *
 * A stake that the bank refuses to pay out, or that a fault keeps from it, stays in the module, with an event that says so, and the record goes all the
 * same: nothing here may stop the chain. An empty stake is not paid and is no failure.
 */
export function releaseApplications(state: State): void {
  const sessionEndHeight = BigInt(currentSessionEnd(state));
  if (BigInt(state.height) !== sessionEndHeight) return;
  const { minStake } = state.params.application.live();
  for (const application of Array.from(state.applications.unstaking())) {
    orDiscard(
      state,
      () => release(state, application, sessionEndHeight, minStake),
      (reason) => {
        stuck(state, application, sessionEndHeight, reason);
        state.applications.delete(application.address);
        state.delegations?.delete(application.address);
      },
    );
  }
}

function release(state: State, application: Application, sessionEndHeight: bigint, minStake: Coin | undefined): void {
  const { address, stake, unstakeSessionEndHeight } = application;
  const params = state.params.shared.at(Number(unstakeSessionEndHeight));
  const unbondingEndHeight = applicationUnbondingEnd(params, unstakeSessionEndHeight);
  if (unbondingEndHeight > sessionEndHeight || !mayLeave(state, unstakeSessionEndHeight)) return;

  const stakeUpokt = amountUpoktOf(stake);
  const released = stakeUpokt > 0n ? state.bank.release('application', address, upokt(stakeUpokt)) : undefined;
  if (released?.ok === false) stuck(state, application, sessionEndHeight, refusalText(released));
  state.applications.delete(address);
  state.delegations?.delete(address);
  const isBelow = stakeUpokt < amountUpoktOf(minStake);
  const reason = isBelow ? ApplicationUnbondingReason.BELOW_MIN_STAKE : ApplicationUnbondingReason.ELECTIVE;
  state.journal.emit(EventApplicationUnbondingEndSchema, { application, reason, sessionEndHeight, unbondingEndHeight });
}

function stuck(state: State, { address, stake }: Application, sessionEndHeight: bigint, reason: string): void {
  state.journal.emit(EventApplicationStakeStuckInModulePoolSchema, {
    applicationAddress: address,
    stuckCoin: stake,
    reason,
    sessionEndHeight,
  });
}
