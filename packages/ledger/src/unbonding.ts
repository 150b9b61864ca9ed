/**
 * When stakes come back: a number of whole sessions after the session in which unbonding began.
 *
 * Source: pokt-network/poktroll `x/shared/types/session.go`, `x/<actor>/types` (GetUnbondingHeight).
 */
import type { Params as SharedParams } from '@decai/protocol/gen/pocket/shared/params_pb';
import type { State } from './state.ts';
import { isSettledThrough } from './unsettled-sessions.ts';

/**
 * The height at whose end an application's stake is released, under parameters that the caller chooses: live ones to
 * announce it, those in force at `unstakeSessionEnd` to do it.
 */
export function applicationUnbondingEnd(params: SharedParams, unstakeSessionEnd: bigint): bigint {
  return unstakeSessionEnd + params.applicationUnbondingPeriodSessions * params.numBlocksPerSession;
}

/** The same for a gateway. */
export function gatewayUnbondingEnd(params: SharedParams, unstakeSessionEnd: bigint): bigint {
  return unstakeSessionEnd + params.gatewayUnbondingPeriodSessions * params.numBlocksPerSession;
}

/** The same for a supplier. */
export function supplierUnbondingEnd(params: SharedParams, unstakeSessionEnd: bigint): bigint {
  return unstakeSessionEnd + params.supplierUnbondingPeriodSessions * params.numBlocksPerSession;
}

/**
 * Whether nobody waits for an actor whose last session ended at a height. Where sessions are pinned, earlier ones may have
 * longer windows than the last, and its claims are settled before it goes, however short the unbonding period.
 */
export function mayLeave(state: State, lastSessionEnd: bigint): boolean {
  return !state.isPinned || isSettledThrough(state, Number(lastSessionEnd));
}
