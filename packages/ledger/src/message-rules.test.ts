/**
 * Whatever a message says, its rule answers: it never throws, however little the message makes sense.
 */
import { create, type DescMessage, type Message } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packAny, typeUrlOf } from '@decai/protocol/any';
import { decode, encode } from '@decai/protocol/codec';
import { MsgExecSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import { arbitraryMessage, everySchema } from '@decai/protocol/message.arbitrary';
import { AUTHORITY } from './governed-module.ts';
import { ruleFor } from './message-rules.ts';
import { emptyState, endow, keyNamed } from './test-chain.ts';

const ALICE = keyNamed('alice').address;

/** Where a message names somebody; a stranger can fill them with his own address at least. */
const NAMES = new Set([
  'address',
  'appAddress',
  'fromAddress',
  'granter',
  'grantee',
  'operatorAddress',
  'ownerAddress',
  'signer',
  'sourceAddress',
  'supplierOperatorAddress',
]);

/** The message with its sender known to the ledger, so that it gets further than the first check. */
function signedBy<M extends Message>(message: M, address: string): M {
  const fields = Object.entries(message).map(([name, value]): [string, unknown] => [
    name,
    name === 'authority' ? AUTHORITY : NAMES.has(name) ? address : value,
  ]);
  return Object.fromEntries(fields) as M;
}

const schemas = (await everySchema()).filter((schema) => ruleFor(typeUrlOf(schema)) !== undefined);

/** Messages of a type as they can stand in a transaction that could be read: every Any in them is of a known type. */
function readable(schema: DescMessage, depth = 1): fc.Arbitrary<Message> {
  if (schema !== MsgExecSchema) return arbitraryMessage(schema);
  const inside = depth === 3 ? schemas.filter((each) => each !== schema) : schemas;
  const any = fc
    .tuple(
      fc.constantFrom(...inside).chain((each) => fc.tuple(fc.constant(each), readable(each, depth + 1))),
      fc.boolean(),
    )
    .map(([[each, drawn], isSigned]) => packAny(each, isSigned ? signedBy(drawn, ALICE) : drawn));
  return fc.array(any, { maxLength: 4 }).map((msgs) => create(MsgExecSchema, { grantee: ALICE, msgs }));
}

it.each(schemas.map((schema) => [schema.typeName, schema] as const))(
  '%s is carried out or refused',
  (_name, schema) => {
    const rule = ruleFor(typeUrlOf(schema))!;
    const state = emptyState(25);
    endow(state, ALICE, 1_000_000_000n);
    fc.assert(
      fc.property(readable(schema), fc.boolean(), (drawn, isSigned) => {
        const message = decode(schema, encode(schema, isSigned ? signedBy(drawn, ALICE) : drawn));
        const verdict = rule.check(message) ?? state.atomically(() => rule.apply(state, message));
        if (verdict.ok) rule.respond?.(message);
        else expect(verdict.code).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  },
);

it('covers every message that is carried out', () => {
  expect(schemas.length).toBeGreaterThan(30);
});
