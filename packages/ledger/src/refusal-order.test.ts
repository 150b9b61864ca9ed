/**
 * The order in which what may be wrong with a message is looked at, message by message: of several flaws the first one
 * decides. Claims and proofs have theirs in claim-refusal-order.test.ts, changes of parameters in update-params.test.ts.
 */
import { create } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import {
  MsgDelegateToGatewaySchema,
  MsgStakeApplicationSchema,
  MsgTransferApplicationSchema,
  MsgUndelegateFromGatewaySchema,
  MsgUnstakeApplicationSchema,
} from '@decai/protocol/gen/pocket/application/tx_pb';
import { ApplicationSchema, PendingApplicationTransferSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import {
  MsgStakeGatewaySchema,
  MsgUnstakeGatewaySchema,
  MsgUpdateGatewayMetadataSchema,
} from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { GatewaySchema } from '@decai/protocol/gen/pocket/gateway/types_pb';
import { MsgAddServiceSchema, MsgTransferServiceSchema } from '@decai/protocol/gen/pocket/service/tx_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { MsgStakeSupplierSchema, MsgUnstakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { describe, test } from 'vitest';
import { moduleNamed } from './module-account.ts';
import { UPOKT, upokt } from './coins.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { addressNamed, emptyState, endow } from './test-chain.ts';
import { expectOrder, type Scene } from './test-refusals.ts';
import { config } from './test-suppliers.ts';

const [NEW_APP, APP, NEW_GATEWAY, GATEWAY, NEW_OPERATOR, OPERATOR, OWNER, STRANGER] = [
  'new app',
  'app',
  'new gateway',
  'gateway',
  'new operator',
  'operator',
  'owner',
  'stranger',
].map(addressNamed) as [string, string, string, string, string, string, string, string];

/** One of each kind, of the stake of 5,000,000, and everybody with 100,000,000 beside. */
function town(): State {
  const state = emptyState(5);
  for (const address of [NEW_APP, APP, NEW_GATEWAY, GATEWAY, NEW_OPERATOR, OPERATOR, OWNER, STRANGER]) {
    endow(state, address, 100_000_000n);
  }
  const stake = upoktCoin(5_000_000n);
  for (const module of ['application', 'gateway', 'supplier'] as const) {
    state.bank.endow(moduleNamed(module).address, [stake]);
  }
  state.services.put(create(ServiceSchema, { id: 'svc', computeUnitsPerRelay: 1n, ownerAddress: OWNER }));
  const delegateeGatewayAddresses = [GATEWAY];
  const serviceConfigs = [{ serviceId: 'svc' }];
  state.applications.put(create(ApplicationSchema, { address: APP, stake, serviceConfigs, delegateeGatewayAddresses }));
  state.gateways.put(create(GatewaySchema, { address: GATEWAY, stake }));
  state.gateways.put(create(GatewaySchema, { address: NEW_GATEWAY, stake }));
  state.suppliers.put(create(SupplierSchema, { operatorAddress: OPERATOR, ownerAddress: OWNER, stake }));
  return state;
}

const STATE = town();
const SINK = addressNamed('sink');
const TRANSFER = create(PendingApplicationTransferSchema, { destinationAddress: NEW_APP, sessionEndHeight: 10n });

/** Takes everything from somebody but so much. */
function leave(state: State, address: string, leftUpokt: bigint): void {
  state.bank.send(address, SINK, upokt(state.bank.balance(address, UPOKT) - leftUpokt));
}
const broke =
  (address: string) =>
  ({ state }: { readonly state: State }): void =>
    leave(state, address, 0n);
/** Raises what must at least be staked above every stake here. */
const HIGH = upoktCoin(50_000_000n);
const MINIMUM = {
  application: ({ state: { params } }: { readonly state: State }): void =>
    params.application.setLive({ ...params.application.live(), minStake: HIGH }),
  gateway: ({ state: { params } }: { readonly state: State }): void =>
    params.gateway.setLive({ ...params.gateway.live(), minStake: HIGH }),
  supplier: ({ state: { params } }: { readonly state: State }): void =>
    params.supplier.setLive({ ...params.supplier.live(), minStake: HIGH }),
};
const application = (state: State, fields: object): void =>
  state.applications.put({ ...state.applications.get(APP)!, ...fields });
const gateway = (state: State, address: string, fields: object): void =>
  state.gateways.put({ ...state.gateways.get(address)!, ...fields });
const supplier = (state: State, fields: object): void =>
  state.suppliers.put({ ...state.suppliers.get(OPERATOR)!, ...fields });

describe('applications', () => {
  const stake = { address: APP, stake: coin(6_000_000n), services: [{ serviceId: 'svc' }] };
  test('staking', () =>
    expectOrder(STATE, MsgStakeApplicationSchema, { ...stake, perSessionSpendLimit: coin(1_000_000n) }, [
      ['application', 1102, ({ message }) => (message.address = 'x')],
      [
        'application',
        1101,
        ({ message }) => delete message.stake,
        ({ message }) => (message.stake = coin(0n)),
        ({ message }) => (message.stake = coin(6_000_000n, 'mact')),
      ],
      [
        'application',
        1106,
        ({ message }) => (message.services = []),
        ({ message }) => message.services.push(message.services[0]!),
        ({ message }) => (message.services[0]!.serviceId = 'bad id'),
      ],
      [
        'application',
        1118,
        ({ message }) => (message.perSessionSpendLimit = coin(999_999n)),
        ({ message }) => (message.perSessionSpendLimit = coin(5_000_000n, 'mact')),
      ],
      ['application', 1101, ({ message }) => (message.stake = coin(5_000_000n)), MINIMUM.application],
      ['sdk', 5, broke(APP)],
    ]));

  test('unstaking', () =>
    expectOrder(STATE, MsgUnstakeApplicationSchema, { address: APP }, [
      ['application', 1102, ({ message }) => (message.address = APP.toUpperCase())],
      ['application', 1104, ({ state }) => state.applications.delete(APP)],
      ['application', 1112, ({ state }) => application(state, { unstakeSessionEndHeight: 10n })],
      ['application', 1114, ({ state }) => application(state, { pendingTransfer: TRANSFER })],
    ]));

  test('delegating', () =>
    expectOrder(STATE, MsgDelegateToGatewaySchema, { appAddress: APP, gatewayAddress: NEW_GATEWAY }, [
      ['application', 1102, ({ message }) => (message.appAddress = '')],
      ['application', 1108, ({ message }) => (message.gatewayAddress = '')],
      ['application', 1104, ({ state }) => state.applications.delete(APP)],
      ['application', 1107, ({ state }) => state.gateways.delete(NEW_GATEWAY)],
      [
        'application',
        1110,
        ({ state: { params } }) =>
          params.application.setLive({ ...params.application.live(), maxDelegatedGateways: 1n }),
      ],
      ['gateway', 1108, ({ state }) => gateway(state, NEW_GATEWAY, { unstakeSessionEndHeight: 4n })],
      ['application', 1109, ({ state }) => application(state, { delegateeGatewayAddresses: [NEW_GATEWAY] })],
    ]));

  test('undelegating', () =>
    expectOrder(STATE, MsgUndelegateFromGatewaySchema, { appAddress: APP, gatewayAddress: GATEWAY }, [
      ['application', 1102, ({ message }) => (message.appAddress = '')],
      ['application', 1108, ({ message }) => (message.gatewayAddress = '')],
      ['application', 1104, ({ state }) => state.applications.delete(APP)],
      ['application', 1111, ({ state }) => application(state, { delegateeGatewayAddresses: [] })],
    ]));

  test('transferring', () =>
    expectOrder(STATE, MsgTransferApplicationSchema, { sourceAddress: APP, destinationAddress: NEW_APP }, [
      [
        'application',
        1102,
        ({ message }) => (message.sourceAddress = 'x'),
        ({ message }) => (message.destinationAddress = 'x'),
      ],
      ['application', 1113, ({ message }) => (message.destinationAddress = message.sourceAddress)],
      ['application', 1102, ({ message }) => (message.destinationAddress = moduleNamed('gov').address)],
      ['application', 1113, ({ state }) => state.applications.put(create(ApplicationSchema, { address: NEW_APP }))],
      ['application', 1104, ({ state }) => state.applications.delete(APP)],
      ['application', 1112, ({ state }) => application(state, { unstakeSessionEndHeight: 10n })],
    ]));
});

describe('gateways', () => {
  test('staking', () =>
    expectOrder(STATE, MsgStakeGatewaySchema, { address: GATEWAY, stake: coin(6_000_000n) }, [
      ['gateway', 1101, ({ message }) => (message.address = 'x')],
      [
        'gateway',
        1102,
        ({ message }) => delete message.stake,
        ({ message }) => (message.stake = coin(0n)),
        ({ message }) => (message.stake = coin(6_000_000n, 'mact')),
        ({ message }) => (message.stake = coin(5_000_000n)),
        MINIMUM.gateway,
      ],
      ['sdk', 5, broke(GATEWAY)],
    ]));

  test('unstaking', () =>
    expectOrder(STATE, MsgUnstakeGatewaySchema, { address: GATEWAY }, [
      ['gateway', 1101, ({ message }) => (message.address = 'x')],
      ['gateway', 1104, ({ state }) => state.gateways.delete(GATEWAY)],
      ['gateway', 1107, ({ state }) => gateway(state, GATEWAY, { unstakeSessionEndHeight: 10n })],
    ]));

  test('publishing a card', () =>
    expectOrder(STATE, MsgUpdateGatewayMetadataSchema, { address: GATEWAY, metadata: { card: new Uint8Array(1) } }, [
      ['gateway', 1101, ({ message }) => (message.address = 'x')],
      [
        'shared',
        1111,
        ({ message }) => (message.metadata!.card = new Uint8Array(0)),
        ({ message }) => (message.metadata!.card = new Uint8Array(262_145)),
      ],
      ['gateway', 1104, ({ state }) => state.gateways.delete(GATEWAY)],
    ]));
});

describe('suppliers', () => {
  const offer = config('svc');
  const share = (address: string, revSharePercentage: bigint) => ({
    ...offer.revShare[0]!,
    address,
    revSharePercentage,
  });
  const badServices = [
    [config('bad id')],
    [offer, offer],
    [config('svc', { endpoints: [] })],
    [config('svc', { endpoints: [{ url: 'ftp://h', rpcType: 3 }] })],
    [config('svc', { endpoints: [{ url: 'http://h', rpcType: 0 }] })],
    [config('svc', { revShare: [] })],
    [config('svc', { revShare: [share('x', 100n)] })],
    [config('svc', { revShare: [share(OWNER, 50n), share(OWNER, 50n)] })],
    [config('svc', { revShare: [share(moduleNamed('mint').address, 100n)] })],
    [config('svc', { revShare: [share(OWNER, 100n), share(STRANGER, 0n)] })],
    [config('svc', { revShare: [share(OWNER, 99n)] })],
  ];
  const fresh = {
    signer: NEW_OPERATOR,
    ownerAddress: OWNER,
    operatorAddress: NEW_OPERATOR,
    stake: coin(5_000_000n),
    services: [offer],
  };
  type Spoiled = Scene<typeof MsgStakeSupplierSchema>;

  test('staking anew', () =>
    expectOrder(STATE, MsgStakeSupplierSchema, fresh, [
      [
        'supplier',
        1102,
        ({ message }) => (message.ownerAddress = 'x'),
        ({ message }) => (message.operatorAddress = 'x'),
        ({ message }) => (message.signer = 'x'),
      ],
      [
        'supplier',
        1101,
        ({ message }) => (message.stake = coin(0n)),
        ({ message }) => (message.stake = coin(5_000_000n, 'mact')),
      ],
      ['supplier', 1104, ({ message }) => Object.assign(message, { signer: OWNER, services: [offer] })],
      [
        'supplier',
        1104,
        ...badServices.map(
          (services) =>
            ({ message }: Spoiled) =>
              (message.services = services),
        ),
      ],
      ['supplier', 1102, ({ message }) => (message.ownerAddress = moduleNamed('supplier').address)],
      ['supplier', 1106, ({ message }) => Object.assign(message, { signer: NEW_OPERATOR, services: [config('none')] })],
      ['supplier', 1101, ({ message }) => delete message.stake],
      ['supplier', 1104, ({ message }) => Object.assign(message, { signer: STRANGER, services: [] })],
      ['supplier', 1101, MINIMUM.supplier],
      ['sdk', 5, broke(NEW_OPERATOR), ({ state }) => leave(state, NEW_OPERATOR, 5_000_000n)],
    ]));

  test('changing', () =>
    expectOrder(
      STATE,
      MsgStakeSupplierSchema,
      { signer: OPERATOR, ownerAddress: OWNER, operatorAddress: OPERATOR, stake: coin(6_000_000n) },
      [
        ['supplier', 1102, ({ message }) => (message.signer = 'x')],
        ['supplier', 1101, ({ message }) => (message.stake = coin(0n))],
        [
          'shared',
          1105,
          ({ message }) => (message.signer = STRANGER),
          ({ message }) => (message.ownerAddress = STRANGER),
          ({ state }) => supplier(state, { unstakeSessionEndHeight: 10n }),
        ],
        ['supplier', 1101, MINIMUM.supplier],
        ['sdk', 5, broke(OPERATOR), ({ state }) => leave(state, OPERATOR, 1_000_000n)],
      ],
    ));

  test('unstaking', () =>
    expectOrder(STATE, MsgUnstakeSupplierSchema, { signer: OWNER, operatorAddress: OPERATOR }, [
      ['supplier', 1102, ({ message }) => (message.signer = 'x'), ({ message }) => (message.operatorAddress = 'x')],
      ['supplier', 1103, ({ state }) => state.suppliers.delete(OPERATOR)],
      ['shared', 1105, ({ message }) => (message.signer = STRANGER)],
      ['supplier', 1105, ({ state }) => supplier(state, { unstakeSessionEndHeight: 10n })],
    ]));
});

describe('services', () => {
  const service = { id: 'new', name: 'New', computeUnitsPerRelay: 1n, ownerAddress: OWNER };
  type Spoiled = Scene<typeof MsgAddServiceSchema>;
  const change =
    (fields: object) =>
    ({ message }: Spoiled) =>
      Object.assign(message.service!, fields);
  const flaws = [
    ['service', 1102, ({ message }: Spoiled) => (message.ownerAddress = 'x')],
    ['service', 1113, change({ ownerAddress: STRANGER }), ({ message }: Spoiled) => delete message.service],
    ['shared', 1108, change({ id: '' }), change({ id: 'bad id' }), change({ id: 'x'.repeat(43) })],
    ['shared', 1109, change({ name: 'x'.repeat(170) }), change({ name: 'a/b' })],
    ['shared', 1107, change({ computeUnitsPerRelay: 0n }), change({ computeUnitsPerRelay: 2_097_153n })],
    [
      'shared',
      1111,
      change({ metadata: { card: new Uint8Array(0) } }),
      change({ metadata: { card: new Uint8Array(262_145) } }),
    ],
  ] as const;

  test('adding', () =>
    expectOrder(STATE, MsgAddServiceSchema, { ownerAddress: OWNER, service }, [
      ...flaws,
      ['service', 1108, broke(OWNER), ({ state }) => leave(state, OWNER, 1n)],
    ]));

  test('changing', () =>
    expectOrder(STATE, MsgAddServiceSchema, { ownerAddress: OWNER, service: { ...service, id: 'svc' } }, [
      ...flaws,
      ['service', 1113, ({ state }) => state.services.put({ ...state.services.get('svc')!, ownerAddress: STRANGER })],
    ]));

  test('giving away', () =>
    expectOrder(STATE, MsgTransferServiceSchema, { ownerAddress: OWNER, newOwnerAddress: STRANGER, serviceId: 'svc' }, [
      [
        'service',
        1102,
        ({ message }) => (message.ownerAddress = 'x'),
        ({ message }) => (message.newOwnerAddress = 'x'),
      ],
      ['service', 1103, ({ message }) => (message.serviceId = '')],
      [
        'service',
        1113,
        ({ message }) => (message.newOwnerAddress = message.ownerAddress),
        ({ message }) => (message.newOwnerAddress = moduleNamed('mint').address),
      ],
      ['service', 1117, ({ message }) => (message.serviceId = 'none')],
      ['service', 1118, ({ state }) => state.services.put({ ...state.services.get('svc')!, ownerAddress: STRANGER })],
    ]));
});
