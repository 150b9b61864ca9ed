/**
 * The grants of a genesis document, among them the authority's over the parameters.
 *
 * A grant that has ended before the chain begins is passed over. Only the general authorization is known.
 *
 * Source: cosmos/cosmos-sdk `x/authz/keeper/genesis.go`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { typeUrlOf } from '@decai/protocol/any';
import { decode } from '@decai/protocol/codec';
import { GenericAuthorizationSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/authz_pb';
import { GenesisStateSchema, type GenesisState } from '@decai/protocol/gen/cosmos/authz/v1beta1/genesis_pb';
import { isTime, timestampNs } from './grant-authorization.ts';
import { invalidRecord } from './genesis-record.ts';
import { MESSAGE_TYPE_MAX } from './grants.ts';
import type { State } from './state.ts';

/** @throws GENESIS_INVALID */
export function readGrants(state: State, { authorization: records }: GenesisState): void {
  for (const { granter, grantee, authorization, expiration } of records) {
    const problem =
      addressProblem(granter) ??
      addressProblem(grantee) ??
      (granter === grantee ? 'grantee and granter are the same' : undefined);
    if (problem !== undefined) throw invalidRecord('grant', `${granter}/${grantee}`, problem);
    if (authorization?.typeUrl !== typeUrlOf(GenericAuthorizationSchema)) {
      throw invalidRecord('grant', `${granter}/${grantee}`, `${authorization?.typeUrl ?? 'nothing'} is not supported`);
    }
    const { msg: messageType } = decode(GenericAuthorizationSchema, authorization.value);
    const name = { granter, grantee, messageType };
    const text = `${granter}/${grantee}/${messageType.slice(0, MESSAGE_TYPE_MAX)}`;
    if (messageType === '' || messageType.length > MESSAGE_TYPE_MAX) {
      throw invalidRecord('grant', text, `a type of message has 1 to ${MESSAGE_TYPE_MAX} characters`);
    }
    if (expiration !== undefined && !isTime(expiration)) throw invalidRecord('grant', text, 'expiration is no time');
    if (expiration !== undefined && timestampNs(expiration) < state.block.timeNs) continue;
    if (state.grants.get(name) !== undefined) throw invalidRecord('grant', text, 'twice');
    state.grants.put(name, expiration);
  }
}

/** The grants of a state as a genesis document has them, in the order of their keys. */
export function writeGrants(state: State): GenesisState {
  const authorization = [...state.grants.entries()].map(([, grant]) => grant);
  return create(GenesisStateSchema, { authorization });
}
