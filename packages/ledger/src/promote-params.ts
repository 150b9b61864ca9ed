/**
 * End of the first block of a session: a timing change that was announced for it becomes the live set.
 *
 * Within this block, reads at its height already see the new set while live reads still see the old one. That is why this
 * comes last. Where parameters are pinned, there is no live set to fall behind.
 *
 * Source: pokt-network/poktroll `x/shared/keeper/params_history.go`, `x/shared/module/abci.go`.
 */
import { checkSharedParams } from './params-check.ts';
import type { State } from './state.ts';

/** Makes the shared parameters that come into force at this height live, unless they are invalid. */
export function promoteParams(state: State): void {
  if (state.isPinned) return;
  const params = state.params.shared.history.from('', state.height);
  if (params !== undefined && checkSharedParams(params) === undefined) state.params.shared.setLive(params);
}
