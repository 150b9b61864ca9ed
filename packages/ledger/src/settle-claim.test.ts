import { describe, expect, test, vi } from 'vitest';
import { Fault } from '@decai/protocol/fault';
import { RelayMiningDifficultySchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { create } from '@bufbuild/protobuf';
import { textKey } from './collection.ts';
import { settleClaims, settledRelays } from './settle-claims.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { setProofParams } from './test-session.ts';
import {
  addClaim,
  addService,
  addSupplier,
  addValidator,
  eventsNamed,
  moduleBalance,
  setShares,
  setTokenomics,
  smallTown,
  stakeOf,
} from './test-settlement.ts';

describe('a claim that cannot be settled is discarded, alone', () => {
  const discards: [string, string, (state: State) => void][] = [
    [
      'unknown service',
      'service not found',
      (state) => void addClaim(state, 10n, { service: 'other', sessionId: 'other' }),
    ],
    ['unknown application', 'application not found', (state) => void addClaim(state, 10n, { application: 'nobody' })],
    ['unknown supplier', 'supplier not found', (state) => void addClaim(state, 10n, { supplier: 'nobody' })],
    [
      'no sum',
      'the root hash in the claim is invalid',
      (state) => void addClaim(state, 10n, { supplier: 'other', sum: 0n }),
    ],
    [
      'a false sum',
      'the root hash in the claim is invalid',
      (state) => void addClaim(state, 10n, { supplier: 'other', sum: 11n }),
    ],
    [
      'no session id',
      "provided claim's session header is invalid",
      (state) => void addClaim(state, 10n, { sessionId: '' }),
    ],
    [
      'a root of 47 bytes',
      'constraint violation',
      (state) => state.claims.put({ ...addClaim(state, 10n, { supplier: 'other' }), rootHash: new Uint8Array(47) }),
    ],
    [
      'a difficulty that cannot be',
      'constraint violation',
      (state) => {
        addService(state, 'odd');
        const difficulty = create(RelayMiningDifficultySchema, { serviceId: 'odd', targetHash: new Uint8Array(32) });
        state.services.difficultyHistory.put(textKey('odd'), 1, difficulty);
        addClaim(state, 10n, { service: 'odd', sessionId: 'odd' });
      },
    ],
    [
      'a supplier that has ended its service',
      'constraint violation',
      (state) => {
        addSupplier(state, 'ended', 1n, { deactivationHeight: 11n });
        addClaim(state, 10n, { supplier: 'ended' });
      },
    ],
    [
      'a supplier that lists no share',
      'constraint violation',
      (state) => {
        addSupplier(state, 'selfless', 1n, { revShare: [] });
        addClaim(state, 10n, { supplier: 'selfless' });
      },
    ],
  ];
  test.each(discards)('%s', (_what, registered, add) => {
    const state = smallTown();
    addSupplier(state, 'other', 1n);
    setProofParams(state, { proofMissingPenalty: upoktCoin(1n) });
    addClaim(state, 1_000n);
    add(state);
    const settlement = settleClaims(state);
    expect(settlement.settled).toHaveLength(1);
    expect(settlement.expired).toEqual([]);
    expect(settlement.discarded).toHaveLength(1);
    const [{ error }] = eventsNamed(state, 'ClaimDiscarded') as [{ error: string }];
    expect(error).toContain(`: ${registered}`);
    expect(error).toMatch(/: internal claim settlement error$/);
    expect([...state.claims.entries()]).toEqual([]);
    expect(settledRelays(settlement)).toEqual(new Map([['svc', 1_000n]]));
    expect(eventsNamed(state, 'SupplierSlashed')).toEqual([]);
  });

  test('a root that is false expires all the same when its proof is missing', () => {
    const state = smallTown();
    setProofParams(state, { proofRequestProbability: 1 });
    addClaim(state, 10n, { sum: 11n });
    expect(settleClaims(state).expired).toHaveLength(1);
  });

  test('a reward that mints nothing has already cost the application its stake', () => {
    const state = smallTown();
    setTokenomics(state, { mintRatio: 0.975 });
    addClaim(state, 1n);
    expect(settleClaims(state).discarded).toHaveLength(1);
    expect(stakeOf(state)).toBe(999_999n);
    expect(moduleBalance(state, 'application')).toBe(1_000_000n);
  });

  test('what it had done to the validators’ pool is not counted', () => {
    const state = smallTown();
    addValidator(state, 'validator', 10n);
    setTokenomics(state, { globalInflationPerClaim: 0.1 });
    setShares(state, { supplier: 0, dao: 0, proposer: 1, sourceOwner: 0, application: 0 });
    const { mintAllocationPercentages: inflated } = state.params.tokenomics.live();
    setTokenomics(state, { mintAllocationPercentages: { ...inflated!, supplier: 1, proposer: 0 } });
    addSupplier(state, 'ended', 1n, { deactivationHeight: 11n });
    addClaim(state, 1_000n, { supplier: 'ended' });
    const settlement = settleClaims(state);
    expect(settlement).toMatchObject({ settled: [], validatorOperations: [] });
    expect(settlement.discarded).toHaveLength(1);
    expect(moduleBalance(state, 'tokenomics')).toBe(0n);
  });

  test('a fault of this machine is not the claim’s, and stops the block', () => {
    const state = smallTown();
    addClaim(state, 10n);
    vi.spyOn(state.services, 'get').mockImplementation(() => {
      throw new Fault('STORE_FAILED', 'a disk failed');
    });
    expect(() => settleClaims(state)).toThrow(expect.objectContaining({ code: 'STORE_FAILED' }));
  });
});
