import { create, type DescMessage, type DescMethodUnary, type MessageInitShape } from '@bufbuild/protobuf';
import { decode, encode } from '@decai/protocol/codec';
import { unpackAny } from '@decai/protocol/any';
import { fromUtf8 } from '@decai/protocol/bytes';
import { Query } from '@decai/protocol/gen/cosmos/authz/v1beta1/query_pb';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { addressNamed, TestChain } from './test-chain.ts';

const [ONE, TWO, THREE] = ['one', 'two', 'three'].map(addressNamed) as [string, string, string];
const END = create(TimestampSchema, { seconds: 1_000n });

const town = new TestChain((state) => {
  for (const [granter, grantee, messageType] of [
    [ONE, TWO, '/a'],
    [ONE, TWO, '/b'],
    [ONE, THREE, '/a'],
    [TWO, THREE, '/c'],
  ] as const) {
    state.grants.put({ granter, grantee, messageType }, messageType === '/b' ? undefined : END);
  }
});

function ask<In extends DescMessage, Out extends DescMessage>(
  { parent, name, input, output }: DescMethodUnary<In, Out>,
  fields: MessageInitShape<In>,
) {
  const path = `/${parent.typeName}/${name}`;
  const answer = town.ledger.query({ path, data: encode(input, create(input, fields)) });
  return { refusal: [answer.codespace, answer.code, answer.log], message: decode(output, answer.value) };
}

const typeOf = ({ authorization }: { readonly authorization?: Parameters<typeof unpackAny>[0] | undefined }) =>
  (unpackAny(authorization!).message as unknown as { msg: string }).msg;

describe('grants', () => {
  it('are found by granter, grantee and type', () => {
    const { grants, granterGrants, granteeGrants } = Query.method;
    const between = ask(grants, { granter: ONE, grantee: TWO }).message;
    expect(between.grants.map((grant) => [typeOf(grant), grant.expiration?.seconds])).toEqual([
      ['/a', 1_000n],
      ['/b', undefined],
    ]);
    expect(between.pagination?.total).toBe(2n);
    const named = ask(grants, { granter: ONE, grantee: TWO, msgTypeUrl: '/b' }).message;
    expect(named.grants.map(typeOf)).toEqual(['/b']);
    const given = ask(granterGrants, { granter: ONE }).message.grants;
    expect(given.map(({ granter, grantee }) => [granter, grantee]).sort()).toEqual(
      [
        [ONE, TWO],
        [ONE, TWO],
        [ONE, THREE],
      ].sort(),
    );
    const taken = ask(granteeGrants, { grantee: THREE }).message.grants;
    expect(taken.map((grant) => [grant.granter, typeOf(grant)]).sort()).toEqual(
      [
        [ONE, '/a'],
        [TWO, '/c'],
      ].sort(),
    );
  });

  it('come in pages', () => {
    const { granteeGrants, grants } = Query.method;
    const first = ask(granteeGrants, { grantee: THREE, pagination: { limit: 1n } }).message;
    expect(first.grants).toHaveLength(1);
    const next = ask(granteeGrants, { grantee: THREE, pagination: { key: first.pagination!.nextKey } }).message;
    expect([...first.grants, ...next.grants].map(typeOf).sort()).toEqual(['/a', '/c']);
    const page = ask(grants, { granter: ONE, grantee: TWO, pagination: { limit: 1n } }).message.pagination!;
    expect(fromUtf8(page.nextKey)).toBe('/b');
  });

  it('are refused for what is no address, and for a right that was not granted', () => {
    const { grants, granterGrants, granteeGrants } = Query.method;
    for (const { refusal } of [
      ask(grants, { granter: 'x', grantee: TWO }),
      ask(grants, { granter: ONE, grantee: 'x' }),
      ask(granterGrants, {}),
      ask(granteeGrants, { grantee: 'x' }),
    ]) {
      expect(refusal.slice(0, 2)).toEqual(['sdk', 18]);
    }
    expect(ask(grants, { granter: ONE, grantee: TWO, msgTypeUrl: '/c' }).refusal).toEqual([
      'sdk',
      18,
      expect.stringContaining('authorization not found for /c type: authorization not found'),
    ]);
  });
});
