/** Every message and every query that the schemas of the network have is served. */
import type { DescMessage, DescService } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { typeUrlOf } from '@decai/protocol/any';
import { Query as AuthQuery } from '@decai/protocol/gen/cosmos/auth/v1beta1/query_pb';
import { Query as AuthzQuery } from '@decai/protocol/gen/cosmos/authz/v1beta1/query_pb';
import { Query as BankQuery } from '@decai/protocol/gen/cosmos/bank/v1beta1/query_pb';
import { Query as StakingQuery } from '@decai/protocol/gen/cosmos/staking/v1beta1/query_pb';
import { Query as ApplicationQuery } from '@decai/protocol/gen/pocket/application/query_pb';
import { Msg as ApplicationMsg } from '@decai/protocol/gen/pocket/application/tx_pb';
import { Query as GatewayQuery } from '@decai/protocol/gen/pocket/gateway/query_pb';
import { Msg as GatewayMsg } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { Query as ProofQuery } from '@decai/protocol/gen/pocket/proof/query_pb';
import { Msg as ProofMsg } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { Query as ServiceQuery } from '@decai/protocol/gen/pocket/service/query_pb';
import { Msg as ServiceMsg } from '@decai/protocol/gen/pocket/service/tx_pb';
import { Query as SessionQuery } from '@decai/protocol/gen/pocket/session/query_pb';
import { Msg as SessionMsg } from '@decai/protocol/gen/pocket/session/tx_pb';
import { Query as SharedQuery } from '@decai/protocol/gen/pocket/shared/query_pb';
import { Msg as SharedMsg } from '@decai/protocol/gen/pocket/shared/tx_pb';
import { Query as SupplierQuery } from '@decai/protocol/gen/pocket/supplier/query_pb';
import { Msg as SupplierMsg } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { Query as TokenomicsQuery } from '@decai/protocol/gen/pocket/tokenomics/query_pb';
import { Msg as TokenomicsMsg } from '@decai/protocol/gen/pocket/tokenomics/tx_pb';
import { arbitraryMessage } from '@decai/protocol/message.arbitrary';
import { encode } from '@decai/protocol/codec';
import { ruleFor } from './message-rules.ts';
import { queryPaths } from './query.ts';
import { PANIC } from './registered-error.ts';
import { APPS, GATEWAY, OPERATORS, SESSION, town } from './test-queries.ts';

const MESSAGES: readonly DescService[] = [
  ApplicationMsg,
  GatewayMsg,
  ProofMsg,
  ServiceMsg,
  SessionMsg,
  SharedMsg,
  SupplierMsg,
  TokenomicsMsg,
];
const QUERIES: readonly DescService[] = [
  ApplicationQuery,
  GatewayQuery,
  ProofQuery,
  ServiceQuery,
  SessionQuery,
  SharedQuery,
  SupplierQuery,
  TokenomicsQuery,
];

test('every message of the network is carried out', () => {
  const schemas = MESSAGES.flatMap(({ methods }) => methods.map(({ input }) => input));
  expect(schemas.filter((schema) => ruleFor(typeUrlOf(schema)) === undefined)).toEqual([]);
  expect(schemas).toHaveLength(30);
});

test('every query of the network is answered', () => {
  const paths = QUERIES.flatMap(({ typeName, methods }) => methods.map(({ name }) => `/${typeName}/${name}`));
  expect(paths.filter((path) => !queryPaths().includes(path))).toEqual([]);
  expect(paths).toHaveLength(28);
});

/** Names that lead somewhere, so that questions get further than the first check. */
const KNOWN: readonly string[] = [...APPS, GATEWAY, ...OPERATORS, 'svc', SESSION, 'upokt'];

/** Questions of a type, whose texts are often names of what is there. */
function questions(schema: DescMessage): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(arbitraryMessage(schema), fc.array(fc.constantFrom(...KNOWN), { maxLength: 4 }))
    .map(([message, names]) => {
      const left = [...names];
      const named = Object.entries(message).map(([key, value]) => [
        key,
        typeof value === 'string' && key !== '$typeName' ? (left.pop() ?? value) : value,
      ]);
      return encode(schema, Object.fromEntries(named) as typeof message);
    });
}

test.each(
  [...QUERIES, AuthQuery, AuthzQuery, BankQuery, StakingQuery].flatMap(({ typeName, methods }) =>
    methods.map(({ name, input }) => [`/${typeName}/${name}`, input] as const),
  ),
)('%s is answered or refused, whatever is asked', (path, input) => {
  fc.assert(
    fc.property(questions(input), (data) => {
      const { codespace, code, log } = town.ledger.query({ path, data });
      expect([codespace, code], log).not.toEqual([PANIC[0], PANIC[1]]);
    }),
    { numRuns: 40 },
  );
});
