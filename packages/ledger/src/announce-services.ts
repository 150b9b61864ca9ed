/**
 * Beginning of a session: an event for every service that a supplier offers from now on. No state changes.
 *
 * Source: pokt-network/poktroll `x/supplier/keeper/service_config_activation.go`.
 */
import { EventSupplierServiceConfigActivatedSchema } from '@decai/protocol/gen/pocket/supplier/event_pb';
import { sessionAt } from '@decai/protocol/session-grid';
import { timingsAt } from './session-timings.ts';
import type { State } from './state.ts';

/** Announces configurations that become active with this block, by service, then operator; only when it opens a session. */
export function announceServices(state: State): void {
  const { startHeight } = sessionAt(timingsAt(state, state.height), state.height);
  if (startHeight !== state.height) return;
  for (const { operatorAddress, service } of state.suppliers.activatingAt(state.height)) {
    state.journal.emit(EventSupplierServiceConfigActivatedSchema, {
      activationHeight: BigInt(state.height),
      operatorAddress,
      serviceId: service?.serviceId ?? '',
    });
  }
}
