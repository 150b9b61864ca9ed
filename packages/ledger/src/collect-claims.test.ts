import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { ClaimSchema } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { Params as SharedParams } from '@decai/protocol/gen/pocket/shared/params_pb';
import { candidateSessionEnds, collectClaims } from './collect-claims.ts';
import type { State } from './state.ts';
import { atHeight, emptyState } from './test-chain.ts';

/** Sessions of four blocks; claim windows of 1 and 2 blocks, and a proof window that closes after `proofClose`. */
function params(state: State, proofClose: number): SharedParams {
  return {
    ...state.params.shared.live(),
    numBlocksPerSession: 4n,
    claimWindowOpenOffsetBlocks: 1n,
    claimWindowCloseOffsetBlocks: 2n,
    proofWindowOpenOffsetBlocks: 0n,
    proofWindowCloseOffsetBlocks: BigInt(proofClose),
  };
}

function stateWith(height: number, live: number, history: Record<number, number> = {}): State {
  const state = emptyState(height);
  state.params.shared.setLive(params(state, live));
  for (const [effective, proofClose] of Object.entries(history)) {
    state.params.shared.history.put('', Number(effective), params(state, proofClose));
  }
  return state;
}

function claimEndingAt(state: State, sessionEndBlockHeight: number, sessionId = 's', operator = 'operator'): void {
  const sessionHeader = {
    sessionId,
    applicationAddress: 'app',
    serviceId: 'svc',
    sessionEndBlockHeight: BigInt(sessionEndBlockHeight),
  };
  state.claims.put(create(ClaimSchema, { supplierOperatorAddress: operator, sessionHeader }));
}

const namesOf = (state: State): string[] =>
  collectClaims(state).map((claim) => `${claim.sessionHeader!.sessionId}/${claim.supplierOperatorAddress}`);

describe('candidates', () => {
  test('with unchanging parameters, the one session whose proof window closes', () => {
    expect(candidateSessionEnds(stateWith(20, 4))).toEqual([12]);
    expect(candidateSessionEnds(stateWith(20, 4, { 1: 4 }))).toEqual([12]);
  });

  test('one for each parameter set that can still have a session waiting, the live one first', () => {
    expect(candidateSessionEnds(stateWith(10_000, 4, { 9_999: 6, 9_998: 8 }))).toEqual([9_992, 9_990, 9_988]);
  });

  test('a set whose last session has long been settled contributes none, and does not end the search', () => {
    expect(candidateSessionEnds(stateWith(10_000, 2, { 9_000: 2, 5_000: 4, 1: 9_000 }))).toEqual([9_994, 996]);
  });

  test('nothing before the first session can have been settled', () => {
    expect(candidateSessionEnds(stateWith(7, 4))).toEqual([]);
    expect(candidateSessionEnds(stateWith(8, 4))).toEqual([0]);
  });

  test('a set that is not in force yet says nothing', () => {
    expect(candidateSessionEnds(stateWith(20, 4, { 1: 4, 21: 9 }))).toEqual([12]);
  });
});

describe('claims', () => {
  test('of the closing session only, by session id, then operator', () => {
    const state = stateWith(20, 4);
    for (const [end, id, operator] of [
      [12, 'b', 'x'],
      [12, 'a', 'y'],
      [12, 'a', 'x'],
      [8, 'old', 'x'],
      [16, 'new', 'x'],
    ] as const) {
      claimEndingAt(state, end, id, operator);
    }
    expect(namesOf(state)).toEqual(['a/x', 'a/y', 'b/x']);
    expect(namesOf(atHeight(state, 19))).toEqual([]);
    expect(namesOf(atHeight(state, 24))).toEqual(['new/x']);
  });

  test('of a session that longer windows still cover are left for their own block', () => {
    const history = { 1: 8, 9_995: 2 };
    const state = stateWith(10_000, 2, history);
    claimEndingAt(state, 9_994);
    expect(candidateSessionEnds(state)).toContain(9_994);
    expect(namesOf(state)).toEqual([]);
    expect(namesOf(atHeight(state, 10_005))).toEqual([]);
    expect(namesOf(atHeight(state, 10_006))).toEqual(['s/operator']);
  });

  test('of a session whose windows were longer than those of now are found in time', () => {
    const state = stateWith(720_301, 30, { 1: 60, 720_241: 30 });
    expect(candidateSessionEnds(state)).toContain(720_301 - 64);
    claimEndingAt(state, 720_237);
    expect(namesOf(state)).toEqual(['s/operator']);
  });
});
