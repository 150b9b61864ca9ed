/**
 * How far back sessions reach whose claims are not settled yet: nothing that one of them reads may go.
 *
 * Windows can become shorter while sessions with longer ones still wait, so every set of parameters of the past has its say.
 */
import { sessionAt } from '@decai/protocol/session-grid';
import type { HeightHistory } from './height-history.ts';
import { settlementDelay, timingsOf } from './session-timings.ts';
import type { State } from './state.ts';

/** The first height of the oldest session whose claims settle at the end of a block not before `fromHeight`. */
export function oldestUnsettledStart(state: State, fromHeight: number): number {
  const { shared } = state.params;
  let oldest = sessionAt(timingsOf(shared.at(state.height)), state.height).startHeight;
  let lastHeight = state.height;
  for (const [effectiveHeight, params] of shared.history.entries('', true)) {
    if (effectiveHeight > state.height) continue;
    const timings = timingsOf(params);
    // Of the sessions under this set, those that end here or later are open.
    const openEnd = Math.max(fromHeight - settlementDelay(timings), effectiveHeight);
    if (openEnd <= lastHeight) oldest = Math.min(oldest, sessionAt(timings, openEnd).startHeight);
    lastHeight = effectiveHeight - 1;
  }
  return oldest;
}

/** Whether, once the claims of this block are settled, none is left of a session that began at or before `height`. */
export function isSettledThrough(state: State, height: number): boolean {
  return oldestUnsettledStart(state, state.height + 1) > height;
}

/** Removes from a history what no unsettled session reads. Under Shannon's rules histories are kept whole. */
export function pruneHistory(state: State, history: HeightHistory<unknown>, owner: string): void {
  if (state.isPinned) history.prune(owner, oldestUnsettledStart(state, state.height));
}

/** Whether it may be forgotten what a history said about a height. */
export function isForgotten(state: State, history: HeightHistory<unknown>, owner: string, height: number): boolean {
  if (!state.isPinned || height >= oldestUnsettledStart(state, state.height)) return false;
  return history.at(owner, height) === undefined && !history.isEmpty(owner);
}
