/**
 * End of block: archived undelegations go when no ring can need them any more.
 *
 * A session's rings are needed until its proofs have been validated. Where the claim and proof windows are longer than two
 * sessions and the grace period, the archive is kept for their length; honest late proofs would fail otherwise.
 *
 * Source: pokt-network/poktroll `x/application/keeper/prune_undelegations.go`.
 */
import type { SharedTimings } from '@decai/protocol/session-grid';
import { candidateSessionEnds } from './collect-claims.ts';
import { liveTimings, settlementDelay } from './session-timings.ts';
import type { State } from './state.ts';
import { prunedArchive } from './undelegation-archive.ts';
import { oldestUnsettledStart } from './unsettled-sessions.ts';

/** Shannon's constant: how many sessions an archived undelegation outlives at least. */
const SESSIONS_KEPT = 2;

/** Removes archive entries of sessions that ended longer ago than they are kept. */
export function pruneUndelegations(state: State): void {
  const oldest = oldestEndKept(state);
  if (oldest <= 0) return;
  for (const application of Array.from(state.applications.withArchives())) {
    const pruned = prunedArchive(application, oldest);
    if (pruned !== application) state.applications.put(pruned);
  }
  state.delegations?.prune(oldest);
}

/**
 * Where sessions are pinned, nothing goes that an unsettled one can need, whatever windows have become since. Elsewhere
 * the archive is kept for the windows of now, and for longer ones under which some session still waits.
 */
function oldestEndKept(state: State): number {
  return state.isPinned
    ? oldestUnsettledStart(state, state.height + 1)
    : Math.min(state.height - archiveBlocks(liveTimings(state)), ...candidateSessionEnds(state));
}

function archiveBlocks(timings: SharedTimings): number {
  const shannon = timings.gracePeriodEndOffsetBlocks + SESSIONS_KEPT * timings.numBlocksPerSession;
  // Proofs of a session are validated by the block that settles it.
  return Math.max(shannon, settlementDelay(timings) + 1);
}
