/**
 * What parameters may be: every value in its range, and the rules between values.
 *
 * Doubles must be finite numbers, and shares must add up to exactly 1 as the decimals that they are written as: a sum that
 * is only nearly 1 would pay out more than was minted.
 *
 * Source: pokt-network/poktroll `x/<module>/types/params.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import type { Coin } from '@decai/protocol/coin';
import type { Params as ApplicationParams } from '@decai/protocol/gen/pocket/application/params_pb';
import type { Params as GatewayParams } from '@decai/protocol/gen/pocket/gateway/params_pb';
import type { Params as ProofParams } from '@decai/protocol/gen/pocket/proof/params_pb';
import type { Params as ServiceParams } from '@decai/protocol/gen/pocket/service/params_pb';
import type { Params as SessionParams } from '@decai/protocol/gen/pocket/session/params_pb';
import type { Params as SharedParams } from '@decai/protocol/gen/pocket/shared/params_pb';
import type { Params as SupplierParams } from '@decai/protocol/gen/pocket/supplier/params_pb';
import type {
  MintAllocationPercentages,
  MintEqualsBurnClaimDistribution,
  Params as TokenomicsParams,
} from '@decai/protocol/gen/pocket/tokenomics/params_pb';
import { readAmount, UPOKT } from './coins.ts';
import { decimalRational } from './decimal-rational.ts';
import { isBlocked } from './module-account.ts';
import { refuseParams, type ParamRules, type ValueCheck } from './param-rules.ts';
import { withStatus, type Refusal } from './refusal.ts';
import { APPLICATION, GATEWAY, PROOF, SERVICE, SESSION, SHARED, SUPPLIER, TOKENOMICS } from './registered-error.ts';
import { coinText } from './stake.ts';

/** No length or period in blocks or sessions exceeds this, so that heights stay exact numbers. */
const BLOCKS_MAX = 2n ** 32n;

/** Nor does a period of unbonding, counted in blocks, exceed this. */
const PERIOD_BLOCKS_MAX = 2n ** 48n;

/** Shared 1103. What the chain sets by itself, the anchor of the session grid, is not among the values. */
export const SHARED_RULES: ParamRules<SharedParams> = {
  error: SHARED.PARAM_INVALID,
  values: {
    numBlocksPerSession: blocks('NumBlocksPerSession', 1n),
    claimWindowOpenOffsetBlocks: blocks('ClaimWindowOpenOffsetBlocks'),
    claimWindowCloseOffsetBlocks: blocks('ClaimWindowCloseOffsetBlocks'),
    proofWindowOpenOffsetBlocks: blocks('ProofWindowOpenOffsetBlocks'),
    proofWindowCloseOffsetBlocks: blocks('ProofWindowCloseOffsetBlocks'),
    gracePeriodEndOffsetBlocks: blocks('GracePeriodEndOffsetBlocks'),
    supplierUnbondingPeriodSessions: blocks('SupplierUnbondingPeriodSessions', 1n),
    applicationUnbondingPeriodSessions: blocks('ApplicationUnbondingPeriodSessions', 1n),
    gatewayUnbondingPeriodSessions: blocks('GatewayUnbondingPeriodSessions', 1n),
    computeUnitsToTokensMultiplier: atLeastOne('ComputeUnitsToTokensMultiplier'),
    computeUnitCostGranularity: atLeastOne('ComputeUnitCostGranularity'),
  },
  between: betweenShared,
};

function* betweenShared(params: SharedParams): Generator<string | undefined> {
  const sessionBlocks = params.numBlocksPerSession;
  for (const name of ['sessionGridAnchorHeight', 'sessionNumberAtAnchor'] as const) {
    if (params[name] > BLOCKS_MAX) yield `invalid ${name}: (${params[name]})`;
  }
  if (params.gracePeriodEndOffsetBlocks >= sessionBlocks) {
    yield `GracePeriodEndOffsetBlocks (${params.gracePeriodEndOffsetBlocks}) must be less than NumBlocksPerSession (${sessionBlocks})`;
  }
  if (params.claimWindowOpenOffsetBlocks < params.gracePeriodEndOffsetBlocks) {
    yield `ClaimWindowOpenOffsetBlocks (${params.claimWindowOpenOffsetBlocks}) must be at least GracePeriodEndOffsetBlocks (${params.gracePeriodEndOffsetBlocks})`;
  }
  const windows =
    params.claimWindowOpenOffsetBlocks +
    params.claimWindowCloseOffsetBlocks +
    params.proofWindowOpenOffsetBlocks +
    params.proofWindowCloseOffsetBlocks;
  if (windows < 1n) yield 'claim and proof windows must have at least one block';
  for (const [actor, sessions] of [
    ['SupplierUnbondingPeriodSessions', params.supplierUnbondingPeriodSessions],
    ['ApplicationUnbondingPeriodSessions', params.applicationUnbondingPeriodSessions],
    ['GatewayUnbondingPeriodSessions', params.gatewayUnbondingPeriodSessions],
  ] as const) {
    const period = sessions * sessionBlocks;
    if (period > PERIOD_BLOCKS_MAX) {
      yield `${actor} (${sessions} session) (${period} blocks) must be at most ${PERIOD_BLOCKS_MAX} blocks`;
    }
    if (actor === 'GatewayUnbondingPeriodSessions' || period >= windows) continue;
    yield `${actor} (${sessions} session) (${period} blocks) must be greater than the cumulative claim and proof windows (${windows})`;
  }
}

/** Application 1115. */
export const APPLICATION_RULES: ParamRules<ApplicationParams> = {
  error: APPLICATION.PARAM_INVALID,
  values: {
    maxDelegatedGateways: positive('max_delegated_gateways'),
    minStake: upoktFrom(1n, 'min_stake', {
      denom: quotedDenom('min_stake'),
      amount: (text) => `invalid min_stake amount: ${text} <= 0`,
    }),
  },
};

/** Gateway 1105. */
export const GATEWAY_RULES: ParamRules<GatewayParams> = {
  error: GATEWAY.PARAM_INVALID,
  values: {
    minStake: upoktFrom(1n, 'min_stake', {
      denom: quotedDenom('min_stake'),
      amount: (text) => `invalid min stake amount must be greater than zero: ${text}`,
    }),
  },
};

/** Supplier 1107. */
export const SUPPLIER_RULES: ParamRules<SupplierParams> = {
  error: SUPPLIER.PARAM_INVALID,
  values: {
    minStake: upoktFrom(1n, 'min_stake', {
      denom: quotedDenom('min_stake'),
      amount: (text) => `min_stake amount must be greater than 0: got ${text}`,
    }),
    stakingFee: upoktFrom(0n, 'staking_fee', {
      denom: quotedDenom('staking_fee'),
      amount: (text) => `staking_fee amount must be positive: got ${text}`,
    }),
  },
};

/** Session 1110. */
export const SESSION_RULES: ParamRules<SessionParams> = {
  error: SESSION.PARAM_INVALID,
  values: {
    numSuppliersPerSession: (count) =>
      count >= 1n && count <= BLOCKS_MAX
        ? undefined
        : `number of suppliers per session (${count}) MUST be greater than or equal to 1`,
  },
};

/** Service 1115. */
export const SERVICE_RULES: ParamRules<ServiceParams> = {
  error: SERVICE.PARAM_INVALID,
  values: {
    addServiceFee: upoktFrom(1n, 'add_service_fee', {
      amount: (text) => `add_service_fee param is below minimum value 1${UPOKT}: got ${text}`,
    }),
    targetNumRelays: positive('target_num_relays'),
  },
};

/** Proof 1120. */
export const PROOF_RULES: ParamRules<ProofParams> = {
  error: PROOF.PARAM_INVALID,
  values: {
    proofRequestProbability: (probability) =>
      probability >= 0 && probability <= 1 ? undefined : `invalid ProofRequestProbability: (${probability})`,
    proofRequirementThreshold: upoktFrom(0n, 'proof_requirement_threshold'),
    proofMissingPenalty: upoktFrom(0n, 'proof_missing_penalty'),
    proofSubmissionFee: upoktFrom(0n, 'proof_submission_fee'),
  },
};

/** Above this, a multiplier changes nothing but looks as if it did. */
const OVERSERVICING_MULTIPLIER_MAX = 1000n;

/** Tokenomics 1112. */
export const TOKENOMICS_RULES: ParamRules<TokenomicsParams> = {
  error: TOKENOMICS.PARAM_INVALID,
  values: {
    mintAllocationPercentages: (shares) => sharesProblem(shares, 'mint allocation'),
    daoRewardAddress: (address) => {
      const problem = addressProblem(address);
      if (problem !== undefined) return `invalid dao reward address "${address}": ${problem}`;
      return isBlocked(address) ? `dao reward address ${address} is not allowed to receive funds` : undefined;
    },
    globalInflationPerClaim: (inflation) =>
      Number.isFinite(inflation) && inflation >= 0
        ? undefined
        : `GlobalInflationPerClaim must be greater than or equal to 0: ${inflation.toFixed(6)}`,
    mintEqualsBurnClaimDistribution: (shares) => sharesProblem(shares, 'mint equals burn claim distribution'),
    mintRatio: (ratio) =>
      ratio > 0 && ratio <= 1 ? undefined : `mint_ratio must be in range (0, 1]: got ${ratio.toFixed(6)}`,
    overservicingBonusMultiplier: (multiplier) =>
      multiplier <= OVERSERVICING_MULTIPLIER_MAX
        ? undefined
        : `overservicing_bonus_multiplier (${multiplier}) must be <= ${OVERSERVICING_MULTIPLIER_MAX}`,
  },
};

export const checkSharedParams: ParamsCheck<SharedParams> = checkBy(SHARED_RULES);
export const checkApplicationParams: ParamsCheck<ApplicationParams> = checkBy(APPLICATION_RULES);
export const checkGatewayParams: ParamsCheck<GatewayParams> = checkBy(GATEWAY_RULES);
export const checkSupplierParams: ParamsCheck<SupplierParams> = checkBy(SUPPLIER_RULES);
export const checkSessionParams: ParamsCheck<SessionParams> = checkBy(SESSION_RULES);
export const checkServiceParams: ParamsCheck<ServiceParams> = checkBy(SERVICE_RULES);
export const checkProofParams: ParamsCheck<ProofParams> = checkBy(PROOF_RULES);
export const checkTokenomicsParams: ParamsCheck<TokenomicsParams> = checkBy(TOKENOMICS_RULES);

/** Refuses a set of parameters (InvalidArgument) for the first thing that is wrong with it. */
export type ParamsCheck<P> = (params: P) => Refusal | undefined;

function checkBy<P>(rules: ParamRules<P>): ParamsCheck<P> {
  return (params) => {
    const refusal = refuseParams(rules, params);
    return refusal === undefined ? undefined : withStatus(refusal, 'InvalidArgument');
  };
}

type Shares = MintAllocationPercentages | MintEqualsBurnClaimDistribution;

function sharesProblem(shares: Shares | undefined, name: string): string | undefined {
  if (shares === undefined) return `${name} percentages are missing`;
  const { dao, proposer, supplier, sourceOwner, application } = shares;
  let [numerator, denominator] = [0n, 1n];
  for (const share of [dao, proposer, supplier, sourceOwner, application]) {
    if (!Number.isFinite(share) || share < 0) return `${name} percentage must be at least 0: got ${share}`;
    const exact = decimalRational(share);
    numerator = numerator * exact.denominator + exact.numerator * denominator;
    denominator *= exact.denominator;
  }
  if (numerator === denominator) return undefined;
  const sum = dao + proposer + supplier + sourceOwner + application;
  return `${name} percentages do not add to 1.0: got ${sum.toFixed(6)}`;
}

function blocks(name: string, least = 0n): ValueCheck<bigint> {
  return (value) => (value >= least && value <= BLOCKS_MAX ? undefined : `invalid ${name}: (${value})`);
}

function atLeastOne(name: string): ValueCheck<bigint> {
  return (value) => (value >= 1n ? undefined : `invalid ${name}: (${value})`);
}

function positive(name: string): ValueCheck<bigint> {
  return (value) => (value >= 1n ? undefined : `${name} must be greater than 0: got ${value}`);
}

type CoinWords = {
  readonly denom?: (denom: string) => string;
  readonly amount?: (coin: string) => string;
};

/** A coin of at least `leastUpokt`; each module words its refusals in its own way. */
function upoktFrom(leastUpokt: bigint, name: string, words: CoinWords = {}): ValueCheck<Coin | undefined> {
  const {
    denom: wrongDenom = (denom) => `invalid ${name} denom: ${denom}`,
    amount: tooSmall = (text) => `invalid ${name} amount: ${text} < ${leastUpokt}`,
  } = words;
  return (coin) => {
    if (coin === undefined) return `missing ${name}`;
    if (coin.denom !== UPOKT) return wrongDenom(coin.denom);
    const amount = readAmount(coin);
    return amount === undefined || amount < leastUpokt ? tooSmall(coinText(coin)) : undefined;
  };
}

function quotedDenom(name: string): (denom: string) => string {
  return (denom) => `invalid ${name} denom "${denom}"; expected "${UPOKT}"`;
}
