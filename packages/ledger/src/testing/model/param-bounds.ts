/**
 * What parameters may be, in the model: every value by itself, and what must hold between values.
 *
 * Source: pokt-network/poktroll `x/<module>/types/params.go`; where finite numbers and exact sums are asked for, ours.
 */
import { isAddress } from '@decai/protocol/address';
import type { Coin } from '@decai/protocol/coin';
import { coinsProblem } from '@decai/protocol/coin';
import { isBlocked } from './money.ts';
import type { ParamsModule, ParamsOf } from './params-of-modules.ts';

type Bound = (value: never) => boolean;

const from =
  (least: bigint, most: bigint = 2n ** 64n - 1n) =>
  (value: bigint): boolean =>
    value >= least && value <= most;

const upoktFrom =
  (least: bigint) =>
  (coin: Coin | undefined): boolean => {
    if (coin === undefined || coin.denom !== 'upokt') return false;
    return coin.amount === '0' ? least === 0n : coinsProblem([coin]) === undefined && BigInt(coin.amount) >= least;
  };

const blocks = from(0n, 2n ** 32n);
const someBlocks = from(1n, 2n ** 32n);

type Shares = { dao: number; proposer: number; supplier: number; sourceOwner: number; application: number };

/** Members write shares with at most four decimals. */
function areShares(shares: Shares | undefined): boolean {
  if (shares === undefined) return false;
  const parts = [shares.dao, shares.proposer, shares.supplier, shares.sourceOwner, shares.application];
  return parts.every((part) => part >= 0) && parts.reduce((sum, part) => sum + Math.round(part * 10_000), 0) === 10_000;
}

/** By the name of the parameter. */
const BOUNDS: { readonly [M in ParamsModule]: Readonly<Record<string, Bound>> } = {
  application: { max_delegated_gateways: from(1n), min_stake: upoktFrom(1n) },
  gateway: { min_stake: upoktFrom(1n) },
  supplier: { min_stake: upoktFrom(1n), staking_fee: upoktFrom(0n) },
  session: { num_suppliers_per_session: someBlocks },
  service: { add_service_fee: upoktFrom(1n), target_num_relays: from(1n) },
  proof: {
    proof_request_probability: (value: number) => value >= 0 && value <= 1,
    proof_requirement_threshold: upoktFrom(0n),
    proof_missing_penalty: upoktFrom(0n),
    proof_submission_fee: upoktFrom(0n),
  },
  tokenomics: {
    mint_allocation_percentages: areShares,
    dao_reward_address: (address: string) => isAddress(address) && !isBlocked(address),
    global_inflation_per_claim: (value: number) => Number.isFinite(value) && value >= 0,
    mint_equals_burn_claim_distribution: areShares,
    mint_ratio: (value: number) => value > 0 && value <= 1,
    overservicing_bonus_multiplier: from(0n, 1000n),
  },
  shared: {
    num_blocks_per_session: someBlocks,
    claim_window_open_offset_blocks: blocks,
    claim_window_close_offset_blocks: blocks,
    proof_window_open_offset_blocks: blocks,
    proof_window_close_offset_blocks: blocks,
    grace_period_end_offset_blocks: blocks,
    supplier_unbonding_period_sessions: someBlocks,
    application_unbonding_period_sessions: someBlocks,
    gateway_unbonding_period_sessions: someBlocks,
    compute_units_to_tokens_multiplier: from(1n),
    compute_unit_cost_granularity: from(1n),
  },
};

/** Undefined for a parameter that nobody can set. */
export function isInBounds(module: ParamsModule, name: string, value: unknown): boolean | undefined {
  return BOUNDS[module][name]?.(value as never);
}

/** `proof_missing_penalty` as a field of the set: `proofMissingPenalty`. */
export function fieldOf(name: string): string {
  return name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

export function areParams<M extends ParamsModule>(module: M, params: ParamsOf<M>): boolean {
  const values = params as unknown as Record<string, unknown>;
  const inBounds = Object.keys(BOUNDS[module]).every((name) => isInBounds(module, name, values[fieldOf(name)]));
  return inBounds && (module !== 'shared' || areTogether(params as ParamsOf<'shared'>));
}

function areTogether(params: ParamsOf<'shared'>): boolean {
  const { numBlocksPerSession, gracePeriodEndOffsetBlocks: grace, claimWindowOpenOffsetBlocks } = params;
  const windows =
    claimWindowOpenOffsetBlocks +
    params.claimWindowCloseOffsetBlocks +
    params.proofWindowOpenOffsetBlocks +
    params.proofWindowCloseOffsetBlocks;
  const [supplier, application, gateway] = [
    params.supplierUnbondingPeriodSessions * numBlocksPerSession,
    params.applicationUnbondingPeriodSessions * numBlocksPerSession,
    params.gatewayUnbondingPeriodSessions * numBlocksPerSession,
  ] as const;
  return (
    params.sessionGridAnchorHeight <= 2n ** 32n &&
    params.sessionNumberAtAnchor <= 2n ** 32n &&
    grace < numBlocksPerSession &&
    claimWindowOpenOffsetBlocks >= grace &&
    windows >= 1n &&
    [supplier, application, gateway].every((period) => period <= 2n ** 48n) &&
    supplier >= windows &&
    application >= windows
  );
}
