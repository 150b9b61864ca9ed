/**
 * Granting somebody the right to send messages of one type in one's name, and taking it back.
 *
 * Source: cosmos/cosmos-sdk `x/authz/keeper/msg_server.go`, `x/authz/keeper/keeper.go`.
 */
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { addressProblem } from '@decai/protocol/address';
import { typeUrlOf } from '@decai/protocol/any';
import { decode } from '@decai/protocol/codec';
import { GenericAuthorizationSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/authz_pb';
import { EventGrantSchema, EventRevokeSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/event_pb';
import type { MsgGrant, MsgRevoke } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import { formatTimestamp } from '@decai/protocol/time-text';
import { ACCEPTED, refuse, type Refusal, type Verdict } from './refusal.ts';
import { AUTHZ, SDK } from './registered-error.ts';
import type { State } from './state.ts';

/** The last second of the year 9999: no time after it can be written down. */
const SECONDS_MAX = 253_402_300_799n;

/**
 * Grants a right until its expiration, or for ever, over what was granted before; a grantee without an account gets one.
 * `isKnown`: whether messages of a type are carried out here.
 *
 * Refuses, in this order: a grantee who is the granter (authz 7), a grantee that is no address (sdk 7), another
 * authorization than the general one (sdk 29), a type of message that nobody handles (sdk 29), an expiration that is not
 * after this block (authz 3).
 */
export function grantAuthorization(
  isKnown: (messageType: string) => boolean,
): (state: State, message: MsgGrant) => Verdict {
  return (state, { granter, grantee, grant }) => {
    const refusal = checkParties(granter, grantee);
    if (refusal !== undefined) return refusal;
    const authorization = grant?.authorization;
    if (authorization === undefined) return refuse(SDK.INVALID_TYPE, 'authorization is nil');
    if (authorization.typeUrl !== typeUrlOf(GenericAuthorizationSchema)) {
      return refuse(
        SDK.INVALID_TYPE,
        `expected ${typeUrlOf(GenericAuthorizationSchema)}, got ${authorization.typeUrl}`,
      );
    }
    state.accounts.ensure(grantee);
    const { msg: messageType } = decode(GenericAuthorizationSchema, authorization.value);
    if (!isKnown(messageType)) return refuse(SDK.INVALID_TYPE, `${messageType} doesn't exist.`);
    const expiration = grant?.expiration;
    const past = expiration === undefined ? undefined : checkExpiration(state, expiration);
    if (past !== undefined) return past;
    state.grants.put({ granter, grantee, messageType }, expiration);
    state.journal.emit(EventGrantSchema, { granter, grantee, msgTypeUrl: messageType });
    return ACCEPTED;
  };
}

/**
 * Takes a right back.
 *
 * Refuses, in this order: a grantee who is the granter (authz 7), a grantee that is no address (sdk 7), no type (sdk 18), a
 * right that was not granted (authz 2).
 */
export function revokeAuthorization(state: State, { granter, grantee, msgTypeUrl }: MsgRevoke): Verdict {
  const refusal = checkParties(granter, grantee);
  if (refusal !== undefined) return refusal;
  if (msgTypeUrl === '') return refuse(SDK.INVALID_REQUEST, 'missing msg method name');
  const name = { granter, grantee, messageType: msgTypeUrl };
  if (state.grants.get(name) === undefined) {
    return refuse(AUTHZ.NOT_GRANTED, `failed to delete grant of ${granter} to ${grantee}`);
  }
  state.grants.delete(name);
  state.journal.emit(EventRevokeSchema, { granter, grantee, msgTypeUrl });
  return ACCEPTED;
}

/** Whether a time is one that can be written down. */
export function isTime({ seconds, nanos }: Timestamp): boolean {
  return seconds >= 0n && seconds <= SECONDS_MAX && nanos >= 0 && nanos < 1_000_000_000;
}

/** Nanoseconds since the epoch. */
export function timestampNs({ seconds, nanos }: Timestamp): bigint {
  return seconds * 1_000_000_000n + BigInt(nanos);
}

/** The granter has signed, so it is an address. */
function checkParties(granter: string, grantee: string): Refusal | undefined {
  if (granter === grantee) return refuse(AUTHZ.GRANTEE_IS_GRANTER);
  const problem = addressProblem(grantee);
  return problem === undefined ? undefined : refuse(SDK.INVALID_ADDRESS, `invalid grantee address: ${problem}`);
}

function checkExpiration({ block }: State, expiration: Timestamp): Refusal | undefined {
  if (!isTime(expiration)) return refuse(AUTHZ.INVALID_EXPIRATION, 'expiration is a time from 1970 to 9999');
  if (timestampNs(expiration) > block.timeNs) return undefined;
  return refuse(
    AUTHZ.INVALID_EXPIRATION,
    `expiration must be after the current block time (${block.timeNs} ns), got ${formatTimestamp(expiration)}`,
  );
}
