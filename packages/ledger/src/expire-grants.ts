/**
 * Begin of a block: grants that have ended are forgotten.
 *
 * Source: cosmos/cosmos-sdk `x/authz/module/abci.go`.
 */
import type { State } from './state.ts';

/** More wait for the next block; a grant that has ended gives no right meanwhile. */
const GRANTS_PER_BLOCK_MAX = 200;

export function expireGrants(state: State): void {
  state.grants.prune(state.block.timeNs, GRANTS_PER_BLOCK_MAX);
}
