/**
 * End of block: applications leave gateways that are past their last session. No event tells of it.
 *
 * Source: pokt-network/poktroll `x/application/keeper/auto_undelegate.go`.
 */
import { isGatewayActive } from './gateway-records.ts';
import { currentSessionEnd } from './session-timings.ts';
import type { State } from './state.ts';
import { undelegated } from './undelegation-archive.ts';

/** Undelegates every application from every inactive gateway; archived under the end of the present session. */
export function detachGateways(state: State): void {
  for (const [, gateway] of state.gateways.entries()) {
    if (isGatewayActive(gateway, state.height)) continue;
    for (const application of Array.from(state.applications.delegatingTo(gateway.address))) {
      const sessionEndHeight = currentSessionEnd(state);
      state.applications.put(undelegated(application, gateway.address, sessionEndHeight));
      state.delegations?.close(application.address, gateway.address, sessionEndHeight);
    }
  }
}
