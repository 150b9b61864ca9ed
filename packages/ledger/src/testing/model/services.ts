/**
 * Services in the model: their prices over time, and how hard their relays are to count.
 *
 * Source: pokt-network/poktroll `x/service/keeper`, `x/shared/types/service.go`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { baseTarget, targetFor } from '@decai/protocol/difficulty';
import { ServiceComputeUnitsPerRelayUpdateSchema } from '@decai/protocol/gen/pocket/service/compute_units_pb';
import { RelayMiningDifficultySchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import type { MsgAddService, MsgTransferService } from '@decai/protocol/gen/pocket/service/tx_pb';
import type { Metadata } from '@decai/protocol/gen/pocket/shared/service_pb';
import { nextMovingAverage } from '@decai/protocol/moving-average';
import { serviceIdProblem } from '@decai/protocol/service-id';
import type { Model } from './model.ts';
import { balance, isBlocked, toModule, upoktOf } from './money.ts';
import { presentSession } from './sessions.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

export function isCard(metadata: Metadata | undefined): boolean {
  return metadata === undefined || (metadata.card.length > 0 && metadata.card.length <= 262_144);
}

export function checkAddService({ ownerAddress, service }: MsgAddService): Verdict {
  if (addressProblem(ownerAddress) !== undefined) return 'service/1102';
  if (service === undefined || service.ownerAddress !== ownerAddress) return 'service/1113';
  if (serviceIdProblem(service.id) !== undefined) return 'shared/1108';
  if (!/^[a-zA-Z0-9_ -]{0,169}$/.test(service.name)) return 'shared/1109';
  if (service.computeUnitsPerRelay < 1n || service.computeUnitsPerRelay > 2_097_152n) return 'shared/1107';
  return isCard(service.metadata) ? ACCEPTED : 'shared/1111';
}

export function addService(model: Model, { ownerAddress, service }: MsgAddService): Verdict {
  const { services } = model.book;
  const offered = service!;
  const { id, computeUnitsPerRelay } = offered;
  const stored = services.get(id);
  const session = presentSession(model);
  if (stored === undefined) {
    const feeUpokt = upoktOf(model.live('service').addServiceFee);
    if (balance(model, ownerAddress) <= feeUpokt) return 'service/1108';
    toModule(model, ownerAddress, 'service', feeUpokt);
    services.set(id, offered);
    enterUnits(model, id, session.startHeight, computeUnitsPerRelay);
    return ACCEPTED;
  }
  if (stored.ownerAddress !== ownerAddress) return 'service/1113';
  if (computeUnitsPerRelay !== stored.computeUnitsPerRelay) {
    const isFirst = ![...model.book.units.values()].some(({ serviceId }) => serviceId === id);
    if (isFirst) enterUnits(model, id, 1, stored.computeUnitsPerRelay);
    enterUnits(model, id, session.endHeight + 1, computeUnitsPerRelay);
  }
  services.set(id, { ...offered, metadata: offered.metadata ?? stored.metadata });
  return ACCEPTED;
}

function enterUnits({ book }: Model, serviceId: string, height: number, computeUnitsPerRelay: bigint): void {
  const fields = { serviceId, computeUnitsPerRelay, effectiveHeight: BigInt(height) };
  book.units.set(`${serviceId}@${height}`, create(ServiceComputeUnitsPerRelayUpdateSchema, fields));
}

export function checkTransferService({ ownerAddress, newOwnerAddress, serviceId }: MsgTransferService): Verdict {
  if (addressProblem(ownerAddress) !== undefined) return 'service/1102';
  if (addressProblem(newOwnerAddress) !== undefined) return 'service/1102';
  if (serviceId === '') return 'service/1103';
  return ownerAddress === newOwnerAddress || isBlocked(newOwnerAddress) ? 'service/1113' : ACCEPTED;
}

export function transferService(model: Model, msg: MsgTransferService): Verdict {
  const { services } = model.book;
  const stored = services.get(msg.serviceId);
  if (stored === undefined) return 'service/1117';
  if (stored.ownerAddress !== msg.ownerAddress) return 'service/1118';
  services.set(msg.serviceId, { ...stored, ownerAddress: msg.newOwnerAddress });
  return ACCEPTED;
}

/** What a relay of a service weighs in a session that starts at a height; undefined for an unknown service. */
export function unitsAt(model: Model, serviceId: string, height: number): bigint | undefined {
  const past = newest(model.book.units.values(), serviceId, height, ({ effectiveHeight }) => effectiveHeight);
  return past?.computeUnitsPerRelay ?? model.book.services.get(serviceId)?.computeUnitsPerRelay;
}

/** The digest below which relays of such a session count. */
export function targetAt(model: Model, serviceId: string, height: number): Uint8Array {
  const past = newest(model.book.difficulties.values(), serviceId, height, ({ blockHeight }) => blockHeight);
  return past?.targetHash ?? baseTarget();
}

function newest<V extends { readonly serviceId: string }>(
  rows: Iterable<V>,
  serviceId: string,
  height: number,
  heightOf: (row: V) => bigint,
): V | undefined {
  let found: V | undefined;
  for (const row of rows) {
    if (row.serviceId !== serviceId || heightOf(row) > BigInt(height)) continue;
    if (found === undefined || heightOf(row) > heightOf(found)) found = row;
  }
  return found;
}

/** Follows the relays that were settled in this block. */
export function updateDifficulty(model: Model, serviceId: string, relays: bigint): void {
  const { newestDifficulties, difficulties } = model.book;
  const target = model.live('service').targetNumRelays;
  const difficulty = (height: number, average: bigint) =>
    create(RelayMiningDifficultySchema, {
      serviceId,
      blockHeight: BigInt(height),
      numRelaysEma: average,
      targetHash: targetFor(target, average),
    });
  const before = newestDifficulties.get(serviceId);
  const previous = before ?? difficulty(model.height, relays);
  const start = presentSession(model).endHeight + 1;
  const next = difficulty(start, nextMovingAverage(previous.numRelaysEma, relays));
  if (before === undefined) difficulties.set(`${serviceId}@${model.height}`, previous);
  difficulties.set(`${serviceId}@${start}`, next);
  newestDifficulties.set(serviceId, next);
}
