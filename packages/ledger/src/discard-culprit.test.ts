/** One record that makes a rule at the end of a block impossible: it goes, an event says why, and the others are served. */
import { create } from '@bufbuild/protobuf';
import { coin, type Coin } from '@decai/protocol/coin';
import { Fault } from '@decai/protocol/fault';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { GatewaySchema } from '@decai/protocol/gen/pocket/gateway/types_pb';
import { SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { describe, expect, test, vi } from 'vitest';
import { textKey } from './collection.ts';
import { completeTransfers } from './complete-transfers.ts';
import { orDiscard } from './discard-culprit.ts';
import { moduleNamed } from './module-account.ts';
import { releaseApplications } from './release-applications.ts';
import { releaseGateways } from './release-gateways.ts';
import { releaseSuppliers } from './release-suppliers.ts';
import { settleClaims } from './settle-claims.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { addressNamed, emptyState, endow, eventsOf } from './test-chain.ts';
import {
  addApplication,
  addClaim,
  addSupplier,
  addValidator,
  balance,
  eventsNamed,
  moduleBalance,
  setShares,
  smallTown,
  stakeOf,
} from './test-settlement.ts';
import { setProofParams } from './test-session.ts';
import { updateDifficulty } from './update-difficulty.ts';

const IMPOSSIBLE: Coin = { ...coin(1n), amount: 'none' };
const FAULT = /AMOUNT_INVALID: an amount is decimal digits/;

describe('one claim', () => {
  const sound = ['app', 'second'];
  const town = (): State => {
    const state = smallTown();
    for (const name of ['second', 'broken']) addApplication(state, name, 1_000_000n);
    addSupplier(state, 'broken', 1_000_000n);
    for (const application of sound) addClaim(state, 1_000n, { application });
    return state;
  };
  const discarded = (state: State, claims: number): string => {
    const settlement = settleClaims(state);
    expect([settlement.settled.length, settlement.discarded.length]).toEqual([claims, 1]);
    expect([...state.claims.entries()]).toEqual([]);
    expect(sound.map((name) => stakeOf(state, name))).toEqual(Array(2).fill(999_000n));
    const [event, ...more] = eventsNamed(state, 'ClaimDiscarded');
    expect([event!['application_address'] ?? addressNamed('broken'), more]).toEqual([addressNamed('broken'), []]);
    return String(event!['error']);
  };

  test('whose application has an impossible stake is discarded, alone', () => {
    const state = town();
    const broken = state.applications.get(addressNamed('broken'))!;
    state.applications.put({ ...broken, stake: IMPOSSIBLE });
    addClaim(state, 1_000n, { application: 'broken' });
    expect(discarded(state, 2)).toMatch(FAULT);
  });

  test('whose supplier is no record that can be read is discarded, alone', () => {
    const state = town();
    damage(state, addressNamed('broken'), 'supplier');
    addClaim(state, 1_000n, { application: 'broken', supplier: 'broken' });
    expect(discarded(state, 2)).toMatch(/WIRE_\w+: /);
  });

  test.each([
    ['a fault', new Fault('ODD', 'a mistake'), /ODD: a mistake/],
    ['an error of the language', new TypeError('words that change'), /: unexpected error: /],
  ])('whose service ends in %s is discarded, alone', (_what, thrown, reason) => {
    const state = town();
    throwFor(state, 'odd service', thrown);
    addClaim(state, 1_000n, { application: 'broken', service: 'odd service' });
    expect(discarded(state, 2)).toMatch(reason);
    expect(stakeOf(state, 'broken')).toBe(1_000_000n);
  });

  test('that fails after its stake has fallen has cost its application nothing', () => {
    const state = town();
    state.params.application.setLive({ ...state.params.application.live(), minStake: IMPOSSIBLE });
    const { settled, discarded: gone, batches } = settleClaims(state);
    expect([settled, gone.length, batches]).toEqual([[], 2, []]);
    expect(sound.map((name) => stakeOf(state, name))).toEqual([1_000_000n, 1_000_000n]);
    expect(eventsNamed(state, 'ClaimDiscarded')).toHaveLength(2);
    expect(eventsOf(state)).toHaveLength(2);
  });

  test('whose slash is impossible has expired, and the others are slashed', () => {
    const state = town();
    setProofParams(state, { proofRequirementThreshold: upoktCoin(5_000n) });
    for (const name of ['broken', 'supplier']) addClaim(state, 5_000n, { application: 'broken', supplier: name });
    const broken = state.suppliers.get(addressNamed('broken'))!;
    state.suppliers.put({ ...broken, stake: IMPOSSIBLE });
    const { expired, slashes, settled } = settleClaims(state);
    expect([expired.length, settled.length, slashes.length > 0]).toEqual([2, 2, true]);
    expect(eventsNamed(state, 'SupplierSlashed')).toHaveLength(1);
    expect(eventsNamed(state, 'ClaimDiscarded')).toMatchObject([{ error: expect.stringMatching(FAULT) }]);
  });

  function throwFor(state: State, service: string, thrown: Error): void {
    const { get } = state.services;
    vi.spyOn(state.services, 'get').mockImplementation((id) => {
      if (id === service) throw thrown;
      return get.call(state.services, id);
    });
  }
});

test('validators who cannot be paid leave their part where it is, and everybody else is paid', () => {
  const state = smallTown();
  setShares(state, { supplier: 0.5, proposer: 0.5, dao: 0, sourceOwner: 0, application: 0 });
  addValidator(state, 'validator', 10n);
  const [, validator] = [...state.validators.entries()][0]!;
  state.validators.put({ ...validator, tokens: 'none' });
  addClaim(state, 1_000n);
  expect(settleClaims(state).settled).toHaveLength(1);
  expect([balance(state, 'owner of supplier'), moduleBalance(state, 'tokenomics')]).toEqual([500n, 500n]);
  expect(discardedRecords(state)).toMatchObject([{ module: 'tokenomics', record: 'rewards of validators' }]);
});

describe('at the end of a session', () => {
  const names = ['broken', 'sound'] as const;
  const stakeFor = (name: string): Coin => (name === 'broken' ? IMPOSSIBLE : upoktCoin(5n));
  const unbonding = { unstakeSessionEndHeight: 10n };
  const [broken, sound] = names.map(addressNamed) as [string, string];

  test('one application whose stake is impossible goes, and another gets its stake back', () => {
    const state = holding('application');
    for (const name of names) {
      state.applications.put(
        create(ApplicationSchema, { address: addressNamed(name), stake: stakeFor(name), ...unbonding }),
      );
    }
    releaseApplications(state);
    expect(names.map((name) => [state.applications.get(addressNamed(name)), balance(state, name)])).toEqual([
      [undefined, 0n],
      [undefined, 5n],
    ]);
    const stuck = { application_address: broken, reason: expect.stringMatching(FAULT) };
    expect(eventsNamed(state, 'ApplicationStakeStuckInModulePool')).toMatchObject([stuck]);
    expect(eventsNamed(state, 'ApplicationUnbondingEnd')).toMatchObject([{ application: { address: sound } }]);
  });

  test('one supplier whose stake is impossible goes, and another gets its stake back', () => {
    const state = holding('supplier');
    for (const name of names) {
      const operatorAddress = addressNamed(name);
      const fields = { operatorAddress, ownerAddress: operatorAddress, stake: stakeFor(name), ...unbonding };
      state.suppliers.put(create(SupplierSchema, fields));
    }
    releaseSuppliers(state);
    expect(names.map((name) => [state.suppliers.get(addressNamed(name)), balance(state, name)])).toEqual([
      [undefined, 0n],
      [undefined, 5n],
    ]);
    const stuck = { operator_address: broken, reason: expect.stringMatching(FAULT) };
    expect(eventsNamed(state, 'SupplierStakeStuckInModulePool')).toMatchObject([stuck]);
  });

  test('one gateway whose stake is impossible goes, and another gets its stake back', () => {
    const state = holding('gateway');
    for (const name of names) {
      state.gateways.put(create(GatewaySchema, { address: addressNamed(name), stake: stakeFor(name), ...unbonding }));
    }
    releaseGateways(state);
    expect(names.map((name) => [state.gateways.get(addressNamed(name)), balance(state, name)])).toEqual([
      [undefined, 0n],
      [undefined, 5n],
    ]);
    expect(discardedRecords(state)).toMatchObject([
      { module: 'gateway', record: broken, reason: expect.stringMatching(FAULT) },
    ]);
  });

  test('one transfer that cannot be is called off, and another is completed', () => {
    const state = holding('application');
    const to = addressNamed('destination');
    state.applications.put(create(ApplicationSchema, { address: to, stake: upoktCoin(1n) }));
    for (const name of names) {
      const pendingTransfer = { destinationAddress: to, sessionEndHeight: 10n };
      state.applications.put(
        create(ApplicationSchema, { address: addressNamed(name), stake: stakeFor(name), pendingTransfer }),
      );
    }
    completeTransfers(state);
    expect(eventsNamed(state, 'TransferError')).toMatchObject([
      { source_address: broken, error: expect.stringMatching(FAULT) },
    ]);
    expect(eventsNamed(state, 'TransferEnd')).toMatchObject([{ source_address: sound }]);
    expect(state.applications.get(broken)!.pendingTransfer).toBeUndefined();
    expect(state.applications.get(to)).toMatchObject({ stake: upoktCoin(6n) });
  });

  /** At the end of a session long after the tenth block, with coins for what is released. */
  function holding(module: 'application' | 'supplier' | 'gateway'): State {
    const state = emptyState(100);
    endow(state, moduleNamed(module).address, 10n);
    return state;
  }
});

test('one service whose difficulty cannot be read keeps it, and another gets its next one', () => {
  const state = emptyState(20);
  state.store.put(
    keyEnding(state, () => updateDifficulty(state, new Map([['broken', 5n]])), 'broken'),
    Uint8Array.of(0xff),
  );
  const begun = state.journal.mark();
  updateDifficulty(
    state,
    new Map([
      ['broken', 7n],
      ['sound', 7n],
    ]),
  );
  expect(state.journal.since(begun).map(({ type }) => type)).toEqual([
    'record_discarded',
    'pocket.service.EventRelayMiningDifficultyUpdated',
  ]);
  expect(state.services.newestDifficulties.get(textKey('sound'))).toMatchObject({ numRelaysEma: 7n });
});

describe('what is undone', () => {
  test('is all that was written and told, and nothing of what was before', () => {
    const state = emptyState();
    endow(state, addressNamed('before'), 1n);
    const result = orDiscard(
      state,
      () => {
        endow(state, addressNamed('within'), 1n);
        state.journal.emitPlain('told', {});
        throw new RangeError('too large');
      },
      (reason) => reason,
    );
    expect(result).toBe('unexpected error');
    expect([state.accounts.has(addressNamed('before')), state.accounts.has(addressNamed('within'))]).toEqual([
      true,
      false,
    ]);
    expect(state.journal.since(0)).toEqual([]);
  });

  test.each([
    ['a store', new Fault('STORE_FAILED', 'a batch could not be written')],
    ['a database', new Fault('DATABASE_FAILED', 'the database failed')],
    ['something unheard of', new Error('a disk failed')],
  ])('a fault of %s is none of a record: it is passed on', (_what, thrown) => {
    const failing = (): never => {
      throw thrown;
    };
    expect(() => orDiscard(emptyState(), failing, () => undefined)).toThrow(thrown);
  });
});

function discardedRecords(state: State): Record<string, unknown>[] {
  return eventsOf(state).flatMap(({ type, data }) => (type === 'record_discarded' ? [data] : []));
}

/** Puts bytes that are no message where a record of this address lies. */
function damage(state: State, address: string, module: string): void {
  const keys = Array.from(state.store.range({ start: module, end: `${module}~` }), ([key]) => key);
  for (const key of keys) if (key.includes(address)) state.store.put(key, Uint8Array.of(0xff));
}

/** The first key that an act writes and that holds a text. */
function keyEnding(state: State, act: () => void, text: string): string {
  act();
  for (const [key] of state.store.changes()) if (/difficulty/i.test(key) && key.includes(text)) return key;
  throw new Error('nothing was written');
}
