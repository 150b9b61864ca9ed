/**
 * End of block: a configuration that has ended is kept until the last session it served has been settled.
 *
 * Source: pokt-network/poktroll `x/supplier/keeper/prune_supplier_service_config_history.go`.
 */
import { sessionWindows } from '@decai/protocol/session-grid';
import { timingsAt } from './session-timings.ts';
import type { State } from './state.ts';

/** Removes configurations once the proof window of the last session that they were active in has closed. */
export function pruneSupplierConfigs(state: State): void {
  for (const config of Array.from(state.suppliers.deactivatedBy(state.height))) {
    const lastActiveHeight = Number(config.deactivationHeight) - 1;
    const { proofClose } = sessionWindows(timingsAt(state, lastActiveHeight), lastActiveHeight);
    if (state.height > proofClose) state.suppliers.deleteConfig(config);
  }
}
