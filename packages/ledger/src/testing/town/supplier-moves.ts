/**
 * What suppliers and their owners do in a random town, beside their work.
 */
import { coin } from '@decai/protocol/coin';
import { RPCType } from '@decai/protocol/gen/pocket/shared/service_pb';
import * as supplier from '@decai/protocol/gen/pocket/supplier/tx_pb';
import type { Model } from '../model/model.ts';
import { upoktOf } from '../model/money.ts';
import type { Draw } from './draw.ts';
import { EVERYBODY, keyOf, MEMBERS, SERVICES, someAddress, somebody } from './members.ts';
import { newStake, typed, type Scene, type Sent } from './scene.ts';

/** New, raised, lowered, with other services or another owner; by the operator, the owner or somebody else. */
export function stakeSupplier({ draw, model }: Scene): Sent {
  const idle = MEMBERS.supplier.filter(({ address }) => !serves(model, address));
  const operator = idle.length > 0 && draw.perMille(600) ? draw.pick(idle) : somebody(draw, 'supplier');
  const stored = model.book.suppliers.get(operator.address);
  const owner = stored === undefined ? draw.pick([operator, ...MEMBERS.owner]).address : stored.ownerAddress;
  const ownerAddress = draw.perMille(850) ? owner : someAddress(draw);
  const chance = draw.below(100);
  const by = chance < 70 ? operator : chance < 94 ? (keyOf(owner) ?? operator) : draw.pick(EVERYBODY);
  const services = draw.perMille(by === operator ? 900 : 60) ? someOffers(draw, model, operator.address) : [];
  const held = upoktOf(stored?.stake);
  const stake =
    stored !== undefined && draw.perMille(500)
      ? undefined
      : coin(newStake(draw, held, upoktOf(model.live('supplier').minStake)));
  return {
    by,
    message: typed(supplier.MsgStakeSupplierSchema, {
      signer: by.address,
      ownerAddress,
      operatorAddress: operator.address,
      services,
      ...(stake !== undefined && { stake }),
    }),
  };
}

export function unstakeSupplier({ draw }: Scene): Sent {
  const by = somebody(draw, draw.perMille(300) ? 'owner' : 'supplier');
  const operatorAddress =
    draw.perMille(850) && MEMBERS.supplier.includes(by) ? by.address : somebody(draw, 'supplier').address;
  return { by, message: typed(supplier.MsgUnstakeSupplierSchema, { signer: by.address, operatorAddress }) };
}

function serves({ book }: Model, operator: string): boolean {
  for (const config of book.configs.values()) {
    if (config.operatorAddress === operator && config.deactivationHeight === 0n) return true;
  }
  return false;
}

function someOffers(draw: Draw, { book }: Model, operator: string) {
  const known = SERVICES.filter((id) => book.services.has(id));
  const ids = draw.perMille(50) ? [draw.pick(SERVICES)] : known.filter(() => draw.perMille(800));
  if (draw.perMille(20)) ids.push(...ids);
  return ids.map((serviceId) => ({
    serviceId,
    endpoints: [{ url: 'http://h', rpcType: RPCType.JSON_RPC }],
    revShare: draw.pick([
      [{ address: operator, revSharePercentage: 100n }],
      [
        { address: operator, revSharePercentage: 67n },
        { address: draw.perMille(900) ? MEMBERS.owner[0]!.address : someAddress(draw), revSharePercentage: 33n },
      ],
      [
        { address: MEMBERS.owner[1]!.address, revSharePercentage: 50n },
        { address: someAddress(draw), revSharePercentage: draw.perMille(930) ? 50n : 49n },
      ],
    ]),
  }));
}
