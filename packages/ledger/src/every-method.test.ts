/** Every message and every query that the schemas of the network have is served. */
import type { DescService } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { typeUrlOf } from '@decai/protocol/any';
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
import { ruleFor } from './message-rules.ts';
import { queryPaths } from './query.ts';

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
