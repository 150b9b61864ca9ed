/**
 * What owners of applications do in a random town.
 */
import { coin } from '@decai/protocol/coin';
import * as app from '@decai/protocol/gen/pocket/application/tx_pb';
import { upoktOf } from '../model/money.ts';
import { someAddress, somebody, someService } from './members.ts';
import { newStake, typed, type Scene, type Sent } from './scene.ts';

export function stakeApplication({ draw, model }: Scene): Sent {
  const by = somebody(draw, 'application');
  const stored = model.book.applications.get(by.address);
  const stake = coin(
    newStake(draw, upoktOf(stored?.stake), upoktOf(model.live('application').minStake)),
    draw.perMille(20) ? 'mact' : 'upokt',
  );
  const present = stored?.serviceConfigs[0]?.serviceId;
  const serviceId = present !== undefined && draw.perMille(650) ? present : someService(draw);
  const limit = draw.pick([undefined, undefined, undefined, 0n, 5n, 1_000_000n, 3_000_000n]);
  return {
    by,
    message: typed(app.MsgStakeApplicationSchema, {
      address: by.address,
      stake,
      services: draw.perMille(20) ? [] : [{ serviceId: draw.perMille(10) ? 'no service!' : serviceId }],
      ...(limit !== undefined && { perSessionSpendLimit: coin(limit) }),
    }),
  };
}

export function unstakeApplication({ draw }: Scene): Sent {
  const by = somebody(draw, 'application');
  return { by, message: typed(app.MsgUnstakeApplicationSchema, { address: by.address }) };
}

export function transferApplication({ draw }: Scene): Sent {
  const by = somebody(draw, 'application');
  const fields = { sourceAddress: by.address, destinationAddress: someAddress(draw) };
  return { by, message: typed(app.MsgTransferApplicationSchema, fields) };
}

export function delegate({ draw }: Scene): Sent {
  const by = somebody(draw, 'application');
  const gatewayAddress = draw.perMille(20) ? someAddress(draw) : somebody(draw, 'gateway').address;
  return { by, message: typed(app.MsgDelegateToGatewaySchema, { appAddress: by.address, gatewayAddress }) };
}

export function undelegate({ draw, model }: Scene): Sent {
  const by = somebody(draw, 'application');
  const [present] = model.book.applications.get(by.address)?.delegateeGatewayAddresses ?? [];
  const gatewayAddress = present !== undefined && draw.perMille(700) ? present : somebody(draw, 'gateway').address;
  return { by, message: typed(app.MsgUndelegateFromGatewaySchema, { appAddress: by.address, gatewayAddress }) };
}
