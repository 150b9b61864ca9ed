/**
 * Applications in the model that move to another address, or merge with who is there by then.
 *
 * Source: pokt-network/poktroll `x/application/keeper/transfer_applications.go`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { coin } from '@decai/protocol/coin';
import type { MsgTransferApplication } from '@decai/protocol/gen/pocket/application/tx_pb';
import { PendingApplicationTransferSchema, type Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { changedServices } from './applications.ts';
import { archiveOf } from './delegations.ts';
import type { Model } from './model.ts';
import { MODULE_ADDRESSES, upoktOf } from './money.ts';
import { endOfPresentSession, liveTimings, presentSession, windowBlocks } from './sessions.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

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
