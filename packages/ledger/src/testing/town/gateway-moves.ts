/**
 * What gateways do in a random town.
 */
import { utf8 } from '@decai/protocol/bytes';
import { coin } from '@decai/protocol/coin';
import * as gateway from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { upoktOf } from '../model/money.ts';
import { somebody } from './members.ts';
import { newStake, typed, type Scene, type Sent } from './scene.ts';

export function stakeGateway({ draw, model }: Scene): Sent {
  const by = somebody(draw, 'gateway');
  const held = upoktOf(model.book.gateways.get(by.address)?.stake);
  const stake = coin(newStake(draw, held, upoktOf(model.live('gateway').minStake)));
  return { by, message: typed(gateway.MsgStakeGatewaySchema, { address: by.address, stake }) };
}

export function unstakeGateway({ draw }: Scene): Sent {
  const by = somebody(draw, 'gateway');
  return { by, message: typed(gateway.MsgUnstakeGatewaySchema, { address: by.address }) };
}

export function updateGatewayMetadata({ draw }: Scene): Sent {
  const by = somebody(draw, 'gateway');
  const card = utf8(draw.pick(['', 'a card', 'another card']));
  const fields = { address: by.address, ...(draw.perMille(800) && { metadata: { card } }) };
  return { by, message: typed(gateway.MsgUpdateGatewayMetadataSchema, fields) };
}
