import { describe, expect, it } from 'vitest';
import { upoktCoin } from './stake.ts';
import { atHeight, emptyState } from './test-chain.ts';

const pinned = (height: number) => emptyState(height, undefined, 'decai');

describe('pinned parameters', () => {
  it('are those of genesis from the first height on, and before it', () => {
    const { proof } = pinned(25).params;
    const held = proof.at(1);
    for (const set of [proof.live(), proof.at(0), proof.at(1e9), proof.governing(3)]) expect(set).toEqual(held);
  });

  it('have no live set of their own: now is what holds at the height of the block', () => {
    const state = pinned(25);
    const penalty = (height: number) => atHeight(state, height).params.proof.live().proofMissingPenalty?.amount;
    state.params.proof.history.put('', 31, { ...state.params.proof.live(), proofMissingPenalty: upoktCoin(5n) });
    expect([25, 30, 31, 99].map(penalty)).toEqual(['320000000', '320000000', '5', '5']);
    expect(atHeight(state, 99).params.proof.governing(30).proofMissingPenalty?.amount).toBe('320000000');
  });

  it('are overwritten as they hold now while a network is founded', () => {
    const state = pinned(35);
    const { session } = state.params;
    session.history.put('', 31, { ...session.live(), numSuppliersPerSession: 3n });
    session.setLive({ ...session.live(), numSuppliersPerSession: 4n });
    expect([30, 31].map((height) => session.at(height).numSuppliersPerSession)).toEqual([15n, 4n]);
  });

  it('come from the history of a genesis where it has one', () => {
    const { session } = pinned(1).params;
    const [first, later] = [2n, 3n].map((numSuppliersPerSession) => ({ ...session.live(), numSuppliersPerSession }));
    session.found(later!, [
      [1, first!],
      [31, later!],
    ]);
    expect([30, 31].map((height) => session.at(height).numSuppliersPerSession)).toEqual([2n, 3n]);
  });
});
