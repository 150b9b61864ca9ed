import { expect, test } from 'vitest';
import { toHex } from '@decai/protocol/bytes';
import { textKey } from './collection.ts';
import { difficultyAt } from './relay-mining-difficulty.ts';
import type { State } from './state.ts';
import { atHeight, emptyState, eventsOf } from './test-chain.ts';
import { updateDifficulty } from './update-difficulty.ts';

const BASE = 'ff'.repeat(32);

function update(state: State, relays: Record<string, bigint>): void {
  updateDifficulty(state, new Map(Object.entries(relays)));
}

test('a service that never settled is as easy as can be', () => {
  const state = emptyState(5);
  expect(difficultyAt(state, 'svc', 5)).toMatchObject({ serviceId: 'svc', numRelaysEma: 100_000n });
  expect(toHex(difficultyAt(state, 'svc', 5).targetHash)).toBe(BASE);
});

test('the first settlement begins the history with itself, and changes take effect with the next session', () => {
  const state = emptyState(20);
  update(state, { svc: 100_000_000n });
  const scaled = '004189374bc6a7ef9db22d0e5604189374bc6a7ef9db22d0e5604189374bc6a7';
  expect(
    [...state.services.difficultyHistory.entries(textKey('svc'))].map(([height, { numRelaysEma }]) => [
      height,
      numRelaysEma,
    ]),
  ).toEqual([
    [20, 100_000_000n],
    [21, 100_000_000n],
  ]);
  expect([19, 20, 21].map((height) => toHex(difficultyAt(state, 'svc', height).targetHash))).toEqual([
    BASE,
    scaled,
    scaled,
  ]);
  expect(eventsOf(state)).toEqual([
    {
      type: 'pocket.service.EventRelayMiningDifficultyUpdated',
      data: {
        service_id: 'svc',
        prev_target_hash_hex_encoded: scaled,
        new_target_hash_hex_encoded: scaled,
        prev_num_relays_ema: '100000000',
        new_num_relays_ema: '100000000',
      },
    },
  ]);
});

test('the average moves by a tenth, rounded as the network rounds it', () => {
  const state = emptyState(20);
  update(state, { svc: 1_000_000n });
  const later = atHeight(state, 30);
  update(later, { svc: 100n });
  expect(difficultyAt(later, 'svc', 31).numRelaysEma).toBe(900_009n);
  expect(difficultyAt(later, 'svc', 30).numRelaysEma).toBe(1_000_000n);
});

test('services are updated in the order of their ids, and those without claims are left alone', () => {
  const state = emptyState(20);
  update(state, { c: 1n, a: 2n, b: 3n });
  expect(eventsOf(state).map(({ data }) => data['service_id'])).toEqual(['a', 'b', 'c']);
  const later = atHeight(state, 30);
  update(later, { b: 3n });
  expect(eventsOf(later).map(({ data }) => data['service_id'])).toEqual(['b']);
});

test('two settlements of one session overwrite what takes effect', () => {
  const state = emptyState(22);
  update(state, { svc: 1_000_000n });
  const later = atHeight(state, 24);
  update(later, { svc: 2_000_000n });
  expect(
    [...later.services.difficultyHistory.entries(textKey('svc'))].map(([height, { numRelaysEma }]) => [
      height,
      numRelaysEma,
    ]),
  ).toEqual([
    [22, 1_000_000n],
    [31, 1_100_000n],
  ]);
});
