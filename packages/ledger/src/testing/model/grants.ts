/**
 * Rights to act in somebody's name, in the model.
 *
 * Source: cosmos/cosmos-sdk `x/authz/keeper`.
 */
import { addressProblem } from '@decai/protocol/address';
import { decode } from '@decai/protocol/codec';
import { GenericAuthorizationSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/authz_pb';
import type { MsgGrant, MsgRevoke } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import type { Model } from './model.ts';
import { openAccount } from './money.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

function nameOf(granter: string, grantee: string, messageType: string): string {
  return `${granter}/${grantee}${messageType}`;
}

function checkParties(granter: string, grantee: string): Verdict {
  if (granter === grantee) return 'authz/7';
  return addressProblem(grantee) === undefined ? ACCEPTED : 'sdk/7';
}

/** `isKnown`: whether messages of a type are carried out. Members only grant the general authorization. */
export function grant(model: Model, msg: MsgGrant, isKnown: (messageType: string) => boolean): Verdict {
  const { granter, grantee } = msg;
  const parties = checkParties(granter, grantee);
  if (parties !== ACCEPTED) return parties;
  openAccount(model, grantee);
  const { msg: messageType } = decode(GenericAuthorizationSchema, msg.grant!.authorization!.value);
  if (!isKnown(messageType)) return 'sdk/29';
  const expiration = msg.grant!.expiration;
  if (expiration !== undefined && endNs(expiration) <= model.timeNs) return 'authz/3';
  model.book.grants.set(nameOf(granter, grantee, messageType), { granter, grantee, messageType, expiration });
  return ACCEPTED;
}

export function revoke(model: Model, { granter, grantee, msgTypeUrl }: MsgRevoke): Verdict {
  const parties = checkParties(granter, grantee);
  if (parties !== ACCEPTED) return parties;
  const name = nameOf(granter, grantee, msgTypeUrl);
  if (!model.book.grants.has(name)) return 'authz/2';
  model.book.grants.delete(name);
  return ACCEPTED;
}

/** Refuses a right that nobody gave (authz 2), or that has ended (authz 6). */
export function checkRight(model: Model, granter: string, grantee: string, messageType: string): Verdict {
  if (granter === grantee) return ACCEPTED;
  const given = model.book.grants.get(nameOf(granter, grantee, messageType));
  if (given === undefined) return 'authz/2';
  return given.expiration === undefined || endNs(given.expiration) >= model.timeNs ? ACCEPTED : 'authz/6';
}

/** Beginning of a block: rights that have ended are gone. */
export function expireGrants(model: Model): void {
  for (const [name, { expiration }] of model.book.grants.sorted()) {
    if (expiration === undefined || endNs(expiration) >= model.timeNs) continue;
    model.book.grants.delete(name);
    model.count('grant expired');
  }
}

function endNs({ seconds, nanos }: { readonly seconds: bigint; readonly nanos: number }): bigint {
  return seconds * 1_000_000_000n + BigInt(nanos);
}
