/**
 * The split of minted coins among the five parties of a claim.
 *
 * Supplier, proposer, source owner and application get the floor of their share; the treasury gets what is left, all
 * rounding dust included, so that the parts always sum to what was minted.
 *
 * Source: pokt-network/poktroll `x/tokenomics/token_logic_module`.
 */
import { Fault } from '@decai/protocol/fault';
import { decimalRational, floorShare, type Rational } from './decimal-rational.ts';

/** Shares as parameters carry them: decimals that sum to one. The treasury's is implied by the others. */
export type SharePercentages = {
  readonly supplier: number;
  readonly proposer: number;
  readonly sourceOwner: number;
  readonly application: number;
};

export type RewardShares = Readonly<Record<keyof SharePercentages, Rational>>;

export type RewardParts = Readonly<Record<keyof SharePercentages | 'dao', bigint>>;

/** The exact shares that a parameter set means; worked out once for a block. */
export function rewardShares({ supplier, proposer, sourceOwner, application }: SharePercentages): RewardShares {
  return {
    supplier: decimalRational(supplier),
    proposer: decimalRational(proposer),
    sourceOwner: decimalRational(sourceOwner),
    application: decimalRational(application),
  };
}

/** @throws SHARES_ABOVE_ONE when the four shares together pass the amount. */
export function splitReward(amount: bigint, shares: RewardShares): RewardParts {
  const supplier = floorShare(amount, shares.supplier);
  const proposer = floorShare(amount, shares.proposer);
  const sourceOwner = floorShare(amount, shares.sourceOwner);
  const application = floorShare(amount, shares.application);
  const dao = amount - supplier - proposer - sourceOwner - application;
  if (dao < 0n) throw new Fault('SHARES_ABOVE_ONE', 'shares of a reward sum to more than the reward', { amount, dao });
  return { supplier, proposer, sourceOwner, application, dao };
}
