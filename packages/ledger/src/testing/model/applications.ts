/**
 * Applications in the model: their messages, and what the end of a block does with them.
 *
 * Source: pokt-network/poktroll `x/application/keeper`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { coin, type Coin } from '@decai/protocol/coin';
import type {
  MsgDelegateToGateway,
  MsgStakeApplication,
  MsgTransferApplication,
  MsgUndelegateFromGateway,
  MsgUnstakeApplication,
} from '@decai/protocol/gen/pocket/application/tx_pb';
import {
  ApplicationSchema,
  ApplicationServiceConfigUpdateSchema,
  PendingApplicationTransferSchema,
  UndelegatingGatewayListSchema,
  type Application,
} from '@decai/protocol/gen/pocket/application/types_pb';
import type { ApplicationServiceConfig } from '@decai/protocol/gen/pocket/shared/service_pb';
import { serviceIdProblem } from '@decai/protocol/service-id';
import type { Model } from './model.ts';
import { fromModule, MODULE_ADDRESSES, toModule, upoktOf } from './money.ts';
import { endOfPresentSession, liveTimings, presentSession, windowBlocks } from './sessions.ts';
import { isStake } from './stakes.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

type Archive = Application['pendingUndelegations'];

export function checkStakeApplication({
  address,
  stake,
  services,
  perSessionSpendLimit,
}: MsgStakeApplication): Verdict {
  if (addressProblem(address) !== undefined) return 'application/1102';
  if (!isStake(stake)) return 'application/1101';
  if (services.length !== 1 || serviceIdProblem(services[0]!.serviceId) !== undefined) return 'application/1106';
  return isSpendLimit(perSessionSpendLimit) ? ACCEPTED : 'application/1118';
}

function isSpendLimit(limit: Coin | undefined): boolean {
  if (limit === undefined || limit.amount === '0') return true;
  return limit.denom === 'upokt' && BigInt(limit.amount) >= 1_000_000n;
}

export function stakeApplication(model: Model, msg: MsgStakeApplication): Verdict {
  const { address, services, perSessionSpendLimit: limit } = msg;
  const stored = model.book.applications.get(address);
  const [stakeUpokt, heldUpokt] = [upoktOf(msg.stake), upoktOf(stored?.stake)];
  if (stored !== undefined && stakeUpokt <= heldUpokt) return 'application/1101';
  if (stakeUpokt < upoktOf(model.live('application').minStake)) return 'application/1101';
  const paid = toModule(model, address, 'application', stakeUpokt - heldUpokt);
  if (paid !== ACCEPTED) return paid;
  const before = stored ?? create(ApplicationSchema, { address, serviceConfigs: services });
  const limited = limit === undefined ? before.perSessionSpendLimit : limit.amount === '0' ? undefined : limit;
  model.book.applications.set(address, {
    ...before,
    ...changedServices(before, services, presentSession(model).endHeight + 1),
    stake: coin(stakeUpokt),
    unstakeSessionEndHeight: 0n,
    perSessionSpendLimit: limited,
  });
  return ACCEPTED;
}

/** The list names the future at once; the history keeps what holds until the next session. */
function changedServices(
  before: Application,
  services: readonly ApplicationServiceConfig[],
  nextStart: number,
): Pick<Application, 'serviceConfigs' | 'serviceConfigHistory'> {
  const ids = (configs: readonly ApplicationServiceConfig[]) =>
    configs
      .map(({ serviceId }) => serviceId)
      .sort()
      .join(' ');
  const serviceConfigs = [...services];
  const { serviceConfigHistory: known, address: applicationAddress } = before;
  if (ids(before.serviceConfigs) === ids(services)) return { serviceConfigs, serviceConfigHistory: known };
  const at = BigInt(nextStart);
  const entries = (configs: readonly ApplicationServiceConfig[], activationHeight: bigint) =>
    configs.map((service) =>
      create(ApplicationServiceConfigUpdateSchema, { applicationAddress, service, activationHeight }),
    );
  const past = known.length > 0 ? known : entries(before.serviceConfigs, 1n);
  const kept = past
    .filter(({ activationHeight }) => activationHeight !== at)
    .map((entry) => ({
      ...entry,
      deactivationHeight: entry.deactivationHeight === 0n ? at : entry.deactivationHeight,
    }));
  return { serviceConfigs, serviceConfigHistory: [...kept, ...entries(services, at)] };
}

export function checkUnstakeApplication({ address }: MsgUnstakeApplication): Verdict {
  return addressProblem(address) === undefined ? ACCEPTED : 'application/1102';
}

export function unstakeApplication(model: Model, { address }: MsgUnstakeApplication): Verdict {
  const stored = model.book.applications.get(address);
  if (stored === undefined) return 'application/1104';
  if (stored.unstakeSessionEndHeight !== 0n) return 'application/1112';
  if (stored.pendingTransfer !== undefined) return 'application/1114';
  model.book.applications.set(address, { ...stored, unstakeSessionEndHeight: endOfPresentSession(model) });
  return ACCEPTED;
}

export function checkDelegation(msg: { readonly appAddress: string; readonly gatewayAddress: string }): Verdict {
  if (addressProblem(msg.appAddress) !== undefined) return 'application/1102';
  return addressProblem(msg.gatewayAddress) === undefined ? ACCEPTED : 'application/1108';
}

export function delegateToGateway(model: Model, { appAddress, gatewayAddress }: MsgDelegateToGateway): Verdict {
  const { applications, gateways } = model.book;
  const stored = applications.get(appAddress);
  if (stored === undefined) return 'application/1104';
  const gateway = gateways.get(gatewayAddress);
  if (gateway === undefined) return 'application/1107';
  const { delegateeGatewayAddresses: delegatees, pendingUndelegations } = stored;
  if (BigInt(delegatees.length) >= model.live('application').maxDelegatedGateways) return 'application/1110';
  const { unstakeSessionEndHeight } = gateway;
  if (unstakeSessionEndHeight !== 0n && BigInt(model.height) > unstakeSessionEndHeight) return 'gateway/1108';
  if (delegatees.includes(gatewayAddress)) return 'application/1109';
  const archived = archiveOf(
    Object.entries(pendingUndelegations).map(([height, { gatewayAddresses }]) => [
      height,
      gatewayAddresses.filter((each) => each !== gatewayAddress),
    ]),
  );
  applications.set(appAddress, {
    ...stored,
    delegateeGatewayAddresses: [...delegatees, gatewayAddress],
    pendingUndelegations: archived,
  });
  return ACCEPTED;
}

export function undelegateFromGateway(model: Model, { appAddress, gatewayAddress }: MsgUndelegateFromGateway): Verdict {
  const stored = model.book.applications.get(appAddress);
  if (stored === undefined) return 'application/1104';
  if (!stored.delegateeGatewayAddresses.includes(gatewayAddress)) return 'application/1111';
  detach(model, stored, gatewayAddress);
  return ACCEPTED;
}

function detach(model: Model, application: Application, gateway: string): void {
  const end = String(endOfPresentSession(model));
  const archive = application.pendingUndelegations;
  model.book.applications.set(application.address, {
    ...application,
    delegateeGatewayAddresses: application.delegateeGatewayAddresses.filter((each) => each !== gateway),
    pendingUndelegations: {
      ...archive,
      ...archiveOf([[end, [...(archive[end]?.gatewayAddresses ?? []), gateway]]]),
    },
  });
}

function archiveOf(entries: readonly (readonly [height: string, gateways: readonly string[]])[]): Archive {
  const archive: Archive = {};
  for (const [height, gateways] of entries) {
    if (gateways.length === 0) continue;
    archive[height] = create(UndelegatingGatewayListSchema, { gatewayAddresses: [...gateways] });
  }
  return archive;
}

export function checkTransferApplication({ sourceAddress, destinationAddress }: MsgTransferApplication): Verdict {
  for (const address of [sourceAddress, destinationAddress]) {
    if (addressProblem(address) !== undefined) return 'application/1102';
  }
  if (sourceAddress === destinationAddress) return 'application/1113';
  return MODULE_ADDRESSES.has(destinationAddress) ? 'application/1102' : ACCEPTED;
}

export function transferApplication(model: Model, msg: MsgTransferApplication): Verdict {
  const { applications } = model.book;
  const { sourceAddress, destinationAddress } = msg;
  if (applications.has(destinationAddress)) return 'application/1113';
  const stored = applications.get(sourceAddress);
  if (stored === undefined) return 'application/1104';
  if (stored.unstakeSessionEndHeight !== 0n) return 'application/1112';
  const sessionEndHeight = endOfPresentSession(model);
  const pendingTransfer = create(PendingApplicationTransferSchema, { destinationAddress, sessionEndHeight });
  applications.set(sourceAddress, { ...stored, pendingTransfer });
  return ACCEPTED;
}

/** Applications leave gateways that are past their last session. */
export function leaveInactiveGateways(model: Model): void {
  for (const [address, { unstakeSessionEndHeight }] of model.book.gateways.sorted()) {
    if (unstakeSessionEndHeight === 0n || BigInt(model.height) <= unstakeSessionEndHeight) continue;
    for (const [, application] of model.book.applications.sorted()) {
      if (application.delegateeGatewayAddresses.includes(address)) detach(model, application, address);
    }
  }
}

/** Undelegations are kept for two sessions and the grace period, or until the last proof has been judged, if that is later. */
export function forgetUndelegations(model: Model): void {
  const timings = liveTimings(model);
  const kept = Math.max(
    timings.gracePeriodEndOffsetBlocks + 2 * timings.numBlocksPerSession,
    windowBlocks(timings) + 2,
  );
  for (const [address, application] of model.book.applications.sorted()) {
    const entries = Object.entries(application.pendingUndelegations);
    const left = entries.filter(([height]) => Number(height) >= model.height - kept);
    if (left.length === entries.length) continue;
    model.book.applications.set(address, { ...application, pendingUndelegations: Object.fromEntries(left) });
  }
}

export function releaseApplications(model: Model): void {
  if (presentSession(model).endHeight !== model.height) return;
  for (const [address, application] of model.book.applications.sorted()) {
    const { unstakeSessionEndHeight: end, stake } = application;
    if (end === 0n) continue;
    const { applicationUnbondingPeriodSessions, numBlocksPerSession } = model.at('shared', Number(end));
    if (end + applicationUnbondingPeriodSessions * numBlocksPerSession > BigInt(model.height)) continue;
    fromModule(model, 'application', address, upoktOf(stake));
    model.book.applications.delete(address);
    model.count('application released');
  }
}

export function completeTransfers(model: Model): void {
  const { applications } = model.book;
  if (presentSession(model).endHeight !== model.height) return;
  const delay = windowBlocks(liveTimings(model)) + 1;
  for (const [address, { pendingTransfer }] of applications.sorted()) {
    if (pendingTransfer === undefined) continue;
    const source = applications.get(address)!;
    if (model.height < Number(source.pendingTransfer!.sessionEndHeight) + delay) continue;
    const to = source.pendingTransfer!.destinationAddress;
    if (source.unstakeSessionEndHeight !== 0n) {
      applications.set(address, { ...source, pendingTransfer: undefined });
      model.count('transfer failed');
      continue;
    }
    const destination = applications.get(to);
    applications.delete(address);
    applications.set(to, destination === undefined ? renamed(source, to) : merged(model, source, destination));
    model.count(destination === undefined ? 'transfer completed' : 'transfer merged');
  }
}

function renamed(source: Application, address: string): Application {
  const serviceConfigHistory = source.serviceConfigHistory.map((entry) => ({ ...entry, applicationAddress: address }));
  return { ...source, address, serviceConfigHistory, pendingTransfer: undefined };
}

function merged(model: Model, source: Application, destination: Application): Application {
  const union = <T>(a: readonly T[], b: readonly T[], nameOf: (each: T) => string): T[] => {
    const names = new Set(a.map(nameOf));
    return [...a, ...b.filter((each) => !names.has(nameOf(each)))];
  };
  const services = union(destination.serviceConfigs, source.serviceConfigs, ({ serviceId }) => serviceId);
  const limits = [destination.perSessionSpendLimit, source.perSessionSpendLimit].filter((limit) => limit !== undefined);
  const heights = new Map<string, string>();
  for (const { pendingUndelegations } of [source, destination]) {
    for (const [height, { gatewayAddresses }] of Object.entries(pendingUndelegations)) {
      for (const gateway of gatewayAddresses) heights.set(gateway, height);
    }
  }
  const archive = new Map<string, string[]>();
  for (const [gateway, height] of [...heights].sort(([a], [b]) => (a < b ? -1 : 1))) {
    archive.set(height, [...(archive.get(height) ?? []), gateway]);
  }
  return {
    ...destination,
    ...changedServices(destination, services, presentSession(model).endHeight + 1),
    stake: coin(upoktOf(source.stake) + upoktOf(destination.stake)),
    delegateeGatewayAddresses: union(
      destination.delegateeGatewayAddresses,
      source.delegateeGatewayAddresses,
      (gateway) => gateway,
    ),
    pendingUndelegations: archiveOf([...archive]),
    perSessionSpendLimit: limits.sort((a, b) => (upoktOf(a) < upoktOf(b) ? -1 : 1))[0],
  };
}
