import { describe, expect, test } from 'vitest';
import { claimAmounts, claimedUpokt } from './claim-amount.ts';
import { baseTarget, targetFor } from './difficulty.ts';
import type { Root } from './root.ts';

const root = (sum: bigint, count = 1n): Root => ({ digest: new Uint8Array(32), sum, count });
const MAINNET = { computeUnitsToTokensMultiplier: 145990n, computeUnitCostGranularity: 1_000_000n };
const DEFAULT = { computeUnitsToTokensMultiplier: 42_000_000n, computeUnitCostGranularity: 1_000_000n };
const estimatedComputeUnits = (of: Root, target: Uint8Array): bigint =>
  claimAmounts(of, target, MAINNET).estimatedComputeUnits;
const estimatedRelays = (of: Root, target: Uint8Array): bigint => claimAmounts(of, target, MAINNET).estimatedRelays;
const HARD = targetFor(100_000n, 1_234_567n);

describe('the value of a claim', () => {
  test.each([
    [10_000n * 4_172n, baseTarget(), MAINNET, 6_090_702n],
    [50_000n * 4_172n, HARD, MAINNET, 375_969_034n],
    [6n, baseTarget(), MAINNET, 0n],
    [7n, baseTarget(), MAINNET, 1n],
    [100n, baseTarget(), DEFAULT, 4_200n],
  ])('of %i compute units', (sum, target, price, upokt) => {
    expect(claimedUpokt(root(sum), target, price)).toBe(upokt);
  });

  test('is rounded once, at the end', () => {
    // Each leaf stands for 2.5 of them at 1.5 uPOKT: three make 11.25, but 10.5 from their rounded work.
    const target = targetFor(2n, 5n);
    const price = { computeUnitsToTokensMultiplier: 3n, computeUnitCostGranularity: 2n };
    expect(claimedUpokt(root(3n), target, price)).toBe(11n);
    expect(estimatedComputeUnits(root(3n), target)).toBe(7n);
  });

  test('may pass 64 bits', () => {
    expect(claimedUpokt(root(2n ** 64n - 1n), baseTarget(), DEFAULT)).toBe((2n ** 64n - 1n) * 42n);
  });

  test('needs a target and a price', () => {
    expect(() => claimedUpokt(root(1n), new Uint8Array(32), MAINNET)).toThrow(
      expect.objectContaining({ code: 'DIFFICULTY_TARGET' }),
    );
    expect(() => claimedUpokt(root(1n), baseTarget(), { ...MAINNET, computeUnitCostGranularity: 0n })).toThrow(
      expect.objectContaining({ code: 'COMPUTE_UNIT_PRICE' }),
    );
  });
});

describe('the estimates', () => {
  test('scale with the difficulty', () => {
    const claim = root(50_000n * 4_172n, 50_000n);
    expect(estimatedComputeUnits(claim, HARD)).toBe(2_575_306_762n);
    expect(estimatedRelays(claim, HARD)).toBe(617_283n);
    expect(estimatedRelays(claim, baseTarget())).toBe(50_000n);
  });

  test('keep the low 64 bits', () => {
    const half = targetFor(1n, 2n);
    expect(estimatedComputeUnits(root(2n ** 63n), half)).toBe(
      BigInt.asUintN(64, (2n ** 63n * (2n ** 256n - 1n)) / (2n ** 255n - 1n)),
    );
  });

  test('are zero for a claim without leaves or without weight', () => {
    expect(estimatedRelays(root(5n, 0n), baseTarget())).toBe(0n);
    expect(estimatedRelays(root(5n, 6n), baseTarget())).toBe(0n);
  });
});
