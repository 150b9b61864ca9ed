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

/**
 * The value of a claim in uPOKT: `floor(sum · difficulty multiplier · price)`.
 *
 * Not bounded by 64 bits: a claim may ask for more than exists, and settlement caps it.
 *
 * @throws DIFFICULTY_TARGET for a target that is not 32 bytes or zero; COMPUTE_UNIT_PRICE for a granularity of zero.
 */
export function claimedUpokt(root: Root, target: Uint8Array, price: ComputeUnitPrice): bigint {
  if (price.computeUnitCostGranularity <= 0n) {
    throw new Fault('COMPUTE_UNIT_PRICE', 'the granularity of the price is positive', {
      actual: price.computeUnitCostGranularity,
    });
  }
  const { numerator, denominator } = difficultyMultiplier(target);
  return (
    (root.sum * numerator * price.computeUnitsToTokensMultiplier) / (denominator * price.computeUnitCostGranularity)
  );
}

/** The work of all relays, counted or not, in compute units: the low 64 bits, as in Shannon's events. */
export function estimatedComputeUnits(root: Root, target: Uint8Array): bigint {
  const { numerator, denominator } = difficultyMultiplier(target);
  return BigInt.asUintN(64, (root.sum * numerator) / denominator);
}

/** All relays, counted or not; 0 for a claim without leaves, or whose leaves weigh less than one unit on average. */
export function estimatedRelays(root: Root, target: Uint8Array): bigint {
  const computeUnitsPerRelay = root.count === 0n ? 0n : root.sum / root.count;
  return computeUnitsPerRelay === 0n ? 0n : estimatedComputeUnits(root, target) / computeUnitsPerRelay;
}
