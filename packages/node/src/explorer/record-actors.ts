/**
 * Who offers, who pays and who publishes: services, suppliers and applications, from the messages and events that change them.
 *
 * Services raise no events, and the event of a supplier's stake names only the operator; so these two come from the messages
 * themselves. What is kept is what was last staked; how a stake is used up is the claims' to tell.
 *
 * Source: pokt-network/poktroll `proto/pocket/{service,supplier}/tx.proto`, `proto/pocket/{application,supplier}/event.proto`.
 */
import type { EventTransferEnd } from '@decai/protocol/gen/pocket/application/event_pb';
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import type { MsgTransferService } from '@decai/protocol/gen/pocket/service/tx_pb';
import type { Service } from '@decai/protocol/gen/pocket/shared/service_pb';
import type { MsgStakeSupplier } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import type { BlockChanges } from './block-changes.ts';
import type { ActorStatus } from './explorer-tables.ts';

export function recordService(changes: BlockChanges, service: Service): void {
  const { id: serviceId, name, ownerAddress, computeUnitsPerRelay } = service;
  const row = { serviceId, name, ownerAddress, computeUnitsPerRelay: `${computeUnitsPerRelay}` };
  changes.put('services', row, { addedHeight: changes.height });
}

export function recordTransferredService(changes: BlockChanges, msg: MsgTransferService): void {
  changes.put('services', { serviceId: msg.serviceId, ownerAddress: msg.newOwnerAddress });
}

/** A list of services that is empty changes nothing about them. */
export function recordStakedSupplier(
  changes: BlockChanges,
  msg: Pick<MsgStakeSupplier, 'operatorAddress' | 'ownerAddress' | 'stake' | 'services'>,
): void {
  const { operatorAddress: supplierAddress, ownerAddress, stake, services } = msg;
  const staked = stake === undefined ? {} : { stakeUpokt: stake.amount };
  const row = { supplierAddress, ownerAddress, status: 'staked', ...staked };
  changes.put('suppliers', row, { sinceHeight: changes.height });
  if (services.length > 0) changes.remove('supplierServices', { supplierAddress });
  for (const { serviceId } of services) changes.put('supplierServices', { supplierAddress, serviceId });
}

export function recordSupplierStatus(changes: BlockChanges, supplierAddress: string, status: ActorStatus): void {
  const gone = status === 'unstaked';
  changes.put('suppliers', { supplierAddress, status, ...(gone && { stakeUpokt: '0' }) });
  if (gone) changes.remove('supplierServices', { supplierAddress });
}

export function recordApplication(changes: BlockChanges, application: Application, status: ActorStatus): void {
  const { address: applicationAddress, serviceConfigs } = application;
  const row = { applicationAddress, serviceId: serviceConfigs[0]?.serviceId ?? null, status };
  changes.put('applications', row, { sinceHeight: changes.height });
}

export function recordApplicationTransfer(changes: BlockChanges, event: EventTransferEnd): void {
  changes.put('applications', { applicationAddress: event.sourceAddress, status: 'transferred' });
  if (event.destinationApplication !== undefined) recordApplication(changes, event.destinationApplication, 'staked');
}
