import { RPCType } from '@decai/protocol/gen/pocket/shared/service_pb';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readSupplierStake } from './supplier-stake.ts';

const read = (yaml: string) => readSupplierStake(parse(yaml), 'pokt1signer');

describe("a supplier's configuration", () => {
  test('is read with all its fields', () => {
    const message = read(`
owner_address: pokt1owner
operator_address: pokt1operator
stake_amount: 1000pokt
default_rev_share_percent: { pokt1owner: 80, pokt1operator: 20 }
services:
  - service_id: large
    endpoints:
      - { publicly_exposed_url: https://gpu.example, rpc_type: JSON_RPC }
  - service_id: small
    rev_share_percent: { pokt1operator: 100 }
    endpoints: [{ publicly_exposed_url: https://gpu.example }]
`);
    expect(message).toMatchObject({
      signer: 'pokt1signer',
      ownerAddress: 'pokt1owner',
      operatorAddress: 'pokt1operator',
      stake: { amount: '1000000000', denom: 'upokt' },
    });
    expect(message.services[0]).toMatchObject({
      serviceId: 'large',
      endpoints: [{ url: 'https://gpu.example', rpcType: RPCType.JSON_RPC }],
      revShare: [
        { address: 'pokt1owner', revSharePercentage: 80n },
        { address: 'pokt1operator', revSharePercentage: 20n },
      ],
    });
    expect(message.services[1]).toMatchObject({
      endpoints: [{ rpcType: RPCType.REST }],
      revShare: [{ address: 'pokt1operator', revSharePercentage: 100n }],
    });
  });

  test('gives everything to the signer when it says nothing else', () => {
    const message = read('services: [{ service_id: large, endpoints: [{ publicly_exposed_url: http://h }] }]');
    expect(message).toMatchObject({ ownerAddress: 'pokt1signer', operatorAddress: 'pokt1signer' });
    expect(message.stake).toBeUndefined();
    expect(message.services[0]!.revShare).toMatchObject([{ address: 'pokt1signer', revSharePercentage: 100n }]);
  });

  test.each([
    ['[]', 'file has to be a map'],
    ['stake: 5', 'file has no field stake'],
    ['services: 5', 'services has to be a list'],
    ['services: [{ endpoints: [] }]', 'services[0].service_id is missing'],
    ['services: [{ service_id: a, endpoints: [{}] }]', 'endpoints[0].publicly_exposed_url is missing'],
    ['services: [{ service_id: a, endpoints: [{ publicly_exposed_url: x, rpc_type: SMOKE }] }]', 'rpc_type is "SMOKE"'],
    ['services: [{ service_id: a, rev_share_percent: { x: 0.5 } }]', 'whole number from 1 to 100'],
    ['stake_amount: lots', 'is no amount'],
  ])('is refused: %s', (yaml, words) => {
    expect(() => read(yaml)).toThrow(words);
  });
});
