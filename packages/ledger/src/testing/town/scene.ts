/**
 * What every move of a random town is made of: where it happens, and what comes of it.
 */
import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { packAny, type TypedMessage } from '@decai/protocol/any';
import { MsgExecSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import type { Key } from '@decai/protocol/keys';
import type { Model } from '../model/model.ts';
import type { Draw } from './draw.ts';
import type { Workshop } from './work.ts';

/** What a member sends, and whom the message names as its sender. */
export type Sent = { readonly by: Key; readonly message: TypedMessage };

export type Scene = { readonly draw: Draw; readonly model: Model; readonly workshop: Workshop };

export function typed<Desc extends DescMessage>(schema: Desc, fields: MessageInitShape<Desc>): TypedMessage {
  return { schema, message: create(schema, fields) };
}

/** Messages that somebody sends in the name of those whom they name. */
export function onBehalf(by: Key, ...messages: readonly TypedMessage[]): TypedMessage {
  return typed(MsgExecSchema, {
    grantee: by.address,
    msgs: messages.map(({ schema, message }) => packAny(schema, message)),
  });
}

/** A stake: mostly one that is enough and more than what is held. */
export function newStake(draw: Draw, heldUpokt: bigint, leastUpokt: bigint): bigint {
  if (draw.perMille(200)) return draw.pick([0n, leastUpokt - 1n, heldUpokt, heldUpokt - (heldUpokt < 3n ? 0n : 2n)]);
  const above = heldUpokt > leastUpokt ? heldUpokt : leastUpokt;
  return above + draw.pick([0n, 1n, draw.upokt(1, 4_000_000)]);
}
