/**
 * Changes of parameters that have a history: they come into force at the start of the next session.
 *
 * What belongs to a session is read as of its heights, so a change may never reach back. Shared timings also wait in the
 * live set until then (promote-params.ts); everything else shows in the live set at once.
 *
 * Source: pokt-network/poktroll `x/shared/keeper/msg_server_update_param.go`, `x/session/keeper/params.go`.
 */
import type { Params as SessionParams } from '@decai/protocol/gen/pocket/session/params_pb';
import type { Params as SharedParams } from '@decai/protocol/gen/pocket/shared/params_pb';
import { sessionAt } from '@decai/protocol/session-grid';
import { timingsAt } from './session-timings.ts';
import type { State } from './state.ts';

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
 * Enters a valid set for the next session, over whatever was announced for it before. A new session length starts a new
 * grid there; the anchor of the grid is the chain's to set, whatever `wanted` says.
 */
export function announceSharedParams(state: State, wanted: SharedParams): void {
  const { shared } = state.params;
  const live = shared.live();
  if (shared.history.isEmpty('')) {
    shared.history.put('', 1, { ...live, sessionGridAnchorHeight: 1n, sessionNumberAtAnchor: 1n });
  }
  const current = shared.at(state.height);
  const { endHeight, number } = sessionAt(timingsAt(state, state.height), state.height);
  const isSameGrid = wanted.numBlocksPerSession === current.numBlocksPerSession;
  const announced = {
    ...wanted,
    sessionGridAnchorHeight: isSameGrid ? current.sessionGridAnchorHeight : BigInt(endHeight + 1),
    sessionNumberAtAnchor: isSameGrid ? current.sessionNumberAtAnchor : BigInt(number + 1),
  };
  shared.history.put('', endHeight + 1, announced);
  if (TIMINGS.some((name) => wanted[name] !== live[name])) return;
  const { sessionGridAnchorHeight, sessionNumberAtAnchor } = live;
  shared.setLive({ ...announced, sessionGridAnchorHeight, sessionNumberAtAnchor });
}

/** Enters a valid set for the next session. Sessions before the first change keep the set that they began with. */
export function announceSessionParams(state: State, wanted: SessionParams): void {
  const { session } = state.params;
  if (session.history.isEmpty('')) session.history.put('', 1, session.live());
  const { endHeight } = sessionAt(timingsAt(state, state.height), state.height);
  session.history.put('', endHeight + 1, wanted);
  session.setLive(wanted);
}
