/**
 * What a claim amounts to: its value in uPOKT, and how much work and how many relays it stands for.
 *
 * Exact fractions throughout, one rounding down at the very end of each amount. The value is not computed from the
 * rounded estimate of work.
 * Source: pokt-network/poktroll `x/proof/types/claim.go`; units per relay and target are those of the session's start.
 */
import { difficultyMultiplier } from './difficulty.ts';
import { Fault } from './fault.ts';
import type { Root } from './root.ts';

/** The price of work, under the names of the shared parameters: multiplier / granularity uPOKT a compute unit. */
export type ComputeUnitPrice = {
  readonly computeUnitsToTokensMultiplier: bigint;
  readonly computeUnitCostGranularity: bigint;
};

export type ClaimAmounts = {
  /** The value in uPOKT: `floor(sum · difficulty multiplier · price)`. Not bounded by 64 bits: settlement caps it. */
  readonly claimedUpokt: bigint;
  /** The work of all relays, counted or not, in compute units: the low 64 bits, as in Shannon's events. */
  readonly estimatedComputeUnits: bigint;
  /** All relays, counted or not; 0 for a claim without leaves, or whose leaves weigh less than one unit on average. */
  readonly estimatedRelays: bigint;
};

/**
 * What the root of a claim stands for.
 *
 * @throws DIFFICULTY_TARGET for a target that is not 32 bytes or zero; COMPUTE_UNIT_PRICE for a granularity of zero.
 */
export function claimAmounts({ sum, count }: Root, target: Uint8Array, price: ComputeUnitPrice): ClaimAmounts {
  const { computeUnitsToTokensMultiplier: multiplier, computeUnitCostGranularity: granularity } = price;
  if (granularity <= 0n) {
    throw new Fault('COMPUTE_UNIT_PRICE', 'the granularity of the price is positive', { actual: granularity });
  }
  const { numerator, denominator } = difficultyMultiplier(target);
  const work = sum * numerator;
  const estimatedComputeUnits = BigInt.asUintN(64, work / denominator);
  const computeUnitsPerRelay = count === 0n ? 0n : sum / count;
  return {
    claimedUpokt: (work * multiplier) / (denominator * granularity),
    estimatedComputeUnits,
    estimatedRelays: computeUnitsPerRelay === 0n ? 0n : estimatedComputeUnits / computeUnitsPerRelay,
  };
}

/** The value of a claim in uPOKT alone. @throws as `claimAmounts` */
export function claimedUpokt(root: Root, target: Uint8Array, price: ComputeUnitPrice): bigint {
  return claimAmounts(root, target, price).claimedUpokt;
}
