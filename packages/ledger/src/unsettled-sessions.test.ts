import { create, type DescMessage } from '@bufbuild/protobuf';
import { encode } from '@decai/protocol/codec';
import { describe, expect, it } from 'vitest';
import type { Params as SharedParams } from '@decai/protocol/gen/pocket/shared/params_pb';
import { Query as ServiceQuery } from '@decai/protocol/gen/pocket/service/query_pb';
import { MsgAddServiceSchema } from '@decai/protocol/gen/pocket/service/tx_pb';
import { QueryParamsAtHeightRequestSchema } from '@decai/protocol/gen/pocket/shared/query_pb';
import { addService } from './add-service.ts';
import { announcePinnedParams, onGrid } from './announce-params.ts';
import { textKey } from './collection.ts';
import { collectClaims } from './collect-claims.ts';
import { releaseApplications } from './release-applications.ts';
import { completeTransfers } from './complete-transfers.ts';
import { pruneSupplierConfigs } from './prune-supplier-configs.ts';
import { SERVICE_QUERIES } from './service-queries.ts';
import { hydrateSession } from './session.ts';
import { SHARED_QUERIES } from './shared-queries.ts';
import type { State } from './state.ts';
import { APP, stakeAs, town, transfer, unstake } from './test-applications.ts';
import { addressNamed, atHeight, emptyState } from './test-chain.ts';
import * as suppliers from './test-suppliers.ts';
import { updateDifficulty } from './update-difficulty.ts';
import { isSettledThrough, oldestUnsettledStart } from './unsettled-sessions.ts';

/** Sessions of ten blocks that settle ten blocks after their end; a change is asked for at a height. */
function change(state: State, height: number, changed: Partial<SharedParams>): void {
  const at = atHeight(state, height);
  const { shared } = at.params;
  announcePinnedParams(at, shared, onGrid(at, { ...shared.at(height + 10), ...changed }));
}

const historyOf = (state: State): number[] => [...state.params.shared.history.entries('')].map(([height]) => height);

describe('the oldest session that is not settled', () => {
  it('is the one whose proof window closes with the block, and then the next', () => {
    const state = emptyState(1, undefined, 'decai');
    const oldest = (height: number, from: number) => oldestUnsettledStart(atHeight(state, height), from);
    expect([1, 10, 19, 20].map((height) => oldest(height, height))).toEqual([1, 1, 1, 1]);
    expect([21, 30, 31].map((height) => oldest(height, height))).toEqual([11, 11, 21]);
    expect(isSettledThrough(atHeight(state, 19), 10)).toBe(false);
    expect(isSettledThrough(atHeight(state, 20), 10)).toBe(true);
    expect(isSettledThrough(atHeight(state, 20), 11)).toBe(false);
  });

  it('may be one of long windows, when later ones with short windows are settled', () => {
    const state = emptyState(1, undefined, 'decai');
    change(state, 5, { proofWindowCloseOffsetBlocks: 24n, supplierUnbondingPeriodSessions: 9n });
    change(state, 15, { proofWindowCloseOffsetBlocks: 4n });
    // Ends at 20, settles at 50; the one that ends at 30 settles at 40.
    expect(oldestUnsettledStart(atHeight(state, 50), 50)).toBe(11);
    expect(oldestUnsettledStart(atHeight(state, 50), 51)).toBe(41);
  });
});

describe('what held in the past', () => {
  it('is kept while an unsettled session reads it, and then goes with the next change', () => {
    const state = emptyState(1, undefined, 'decai');
    change(state, 5, { computeUnitsToTokensMultiplier: 1n });
    change(state, 15, { computeUnitsToTokensMultiplier: 2n });
    change(state, 20, { computeUnitsToTokensMultiplier: 3n });
    expect(historyOf(state)).toEqual([1, 11, 21]);
    change(state, 21, { computeUnitsToTokensMultiplier: 4n });
    expect(historyOf(state)).toEqual([11, 21, 31]);
    const now = atHeight(state, 21);
    expect(now.params.shared.knows(11)).toBe(true);
    expect(now.params.shared.knows(10)).toBe(false);
    expect(() => now.params.shared.at(10)).toThrow(expect.objectContaining({ code: 'PARAMS_PRUNED' }));
    expect(collectClaims(now)).toEqual([]);
  });

  it('is kept for whoever unbonds since then', () => {
    const state = town('decai');
    unstake(state);
    change(state, 5, { computeUnitsToTokensMultiplier: 1n });
    change(state, 35, { computeUnitsToTokensMultiplier: 2n });
    change(state, 95, { computeUnitsToTokensMultiplier: 3n });
    expect(historyOf(state)).toEqual([1, 11, 41, 101]);
  });

  it('is not made up where it is gone: a session of then is refused, and so is the question', () => {
    const state = town('decai');
    for (const height of [5, 55, 95]) change(state, height, { computeUnitsToTokensMultiplier: BigInt(height) });
    const now = atHeight(state, 100);
    const session = hydrateSession(now, { applicationAddress: APP, serviceId: 'svc1', blockHeight: 5 });
    expect(session).toMatchObject({ ok: false, codespace: 'session', code: 1101 });
    const asked = (height: bigint) =>
      SHARED_QUERIES.find(({ path }) => path.endsWith('ParamsAtHeight'))!.answer(
        now,
        encode(QueryParamsAtHeightRequestSchema, create(QueryParamsAtHeightRequestSchema, { height })),
      );
    expect(asked(5n)).toMatchObject({
      ok: false,
      grpc: 'NotFound',
      message: expect.stringContaining('height 5 is no'),
    });
    expect(asked(100n)).toMatchObject({ ok: true });
  });

  it('goes for prices and difficulties of services too, whose past is then not told', () => {
    const state = suppliers.town('decai');
    const priced = (height: number, computeUnitsPerRelay: bigint): void => {
      const service = { id: 'svcId', name: 'svcId', computeUnitsPerRelay, ownerAddress: suppliers.OWNER };
      const { ownerAddress } = service;
      addService(atHeight(state, height), create(MsgAddServiceSchema, { ownerAddress, service }));
      updateDifficulty(atHeight(state, height), new Map([['svcId', 10n ** 6n * computeUnitsPerRelay]]));
    };
    for (const [height, units] of [
      [5, 2n],
      [15, 3n],
      [25, 4n],
      [55, 5n],
    ] as const)
      priced(height, units);
    const { unitsHistory, difficultyHistory } = state.services;
    const key = textKey('svcId');
    expect([unitsHistory, difficultyHistory].map((each) => [...each.entries(key)].map(([height]) => height))).toEqual([
      [31, 61],
      [31, 61],
    ]);
    const now = atHeight(state, 60);
    expect(now.services.unitsPerRelayAt('svcId', 41)).toBe(4n);
    const { computeUnitsPerRelayAtHeight, relayMiningDifficultyAtHeight } = ServiceQuery.method;
    for (const { name, input } of [computeUnitsPerRelayAtHeight, relayMiningDifficultyAtHeight]) {
      const asked = (blockHeight: bigint) =>
        SERVICE_QUERIES.find(({ path }) => path.endsWith(`/${name}`))!.answer(
          now,
          encode<DescMessage>(input, create<DescMessage>(input, { serviceId: 'svcId', blockHeight })),
        );
      expect(asked(30n), name).toMatchObject({ ok: false, grpc: 'NotFound' });
      expect(asked(31n), name).toMatchObject({ ok: true });
    }
  });
});

describe('whoever has served leaves', () => {
  const long = { proofWindowCloseOffsetBlocks: 44n, applicationUnbondingPeriodSessions: 9n };
  const short = { proofWindowCloseOffsetBlocks: 4n, applicationUnbondingPeriodSessions: 1n };

  /** Session 11 to 20 settles at 70, those from 21 on ten blocks after their ends. */
  function shortened(state: State): void {
    change(state, 5, { ...long, supplierUnbondingPeriodSessions: 9n });
    change(state, 15, { ...short, supplierUnbondingPeriodSessions: 1n });
  }

  it('as an application when the long windows of an earlier session are over', () => {
    const state = town('decai');
    shortened(state);
    unstake(atHeight(state, 25));
    for (const height of [40, 60]) releaseApplications(atHeight(state, height));
    expect(state.applications.get(APP)).toBeDefined();
    releaseApplications(atHeight(state, 70));
    expect(state.applications.get(APP)).toBeUndefined();
  });

  it('as an application to another address no earlier', () => {
    const state = town('decai');
    shortened(state);
    transfer(atHeight(state, 25), addressNamed('destination'));
    for (const height of [40, 60]) completeTransfers(atHeight(state, height));
    expect(state.applications.get(APP)).toBeDefined();
    completeTransfers(atHeight(state, 70));
    expect(state.applications.get(APP)).toBeUndefined();
  });

  it('as an application to another address when the windows of its last session are over, not those of today', () => {
    const state = town('decai');
    change(state, 5, long);
    transfer(atHeight(state, 15), addressNamed('destination'));
    change(state, 15, short);
    completeTransfers(atHeight(state, 60));
    expect(state.applications.get(APP)).toBeDefined();
    completeTransfers(atHeight(state, 70));
    expect(state.applications.get(APP)).toBeUndefined();
  });

  it('as a supplier with all its configurations, which stay as long', () => {
    const state = suppliers.town('decai');
    suppliers.stake(state);
    shortened(state);
    suppliers.stake(atHeight(state, 25), { services: [suppliers.config('svcId2')] });
    pruneSupplierConfigs(atHeight(state, 69));
    expect(suppliers.history(state)).toEqual([
      ['svcId', 11, 31],
      ['svcId2', 31, 0],
    ]);
    pruneSupplierConfigs(atHeight(state, 70));
    expect(suppliers.history(state)).toEqual([['svcId2', 31, 0]]);
  });
});

it('an application that moves away and falls below the minimum before is in no session that it could be taken from', () => {
  const activeAt = (profile: 'pocket' | 'decai', blockHeight: number): boolean => {
    const state = suppliers.town(profile);
    suppliers.stake(state);
    stakeAs(state, APP, 'svcId');
    transfer(atHeight(state, 15), addressNamed('destination'));
    state.applications.put({ ...state.applications.get(APP)!, unstakeSessionEndHeight: 40n });
    return hydrateSession(atHeight(state, 35), { applicationAddress: APP, serviceId: 'svcId', blockHeight }).ok;
  };
  expect([20, 21, 35].map((height) => activeAt('decai', height))).toEqual([true, false, false]);
  expect([20, 21, 35].map((height) => activeAt('pocket', height))).toEqual([true, true, true]);
});

it('a supplier that unbonds does not come back into sessions that its service had left', () => {
  const ended = (profile: 'pocket' | 'decai'): unknown[] => {
    const state = suppliers.town(profile);
    suppliers.stake(state);
    suppliers.stake(atHeight(state, 15), { services: [suppliers.config('svcId2')] });
    suppliers.unstake(atHeight(state, 25));
    return suppliers.history(state);
  };
  expect(ended('decai')).toEqual([
    ['svcId', 11, 21],
    ['svcId2', 21, 31],
  ]);
  expect(ended('pocket')).toEqual([
    ['svcId', 11, 31],
    ['svcId2', 21, 31],
  ]);
});
