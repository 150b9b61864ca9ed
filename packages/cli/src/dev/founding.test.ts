import { create } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { GatewaySchema } from '@decai/protocol/gen/pocket/gateway/types_pb';
import { type MsgStakeApplication } from '@decai/protocol/gen/pocket/application/tx_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import type { MsgStakeSupplier } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { describe, expect, test } from 'vitest';
import { type Foundation, missingSteps, type Standing } from './founding.ts';

const WANTED: Foundation = {
  source: { name: 'source', address: 'pokt1source' },
  services: [
    { id: 'large', name: 'large', computeUnitsPerRelay: 4_000n },
    { id: 'small', name: 'small', computeUnitsPerRelay: 1_000n },
  ],
  gateway: { name: 'gateway', address: 'pokt1gateway', stakeUpokt: 100n },
  applications: [
    { name: 'app', address: 'pokt1app', serviceId: 'large', stakeUpokt: 1_000n, delegates: true },
    { name: 'sovereign', address: 'pokt1sov', serviceId: 'large', stakeUpokt: 1_000n, delegates: false },
  ],
  suppliers: [
    { name: 'supplier', address: 'pokt1sup', stakeUpokt: 500n, url: 'http://h:1', serviceIds: ['large', 'small'] },
  ],
};

const NOTHING: Standing = { services: new Map(), gateway: undefined, applications: new Map(), suppliers: new Map() };

const service = (id: string, computeUnitsPerRelay: bigint) => create(ServiceSchema, { id, computeUnitsPerRelay });
const application = (
  address: string,
  stake: bigint,
  more: { gateways?: string[]; unstaking?: bigint; service?: string } = {},
) =>
  create(ApplicationSchema, {
    address,
    stake: coin(stake),
    serviceConfigs: [{ serviceId: more.service ?? 'large' }],
    delegateeGatewayAddresses: more.gateways ?? [],
    unstakeSessionEndHeight: more.unstaking ?? 0n,
  });
const supplier = (url: string, services = ['large', 'small'], unstaking = 0n) =>
  create(SupplierSchema, {
    operatorAddress: 'pokt1sup',
    ownerAddress: 'pokt1sup',
    stake: coin(500n),
    unstakeSessionEndHeight: unstaking,
    serviceConfigHistory: [
      {
        service: { serviceId: 'large', endpoints: [{ url: 'http://old:1' }] },
        activationHeight: 1n,
        deactivationHeight: 11n,
      },
      ...services.map((serviceId) => ({ service: { serviceId, endpoints: [{ url }] }, activationHeight: 11n })),
    ],
  });

const COMPLETE: Standing = {
  services: new Map([
    ['large', service('large', 4_000n)],
    ['small', service('small', 1_000n)],
  ]),
  gateway: create(GatewaySchema, { address: 'pokt1gateway', stake: coin(100n) }),
  applications: new Map([
    ['pokt1app', application('pokt1app', 1_000n, { gateways: ['pokt1gateway'] })],
    ['pokt1sov', application('pokt1sov', 1_000n)],
  ]),
  suppliers: new Map([['pokt1sup', supplier('http://h:1')]]),
};

const told = (standing: Standing): string[] => missingSteps(WANTED, standing).map(({ by, what }) => `${by} ${what}`);

describe('the founding of a local network', () => {
  test('sends everything to an empty ledger, and what needs another step after it', () => {
    const steps = missingSteps(WANTED, NOTHING);
    expect(steps.map(({ by, what, wave }) => [wave, `${by} ${what}`])).toEqual([
      [1, 'source publishes large and small'],
      [1, 'gateway stakes'],
      [1, 'app stakes for large'],
      [1, 'sovereign stakes for large'],
      [2, 'supplier offers large and small at http://h:1'],
      [2, 'app delegates to gateway'],
    ]);
  });

  test('sends nothing to a ledger that has everything', () => {
    expect(told(COMPLETE)).toEqual([]);
  });

  test('restakes a supplier whose port had to change, without touching its stake', () => {
    const steps = missingSteps(WANTED, { ...COMPLETE, suppliers: new Map([['pokt1sup', supplier('http://h:2')]]) });
    expect(steps).toHaveLength(1);
    const message = steps[0]!.messages[0]!.message as MsgStakeSupplier;
    expect(message.stake).toBeUndefined();
    expect(message.services.map(({ serviceId, endpoints }) => [serviceId, endpoints[0]!.url])).toEqual([
      ['large', 'http://h:1'],
      ['small', 'http://h:1'],
    ]);
  });

  test.each([
    ['serves too little', supplier('http://h:1', ['large'])],
    ['is leaving', supplier('http://h:1', ['large', 'small'], 20n)],
  ])('restakes a supplier that %s', (_why, record) => {
    expect(told({ ...COMPLETE, suppliers: new Map([['pokt1sup', record]]) })).toEqual([
      'supplier offers large and small at http://h:1',
    ]);
  });

  test('raises a stake that is half used up, and no other', () => {
    const withStake = (stake: bigint): Standing => ({
      ...COMPLETE,
      applications: new Map(COMPLETE.applications).set(
        'pokt1app',
        application('pokt1app', stake, { gateways: ['pokt1gateway'] }),
      ),
    });
    expect(told(withStake(500n))).toEqual([]);
    const [step] = missingSteps(WANTED, withStake(499n));
    expect((step!.messages[0]!.message as MsgStakeApplication).stake?.amount).toBe('1000');
  });

  test.each([
    ['is leaving', { gateways: ['pokt1gateway'], unstaking: 20n }],
    ['pays for something else', { gateways: ['pokt1gateway'], service: 'small' }],
  ])('stakes anew, with a little more, for an application that %s', (_why, more) => {
    const applications = new Map(COMPLETE.applications).set('pokt1app', application('pokt1app', 1_000n, more));
    const steps = missingSteps(WANTED, { ...COMPLETE, applications });
    expect(steps.map(({ by }) => by)).toEqual(['app']);
    expect((steps[0]!.messages[0]!.message as MsgStakeApplication).stake?.amount).toBe('1001');
  });

  test('publishes only the model that is missing or priced otherwise', () => {
    const services = new Map(COMPLETE.services).set('small', service('small', 7n));
    expect(told({ ...COMPLETE, services })).toEqual(['source publishes small']);
  });
});
