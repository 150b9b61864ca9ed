/**
 * The service of an application over time: a change takes effect with the next session.
 *
 * A fresh record has no history, and its service is active at once. The first change writes the old service down as
 * active since height 1. Entries are never pruned.
 *
 * Source: pokt-network/poktroll `x/application/keeper/msg_server_stake_application.go`, `x/shared/types/service_configs.go`.
 */
import { create } from '@bufbuild/protobuf';
import {
  ApplicationServiceConfigUpdateSchema,
  type Application,
  type ApplicationServiceConfigUpdate,
} from '@decai/protocol/gen/pocket/application/types_pb';
import type { ApplicationServiceConfig } from '@decai/protocol/gen/pocket/shared/service_pb';
import { isConfigActive } from './supplier-records.ts';

/** The configurations that hold at a height. */
export function applicationServicesAt(application: Application, height: number): readonly ApplicationServiceConfig[] {
  const { serviceConfigHistory, serviceConfigs } = application;
  if (serviceConfigHistory.length === 0) return serviceConfigs;
  return serviceConfigHistory.filter((entry) => isConfigActive(entry, height)).flatMap(({ service }) => service ?? []);
}

/** The record with other services from `nextStart` on. The list names the future at once; the history keeps the present. */
export function withServices(
  application: Application,
  services: readonly ApplicationServiceConfig[],
  nextStart: number,
): Application {
  const serviceConfigs = [...services];
  if (sameServices(application.serviceConfigs, services)) return { ...application, serviceConfigs };
  const start = BigInt(nextStart);
  const known = application.serviceConfigHistory;
  const past = known.length > 0 ? known : application.serviceConfigs.map((config) => entry(application, config, 1n));
  const closed = past
    .filter(({ activationHeight }) => activationHeight !== start)
    .map((held) => (held.deactivationHeight === 0n ? { ...held, deactivationHeight: start } : held));
  const opened = services.map((config) => entry(application, config, start));
  return { ...application, serviceConfigs, serviceConfigHistory: [...closed, ...opened] };
}

function sameServices(a: readonly ApplicationServiceConfig[], b: readonly ApplicationServiceConfig[]): boolean {
  const ids = new Set(a.map(({ serviceId }) => serviceId));
  return ids.size === b.length && b.every(({ serviceId }) => ids.has(serviceId));
}

function entry(
  { address }: Application,
  service: ApplicationServiceConfig,
  activationHeight: bigint,
): ApplicationServiceConfigUpdate {
  return create(ApplicationServiceConfigUpdateSchema, { applicationAddress: address, service, activationHeight });
}
