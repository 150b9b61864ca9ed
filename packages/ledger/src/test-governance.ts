/**
 * The authority of a network for tests: a key that may send every change of parameters in its name.
 */
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { packAny, typeUrlOf } from '@decai/protocol/any';
import { MsgExecSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import type { Key } from '@decai/protocol/keys';
import { AUTHORITY } from './governed-module.ts';
import type { State } from './state.ts';
import { endow, keyNamed, sent } from './test-chain.ts';

export const GOVERNOR: Key = keyNamed('governor');

/** Lets the governor send messages of these types in the name of the authority. */
export function authorize(state: State, ...schemas: readonly DescMessage[]): void {
  endow(state, GOVERNOR.address, 1_000_000n);
  for (const schema of schemas) {
    const name = { granter: AUTHORITY, grantee: GOVERNOR.address, messageType: typeUrlOf(schema) };
    state.grants.put(name, undefined);
  }
}

/** Messages for somebody to carry out in the name of those who sign them. */
export function onBehalf(grantee: string, ...messages: readonly ReturnType<typeof sent>[]): ReturnType<typeof sent> {
  return sent(MsgExecSchema, { grantee, msgs: messages.map(({ schema, message }) => packAny(schema, message)) });
}

/** A message of the authority, carried out by the governor. */
export function decreed<Desc extends DescMessage>(
  schema: Desc,
  fields: MessageInitShape<Desc>,
): ReturnType<typeof sent> {
  return onBehalf(GOVERNOR.address, sent(schema, { ...fields, authority: AUTHORITY }));
}
