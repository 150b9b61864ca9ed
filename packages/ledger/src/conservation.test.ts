/**
 * Money over whole chains: whatever messages come in whatever order, coins are only made and unmade where events say so,
 * and the modules hold what the stakes of their actors promise.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UPOKT } from './coins.ts';
import { moduleNamed } from './module-account.ts';
import type { State } from './state.ts';
import { balancesOf, Batch, conservedBlock, found, heldAndStaked, move, rules } from './test-moves.ts';

const STAKING_FEE_UPOKT = 1n;

/** `staked`: how often a supplier has paid the staking fee; `hasDiscarded`: whether a claim was discarded so far. */
function checkStakes(state: State, past: { staked: bigint; hasDiscarded: boolean; hasValidator: boolean }): void {
  const gateway = heldAndStaked(state, 'gateway');
  expect(gateway.heldUpokt).toBe(gateway.stakedUpokt);
  const supplier = heldAndStaked(state, 'supplier');
  expect(supplier.heldUpokt).toBe(supplier.stakedUpokt + past.staked * STAKING_FEE_UPOKT);
  // As in Shannon, a claim that is discarded after its settlement left the stake leaves the coins in the module.
  const application = heldAndStaked(state, 'application');
  if (past.hasDiscarded) expect(application.heldUpokt >= application.stakedUpokt).toBe(true);
  else expect(application.heldUpokt).toBe(application.stakedUpokt);
  if (past.hasValidator) expect(state.bank.balance(moduleNamed('tokenomics').address, UPOKT)).toBe(0n);
}

test('over any sequence of messages and blocks, supply is the sum of balances, and moves by mint and burn alone', () => {
  const seen = new Set<string>();
  const span = fc.array(fc.array(move, { maxLength: 4 }), { minLength: 45, maxLength: 60 });
  fc.assert(
    fc.property(rules, span, (drawn, blocks) => {
      const { chain, opening } = found(drawn);
      let supply = balancesOf(chain);
      const past = { staked: 0n, hasDiscarded: false, hasValidator: drawn.hasValidator };
      for (const moves of [opening, ...blocks]) {
        const batch = new Batch(chain);
        for (const each of moves) batch.move(each);
        const block = conservedBlock(chain, supply, batch.transactions);
        supply = block.supply;
        for (const { type } of block.events) {
          seen.add(type);
          if (type === 'pocket.supplier.EventSupplierStaked') past.staked += 1n;
          if (type === 'pocket.tokenomics.EventClaimDiscarded') past.hasDiscarded = true;
        }
        checkStakes(chain.state(), past);
      }
    }),
    // One seed: what must have been seen below would otherwise be a matter of luck.
    { numRuns: 15, seed: 11 },
  );
  for (const event of [
    'EventClaimSettled',
    'EventClaimExpired',
    'EventSupplierSlashed',
    'EventApplicationUnbondingEnd',
  ]) {
    expect(
      [...seen].some((type) => type.endsWith(`.${event}`)),
      event,
    ).toBe(true);
  }
});
