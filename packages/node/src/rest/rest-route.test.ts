import { createFileRegistry, create, type DescService } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema, MethodOptionsSchema } from '@bufbuild/protobuf/wkt';
import { setExtension } from '@bufbuild/protobuf';
import { http } from '@decai/protocol/gen/google/api/annotations_pb';
import { HttpRuleSchema } from '@decai/protocol/gen/google/api/http_pb';
import { describe, expect, test } from 'vitest';
import { findRoute, restRoutes } from './rest-route.ts';
import { REST_SERVICES } from './rest-services.ts';

const routes = restRoutes(REST_SERVICES);

function at(path: string, verb = 'GET'): unknown {
  const found = findRoute(routes, verb, path);
  return found && [found.route.method.name, found.fields];
}

describe('a path', () => {
  test.each([
    ['/cosmos/base/tendermint/v1beta1/blocks/latest', ['GetLatestBlock', {}]],
    ['/cosmos/base/tendermint/v1beta1/blocks/7', ['GetBlockByHeight', { height: '7' }]],
    ['/cosmos/bank/v1beta1/balances/a/by_denom', ['Balance', { address: 'a' }]],
    ['/cosmos/bank/v1beta1/balances/a', ['AllBalances', { address: 'a' }]],
    ['/cosmos/authz/v1beta1/grants/granter/a', ['GranterGrants', { granter: 'a' }]],
    ['/cosmos/bank/v1beta1/denoms_metadata', ['DenomsMetadata', {}]],
    ['/cosmos/bank/v1beta1/denoms_metadata/ibc/A/B', ['DenomMetadata', { denom: 'ibc/A/B' }]],
    ['/pokt-network/poktroll/proof/claim/s/o', ['Claim', { session_id: 's', supplier_operator_address: 'o' }]],
    ['/pokt-network/poktroll/application/application/', ['Application', { address: '' }]],
    [
      '/pokt-network/poktroll/service/relay_mining_difficulty/a/history',
      ['RelayMiningDifficultyHistory', { serviceId: 'a' }],
    ],
  ])('%s', (path, found) => {
    expect(at(path)).toEqual(found);
  });

  test('means what its verb says', () => {
    expect(at('/cosmos/tx/v1beta1/txs')).toEqual(['GetTxsEvent', {}]);
    expect(at('/cosmos/tx/v1beta1/txs', 'POST')).toEqual(['BroadcastTx', {}]);
    expect(at('/cosmos/tx/v1beta1/simulate')).toBeUndefined();
    expect(at('/cosmos/auth/v1beta1/params', 'DELETE')).toBeUndefined();
  });

  test.each(['', '/', '//', '/cosmos', '/cosmos/auth/v1beta1/params/', '/COSMOS/auth/v1beta1/params', '/__proto__'])(
    'leads nowhere: %j',
    (path) => {
      expect(at(path)).toBeUndefined();
    },
  );
});

test('every method with an annotation has a route', () => {
  expect(routes.length).toBeGreaterThan(60);
  for (const { typeName, methods } of REST_SERVICES.filter(({ typeName }) => typeName.startsWith('pocket.'))) {
    for (const { name } of methods) {
      expect(routes.map(({ method }) => `${method.parent.typeName}.${method.name}`)).toContain(`${typeName}.${name}`);
    }
  }
});

test('a template that is not understood is a fault, not a route', () => {
  expect(() => restRoutes([serviceAt('/a/{b=*}')])).toThrow('segment that is not read');
  expect(() => restRoutes([serviceAt('/a/{b=**}/c')])).toThrow('segment that is not read');
  expect(restRoutes([serviceAt('/a/{b=**}')])).toHaveLength(1);
});

/** A service with one method at a path. */
function serviceAt(path: string): DescService {
  const options = create(MethodOptionsSchema);
  setExtension(options, http, create(HttpRuleSchema, { pattern: { case: 'get', value: path } }));
  const file = create(FileDescriptorProtoSchema, {
    name: 'odd.proto',
    syntax: 'proto3',
    messageType: [{ name: 'M' }],
    service: [{ name: 'S', method: [{ name: 'Do', inputType: '.M', outputType: '.M', options }] }],
  });
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [file] })).getService('S')!;
}
