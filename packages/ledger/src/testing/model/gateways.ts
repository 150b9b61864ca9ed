/**
 * Gateways in the model.
 *
 * Source: pokt-network/poktroll `x/gateway/keeper`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { equalBytes } from '@decai/protocol/bytes';
import type {
  MsgStakeGateway,
  MsgUnstakeGateway,
  MsgUpdateGatewayMetadata,
} from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { GatewaySchema } from '@decai/protocol/gen/pocket/gateway/types_pb';
import type { Model } from './model.ts';
import { fromModule, toModule, upoktOf } from './money.ts';
import { isCard } from './services.ts';
import { endOfPresentSession, presentSession } from './sessions.ts';
import { isStake } from './stakes.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

export function checkStakeGateway({ address, stake }: MsgStakeGateway): Verdict {
  if (addressProblem(address) !== undefined) return 'gateway/1101';
  return isStake(stake) ? ACCEPTED : 'gateway/1102';
}

export function stakeGateway(model: Model, { address, stake }: MsgStakeGateway): Verdict {
  const stored = model.book.gateways.get(address);
  const [stakeUpokt, heldUpokt] = [upoktOf(stake), upoktOf(stored?.stake)];
  if (stored !== undefined && stakeUpokt <= heldUpokt) return 'gateway/1102';
  if (stakeUpokt < upoktOf(model.live('gateway').minStake)) return 'gateway/1102';
  const paid = toModule(model, address, 'gateway', stakeUpokt - heldUpokt);
  if (paid !== ACCEPTED) return paid;
  const before = stored ?? create(GatewaySchema, { address });
  model.book.gateways.set(address, { ...before, stake, unstakeSessionEndHeight: 0n });
  return ACCEPTED;
}

export function checkUnstakeGateway({ address }: MsgUnstakeGateway): Verdict {
  return addressProblem(address) === undefined ? ACCEPTED : 'gateway/1101';
}

export function unstakeGateway(model: Model, { address }: MsgUnstakeGateway): Verdict {
  const stored = model.book.gateways.get(address);
  if (stored === undefined) return 'gateway/1104';
  if (stored.unstakeSessionEndHeight !== 0n) return 'gateway/1107';
  model.book.gateways.set(address, { ...stored, unstakeSessionEndHeight: endOfPresentSession(model) });
  return ACCEPTED;
}

export function checkUpdateGatewayMetadata({ address, metadata }: MsgUpdateGatewayMetadata): Verdict {
  if (addressProblem(address) !== undefined) return 'gateway/1101';
  return isCard(metadata) ? ACCEPTED : 'shared/1111';
}

export function updateGatewayMetadata(model: Model, { address, metadata }: MsgUpdateGatewayMetadata): Verdict {
  const stored = model.book.gateways.get(address);
  if (stored === undefined) return 'gateway/1104';
  const isNew = metadata !== undefined && !equalBytes(stored.metadata?.card ?? new Uint8Array(0), metadata.card);
  if (isNew) model.book.gateways.set(address, { ...stored, metadata });
  return ACCEPTED;
}

export function releaseGateways(model: Model): void {
  if (presentSession(model).endHeight !== model.height) return;
  for (const [address, { unstakeSessionEndHeight: end, stake }] of model.book.gateways.sorted()) {
    if (end === 0n) continue;
    const { gatewayUnbondingPeriodSessions, numBlocksPerSession } = model.at('shared', Number(end));
    if (end + gatewayUnbondingPeriodSessions * numBlocksPerSession > BigInt(model.height)) continue;
    fromModule(model, 'gateway', address, upoktOf(stake));
    model.book.gateways.delete(address);
    model.count('gateway released');
  }
}
