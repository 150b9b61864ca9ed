/**
 * Applications in the model: their messages, and what the end of a block does with them.
 *
 * Source: pokt-network/poktroll `x/application/keeper`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { coin, type Coin } from '@decai/protocol/coin';
import type { MsgStakeApplication, MsgUnstakeApplication } from '@decai/protocol/gen/pocket/application/tx_pb';
import {
  ApplicationSchema,
  ApplicationServiceConfigUpdateSchema,
  type Application,
} from '@decai/protocol/gen/pocket/application/types_pb';
import type { ApplicationServiceConfig } from '@decai/protocol/gen/pocket/shared/service_pb';
import { serviceIdProblem } from '@decai/protocol/service-id';
import type { Model } from './model.ts';
import { fromModule, toModule, upoktOf } from './money.ts';
import { endOfPresentSession, presentSession } from './sessions.ts';
import { isStake } from './stakes.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

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
export function changedServices(
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
