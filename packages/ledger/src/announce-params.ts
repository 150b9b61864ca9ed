/**
 * Changes of parameters that come into force at the start of the next session: those of two modules under Shannon's rules,
 * those of all modules under `decai`.
 *
 * What belongs to a session is read as of its heights, so a change may never reach back. Under Shannon's rules shared
 * timings also wait in the live set until then (promote-params.ts); everything else shows in the live set at once.
 *
 * Source: pokt-network/poktroll `x/shared/keeper/msg_server_update_param.go`, `x/session/keeper/params.go`.
 */
import type { Params as SessionParams } from '@decai/protocol/gen/pocket/session/params_pb';
import type { Params as SharedParams } from '@decai/protocol/gen/pocket/shared/params_pb';
import { sessionAt } from '@decai/protocol/session-grid';
import type { ModuleParams } from './module-params.ts';
import { timingsAt } from './session-timings.ts';
import type { State } from './state.ts';
import { oldestUnsettledStart } from './unsettled-sessions.ts';

/** What sessions and their windows are counted with. */
const TIMINGS = [
  'numBlocksPerSession',
  'gracePeriodEndOffsetBlocks',
  'claimWindowOpenOffsetBlocks',
  'claimWindowCloseOffsetBlocks',
  'proofWindowOpenOffsetBlocks',
  'proofWindowCloseOffsetBlocks',
] as const;

/**
 * Enters a valid set for the next session, over whatever was announced for it before. What nobody will read any more
 * goes. For shared parameters, `wanted` is a set on its grid.
 */
export function announcePinnedParams<P>(state: State, params: ModuleParams<P>, wanted: P): void {
  params.history.put('', nextStart(state), wanted);
  params.history.prune('', oldestHeightRead(state));
}

/** Enters a valid set for the next session, over whatever was announced for it before. */
export function announceSharedParams(state: State, wanted: SharedParams): void {
  const { shared } = state.params;
  const live = shared.live();
  if (shared.history.isEmpty('')) {
    shared.history.put('', 1, { ...live, sessionGridAnchorHeight: 1n, sessionNumberAtAnchor: 1n });
  }
  const announced = onGrid(state, wanted);
  shared.history.put('', nextStart(state), announced);
  if (TIMINGS.some((name) => wanted[name] !== live[name])) return;
  const { sessionGridAnchorHeight, sessionNumberAtAnchor } = live;
  shared.setLive({ ...announced, sessionGridAnchorHeight, sessionNumberAtAnchor });
}

/** Enters a valid set for the next session. Sessions before the first change keep the set that they began with. */
export function announceSessionParams(state: State, wanted: SessionParams): void {
  const { session } = state.params;
  if (session.history.isEmpty('')) {
    session.history.put('', state.relaxes('SESSION_PARAMS_FROM_FIRST') ? state.height : 1, session.live());
  }
  session.history.put('', nextStart(state), wanted);
  session.setLive(wanted);
}

/**
 * Shared parameters with the anchor of the grid that they make from the next session on. A new session length starts a
 * new grid there; the anchor is the chain's to set, whatever `wanted` says.
 */
export function onGrid(state: State, wanted: SharedParams): SharedParams {
  const current = state.params.shared.at(state.height);
  const { endHeight, number } = sessionAt(timingsAt(state, state.height), state.height);
  const isSameGrid = wanted.numBlocksPerSession === current.numBlocksPerSession;
  return {
    ...wanted,
    sessionGridAnchorHeight: isSameGrid ? current.sessionGridAnchorHeight : BigInt(endHeight + 1),
    sessionNumberAtAnchor: isSameGrid ? current.sessionNumberAtAnchor : BigInt(number + 1),
  };
}

/** The height at which what is announced now comes into force. */
export function nextStart(state: State): number {
  return sessionAt(timingsAt(state, state.height), state.height).endHeight + 1;
}

/** Claims read parameters as of the start of their session; stakes and transfers as of the end of an actor's last one. */
function oldestHeightRead(state: State): number {
  let oldest = oldestUnsettledStart(state, state.height);
  const lastSessionEnds = function* (): Generator<bigint> {
    for (const { unstakeSessionEndHeight } of state.applications.unstaking()) yield unstakeSessionEndHeight;
    for (const { unstakeSessionEndHeight } of state.suppliers.unbonding()) yield unstakeSessionEndHeight;
    for (const [, { unstakeSessionEndHeight }] of state.gateways.entries()) yield unstakeSessionEndHeight;
    for (const { pendingTransfer } of state.applications.transferring()) yield pendingTransfer!.sessionEndHeight;
  };
  for (const end of lastSessionEnds()) if (end !== 0n && Number(end) < oldest) oldest = Number(end);
  return oldest;
}
