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
import { refuse, type Refusal } from './refusal.ts';
import {
  APPLICATION,
  GATEWAY,
  PROOF,
  SERVICE,
  SESSION,
  SHARED,
  SUPPLIER,
  TOKENOMICS,
  type RegisteredError,
} from './registered-error.ts';
import { coinText } from './stake.ts';

/** No length or period in blocks or sessions exceeds this, so that heights stay exact numbers. */
const BLOCKS_MAX = 2n ** 32n;

/** Refuses shared parameters (shared 1103): lengths first, in the order of their fields, then the rules between them. */
export function checkSharedParams(params: SharedParams): Refusal | undefined {
  return refuseFirst(SHARED.PARAM_INVALID, sharedProblems(params));
}

function* sharedProblems(params: SharedParams): Generator<string | undefined> {
  yield atLeastOne(params.numBlocksPerSession, 'NumBlocksPerSession');
  yield atLeastOne(params.supplierUnbondingPeriodSessions, 'SupplierUnbondingPeriodSessions');
  yield atLeastOne(params.applicationUnbondingPeriodSessions, 'ApplicationUnbondingPeriodSessions');
  yield atLeastOne(params.gatewayUnbondingPeriodSessions, 'GatewayUnbondingPeriodSessions');
  yield atLeastOne(params.computeUnitsToTokensMultiplier, 'ComputeUnitsToTokensMultiplier');
  yield atLeastOne(params.computeUnitCostGranularity, 'ComputeUnitCostGranularity');
  for (const [name, value] of Object.entries(params)) {
    const isPrice = name === 'computeUnitsToTokensMultiplier' || name === 'computeUnitCostGranularity';
    if (typeof value === 'bigint' && !isPrice && value > BLOCKS_MAX) yield `invalid ${name}: (${value})`;
  }
  const blocks = params.numBlocksPerSession;
  if (params.gracePeriodEndOffsetBlocks >= blocks) {
    yield `GracePeriodEndOffsetBlocks (${params.gracePeriodEndOffsetBlocks}) must be less than NumBlocksPerSession (${blocks})`;
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
  ] as const) {
    if (sessions * blocks >= windows) continue;
    yield `${actor} (${sessions} session) (${sessions * blocks} blocks) must be greater than the cumulative claim and proof windows (${windows})`;
  }
}

/** Refuses application parameters (application 1115). */
export function checkApplicationParams(params: ApplicationParams): Refusal | undefined {
  return refuseFirst(APPLICATION.PARAM_INVALID, [
    params.maxDelegatedGateways >= 1n
      ? undefined
      : `max_delegated_gateways must be greater than 0: got ${params.maxDelegatedGateways}`,
    coinProblem(params.minStake, 'min_stake', 1n),
  ]);
}

/** Refuses gateway parameters (gateway 1105). */
export function checkGatewayParams(params: GatewayParams): Refusal | undefined {
  return refuseFirst(GATEWAY.PARAM_INVALID, [coinProblem(params.minStake, 'min_stake', 1n)]);
}

/** Refuses supplier parameters (supplier 1107). */
export function checkSupplierParams(params: SupplierParams): Refusal | undefined {
  return refuseFirst(SUPPLIER.PARAM_INVALID, [
    coinProblem(params.minStake, 'min_stake', 1n),
    coinProblem(params.stakingFee, 'staking_fee', 0n),
  ]);
}

/** Refuses session parameters (session 1110). */
export function checkSessionParams({ numSuppliersPerSession }: SessionParams): Refusal | undefined {
  const isInRange = numSuppliersPerSession >= 1n && numSuppliersPerSession <= BLOCKS_MAX;
  return refuseFirst(SESSION.PARAM_INVALID, [
    isInRange
      ? undefined
      : `number of suppliers per session (${numSuppliersPerSession}) MUST be greater than or equal to 1`,
  ]);
}

/** Refuses service parameters (service 1115). */
export function checkServiceParams(params: ServiceParams): Refusal | undefined {
  return refuseFirst(SERVICE.PARAM_INVALID, [
    coinProblem(params.addServiceFee, 'add_service_fee', 1n),
    params.targetNumRelays >= 1n
      ? undefined
      : `target_num_relays must be greater than 0: got ${params.targetNumRelays}`,
  ]);
}

/** Refuses proof parameters (proof 1120). */
export function checkProofParams(params: ProofParams): Refusal | undefined {
  const { proofRequestProbability } = params;
  const isProbability = proofRequestProbability >= 0 && proofRequestProbability <= 1;
  return refuseFirst(PROOF.PARAM_INVALID, [
    isProbability ? undefined : `invalid ProofRequestProbability: (${proofRequestProbability})`,
    coinProblem(params.proofRequirementThreshold, 'proof_requirement_threshold', 0n),
    coinProblem(params.proofMissingPenalty, 'proof_missing_penalty', 0n),
    coinProblem(params.proofSubmissionFee, 'proof_submission_fee', 0n),
  ]);
}

/** Above this, a multiplier changes nothing but looks as if it did. */
const OVERSERVICING_MULTIPLIER_MAX = 1000n;

/** Refuses tokenomics parameters (tokenomics 1112). */
export function checkTokenomicsParams(params: TokenomicsParams): Refusal | undefined {
  const { daoRewardAddress, mintRatio, globalInflationPerClaim, overservicingBonusMultiplier } = params;
  const address = addressProblem(daoRewardAddress);
  const isInflation = Number.isFinite(globalInflationPerClaim) && globalInflationPerClaim >= 0;
  return refuseFirst(TOKENOMICS.PARAM_INVALID, [
    sharesProblem(params.mintAllocationPercentages, 'mint allocation'),
    sharesProblem(params.mintEqualsBurnClaimDistribution, 'mint equals burn claim distribution'),
    address === undefined ? undefined : `invalid dao reward address "${daoRewardAddress}": ${address}`,
    isBlocked(daoRewardAddress) ? `dao reward address ${daoRewardAddress} is not allowed to receive funds` : undefined,
    isInflation
      ? undefined
      : `GlobalInflationPerClaim must be greater than or equal to 0: ${globalInflationPerClaim.toFixed(6)}`,
    mintRatio > 0 && mintRatio <= 1 ? undefined : `mint_ratio must be in range (0, 1]: got ${mintRatio.toFixed(6)}`,
    overservicingBonusMultiplier <= OVERSERVICING_MULTIPLIER_MAX
      ? undefined
      : `overservicing_bonus_multiplier (${overservicingBonusMultiplier}) must be <= ${OVERSERVICING_MULTIPLIER_MAX}`,
  ]);
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

function atLeastOne(value: bigint, name: string): string | undefined {
  return value >= 1n ? undefined : `invalid ${name}: (${value})`;
}

function coinProblem(coin: Coin | undefined, name: string, leastUpokt: bigint): string | undefined {
  if (coin === undefined) return `missing ${name}`;
  if (coin.denom !== UPOKT) return `invalid ${name} denom: ${coin.denom}`;
  const amount = readAmount(coin);
  if (amount === undefined || amount < leastUpokt) {
    return `${name} param is below minimum value ${leastUpokt}${UPOKT}: got ${coinText(coin)}`;
  }
  return undefined;
}

function refuseFirst(error: RegisteredError, problems: Iterable<string | undefined>): Refusal | undefined {
  for (const problem of problems) if (problem !== undefined) return refuse(error, problem, 'InvalidArgument');
  return undefined;
}
