/**
 * The state of every module as a genesis document has it, with the parameters that Shannon's code begins with and nobody in it.
 *
 * A genesis starts from here and changes what it wants otherwise.
 *
 * Source: pokt-network/poktroll `x/<module>/types/params.go`; cosmos/cosmos-sdk `x/auth/types/params.go`.
 */
import type { JsonValue } from '@bufbuild/protobuf';

/** A fresh copy on every call. */
export function defaultAppState(): Record<string, JsonValue> {
  const upokt = (amount: string): JsonValue => ({ denom: 'upokt', amount });
  const split = { dao: 0.1, proposer: 0.05, supplier: 0.7, source_owner: 0.15, application: 0 };
  return {
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
    bank: { params: { send_enabled: [], default_send_enabled: true }, balances: [], supply: [] },
    staking: {
      params: {
        unbonding_time: '1814400s',
        max_validators: 100,
        max_entries: 7,
        historical_entries: 10_000,
        bond_denom: 'upokt',
        min_commission_rate: '0.000000000000000000',
      },
    },
    service: { params: { add_service_fee: upokt('1'), target_num_relays: '100000' }, service_list: [] },
    gateway: { params: { min_stake: upokt('100') }, gateway_list: [] },
    application: { params: { max_delegated_gateways: '7', min_stake: upokt('1000000') }, application_list: [] },
    supplier: { params: { min_stake: upokt('1000000'), staking_fee: upokt('1') }, supplierList: [] },
    session: { params: { num_suppliers_per_session: '15' } },
    proof: {
      params: {
        proof_request_probability: 0.25,
        proof_requirement_threshold: upokt('20000000'),
        proof_missing_penalty: upokt('320000000'),
        proof_submission_fee: upokt('0'),
      },
    },
    tokenomics: {
      params: {
        dao_reward_address: 'pokt1eeeksh2tvkh7wzmfrljnhw4wrhs55lcuvmekkw',
        mint_allocation_percentages: split,
        global_inflation_per_claim: 0.1,
        mint_equals_burn_claim_distribution: split,
        mint_ratio: 1,
        overservicing_bonus_multiplier: '1',
      },
    },
    shared: {
      params: {
        num_blocks_per_session: '10',
        grace_period_end_offset_blocks: '1',
        claim_window_open_offset_blocks: '1',
        claim_window_close_offset_blocks: '4',
        proof_window_open_offset_blocks: '0',
        proof_window_close_offset_blocks: '4',
        supplier_unbonding_period_sessions: '1',
        application_unbonding_period_sessions: '1',
        compute_units_to_tokens_multiplier: '42000000',
        gateway_unbonding_period_sessions: '1',
        compute_unit_cost_granularity: '1000000',
        session_grid_anchor_height: '1',
        session_number_at_anchor: '1',
      },
    },
  };
}
