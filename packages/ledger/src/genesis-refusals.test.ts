import type { JsonValue } from '@bufbuild/protobuf';
import { toBase64 } from '@decai/protocol/bytes';
import { expect, it } from 'vitest';
import { moduleNamed } from './module-account.ts';
import { keyNamed } from './test-chain.ts';
import {
  APP,
  balance,
  genesisProblem,
  OPERATOR,
  OWNER,
  upokt,
  type GenesisDocument,
  type Json,
} from './test-genesis.ts';

const ALICE = keyNamed('alice');

const HEADER: Json = {
  application_address: APP,
  service_id: 'a',
  session_id: 'aa',
  session_start_block_height: '11',
  session_end_block_height: '20',
};

type Change = (genesis: GenesisDocument) => unknown;
const list = (module: string, name: string) => (genesis: GenesisDocument) => genesis.app_state[module]![name] as Json[];
const twice =
  (module: string, name: string): Change =>
  (genesis) =>
    list(module, name)(genesis).push(list(module, name)(genesis)[0]!);
const set =
  (module: string, name: string, field: string, value: JsonValue): Change =>
  (genesis) =>
    (list(module, name)(genesis)[0]![field] = value);
const param =
  (module: string, name: string, value: JsonValue): Change =>
  (genesis) =>
    ((genesis.app_state[module]!['params'] as Json)[name] = value);

const put =
  (module: string, name: string, record: Json): Change =>
  (genesis) =>
    (genesis.app_state[module]![name] = [record]);
const secp256k1 = (key: Uint8Array): JsonValue => ({
  '@type': '/cosmos.crypto.secp256k1.PubKey',
  key: toBase64(key),
});

const refusals: [why: string, change: Change, text: string][] = [
  ['without chain id', (genesis) => delete genesis['chain_id'], 'chain_id'],
  ['without time', (genesis) => delete genesis['genesis_time'], 'genesis_time'],
  ['at no time', (genesis) => (genesis['genesis_time'] = 'noon'), 'genesis_time: not RFC 3339'],
  [
    'at a height that is no exact number',
    (genesis) => (genesis['initial_height'] = '9007199254740991'),
    'initial_height',
  ],
  [
    'with an account that cannot be counted on',
    set('auth', 'accounts', 'sequence', '18446744073709551615'),
    'leaves no room',
  ],
  [
    'with more coins than amounts can say',
    (genesis) =>
      ((genesis.app_state['bank']!['balances'] as Json[])[3] = balance(OWNER, String(2n ** 256n - 1n)) as Json),
    'too many upokt',
  ],
  ['at height 0.5', (genesis) => (genesis['initial_height'] = 0.5), 'initial_height'],
  ['without state', (genesis) => delete (genesis as Json)['app_state'], 'app_state is an object'],
  [
    'with a module that is none',
    (genesis) => (genesis.app_state['aplication'] = {}),
    'app_state.aplication: no such module',
  ],
  ['without a module', (genesis) => delete genesis.app_state['proof'], 'app_state.proof is missing'],
  ['with a misspelt field', param('gateway', 'min_steak', '1'), 'app_state.gateway'],
  [
    'with transactions of validators',
    (genesis) => (genesis.app_state['genutil'] = { gen_txs: [{}] }),
    'list validators under staking',
  ],
  [
    'without parameters',
    (genesis) => delete genesis.app_state['proof']!['params'],
    'app_state.proof.params is missing',
  ],
  [
    'with parameters that cannot be',
    param('shared', 'num_blocks_per_session', '0'),
    'app_state.shared.params: invalid NumBlocksPerSession: (0)',
  ],
  [
    'with a history of parameters that cannot be',
    (genesis) => (genesis.app_state['shared']!['params_history'] = [{ effective_height: '1', params: {} }]),
    'app_state.shared.params',
  ],
  ['with an account twice', twice('auth', 'accounts'), 'twice'],
  [
    'with an account of another kind',
    set('auth', 'accounts', '@type', '/cosmos.crypto.secp256k1.PubKey'),
    'app_state.auth',
  ],
  ['with balances twice', twice('bank', 'balances'), 'twice'],
  [
    'with a balance of zero',
    (genesis) => list('bank', 'balances')(genesis).push(balance(OWNER, '0') as Json),
    'amount is not positive',
  ],
  [
    'with a supply that is not the sum',
    (genesis) => (genesis.app_state['bank']!['supply'] = [upokt('1')]),
    'balances add up to 1007001000upokt',
  ],
  ['with a service id twice', twice('service', 'service_list'), 'service a: id twice'],
  ['with a service name twice', set('service', 'service_list', 'name', 'B'), "service b: name 'B' twice"],
  ['with a malformed service', set('service', 'service_list', 'compute_units_per_relay', '0'), 'service a:'],
  [
    'with a difficulty that is not 32 bytes',
    (genesis) =>
      (genesis.app_state['service']!['relayMiningDifficultyList'] = [{ service_id: 'a', target_hash: 'AA==' }]),
    'target hash',
  ],
  ['with a gateway twice', twice('gateway', 'gateway_list'), 'twice'],
  ['with a gateway without stake', set('gateway', 'gateway_list', 'stake', null), 'nil stake'],
  ['with an application twice', twice('application', 'application_list'), 'twice'],
  [
    'with an application of two services',
    set('application', 'application_list', 'service_configs', [{ service_id: 'a' }, { service_id: 'b' }]),
    'exactly one service',
  ],
  [
    'with a delegatee that is no address',
    set('application', 'application_list', 'delegatee_gateway_addresses', ['x']),
    'a delegatee is no address',
  ],
  [
    'with a history that runs backwards',
    set('application', 'application_list', 'service_config_history', [
      { service: { service_id: 'a' }, activation_height: '5', deactivation_height: '5' },
    ]),
    'service history',
  ],
  ['with a supplier twice', twice('supplier', 'supplierList'), 'twice'],
  ['with a supplier without service', set('supplier', 'supplierList', 'services', []), 'at least one service'],
  ['with a supplier without owner', set('supplier', 'supplierList', 'owner_address', ''), 'owner'],
  [
    'with stakes that nobody holds',
    set('application', 'application_list', 'stake', upokt('5000001')),
    'holds 5000000upokt, its stakes add up to 5000001upokt',
  ],
  [
    'with an actor whose account takes no coins',
    set('gateway', 'gateway_list', 'address', moduleNamed('mint').address),
    'takes no coins',
  ],
  [
    'with a claim without root',
    put('proof', 'claim_list', { supplier_operator_address: OPERATOR, session_header: HEADER }),
    'root hash is not 48 bytes',
  ],
  [
    'with a claim without session',
    put('proof', 'claim_list', { supplier_operator_address: OPERATOR }),
    'session header is missing',
  ],
  ['with a claim of nobody', put('proof', 'claim_list', { session_header: HEADER }), 'address is empty'],
  [
    'with a proof of a session that cannot be',
    put('proof', 'proof_list', {
      supplier_operator_address: OPERATOR,
      session_header: { ...HEADER, session_end_block_height: '10' },
    }),
    'session end block height',
  ],
  [
    'with a proof beyond all heights',
    put('proof', 'proof_list', {
      supplier_operator_address: OPERATOR,
      session_header: { ...HEADER, session_end_block_height: '9007199254740993' },
    }),
    'is no height',
  ],
  [
    'with a key of somebody else',
    set('auth', 'accounts', 'pub_key', secp256k1(ALICE.publicKey)),
    `belongs to ${ALICE.address}`,
  ],
  [
    'with a key that is none',
    set('auth', 'accounts', 'pub_key', secp256k1(new Uint8Array(33))),
    'no point of secp256k1',
  ],
  [
    'with a key that no account has',
    set('auth', 'accounts', 'pub_key', { '@type': '/cosmos.bank.v1beta1.MsgSendResponse' }),
    'no kind of key that accounts have',
  ],
  [
    'with a threshold key of somebody else',
    set('auth', 'accounts', 'pub_key', {
      '@type': '/cosmos.crypto.multisig.LegacyAminoPubKey',
      threshold: 1,
      public_keys: [secp256k1(ALICE.publicKey)],
    }),
    'belongs to pokt1',
  ],
  [
    'with a difficulty that nothing meets',
    put('service', 'relayMiningDifficultyList', { service_id: 'a', target_hash: toBase64(new Uint8Array(32)) }),
    'target hash is zero',
  ],
  [
    'with a difficulty of no service',
    put('service', 'relayMiningDifficultyList', {
      service_id: 'c',
      target_hash: toBase64(new Uint8Array(32).fill(1)),
    }),
    'no such service',
  ],
  [
    'with a price of no service',
    put('service', 'compute_units_per_relay_history', { service_id: 'c', compute_units_per_relay: '1' }),
    'no such service',
  ],
  [
    'with a price of zero in the past',
    put('service', 'compute_units_per_relay_history', { service_id: 'a' }),
    'must be greater than 0',
  ],
  [
    'with a price from before all heights',
    put('service', 'compute_units_per_relay_history', {
      service_id: 'a',
      compute_units_per_relay: '1',
      effective_height: '-1',
    }),
    '-1 is no height',
  ],
  [
    'with a card of a gateway that is empty',
    set('gateway', 'gateway_list', 'metadata', { card: '' }),
    'must not be empty',
  ],
  [
    'with a spend limit that is no amount',
    set('application', 'application_list', 'per_session_spend_limit', upokt('many')),
    'per_session_spend_limit',
  ],
  [
    'with a transfer to nobody',
    set('application', 'application_list', 'pending_transfer', { destination_address: 'x' }),
    'destination',
  ],
  [
    'with a transfer to a module',
    set('application', 'application_list', 'pending_transfer', { destination_address: moduleNamed('gov').address }),
    'a module cannot be an application',
  ],
  [
    'with a former delegatee that is no address',
    set('application', 'application_list', 'pending_undelegations', { '10': { gateway_addresses: ['x'] } }),
    'a former delegatee',
  ],
  [
    'with an unbonding beyond all heights',
    set('application', 'application_list', 'unstake_session_end_height', '18446744073709551615'),
    'is no height',
  ],
  [
    'with a supplier that a module owns',
    set('supplier', 'supplierList', 'owner_address', moduleNamed('gov').address),
    'owner: a module',
  ],
  [
    'with a supplier’s history that pays nobody',
    set('supplier', 'supplierList', 'service_config_history', [
      {
        service: {
          service_id: 'a',
          endpoints: [{ url: 'http://h', rpc_type: 'JSON_RPC' }],
          rev_share: [{ address: 'x', rev_share_percentage: '100' }],
        },
      },
    ]),
    'invalid rev share address',
  ],
  [
    'with a supplier’s history that runs backwards',
    set('supplier', 'supplierList', 'service_config_history', [
      { service: { service_id: 'a' }, activation_height: '5', deactivation_height: '4' },
    ]),
    'service history',
  ],
  ['with a validator that is no operator', set('staking', 'validators', 'operator_address', OWNER), 'validators'],
  ['with a validator twice', twice('staking', 'validators'), 'twice'],
  ['with tokens that are no number', set('staking', 'validators', 'tokens', '9e2'), "tokens are no number: '9e2'"],
  [
    'with shares below zero',
    set('staking', 'validators', 'delegator_shares', '-1.0'),
    'delegator shares are no number',
  ],
  [
    'with a commission above one',
    set('staking', 'validators', 'commission', { commission_rates: { rate: '1.1' } }),
    'commission rate',
  ],
  ['with a delegation to nobody', set('staking', 'delegations', 'validator_address', 'x'), 'no validator x'],
  ['with a delegation twice', twice('staking', 'delegations'), 'twice'],
  ['with a delegation of no shares', set('staking', 'delegations', 'shares', '-1.0'), 'shares'],
];
it.each(refusals)('a genesis %s is refused', (_why, change, text) => {
  const message = genesisProblem((genesis) => void change(genesis));
  expect(message).toContain('GENESIS_INVALID: ');
  expect(message).toContain(text);
});
