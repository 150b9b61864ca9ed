/**
 * The validators' part of a block's rewards: to all bonded validators by stake, and to those who delegate to them.
 *
 * One pool for each kind of reward, gathered over all claims of the block, so that rounding is done once. A validator
 * keeps its commission; the rest goes to its delegations, its own among them. The block's proposer has no special part.
 *
 * Source: pokt-network/poktroll `x/tokenomics/token_logic_module` (validator distribution); cosmos/cosmos-sdk
 * `x/staking/types` (tokens of shares).
 */
import { withPrefix } from '@decai/protocol/address';
import { divideByLargestRemainder } from './largest-remainder.ts';
import type { ValidatorRecords } from './validator-records.ts';

/** One in the 18-decimal fixed-point numbers of the staking module. */
export const ONE_DEC: bigint = 10n ** 18n;

export type BondedValidator = {
  readonly operatorAddress: string;
  /** The same 20 bytes as an account. */
  readonly accountAddress: string;
  readonly tokens: bigint;
  /** Fixed point, 18 decimals. */
  readonly commissionRate: bigint;
  /** Fixed point, 18 decimals. */
  readonly delegatorShares: bigint;
  readonly delegations: readonly {
    readonly delegator: string;
    /** Fixed point, 18 decimals. */ readonly shares: bigint;
  }[];
};

/** How one validator's pool was divided. */
export type ValidatorReward = {
  readonly validator: BondedValidator;
  readonly poolUpokt: bigint;
  readonly commissionUpokt: bigint;
  readonly selfDelegationUpokt: bigint;
  readonly delegatorsUpokt: bigint;
  readonly delegatedTokens: bigint;
  /** Without the validator itself. */
  readonly delegators: number;
};

export type ValidatorPayout = {
  readonly recipient: string;
  readonly amountUpokt: bigint;
  /** Whether the recipient is the account of a bonded validator, of whichever. */
  readonly isValidator: boolean;
};

export type ValidatorRewards = {
  /** In ascending order of the validators' account addresses. */
  readonly rewards: readonly ValidatorReward[];
  /** One for each recipient, in ascending address order. They sum to the amount. */
  readonly payouts: readonly ValidatorPayout[];
};

/** The bonded validators of the ledger with their delegations. */
export function bondedValidators(records: ValidatorRecords): BondedValidator[] {
  return [...records.bonded()].map(({ operatorAddress, tokens, delegatorShares, commission }) => ({
    operatorAddress,
    accountAddress: withPrefix(operatorAddress, 'poktvaloper', 'pokt'),
    tokens: BigInt(tokens),
    commissionRate: BigInt(commission?.commissionRates?.rate || '0'),
    delegatorShares: BigInt(delegatorShares),
    delegations: [...records.delegationsTo(operatorAddress)].map(({ delegatorAddress, shares }) => ({
      delegator: delegatorAddress,
      shares: BigInt(shares),
    })),
  }));
}

const NOTHING: ValidatorRewards = { rewards: [], payouts: [] };

/** Divides `amountUpokt`. Nothing is divided when no validator has tokens: the amount then stays where it is. */
export function rewardValidators(amountUpokt: bigint, bonded: readonly BondedValidator[]): ValidatorRewards {
  const validators = withTokens(bonded);
  if (amountUpokt <= 0n || validators.length === 0) return NOTHING;

  const pools = divideByLargestRemainder(
    amountUpokt,
    validators.map(({ accountAddress, tokens }) => ({ address: accountAddress, weight: tokens })),
  );
  const rewards: ValidatorReward[] = [];
  const owed = new Map<string, bigint>();
  const owe = (recipient: string, part: bigint): void => {
    owed.set(recipient, (owed.get(recipient) ?? 0n) + part);
  };
  for (const [index, validator] of validators.entries()) {
    const poolUpokt = pools[index]!;
    if (poolUpokt === 0n) continue;
    const reward = dividePool(poolUpokt, validator, owe);
    rewards.push(reward);
  }

  const accounts = new Set(validators.map(({ accountAddress }) => accountAddress));
  const payouts = [...owed]
    .filter(([, part]) => part > 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([recipient, part]) => ({ recipient, amountUpokt: part, isValidator: accounts.has(recipient) }));
  return { rewards, payouts };
}

/** Validators with stake by account address; of one that is listed twice, the first. */
function withTokens(bonded: readonly BondedValidator[]): BondedValidator[] {
  const byAccount = new Map<string, BondedValidator>();
  for (const validator of bonded) {
    if (validator.tokens > 0n && !byAccount.has(validator.accountAddress))
      byAccount.set(validator.accountAddress, validator);
  }
  return [...byAccount.values()].sort((a, b) => (a.accountAddress < b.accountAddress ? -1 : 1));
}

function dividePool(
  poolUpokt: bigint,
  validator: BondedValidator,
  owe: (recipient: string, part: bigint) => void,
): ValidatorReward {
  const account = validator.accountAddress;
  const commissionUpokt = commission(poolUpokt, validator.commissionRate);
  owe(account, commissionUpokt);
  const rest = poolUpokt - commissionUpokt;
  // Delegations are not even counted where commission takes everything.
  const stakes = rest > 0n ? delegatedTokens(validator) : [];
  const reward = {
    validator,
    poolUpokt,
    commissionUpokt,
    selfDelegationUpokt: 0n,
    delegatorsUpokt: 0n,
    delegatedTokens: stakes.reduce((sum, { weight }) => sum + weight, 0n),
    delegators: stakes.filter(({ address }) => address !== account).length,
  };
  if (rest === 0n) return reward;
  if (stakes.length === 0) {
    owe(account, rest);
    return { ...reward, selfDelegationUpokt: rest };
  }
  for (const [index, part] of divideByLargestRemainder(rest, stakes).entries()) {
    const { address } = stakes[index]!;
    owe(address, part);
    if (address === account) reward.selfDelegationUpokt += part;
    else reward.delegatorsUpokt += part;
  }
  return reward;
}

function commission(poolUpokt: bigint, rate: bigint): bigint {
  if (rate >= ONE_DEC) return poolUpokt;
  return rate <= 0n ? 0n : (poolUpokt * rate) / ONE_DEC;
}

/** Whole tokens behind each delegation; what comes to less than one is left out. */
function delegatedTokens({
  delegations,
  tokens,
  delegatorShares,
}: BondedValidator): { address: string; weight: bigint }[] {
  if (delegatorShares <= 0n) return [];
  return delegations
    .map(({ delegator, shares }) => ({
      address: delegator,
      weight: roundedDown(shares * tokens * ONE_DEC, delegatorShares),
    }))
    .filter(({ weight }) => weight > 0n);
}

/**
 * The whole part of a fixed-point quotient.
 *
 * The quotient is rounded to its 18th decimal before it is cut: three shares of three times a third are one, not zero.
 * (Ties need no rule of their own: only a last decimal of nine can carry into the whole part, and nine is odd.)
 */
function roundedDown(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor) / ONE_DEC;
}
