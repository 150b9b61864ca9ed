/**
 * How a supplier's services change: a new list holds from the next session on, and replaces the whole old one.
 *
 * Source: pokt-network/poktroll `x/supplier/keeper/msg_server_stake_supplier.go`.
 */
import { create } from '@bufbuild/protobuf';
import type { SupplierServiceConfig } from '@decai/protocol/gen/pocket/shared/service_pb';
import { ServiceConfigUpdateSchema, type ServiceConfigUpdate } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import type { State } from './state.ts';

/**
 * Stores a new list of services, active from `nextStart` on.
 *
 * A change already pending for that height is replaced; whatever is open ends there. Returns all configurations that are
 * kept, the new ones first, in the order of the list.
 */
export function replaceServices(
  state: State,
  operatorAddress: string,
  services: readonly SupplierServiceConfig[],
  nextStart: number,
): readonly ServiceConfigUpdate[] {
  const activationHeight = BigInt(nextStart);
  const opened = services.map((service) =>
    create(ServiceConfigUpdateSchema, { operatorAddress, service, activationHeight }),
  );
  const listed = new Set(services.map(({ serviceId }) => serviceId));
  const kept: ServiceConfigUpdate[] = [];
  for (const config of state.suppliers.configsOf(operatorAddress)) {
    if (config.activationHeight === activationHeight && listed.has(config.service?.serviceId ?? '')) continue;
    kept.push(config.deactivationHeight === 0n ? { ...config, deactivationHeight: activationHeight } : config);
  }
  for (const config of [...kept, ...opened]) state.suppliers.putConfig(config);
  return [...opened, ...kept];
}

/** Ends every configuration of a supplier at `nextStart`, also those that were to end at another height. */
export function deactivateServices(state: State, operatorAddress: string, nextStart: number): void {
  for (const config of Array.from(state.suppliers.configsOf(operatorAddress))) {
    state.suppliers.putConfig({ ...config, deactivationHeight: BigInt(nextStart) });
  }
}

/** Ends at `nextStart` every configuration of a supplier that would go on; what has ended already stays ended. */
export function endOpenServices(state: State, operatorAddress: string, nextStart: number): void {
  const deactivationHeight = BigInt(nextStart);
  for (const config of state.suppliers.configsOf(operatorAddress)) {
    const goesOn = config.deactivationHeight === 0n || config.deactivationHeight > deactivationHeight;
    if (goesOn) state.suppliers.putConfig({ ...config, deactivationHeight });
  }
}
