/**
 * The longest sessions and periods that may be chosen: heights stay numbers, and whoever wants to leave begins to.
 */
import { expect, test } from 'vitest';
import { announceSharedParams } from './announce-params.ts';
import { checkSharedParams } from './params-check.ts';
import { balancesOf, Batch, conservedBlock, found } from './test-moves.ts';

test('the longest sessions and periods that may be chosen stop nobody from leaving', () => {
  const { chain, opening } = found(
    {
      mintRatio: 1,
      inflation: 0,
      shares: { dao: 0, proposer: 0, supplier: 1, sourceOwner: 0, application: 0 },
      probability: 0,
      hasValidator: true,
    },
    (state) => {
      const longest = 2n ** 32n;
      const wanted = {
        ...state.params.shared.live(),
        numBlocksPerSession: longest,
        gracePeriodEndOffsetBlocks: longest - 1n,
        claimWindowOpenOffsetBlocks: longest,
        claimWindowCloseOffsetBlocks: longest,
        proofWindowOpenOffsetBlocks: longest,
        proofWindowCloseOffsetBlocks: longest,
        supplierUnbondingPeriodSessions: 2n ** 16n,
        applicationUnbondingPeriodSessions: 2n ** 16n,
        gatewayUnbondingPeriodSessions: 2n ** 16n,
      };
      expect(checkSharedParams(wanted)).toBeUndefined();
      announceSharedParams(state, wanted);
    },
  );
  let supply = balancesOf(chain);
  const leaving = (['unstake application', 'unstake supplier', 'unstake gateway'] as const).map((kind, index) => ({
    ...opening[0]!,
    kind,
    who: 2 * index,
  }));
  for (let height = 1; height <= 20; height += 1) {
    const batch = new Batch(chain);
    for (const each of height === 1 ? opening : height === 12 ? leaving : []) batch.move(each);
    const block = conservedBlock(chain, supply, batch.transactions);
    expect(block.results.map(({ code }) => code)).toEqual(batch.transactions.map(() => 0));
    supply = block.supply;
  }
  expect(chain.state().params.shared.live().numBlocksPerSession).toBe(2n ** 32n);
});
