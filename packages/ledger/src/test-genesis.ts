/**
 * A genesis document for tests: two services, one actor of each kind, a validator, and the coins that their stakes stand for.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { withPrefix } from '@decai/protocol/address';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { defaultAppState } from './default-app-state.ts';
import { parseGenesis } from './genesis.ts';
import { Ledger } from './ledger.ts';
import { moduleNamed } from './module-account.ts';
import { State } from './state.ts';
import { Store } from './store.ts';
import { addressNamed } from './test-chain.ts';

export const APP: string = addressNamed('app');
export const GATEWAY: string = addressNamed('gateway');
export const OWNER: string = addressNamed('owner');
export const OPERATOR: string = addressNamed('operator');
export const VALIDATOR: string = withPrefix(addressNamed('validator'), 'pokt', 'poktvaloper');

export type Json = Record<string, JsonValue>;

export type GenesisDocument = Json & { app_state: Record<string, Json> };

export const upokt = (amount: string): JsonValue => ({ denom: 'upokt', amount });

export const balance = (address: string, amount: string): JsonValue => ({ address, coins: [upokt(amount)] });

/** A fresh copy on every call. */
export function genesisDocument(): GenesisDocument {
  const state = defaultAppState() as Record<string, Json>;
  state['bank']!['balances'] = [
    balance(moduleNamed('application').address, '5000000'),
    balance(moduleNamed('gateway').address, '1000'),
    balance(moduleNamed('supplier').address, '2000000'),
    balance(addressNamed('faucet'), '1000000000'),
  ];
  state['auth']!['accounts'] = [
    { '@type': '/cosmos.auth.v1beta1.BaseAccount', address: APP, pub_key: null, account_number: '7', sequence: '3' },
  ];
  state['service']!['service_list'] = [
    { id: 'a', name: 'A', compute_units_per_relay: '1', owner_address: OWNER },
    { id: 'b', name: 'B', compute_units_per_relay: '2', owner_address: OWNER },
  ];
  state['gateway']!['gateway_list'] = [{ address: GATEWAY, stake: upokt('1000') }];
  state['application']!['application_list'] = [
    {
      address: APP,
      stake: upokt('5000000'),
      service_configs: [{ service_id: 'a' }],
      delegatee_gateway_addresses: [GATEWAY],
    },
  ];
  state['supplier']!['supplierList'] = [
    {
      owner_address: OWNER,
      operator_address: OPERATOR,
      stake: upokt('2000000'),
      services: [
        {
          service_id: 'a',
          endpoints: [{ url: 'http://h', rpc_type: 'JSON_RPC' }],
          rev_share: [{ address: OWNER, rev_share_percentage: '100' }],
        },
      ],
    },
  ];
  state['staking'] = {
    validators: [
      {
        operator_address: VALIDATOR,
        status: 'BOND_STATUS_BONDED',
        tokens: '900',
        delegator_shares: '900.000000000000000000',
        commission: { commission_rates: { rate: '0.100000000000000000', max_rate: '1', max_change_rate: '1' } },
      },
    ],
    delegations: [{ delegator_address: OWNER, validator_address: VALIDATOR, shares: '900.000000000000000000' }],
  };
  return { chain_id: 'pocket-test', genesis_time: '2026-01-02T03:04:05.000000006Z', app_state: state };
}

type Started = {
  readonly disk: KeyValueStore;
  readonly ledger: Ledger;
  readonly state: State;
  readonly appHash: Uint8Array;
};

/** A chain that begins with the document, changed. */
export function startChain(change: (genesis: GenesisDocument) => void = () => undefined): Started {
  const genesis = genesisDocument();
  change(genesis);
  const disk = createMemoryStore();
  const ledger = new Ledger(disk);
  const { appHash, writes } = ledger.initChain(parseGenesis(genesis));
  disk.write(writes);
  const state = new State(new Store(disk), {
    chainId: 'pocket-test',
    profile: 'pocket',
    height: 0,
    timeNs: 0n,
    hash: new Uint8Array(0),
  });
  return { disk, ledger, state, appHash };
}

/** What is wrong with the document after a change. */
export function genesisProblem(change: (genesis: GenesisDocument) => void): string {
  try {
    startChain(change);
  } catch (thrown) {
    return `${(thrown as { code: string }).code}: ${(thrown as Error).message}`;
  }
  return 'nothing';
}
