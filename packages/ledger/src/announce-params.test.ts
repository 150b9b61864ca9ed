import { describe, expect, it } from 'vitest';
import { sessionAt } from '@decai/protocol/session-grid';
import { announceSessionParams, announceSharedParams } from './announce-params.ts';
import { promoteParams } from './promote-params.ts';
import { timingsAt } from './session-timings.ts';
import { atHeight, emptyState } from './test-chain.ts';

describe('a change of shared parameters', () => {
  it('lengthens sessions from the next one on: 10 to 20 blocks, asked for at height 25', () => {
    const state = emptyState(25);
    const live = state.params.shared.live();
    announceSharedParams(state, { ...live, numBlocksPerSession: 20n, sessionGridAnchorHeight: 7n });
    expect([...state.params.shared.history.entries('')]).toEqual([
      [1, live],
      [31, { ...live, numBlocksPerSession: 20n, sessionGridAnchorHeight: 31n, sessionNumberAtAnchor: 4n }],
    ]);
    expect(state.params.shared.live()).toEqual(live);
    const spanAt = (height: number) => sessionAt(timingsAt(state, height), height);
    expect(spanAt(30)).toEqual({ number: 3, startHeight: 21, endHeight: 30 });
    expect(spanAt(31)).toEqual({ number: 4, startHeight: 31, endHeight: 50 });
    expect(spanAt(51)).toEqual({ number: 5, startHeight: 51, endHeight: 70 });
  });

  it('waits in the live set for the next session if it is one of timings, and is then the live set', () => {
    const state = emptyState(25);
    const live = state.params.shared.live();
    announceSharedParams(state, { ...live, claimWindowCloseOffsetBlocks: 5n });
    for (const height of [25, 30]) {
      promoteParams(atHeight(state, height));
      expect(state.params.shared.live().claimWindowCloseOffsetBlocks).toBe(4n);
    }
    const next = atHeight(state, 31);
    expect(next.params.shared.at(31).claimWindowCloseOffsetBlocks).toBe(5n);
    promoteParams(next);
    expect(next.params.shared.live()).toEqual(next.params.shared.at(31));
  });

  it('shows in the live set at once if it is none of timings, and reaches sessions from the next one on', () => {
    const state = emptyState(25);
    announceSharedParams(state, { ...state.params.shared.live(), computeUnitsToTokensMultiplier: 5n });
    expect(state.params.shared.live().computeUnitsToTokensMultiplier).toBe(5n);
    expect(state.params.shared.live().sessionGridAnchorHeight).toBe(1n);
    expect(state.params.shared.at(30).computeUnitsToTokensMultiplier).toBe(42_000_000n);
    expect(state.params.shared.at(31).computeUnitsToTokensMultiplier).toBe(5n);
  });

  it('takes the place of another one of the same session', () => {
    const state = emptyState(25);
    const live = state.params.shared.live();
    announceSharedParams(state, { ...live, numBlocksPerSession: 20n });
    announceSharedParams(state, { ...live, computeUnitsToTokensMultiplier: 5n });
    expect([...state.params.shared.history.entries('')].map(([height]) => height)).toEqual([1, 31]);
    expect(state.params.shared.at(31)).toMatchObject({
      numBlocksPerSession: 10n,
      computeUnitsToTokensMultiplier: 5n,
      sessionGridAnchorHeight: 1n,
    });
  });

  it('counts on from the grid that is in force, one after the other', () => {
    const state = emptyState(25);
    announceSharedParams(state, { ...state.params.shared.live(), numBlocksPerSession: 20n });
    const first = atHeight(state, 31);
    promoteParams(first);
    const later = atHeight(state, 55);
    announceSharedParams(later, { ...later.params.shared.live(), numBlocksPerSession: 5n });
    expect(later.params.shared.at(71)).toMatchObject({ sessionGridAnchorHeight: 71n, sessionNumberAtAnchor: 6n });
    expect(sessionAt(timingsAt(later, 76), 76)).toEqual({ number: 7, startHeight: 76, endHeight: 80 });
  });
});

describe('a change of session parameters', () => {
  it('holds from the next session on, shows in the live set at once, and leaves every earlier height as it was', () => {
    const state = emptyState(25);
    const before = state.params.session.live();
    const wanted = { ...before, numSuppliersPerSession: 3n };
    announceSessionParams(state, wanted);
    expect([...state.params.session.history.entries('')]).toEqual([
      [1, before],
      [31, wanted],
    ]);
    expect(state.params.session.live()).toEqual(wanted);
    for (const height of [5, 24, 25, 30]) expect(state.params.session.at(height)).toEqual(before);
    expect(state.params.session.at(31)).toEqual(wanted);
  });
});
