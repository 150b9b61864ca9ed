import type { JsonValue } from '@bufbuild/protobuf';
import { withPrefix } from '@decai/protocol/address';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { describe, expect, it } from 'vitest';
import { UPOKT } from './coins.ts';
import { defaultAppState } from './default-app-state.ts';
import { parseGenesis } from './genesis.ts';
import { Ledger } from './ledger.ts';
import { moduleNamed } from './module-account.ts';
import { State } from './state.ts';
import { Store } from './store.ts';
import { addressNamed } from './test-chain.ts';

const [APP, GATEWAY, OWNER, OPERATOR] = ['app', 'gateway', 'owner', 'operator'].map(addressNamed) as [string, string, string, string];
const VALIDATOR = withPrefix(addressNamed('validator'), 'pokt', 'poktvaloper');

type Json = Record<string, JsonValue>;

const upokt = (amount: string): JsonValue => ({ denom: 'upokt', amount });
const balance = (address: string, amount: string): JsonValue => ({ address, coins: [upokt(amount)] });

/** A whole network: two services, one actor of each kind, a validator, and the coins that their stakes stand for. */
function document(): Json & { app_state: Record<string, Json> } {
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
    { address: APP, stake: upokt('5000000'), service_configs: [{ service_id: 'a' }], delegatee_gateway_addresses: [GATEWAY] },
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

function start(change: (genesis: ReturnType<typeof document>) => void = () => undefined) {
  const genesis = document();
  change(genesis);
  const disk = createMemoryStore();
  const ledger = new Ledger(disk);
  const { appHash, writes } = ledger.initChain(parseGenesis(genesis));
  disk.write(writes);
  const state = new State(new Store(disk), { chainId: 'pocket-test', height: 0, timeNs: 0n, hash: new Uint8Array(0) });
  return { ledger, state, appHash };
}

/** What is wrong with the document after a change. */
function problem(change: (genesis: ReturnType<typeof document>) => void): string {
  try {
    start(change);
  } catch (thrown) {
    return `${(thrown as { code: string }).code}: ${(thrown as Error).message}`;
  }
  return 'nothing';
}

const first = (state: Json, list: string): Json => (state[list] as Json[])[0]!;

describe('a genesis', () => {
  it('becomes the first state', () => {
    const { ledger, state, appHash } = start();
    expect(ledger.chain).toEqual({ chainId: 'pocket-test', profile: 'pocket', initialHeight: 1, maxBlockGas: -1n });
    expect(ledger.lastBlock).toEqual({ height: 0, timeNs: 1_767_323_045_000_000_006n, appHash });
    expect(state.accounts.get(APP)).toMatchObject({ accountNumber: 7n, sequence: 3n });
    expect(state.accounts.get(moduleNamed('fee_collector').address)?.accountNumber).toBe(8n);
    expect(state.accounts.get(addressNamed('faucet'))?.accountNumber).toBe(14n);
    expect(state.bank.supply(UPOKT)).toBe(1_007_001_000n);
    expect([...state.applications.delegatingTo(GATEWAY)].map(({ address }) => address)).toEqual([APP]);
    expect([...state.suppliers.candidates('a', 1)].map(({ activationHeight }) => activationHeight)).toEqual([1n]);
    expect([...state.validators.bonded()].map(({ tokens, delegatorShares }) => [tokens, delegatorShares])).toEqual([
      ['900', '900000000000000000000'],
    ]);
    expect([...state.validators.delegationsTo(VALIDATOR)].map(({ delegatorAddress }) => delegatorAddress)).toEqual([OWNER]);
    expect(state.params.shared.at(5).numBlocksPerSession).toBe(10n);
  });

  it('gives the same hash every time, and another one for another document', () => {
    expect(start().appHash).toEqual(start().appHash);
    const other = start((genesis) => (first(genesis.app_state['gateway']!, 'gateway_list')['stake'] = upokt('999')));
    expect(other.appHash).not.toEqual(start().appHash);
  });

  it('may begin at another height and limit the gas of blocks', () => {
    const { ledger } = start((genesis) => {
      genesis['initial_height'] = '100';
      genesis['consensus'] = { params: { block: { max_gas: '5000000' } } };
    });
    expect(ledger.lastBlock?.height).toBe(99);
    expect(ledger.chain?.maxBlockGas).toBe(5_000_000n);
  });

  it('is read once', () => {
    const { ledger } = start();
    expect(() => ledger.initChain(parseGenesis(document()))).toThrow(expect.objectContaining({ code: 'CHAIN_EXISTS' }));
  });

  it('of profile decai is refused in words that say what to do', () => {
    expect(problem((genesis) => (genesis['profile'] = 'decai'))).toMatch(/^PROFILE_UNSUPPORTED: .*use pocket/);
    expect(problem((genesis) => (genesis['profile'] = 'pocket'))).toBe('nothing');
    expect(problem((genesis) => (genesis['profile'] = 'other'))).toMatch(/^GENESIS_INVALID: profile/);
  });

  type Change = (genesis: ReturnType<typeof document>) => unknown;
  const list = (module: string, name: string) => (genesis: ReturnType<typeof document>) => genesis.app_state[module]![name] as Json[];
  const twice = (module: string, name: string): Change => (genesis) => list(module, name)(genesis).push(list(module, name)(genesis)[0]!);
  const set = (module: string, name: string, field: string, value: JsonValue): Change => (genesis) => (list(module, name)(genesis)[0]![field] = value);
  const param = (module: string, name: string, value: JsonValue): Change => (genesis) => ((genesis.app_state[module]!['params'] as Json)[name] = value);

  const refusals: [why: string, change: Change, text: string][] = [
    ['without chain id', (genesis) => delete genesis['chain_id'], 'chain_id'],
    ['without time', (genesis) => delete genesis['genesis_time'], 'genesis_time'],
    ['at height 0.5', (genesis) => (genesis['initial_height'] = 0.5), 'initial_height'],
    ['without state', (genesis) => delete (genesis as Json)['app_state'], 'app_state is an object'],
    ['with a module that is none', (genesis) => (genesis.app_state['aplication'] = {}), 'app_state.aplication: no such module'],
    ['without a module', (genesis) => delete genesis.app_state['proof'], 'app_state.proof is missing'],
    ['with a misspelt field', param('gateway', 'min_steak', '1'), 'app_state.gateway'],
    ['with transactions of validators', (genesis) => (genesis.app_state['genutil'] = { gen_txs: [{}] }), 'list validators under staking'],
    ['without parameters', (genesis) => delete genesis.app_state['proof']!['params'], 'app_state.proof.params is missing'],
    ['with parameters that cannot be', param('shared', 'num_blocks_per_session', '0'), 'app_state.shared.params: invalid NumBlocksPerSession: (0)'],
    ['with a history of parameters that cannot be', (genesis) => (genesis.app_state['shared']!['params_history'] = [{ effective_height: '1', params: {} }]), 'app_state.shared.params'],
    ['with an account twice', twice('auth', 'accounts'), 'twice'],
    ['with an account of another kind', set('auth', 'accounts', '@type', '/cosmos.crypto.secp256k1.PubKey'), 'app_state.auth'],
    ['with balances twice', twice('bank', 'balances'), 'twice'],
    ['with a balance of zero', (genesis) => list('bank', 'balances')(genesis).push(balance(OWNER, '0') as Json), 'amount is not positive'],
    ['with a supply that is not the sum', (genesis) => (genesis.app_state['bank']!['supply'] = [upokt('1')]), 'balances add up to 1007001000upokt'],
    ['with a service id twice', twice('service', 'service_list'), 'service a: id twice'],
    ['with a service name twice', set('service', 'service_list', 'name', 'B'), "service b: name 'B' twice"],
    ['with a malformed service', set('service', 'service_list', 'compute_units_per_relay', '0'), 'service a:'],
    ['with a difficulty that is not 32 bytes', (genesis) => (genesis.app_state['service']!['relayMiningDifficultyList'] = [{ service_id: 'a', target_hash: 'AA==' }]), 'target hash'],
    ['with a gateway twice', twice('gateway', 'gateway_list'), 'twice'],
    ['with a gateway without stake', set('gateway', 'gateway_list', 'stake', null), 'nil stake'],
    ['with an application twice', twice('application', 'application_list'), 'twice'],
    ['with an application of two services', set('application', 'application_list', 'service_configs', [{ service_id: 'a' }, { service_id: 'b' }]), 'exactly one service'],
    ['with a delegatee that is no address', set('application', 'application_list', 'delegatee_gateway_addresses', ['x']), 'a delegatee is no address'],
    ['with a history that runs backwards', set('application', 'application_list', 'service_config_history', [{ service: { service_id: 'a' }, activation_height: '5', deactivation_height: '5' }]), 'service history'],
    ['with a supplier twice', twice('supplier', 'supplierList'), 'twice'],
    ['with a supplier without service', set('supplier', 'supplierList', 'services', []), 'at least one service'],
    ['with a supplier without owner', set('supplier', 'supplierList', 'owner_address', ''), 'owner'],
    ['with stakes that nobody holds', set('application', 'application_list', 'stake', upokt('5000001')), 'holds 5000000upokt, its stakes add up to 5000001upokt'],
    ['with an actor whose account takes no coins', set('gateway', 'gateway_list', 'address', moduleNamed('mint').address), 'takes no coins'],
    ['with a claim without root', (genesis) => (genesis.app_state['proof']!['claim_list'] = [{ supplier_operator_address: OPERATOR, session_header: { session_id: 'aa' } }]), 'root hash is not 48 bytes'],
    ['with a validator that is no operator', (genesis) => ((genesis.app_state['staking']!['validators'] as Json[])[0]!['operator_address'] = OWNER), 'validators'],
    ['with a delegation to nobody', (genesis) => ((genesis.app_state['staking']!['delegations'] as Json[])[0]!['validator_address'] = 'x'), 'no validator x'],
  ];
  it.each(refusals)('%s is refused', (_why, change, text) => {
    const message = problem((genesis) => void change(genesis));
    expect(message).toContain('GENESIS_INVALID: ');
    expect(message).toContain(text);
  });
});
