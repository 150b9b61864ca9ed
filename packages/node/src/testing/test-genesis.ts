/** A small chain for tests: short sessions, two rich accounts, no actors. */
import type { JsonValue } from '@bufbuild/protobuf';
import { utf8 } from '@decai/protocol/bytes';
import { sha256 } from '@decai/protocol/hash';
import { keyFromPrivateKey, type Key } from '@decai/protocol/keys';

export const CHAIN_ID = 'decai-test-1';

export function testKey(name: string): Key {
  return keyFromPrivateKey(sha256(utf8(`node test key ${name}`)));
}

export const alice: Key = testKey('alice');
export const bob: Key = testKey('bob');

/** Seed of the sequencer's key. */
export const proposerKey: Uint8Array = sha256(utf8('node test sequencer'));

const upokt = (amount: number): JsonValue => ({ denom: 'upokt', amount: `${amount}` });

export function testGenesis(change: Readonly<Record<string, JsonValue>> = {}): JsonValue {
  const shares = { dao: 0.1, proposer: 0.05, supplier: 0.7, source_owner: 0.15, application: 0 };
  return {
    chain_id: CHAIN_ID,
    genesis_time: '2030-01-01T00:00:00.5Z',
    initial_height: '1',
    profile: 'pocket',
    consensus: { params: { block: { max_bytes: '100000', max_gas: '-1' } } },
    app_state: {
      auth: {
        params: {
          max_memo_characters: '256',
          tx_sig_limit: '7',
          tx_size_cost_per_byte: '10',
          sig_verify_cost_ed25519: '590',
          sig_verify_cost_secp256k1: '1000',
        },
        accounts: [],
      },
      bank: {
        params: { send_enabled: [], default_send_enabled: true },
        balances: [alice, bob].map(({ address }) => ({ address, coins: [upokt(1_000_000_000)] })),
        supply: [],
        denom_metadata: [],
      },
      staking: { validators: [], delegations: [] },
      service: { params: { add_service_fee: upokt(1_000_000), target_num_relays: '100000' } },
      gateway: { params: { min_stake: upokt(1_000_000) } },
      application: { params: { max_delegated_gateways: '7', min_stake: upokt(1_000_000) } },
      supplier: { params: { min_stake: upokt(1_000_000), staking_fee: upokt(1) } },
      session: { params: { num_suppliers_per_session: '5' } },
      proof: {
        params: {
          proof_request_probability: 0.25,
          proof_requirement_threshold: upokt(0),
          proof_missing_penalty: upokt(1_000_000),
          proof_submission_fee: upokt(0),
        },
      },
      tokenomics: {
        params: {
          dao_reward_address: alice.address,
          mint_allocation_percentages: shares,
          mint_equals_burn_claim_distribution: shares,
          global_inflation_per_claim: 0,
          mint_ratio: 1,
          overservicing_bonus_multiplier: '1',
        },
      },
      shared: {
        params: {
          num_blocks_per_session: '4',
          grace_period_end_offset_blocks: '1',
          claim_window_open_offset_blocks: '1',
          claim_window_close_offset_blocks: '2',
          proof_window_open_offset_blocks: '1',
          proof_window_close_offset_blocks: '2',
          supplier_unbonding_period_sessions: '2',
          application_unbonding_period_sessions: '2',
          gateway_unbonding_period_sessions: '2',
          compute_units_to_tokens_multiplier: '42000000',
          compute_unit_cost_granularity: '1000000',
        },
      },
    },
    ...change,
  };
}
