/**
 * What owners of services do in a random town.
 */
import { utf8 } from '@decai/protocol/bytes';
import * as service from '@decai/protocol/gen/pocket/service/tx_pb';
import { keyOf, SERVICES, someAddress, somebody } from './members.ts';
import { typed, type Scene, type Sent } from './scene.ts';

export function addService({ draw, model }: Scene): Sent {
  const id = draw.pick(SERVICES);
  const owner = model.book.services.get(id)?.ownerAddress;
  const by = (draw.perMille(700) && owner !== undefined ? keyOf(owner) : undefined) ?? somebody(draw, 'owner');
  return {
    by,
    message: typed(service.MsgAddServiceSchema, {
      ownerAddress: by.address,
      service: {
        id,
        name: draw.perMille(950) ? `service ${id}` : 'a name?',
        computeUnitsPerRelay: draw.pick([0n, 1n, 100n, 100n, draw.upokt(1, 300), 2_097_153n]),
        ownerAddress: by.address,
        ...(draw.perMille(200) && { metadata: { card: utf8('a card') } }),
      },
    }),
  };
}

export function transferService({ draw, model }: Scene): Sent {
  const serviceId = draw.pick([...SERVICES, 'nothing']);
  const owner = model.book.services.get(serviceId)?.ownerAddress ?? '';
  const by = (draw.perMille(800) ? keyOf(owner) : undefined) ?? somebody(draw, 'owner');
  const fields = { ownerAddress: by.address, newOwnerAddress: someAddress(draw), serviceId };
  return { by, message: typed(service.MsgTransferServiceSchema, fields) };
}
