/**
 * End of block: a configuration that has ended is kept until the last session it served has been settled.
 *
 * Source: pokt-network/poktroll `x/supplier/keeper/prune_supplier_service_config_history.go`.
 */
import { sessionWindows } from '@decai/protocol/session-grid';
import { timingsAt } from './session-timings.ts';
import type { State } from './state.ts';
import { isSettledThrough } from './unsettled-sessions.ts';

/** Removes configurations once the proof window of the last session that they were active in has closed. */
export function pruneSupplierConfigs(state: State): void {
  for (const config of Array.from(state.suppliers.deactivatedBy(state.height))) {
    const lastActiveHeight = Number(config.deactivationHeight) - 1;
    if (isOver(state, lastActiveHeight)) state.suppliers.deleteConfig(config);
  }
}

/** Earlier sessions may have longer windows than the last one; where sessions are pinned, they are waited for as well. */
function isOver(state: State, lastActiveHeight: number): boolean {
  if (state.isPinned) return isSettledThrough(state, lastActiveHeight);
  return state.height > sessionWindows(timingsAt(state, lastActiveHeight), lastActiveHeight).proofClose;
}
