/**
 * The session grid as of a height: shared parameters turned into the timings that protocol/session-grid works with.
 *
 * "Live" timings are those a message of this block sees; everything about a session is read at a height of that session.
 */
import type { Params as SharedParams } from '@decai/protocol/gen/pocket/shared/params_pb';
import { nextSessionStart, sessionAt, sharedTimings, type SharedTimings } from '@decai/protocol/session-grid';
import type { State } from './state.ts';

/** By parameter set: sets are frozen, and a settling block asks for the same few thousands of times. */
const KNOWN = new WeakMap<SharedParams, SharedTimings>();

export function timingsOf(params: SharedParams): SharedTimings {
  const known = KNOWN.get(params);
  if (known !== undefined) return known;
  const timings = sharedTimings(params);
  KNOWN.set(params, timings);
  return timings;
}

/** The timings in force at a height, also one to come. */
export function timingsAt(state: State, height: number): SharedTimings {
  return timingsOf(state.params.shared.at(height));
}

export function liveTimings(state: State): SharedTimings {
  return timingsOf(state.params.shared.live());
}

/** Last height of the session that the block being executed lies in, under live parameters. */
export function currentSessionEnd(state: State): number {
  return sessionAt(liveTimings(state), state.height).endHeight;
}

/** First height of the session after that one. */
export function nextSessionStartHeight(state: State): number {
  return nextSessionStart(liveTimings(state), state.height);
}

/** Blocks from the end of a session to the block at whose end its claims settle. */
export function settlementDelay(timings: SharedTimings): number {
  const {
    claimWindowOpenOffsetBlocks: claimOpen,
    claimWindowCloseOffsetBlocks: claimClose,
    proofWindowOpenOffsetBlocks: proofOpen,
    proofWindowCloseOffsetBlocks: proofClose,
  } = timings;
  return claimOpen + claimClose + proofOpen + proofClose + 1;
}
