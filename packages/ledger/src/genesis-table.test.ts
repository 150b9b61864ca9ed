/**
 * What the genesis of each module may not say, module by module: parameters, duplicates, stakes, services, histories.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { toBase64 } from '@decai/protocol/bytes';
import { describe, expect, test } from 'vitest';
import { addressNamed } from './test-chain.ts';
import { APP, genesisProblem, OPERATOR, startChain, upokt, type GenesisDocument, type Json } from './test-genesis.ts';

type Change = (genesis: GenesisDocument) => unknown;
type Row = readonly [what: string, change: Change, text: string];

const PARAMS: Readonly<Record<string, readonly [name: string, value: JsonValue, text: string]>> = {
  shared: ['grace_period_end_offset_blocks', '10', 'must be less than NumBlocksPerSession (10)'],
  application: ['max_delegated_gateways', '0', 'max_delegated_gateways must be greater than 0'],
  gateway: ['min_stake', upokt('0'), 'greater than zero: 0upokt'],
  supplier: ['staking_fee', { denom: 'mact', amount: '1' }, 'invalid staking_fee denom "mact"'],
  session: ['num_suppliers_per_session', '0', 'number of suppliers per session (0)'],
  service: ['target_num_relays', '0', 'target_num_relays must be greater than 0'],
  proof: ['proof_request_probability', 1.5, 'invalid ProofRequestProbability: (1.5)'],
  tokenomics: ['mint_ratio', 0, 'mint_ratio must be in range (0, 1]'],
};

test.each(Object.entries(PARAMS))('parameters of %s that cannot be are refused', (module, [name, value, text]) => {
  const problem = genesisProblem((genesis) => ((genesis.app_state[module]!['params'] as Json)[name] = value));
  expect(problem).toContain(`GENESIS_INVALID: app_state.${module}.params: `);
  expect(problem).toContain(text);
});

const list = (genesis: GenesisDocument, module: string, name: string): Json[] =>
  (genesis.app_state[module]![name] ??= []) as Json[];
const set =
  (module: string, name: string, field: string, value: JsonValue): Change =>
  (genesis) =>
    (list(genesis, module, name)[0]![field] = value);
const twice =
  (module: string, name: string, record: Json): Change =>
  (genesis) =>
    list(genesis, module, name).push(record, record);

const HEADER: Json = {
  application_address: APP,
  service_id: 'a',
  session_id: 'aa',
  session_start_block_height: '11',
  session_end_block_height: '20',
};
const CLAIM: Json = {
  supplier_operator_address: OPERATOR,
  session_header: HEADER,
  root_hash: toBase64(new Uint8Array(48).fill(1)),
};
const PROOF: Json = { supplier_operator_address: OPERATOR, session_header: HEADER, closest_merkle_proof: 'AQID' };
const DIFFICULTY: Json = { service_id: 'a', target_hash: toBase64(new Uint8Array(32).fill(7)) };

const stakes = (module: string, name: string): Row[] => [
  ['has no stake', set(module, name, 'stake', null), 'nil stake'],
  ['has a stake of nothing', set(module, name, 'stake', upokt('0')), '<= 0'],
  [
    'has a stake of other coins',
    set(module, name, 'stake', { denom: 'mact', amount: '5' }),
    'expected upokt, got mact',
  ],
  ['has a stake that is no amount', set(module, name, 'stake', upokt('-1')), 'invalid stake'],
];

const HISTORY_WITHOUT_SERVICE: JsonValue = [{ activation_height: '1' }];

const MODULES: Readonly<Record<string, readonly Row[]>> = {
  'an application': [
    ...stakes('application', 'application_list'),
    ['has no address', set('application', 'application_list', 'address', ''), 'application : address is empty'],
    ['has no service', set('application', 'application_list', 'service_configs', []), 'exactly one service'],
    [
      'has a service without id',
      set('application', 'application_list', 'service_configs', [{ service_id: '' }]),
      'invalid service ID',
    ],
    [
      'has a history that names no service',
      set('application', 'application_list', 'service_config_history', HISTORY_WITHOUT_SERVICE),
      'service history',
    ],
  ],
  'a gateway': [
    ...stakes('gateway', 'gateway_list'),
    ['has no address', set('gateway', 'gateway_list', 'address', 'pokt1'), 'gateway pokt1: '],
  ],
  'a supplier': [
    ...stakes('supplier', 'supplierList'),
    ['has no operator', set('supplier', 'supplierList', 'operator_address', ''), 'supplier : address is empty'],
    ['has an owner that is no address', set('supplier', 'supplierList', 'owner_address', 'x'), 'owner: '],
    [
      'has a service that answers nowhere',
      set('supplier', 'supplierList', 'services', [{ service_id: 'a' }]),
      'no endpoints for service a',
    ],
    [
      'has a history that names no service',
      set('supplier', 'supplierList', 'service_config_history', HISTORY_WITHOUT_SERVICE),
      'service history',
    ],
  ],
  'a service': [
    ['has two difficulties', twice('service', 'relayMiningDifficultyList', DIFFICULTY), 'difficulty a: twice'],
    ['has no owner', set('service', 'service_list', 'owner_address', ''), 'invalid owner address'],
  ],
  'a claim': [
    ['is there twice', twice('proof', 'claim_list', CLAIM), `claim aa/${OPERATOR}: twice`],
    [
      'has no root',
      (genesis) => list(genesis, 'proof', 'claim_list').push({ ...CLAIM, root_hash: '' }),
      'root hash is not 48 bytes',
    ],
  ],
  'a proof': [['is there twice', twice('proof', 'proof_list', PROOF), `proof aa/${OPERATOR}: twice`]],
  'a set of parameters to come': [
    [
      'is one that no session may have',
      (genesis) => (genesis.app_state['session']!['params_history'] = [{ effective_height: '1', params: {} }]),
      'app_state.session.params: number of suppliers per session (0)',
    ],
    [
      'is missing',
      (genesis) => (genesis.app_state['session']!['params_history'] = [{ effective_height: '1' }]),
      'app_state.session.params is missing',
    ],
    [
      'holds from no height on',
      (genesis) => {
        const params = structuredClone(genesis.app_state['shared']!['params']!);
        genesis.app_state['shared']!['params_history'] = [{ effective_height: '-1', params }];
      },
      '-1 is no height',
    ],
  ],
};

describe.each(Object.entries(MODULES))('a genesis is refused where %s', (_who, rows) => {
  test.each(rows)('%s', (_what, change, text) => {
    const problem = genesisProblem((genesis) => void change(genesis));
    expect(problem).toContain('GENESIS_INVALID: ');
    expect(problem).toContain(text);
  });
});

test('a supplier without history serves its services from the first height on', () => {
  const { state } = startChain();
  expect([...state.suppliers.configsOf(OPERATOR)]).toMatchObject([
    { operatorAddress: OPERATOR, service: { serviceId: 'a' }, activationHeight: 1n, deactivationHeight: 0n },
  ]);
});

test('stakes move no coins: whoever is staked has what the document says, and the module holds the stakes', () => {
  const { state } = startChain((genesis) =>
    list(genesis, 'bank', 'balances').push({ address: addressNamed('rich'), coins: [upokt('7')] }),
  );
  expect(state.bank.balance(APP, 'upokt')).toBe(0n);
  expect(state.bank.balance(addressNamed('rich'), 'upokt')).toBe(7n);
});
