/**
 * Members of a random town act for each other, and one for the authority.
 */
import { create } from '@bufbuild/protobuf';
import { packAny } from '@decai/protocol/any';
import { GenericAuthorizationSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/authz_pb';
import { MsgGrantSchema, MsgRevokeSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import type { GrantRow } from '../model/book.ts';
import { KNOWN_TYPES } from '../model/messages.ts';
import { AUTHORITY } from '../model/money.ts';
import { someDecree } from './decrees.ts';
import { EVERYBODY, GOVERNOR, keyOf, someAddress } from './members.ts';
import { onBehalf, typed, type Scene, type Sent } from './scene.ts';

type Plays = ReadonlyMap<string, (scene: Scene) => readonly Sent[]>;

/** Mostly by somebody who sends such messages himself. `plays`: what is played for a type of message. */
export function grant(scene: Scene, plays: Plays): Sent {
  const { draw, model } = scene;
  const own = draw.pick([...plays.keys()]);
  const by = plays.get(own)!(scene)[0]?.by ?? draw.pick(EVERYBODY);
  const msg = draw.perMille(30) ? '/no.such.Msg' : draw.perMille(850) ? own : draw.pick(KNOWN_TYPES);
  const seconds = BigInt(model.height + draw.pick([-1, 0, 1, 2, 2, 3, 4, 6, 30]));
  const authorization = packAny(GenericAuthorizationSchema, create(GenericAuthorizationSchema, { msg }));
  const expiration = draw.perMille(600) ? { expiration: { seconds: seconds < 0n ? 0n : seconds, nanos: 0 } } : {};
  const fields = {
    granter: by.address,
    grantee: draw.perMille(850) ? draw.pick(EVERYBODY).address : someAddress(draw),
    grant: { authorization, ...expiration },
  };
  return { by, message: typed(MsgGrantSchema, fields) };
}

export function revoke({ draw, model }: Scene): Sent | undefined {
  const given = model.book.grants.sorted().map(([, row]) => row);
  const { granter, grantee, messageType } = draw.pick(given);
  const by = keyOf(granter) ?? draw.pick(EVERYBODY);
  const fields = { granter: by.address, grantee, msgTypeUrl: messageType };
  return { by, message: typed(MsgRevokeSchema, fields) };
}

/** Somebody else's message, with the right to it or without. `plays`: what is played for a type of message. */
export function execute(scene: Scene, plays: ReadonlyMap<string, (scene: Scene) => readonly Sent[]>): Sent | undefined {
  const { draw, model } = scene;
  const given = model.book.grants.sorted().flatMap(([, row]) => (keyOf(row.granter) === undefined ? [] : row));
  // Mostly in its last second: those that have ended are gone when the next block begins.
  const last = given.filter((row) => lastSecond(row) === model.height + 1);
  const soonest = last.length > 0 && draw.perMille(700) ? last : given;
  const right = given.length > 0 && draw.perMille(850) ? draw.pick(soonest) : undefined;
  const type = right === undefined ? draw.pick([...plays.keys()]) : right.messageType;
  const wanted = Array.from({ length: 8 }, () => plays.get(type)?.(scene) ?? []).flat();
  const inside = wanted.filter(({ by }) => right === undefined || by.address === right.granter);
  const messages = inside.slice(0, draw.between(draw.perMille(50) ? 0 : 1, 2)).map(({ message }) => message);
  const by = (draw.perMille(900) ? keyOf(right?.grantee ?? '') : undefined) ?? draw.pick(EVERYBODY);
  return { by, message: onBehalf(by, ...messages) };
}

export function decree({ draw, model }: Scene): Sent {
  const decrees = Array.from({ length: draw.perMille(150) ? 2 : 1 }, () => someDecree(draw, model, AUTHORITY));
  return { by: GOVERNOR, message: onBehalf(GOVERNOR, ...decrees) };
}

export function usurp({ draw, model }: Scene): Sent {
  const by = draw.pick(EVERYBODY);
  if (draw.perMille(500)) return { by, message: someDecree(draw, model, by.address) };
  return { by, message: onBehalf(by, someDecree(draw, model, draw.pick([AUTHORITY, by.address]))) };
}

/** When a right ends, for those that do. */
function lastSecond({ expiration }: GrantRow): number {
  return expiration === undefined ? Number.MAX_SAFE_INTEGER : Number(expiration.seconds);
}
