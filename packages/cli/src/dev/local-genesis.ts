/**
 * The genesis of a local network: Shannon's rules with short sessions, so that a royalty arrives within a minute.
 *
 * Ten blocks a session; claims in the four blocks after the next one, proofs in the four after those; every claim is to be
 * proven, so that a trace shows every hop. Nobody has staked yet: that is done by transactions, as anywhere else.
 *
 * Source: pokt-network/poktroll `config.yml` (shape and local values), `x/<module>/types/params.go`.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { withPrefix } from '@decai/protocol/address';
import { toBase64 } from '@decai/protocol/bytes';
import { UPOKT } from '@decai/protocol/coin';
import { governanceGrants } from '@decai/ledger/governance-grants';
import { accountNamed, type KeptAccount } from './network-file.ts';

export const LOCAL_PROFILE = 'pocket';

/** What one validator has bonded; only its proportion to other validators' matters. */
const VALIDATOR_TOKENS = '1000000';

const coinOf = (amount: bigint | number): JsonValue => ({ denom: UPOKT, amount: String(amount) });

export type LocalGenesisOptions = {
  readonly chainId: string;
  /** RFC 3339. */
  readonly time: string;
  readonly accounts: readonly KeptAccount[];
  /** Of the key that signs blocks, 32 bytes. */
  readonly proposerPublicKey: Uint8Array;
};

/** The genesis document. */
export function localGenesis({ chainId, time, accounts, proposerPublicKey }: LocalGenesisOptions): JsonValue {
  const treasury = accountNamed(accounts, 'treasury').key.address;
  const validator = accountNamed(accounts, 'validator');
  return {
    chain_id: chainId,
    genesis_time: time,
    initial_height: '1',
    profile: LOCAL_PROFILE,
    app_state: {
      auth: { params: AUTH_PARAMS, accounts: accounts.map(accountEntry) },
      bank: {
        params: { send_enabled: [], default_send_enabled: true },
        balances: accounts
          .filter(({ fundsUpokt }) => fundsUpokt > 0n)
          .map(({ key, fundsUpokt }) => ({ address: key.address, coins: [coinOf(fundsUpokt)] })),
        supply: [coinOf(accounts.reduce((sum, { fundsUpokt }) => sum + fundsUpokt, 0n))],
        denom_metadata: [POKT],
      },
      // Whoever keeps the treasury governs: `decai tx update-param … --from treasury`.
      authz: governanceGrants(treasury),
      staking: staking(validator, proposerPublicKey),
      service: { params: { add_service_fee: coinOf(1_000_000), target_num_relays: '100000' } },
      gateway: { params: { min_stake: coinOf(1_000_000) } },
      application: { params: { max_delegated_gateways: '7', min_stake: coinOf(100_000_000) } },
      supplier: { params: { min_stake: coinOf(1_000_000), staking_fee: coinOf(1) } },
      session: { params: { num_suppliers_per_session: '5' } },
      proof: { params: PROOF_PARAMS },
      tokenomics: { params: tokenomicsParams(treasury) },
      shared: { params: SHARED_PARAMS },
    },
  };
}

/** What wallets show: a million upokt are one POKT. */
const POKT: JsonValue = {
  description: 'The coin that pays for inference.',
  denom_units: [
    { denom: 'upokt', exponent: 0, aliases: [] },
    { denom: 'pokt', exponent: 6, aliases: [] },
  ],
  base: 'upokt',
  display: 'pokt',
  name: 'POKT',
  symbol: 'POKT',
  uri: '',
  uri_hash: '',
};

/** Numbers in the order of the list. */
function accountEntry({ key }: KeptAccount, index: number): JsonValue {
  return {
    '@type': '/cosmos.auth.v1beta1.BaseAccount',
    address: key.address,
    pub_key: null,
    account_number: String(index),
    sequence: '0',
  };
}

const AUTH_PARAMS: JsonValue = {
  max_memo_characters: '256',
  tx_sig_limit: '7',
  tx_size_cost_per_byte: '10',
  sig_verify_cost_ed25519: '590',
  sig_verify_cost_secp256k1: '1000',
};

const SHARED_PARAMS: JsonValue = {
  num_blocks_per_session: '10',
  grace_period_end_offset_blocks: '1',
  claim_window_open_offset_blocks: '1',
  claim_window_close_offset_blocks: '3',
  proof_window_open_offset_blocks: '1',
  proof_window_close_offset_blocks: '3',
  supplier_unbonding_period_sessions: '1',
  application_unbonding_period_sessions: '1',
  gateway_unbonding_period_sessions: '1',
  compute_units_to_tokens_multiplier: '42000000',
  compute_unit_cost_granularity: '1000000',
};

const PROOF_PARAMS: JsonValue = {
  proof_request_probability: 0.25,
  proof_requirement_threshold: coinOf(0),
  proof_missing_penalty: coinOf(1_000_000),
  proof_submission_fee: coinOf(0),
};

/** The mint ratio times the supplier's share stays below one, so that nobody gains by paying himself. */
function tokenomicsParams(treasury: string): JsonValue {
  const shares = { dao: 0.03, proposer: 0.04, supplier: 0.85, source_owner: 0.08, application: 0 };
  return {
    dao_reward_address: treasury,
    mint_allocation_percentages: shares,
    mint_equals_burn_claim_distribution: shares,
    global_inflation_per_claim: 0,
    mint_ratio: 0.975,
    overservicing_bonus_multiplier: '1',
  };
}

/** One validator, bonded by itself. */
function staking({ key }: KeptAccount, proposerPublicKey: Uint8Array): JsonValue {
  const operator = withPrefix(key.address, 'pokt', 'poktvaloper');
  return {
    validators: [
      {
        operator_address: operator,
        consensus_pubkey: { '@type': '/cosmos.crypto.ed25519.PubKey', key: toBase64(proposerPublicKey) },
        jailed: false,
        status: 'BOND_STATUS_BONDED',
        tokens: VALIDATOR_TOKENS,
        delegator_shares: `${VALIDATOR_TOKENS}.000000000000000000`,
        description: { moniker: 'local' },
        commission: {
          commission_rates: {
            rate: '0.100000000000000000',
            max_rate: '1.000000000000000000',
            max_change_rate: '1.000000000000000000',
          },
          update_time: '1970-01-01T00:00:00Z',
        },
        min_self_delegation: '1',
      },
    ],
    delegations: [
      {
        delegator_address: key.address,
        validator_address: operator,
        shares: `${VALIDATOR_TOKENS}.000000000000000000`,
      },
    ],
  };
}
