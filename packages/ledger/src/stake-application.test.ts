import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import { MsgStakeApplicationSchema } from '@decai/protocol/gen/pocket/application/tx_pb';
import { describe, expect, it } from 'vitest';
import { applicationServicesAt } from './application-services.ts';
import { UPOKT } from './coins.ts';
import { moduleNamed } from './module-account.ts';
import { checkStakeApplication, stakeApplication } from './stake-application.ts';
import type { State } from './state.ts';
import { addressNamed, atHeight, emptyState, endow, eventsOf } from './test-chain.ts';
import { unstakeApplication } from './unstake-application.ts';

const APP = addressNamed('app');

type Fields = MessageInitShape<typeof MsgStakeApplicationSchema>;

function stakeMessage(fields: Fields = {}) {
  return create(MsgStakeApplicationSchema, {
    address: APP,
    stake: coin(1_000_000n),
    services: [{ serviceId: 'svc1' }],
    ...fields,
  });
}

function stake(state: State, fields: Fields = {}) {
  return stakeApplication(state, stakeMessage(fields));
}

function rich(height = 1): State {
  const state = emptyState(height);
  endow(state, APP, 100_000_000n);
  return state;
}

const servicesAt = (state: State, height: number) =>
  applicationServicesAt(state.applications.get(APP)!, height).map(({ serviceId }) => serviceId);

describe('checkStakeApplication', () => {
  const refusals: [why: string, fields: Fields, codespace: string, code: number][] = [
    [
      'a malformed address, before anything else',
      { address: 'pokt1', stake: coin(0n), services: [] },
      'application',
      1102,
    ],
    ['no stake', { stake: undefined as never }, 'application', 1101],
    ['a stake of zero', { stake: coin(0n), services: [] }, 'application', 1101],
    ['a negative stake', { stake: { denom: 'upokt', amount: '-100' } }, 'application', 1101],
    ['a stake in another denomination', { stake: coin(100n, 'invalid') }, 'application', 1101],
    ['a stake without denomination', { stake: { denom: '', amount: '100' } }, 'application', 1101],
    ['no service', { services: [] }, 'application', 1106],
    ['two services', { services: [{ serviceId: 'svc1' }, { serviceId: 'svc2' }] }, 'application', 1106],
    ['a service id of 43 characters', { services: [{ serviceId: 'a'.repeat(43) }] }, 'application', 1106],
    ['a service id with other characters', { services: [{ serviceId: '12 45 !' }] }, 'application', 1106],
    ['a spend limit of 999,999', { perSessionSpendLimit: coin(999_999n) }, 'application', 1118],
    ['a spend limit below zero', { perSessionSpendLimit: { denom: 'upokt', amount: '-50' } }, 'application', 1118],
    ['a spend limit in another denomination', { perSessionSpendLimit: coin(50n, 'mact') }, 'application', 1118],
  ];
  it.each(refusals)('refuses %s', (_why, fields, codespace, code) => {
    expect(checkStakeApplication(stakeMessage(fields))).toMatchObject({ ok: false, codespace, code });
  });

  it('takes a limit of 1,000,000, and zero of any denomination, which clears it', () => {
    for (const perSessionSpendLimit of [coin(1_000_000n), coin(0n), coin(0n, 'mact')]) {
      expect(checkStakeApplication(stakeMessage({ perSessionSpendLimit }))).toBeUndefined();
    }
  });
});

describe('stakeApplication', () => {
  it('escrows the stake of a new application, whose service is active at once', () => {
    const state = rich();
    expect(stake(state)).toEqual({ ok: true });
    expect(state.bank.balance(APP, UPOKT)).toBe(99_000_000n);
    expect(state.bank.balance(moduleNamed('application').address, UPOKT)).toBe(1_000_000n);
    expect(state.applications.get(APP)!.serviceConfigHistory).toEqual([]);
    expect(servicesAt(state, 1)).toEqual(['svc1']);
    expect(eventsOf(state).at(-1)).toMatchObject({
      type: 'pocket.application.EventApplicationStaked',
      data: { application: { address: APP, stake: { denom: 'upokt', amount: '1000000' } }, session_end_height: '10' },
    });
  });

  it('escrows only the difference when the stake rises', () => {
    const state = rich();
    stake(state);
    expect(stake(state, { stake: coin(1_000_100n) })).toEqual({ ok: true });
    expect(state.bank.balance(moduleNamed('application').address, UPOKT)).toBe(1_000_100n);
    expect(state.applications.get(APP)!.serviceConfigHistory).toEqual([]);
  });

  it('refuses, in this order: a stake that does not rise, one below the minimum, an empty account', () => {
    const state = rich();
    stake(state);
    const text = 'must be higher than previous stake amount 1000000upokt: invalid application stake';
    expect(stake(state)).toMatchObject({
      code: 1101,
      grpc: 'InvalidArgument',
      message: `stake amount 1000000upokt ${text}`,
    });
    expect(stake(state, { stake: coin(999_999n) })).toMatchObject({ code: 1101 });
    const below = stakeApplication(state, stakeMessage({ address: addressNamed('poor'), stake: coin(999_999n) }));
    expect(below).toMatchObject({ codespace: 'application', code: 1101, grpc: 'InvalidArgument' });
    const poor = stakeApplication(state, stakeMessage({ address: addressNamed('poor') }));
    expect(poor).toMatchObject({ codespace: 'sdk', code: 5, grpc: 'Internal' });
  });

  it('lets another service begin with the next session, and the last of several changes win', () => {
    const state = rich();
    stake(state, { services: [{ serviceId: 'svcA' }] });
    stake(state, { stake: coin(1_000_001n), services: [{ serviceId: 'svcB' }] });
    stake(state, { stake: coin(1_000_002n), services: [{ serviceId: 'svcC' }] });
    expect(servicesAt(state, 10)).toEqual(['svcA']);
    expect(servicesAt(state, 11)).toEqual(['svcC']);
    expect(state.applications.get(APP)!.serviceConfigHistory).toHaveLength(2);
    expect(state.applications.get(APP)!.serviceConfigs.map(({ serviceId }) => serviceId)).toEqual(['svcC']);
  });

  it('sets, replaces, keeps and clears the spend limit', () => {
    const state = rich();
    const limit = () => state.applications.get(APP)!.perSessionSpendLimit?.amount;
    stake(state, { perSessionSpendLimit: coin(1_000_000n) });
    expect(limit()).toBe('1000000');
    stake(state, { stake: coin(1_000_001n), perSessionSpendLimit: coin(2_000_000n) });
    expect(limit()).toBe('2000000');
    stake(state, { stake: coin(1_000_002n) });
    expect(limit()).toBe('2000000');
    stake(state, { stake: coin(1_000_003n), perSessionSpendLimit: coin(0n, 'mact') });
    expect(limit()).toBeUndefined();
  });

  it('calls off unbonding, with an event before the one of the stake', () => {
    const state = rich();
    stake(state);
    unstakeApplication(state, { address: APP } as never);
    const later = atHeight(state, 5);
    expect(stake(later, { stake: coin(1_000_001n) })).toEqual({ ok: true });
    expect(later.applications.get(APP)!.unstakeSessionEndHeight).toBe(0n);
    expect([...later.applications.unstaking()]).toEqual([]);
    expect(
      eventsOf(later)
        .map(({ type }) => type)
        .slice(-2),
    ).toEqual(['pocket.application.EventApplicationUnbondingCanceled', 'pocket.application.EventApplicationStaked']);
  });
});
