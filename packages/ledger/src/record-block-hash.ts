/**
 * End of block: the block's own hash is written down, for the ids and draws of sessions.
 *
 * Source: pokt-network/poktroll `x/session/module/abci.go`.
 */
import type { State } from './state.ts';

export function recordBlockHash(state: State): void {
  state.blockHashes.put(state.height, state.block.hash);
}
