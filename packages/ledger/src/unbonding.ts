/**
 * When stakes come back: a number of whole sessions after the session in which unbonding began.
 *
 * Source: pokt-network/poktroll `x/shared/types/session.go`, `x/<actor>/types` (GetUnbondingHeight).
 */
import type { Params as SharedParams } from '@decai/protocol/gen/pocket/shared/params_pb';

/** The height at whose end an application's stake is released. `unstakeSessionEnd` is the last height of its last session. */
export function applicationUnbondingEnd(params: SharedParams, unstakeSessionEnd: number): number {
  return unstakeSessionEnd + Number(params.applicationUnbondingPeriodSessions * params.numBlocksPerSession);
}

export function gatewayUnbondingEnd(params: SharedParams, unstakeSessionEnd: number): number {
  return unstakeSessionEnd + Number(params.gatewayUnbondingPeriodSessions * params.numBlocksPerSession);
}

export function supplierUnbondingEnd(params: SharedParams, unstakeSessionEnd: number): number {
  return unstakeSessionEnd + Number(params.supplierUnbondingPeriodSessions * params.numBlocksPerSession);
}
