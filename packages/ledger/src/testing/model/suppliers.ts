/**
 * Suppliers in the model, and the configurations of their services over time.
 *
 * Source: pokt-network/poktroll `x/supplier/keeper`, `x/shared/types/service_configs.go`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import type { SupplierServiceConfig } from '@decai/protocol/gen/pocket/shared/service_pb';
import {
  ServiceConfigUpdateSchema,
  SupplierSchema,
  type ServiceConfigUpdate,
} from '@decai/protocol/gen/pocket/shared/supplier_pb';
import type { MsgStakeSupplier, MsgUnstakeSupplier } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { serviceIdProblem } from '@decai/protocol/service-id';
import { configName } from './book.ts';
import type { Model } from './model.ts';
import { fromModule, isBlocked, MODULE_ADDRESSES, toModule, upoktOf } from './money.ts';
import { endOfPresentSession, presentSession, windowsAt } from './sessions.ts';
import { isStake } from './stakes.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

export function checkStakeSupplier(msg: MsgStakeSupplier): Verdict {
  const { signer, ownerAddress, operatorAddress, stake, services } = msg;
  for (const address of [ownerAddress, operatorAddress, signer]) {
    if (addressProblem(address) !== undefined) return 'supplier/1102';
  }
  if (stake !== undefined && !isStake(stake)) return 'supplier/1101';
  if (services.length > 0 && signer !== operatorAddress) return 'supplier/1104';
  const ids = new Set(services.map(({ serviceId }) => serviceId));
  return ids.size === services.length && services.every(isOffer) ? ACCEPTED : 'supplier/1104';
}

/** Members only write endpoints that are fine; what they get wrong are the shares. */
function isOffer({ serviceId, endpoints, revShare }: SupplierServiceConfig): boolean {
  if (serviceIdProblem(serviceId) !== undefined || endpoints.length === 0) return false;
  const recipients = new Set(revShare.map(({ address }) => address));
  const percentages = revShare.map(({ revSharePercentage }) => revSharePercentage);
  return (
    revShare.every(({ address }) => addressProblem(address) === undefined && !isBlocked(address)) &&
    recipients.size === revShare.length &&
    percentages.every((percentage) => percentage >= 1n && percentage <= 100n) &&
    percentages.reduce((sum, percentage) => sum + percentage, 0n) === 100n
  );
}

export function stakeSupplier(model: Model, msg: MsgStakeSupplier): Verdict {
  const { suppliers, services } = model.book;
  const { signer, ownerAddress, operatorAddress } = msg;
  if (MODULE_ADDRESSES.has(ownerAddress)) return 'supplier/1102';
  if (msg.services.some(({ serviceId }) => !services.has(serviceId))) return 'supplier/1106';
  const stored = suppliers.get(operatorAddress);
  if (stored === undefined) {
    if (msg.stake === undefined) return 'supplier/1101';
    if (signer !== ownerAddress && signer !== operatorAddress) return 'supplier/1104';
  } else if (signer !== stored.ownerAddress) {
    const changesOwner = ownerAddress !== stored.ownerAddress;
    const isUnbonding = stored.unstakeSessionEndHeight !== 0n;
    if (signer !== operatorAddress || changesOwner || isUnbonding) return 'shared/1105';
  }
  const stake = msg.stake ?? stored?.stake;
  const { minStake, stakingFee } = model.live('supplier');
  if (upoktOf(stake) < upoktOf(minStake)) return 'supplier/1101';
  const differenceUpokt = upoktOf(stake) - upoktOf(stored?.stake);
  const moved =
    differenceUpokt < 0n
      ? fromModule(model, 'supplier', ownerAddress, -differenceUpokt)
      : toModule(model, signer, 'supplier', differenceUpokt);
  if (moved !== ACCEPTED) return moved;
  const paid = toModule(model, signer, 'supplier', upoktOf(stakingFee));
  if (paid !== ACCEPTED) return paid;
  suppliers.set(operatorAddress, create(SupplierSchema, { ownerAddress, operatorAddress, stake }));
  if (msg.services.length > 0) replaceServices(model, operatorAddress, msg.services);
  return ACCEPTED;
}

/** The whole list is replaced from the next session on. */
function replaceServices(model: Model, operatorAddress: string, services: readonly SupplierServiceConfig[]): void {
  const at = BigInt(presentSession(model).endHeight + 1);
  for (const [name, config] of configsOf(model, operatorAddress)) {
    if (config.deactivationHeight === 0n) model.book.configs.set(name, { ...config, deactivationHeight: at });
  }
  for (const service of services) {
    const config = create(ServiceConfigUpdateSchema, { operatorAddress, service, activationHeight: at });
    model.book.configs.set(configName(service.serviceId, at, operatorAddress), config);
  }
}

export function configsOf(model: Model, operator: string): [name: string, config: ServiceConfigUpdate][] {
  return model.book.configs.sorted().filter(([, config]) => config.operatorAddress === operator);
}

export function checkUnstakeSupplier({ signer, operatorAddress }: MsgUnstakeSupplier): Verdict {
  const areAddresses = addressProblem(signer) === undefined && addressProblem(operatorAddress) === undefined;
  return areAddresses ? ACCEPTED : 'supplier/1102';
}

export function unstakeSupplier(model: Model, { signer, operatorAddress }: MsgUnstakeSupplier): Verdict {
  const stored = model.book.suppliers.get(operatorAddress);
  if (stored === undefined) return 'supplier/1103';
  if (signer !== stored.ownerAddress && signer !== operatorAddress) return 'shared/1105';
  if (stored.unstakeSessionEndHeight !== 0n) return 'supplier/1105';
  const end = endOfPresentSession(model);
  model.book.suppliers.set(operatorAddress, { ...stored, unstakeSessionEndHeight: end });
  for (const [name, config] of configsOf(model, operatorAddress)) {
    model.book.configs.set(name, { ...config, deactivationHeight: end + 1n });
  }
  return ACCEPTED;
}

/** A supplier that fell below the minimum serves until the end of the present session. */
export function beginUnbonding(model: Model, operator: string): void {
  const end = endOfPresentSession(model);
  const stored = model.book.suppliers.get(operator)!;
  model.book.suppliers.set(operator, { ...stored, unstakeSessionEndHeight: end });
  for (const [name, config] of configsOf(model, operator)) {
    if (config.deactivationHeight !== 0n && config.deactivationHeight <= end + 1n) continue;
    model.book.configs.set(name, { ...config, deactivationHeight: end + 1n });
  }
}

export function releaseSuppliers(model: Model): void {
  if (presentSession(model).endHeight !== model.height) return;
  for (const [operator, { unstakeSessionEndHeight: end, stake, ownerAddress }] of model.book.suppliers.sorted()) {
    if (end === 0n) continue;
    const { supplierUnbondingPeriodSessions, numBlocksPerSession } = model.at('shared', Number(end));
    if (end + supplierUnbondingPeriodSessions * numBlocksPerSession > BigInt(model.height)) continue;
    fromModule(model, 'supplier', ownerAddress, upoktOf(stake));
    model.book.suppliers.delete(operator);
    for (const [name] of configsOf(model, operator)) model.book.configs.delete(name);
    model.count('supplier released');
  }
}

/** A configuration that has ended is kept until the last session that it served has been settled. */
export function forgetConfigs(model: Model): void {
  for (const [name, { deactivationHeight }] of model.book.configs.sorted()) {
    if (deactivationHeight === 0n || deactivationHeight > BigInt(model.height)) continue;
    if (model.height > windowsAt(model, Number(deactivationHeight) - 1).proofClose) model.book.configs.delete(name);
  }
}
