/**
 * Which claims settle at the end of a block: those of sessions whose proof window closes in it, and stragglers of sessions
 * that other parameters governed.
 *
 * With unchanging parameters exactly the sessions ending one window length ago are looked at. After a change, each
 * parameter set of the past contributes one candidate; a claim that is met too early is left for its own block.
 *
 * Source: pokt-network/poktroll `x/tokenomics/keeper` (settlement candidates, ripeness).
 */
import type { Params as SharedParams } from '@decai/protocol/gen/pocket/shared/params_pb';
import type { Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import { settlementDelay, timingsAt, timingsOf } from './session-timings.ts';
import type { State } from './state.ts';

/** Claims to settle at the end of this block: by candidate session end, then session id, then operator. */
export function collectClaims(state: State): Claim[] {
  const claims: Claim[] = [];
  for (const sessionEndHeight of candidateSessionEnds(state)) {
    // What held there is forgotten only when nothing from there is left to settle.
    if (!state.params.shared.knows(sessionEndHeight)) continue;
    if (state.height < sessionEndHeight + settlementDelay(timingsAt(state, sessionEndHeight))) continue;
    claims.push(...state.claims.endingAt(sessionEndHeight));
  }
  return claims;
}

/** Session ends at which claims may be due, each once: first under live parameters, then under each set back to the oldest. */
export function candidateSessionEnds(state: State): number[] {
  const { height } = state;
  const { shared } = state.params;
  const candidates = new Set<number>();
  const add = (params: SharedParams, lastSessionEnd: number): void => {
    const delay = settlementDelay(timingsOf(params));
    if (lastSessionEnd + delay >= height && height >= delay) candidates.add(height - delay);
  };
  add(shared.live(), height);
  let nextEffectiveHeight = height + 1;
  for (const [effectiveHeight, params] of shared.history.entries('', true)) {
    if (effectiveHeight > height) continue;
    add(params, nextEffectiveHeight - 1);
    nextEffectiveHeight = effectiveHeight;
  }
  return [...candidates];
}
