/**
 * Cases of pokt-network/poktroll `x/supplier/keeper/*_test.go` and `x/supplier/types/message_stake_supplier_test.go`, as data.
 */
import { coin } from '@decai/protocol/coin';
import { RPCType } from '@decai/protocol/gen/pocket/shared/service_pb';
import { describe, expect, it } from 'vitest';
import { UPOKT } from './coins.ts';
import { moduleNamed } from './module-account.ts';
import { checkStakeSupplier } from './stake-supplier.ts';
import { atHeight, eventsOf } from './test-chain.ts';
import {
  MODULE,
  config,
  stakeMessage,
  town,
  stake,
  supplier,
  history,
  servicesAt,
  OWNER,
  OPERATOR,
  STRANGER,
  type Fields,
} from './test-suppliers.ts';

describe('checkStakeSupplier', () => {
  const share = (address: string, revSharePercentage: bigint) => ({ address, revSharePercentage });
  const refusals: [why: string, fields: Fields, code: number, text?: string][] = [
    ['a malformed owner', { ownerAddress: 'x', operatorAddress: 'y', signer: 'z' }, 1102, 'owner'],
    ['a malformed operator', { operatorAddress: 'y', signer: 'z' }, 1102, 'operator'],
    ['a malformed signer', { signer: 'z', stake: coin(0n) }, 1102, 'signer'],
    ['a stake of zero', { stake: coin(0n), signer: STRANGER }, 1101],
    ['a negative stake', { stake: { denom: 'upokt', amount: '-1' } }, 1101],
    ['another denomination', { stake: coin(1n, 'mact') }, 1101],
    ['no denomination', { stake: { denom: '', amount: '1' } }, 1101],
    ['services by the owner', { signer: OWNER }, 1104, 'only the operator account'],
    ['services by a third party', { signer: STRANGER }, 1104, 'only the operator account'],
    ['a service id of 43 characters', { services: [config('a'.repeat(43))] }, 1104, 'invalid service ID'],
    ['a service id with other characters', { services: [config('12 45 !')] }, 1104, 'invalid service ID'],
    ['a service twice', { services: [config('svcId'), config('svcId')] }, 1104, 'duplicate service ID: svcId'],
    ['no endpoint', { services: [config('svcId', { endpoints: [] })] }, 1104],
    [
      'no URL',
      { services: [config('svcId', { endpoints: [{ rpcType: RPCType.JSON_RPC }] })] },
      1104,
      'empty endpoint.Url',
    ],
    [
      'a malformed URL',
      { services: [config('svcId', { endpoints: [{ url: 'I am not a valid URL', rpcType: RPCType.REST }] })] },
      1104,
      'invalid endpoint.Url',
    ],
    [
      'no RPC type',
      { services: [config('svcId', { endpoints: [{ url: 'http://h' }] })] },
      1104,
      'cannot be UNKNOWN_RPC',
    ],
    [
      'an undefined RPC type',
      { services: [config('svcId', { endpoints: [{ url: 'http://h', rpcType: 9 as RPCType }] })] },
      1104,
      'undefined endpoint.RpcType',
    ],
    ['no shares', { services: [config('svcId', { revShare: [] })] }, 1104, 'invalid revenue share configuration'],
    ['a malformed share address', { services: [config('svcId', { revShare: [share('x', 100n)] })] }, 1104],
    [
      'an address that shares twice',
      { services: [config('svcId', { revShare: [share(OWNER, 50n), share(OWNER, 50n)] })] },
      1104,
      'duplicate rev share address',
    ],
    [
      'a share for an account that takes no coins',
      { services: [config('svcId', { revShare: [share(moduleNamed('fee_collector').address, 100n)] })] },
      1104,
      'is not allowed to receive funds',
    ],
    ['a share of zero', { services: [config('svcId', { revShare: [share(OWNER, 100n), share(OPERATOR, 0n)] })] }, 1104],
    ['a share above 100', { services: [config('svcId', { revShare: [share(OWNER, 101n)] })] }, 1104],
    ['shares of 99', { services: [config('svcId', { revShare: [share(OWNER, 99n)] })] }, 1104, 'sum 99'],
  ];
  it.each(refusals)('refuses %s', (_why, fields, code, text = '') => {
    const refusal = checkStakeSupplier(stakeMessage(fields));
    expect(refusal).toMatchObject({ codespace: 'supplier', code, message: expect.stringContaining(text) });
  });

  it('takes a message about the stake alone from anybody, and no stake at all', () => {
    expect(checkStakeSupplier(stakeMessage({ signer: STRANGER, services: [] }))).toBeUndefined();
    expect(checkStakeSupplier(stakeMessage({ stake: undefined as never }))).toBeUndefined();
  });
});

describe('stakeSupplier', () => {
  it('starts services with the next session; whoever signs pays stake and fee', () => {
    const state = town();
    expect(stake(state)).toEqual({ ok: true });
    expect(history(state)).toEqual([['svcId', 11, 0]]);
    expect([servicesAt(state, 10), servicesAt(state, 11)]).toEqual([[], ['svcId']]);
    expect(state.bank.balance(OPERATOR, UPOKT)).toBe(10_000_000n - 1_000_001n);
    expect(state.bank.balance(MODULE, UPOKT)).toBe(1_000_001n);
    expect(eventsOf(state).at(-1)).toEqual({
      type: 'pocket.supplier.EventSupplierStaked',
      data: { operator_address: OPERATOR, session_end_height: '10' },
    });
  });

  it('replaces the whole list of services from the next session on', () => {
    const state = town();
    stake(state);
    stake(atHeight(state, 11), { services: [config('svcId'), config('svcId2')] });
    expect(history(state)).toEqual([
      ['svcId', 11, 21],
      ['svcId', 21, 0],
      ['svcId2', 21, 0],
    ]);
    expect([servicesAt(state, 20), servicesAt(state, 21)]).toEqual([['svcId'], ['svcId', 'svcId2']]);
    stake(atHeight(state, 25), { services: [config('svcId2')] });
    expect(servicesAt(state, 31)).toEqual(['svcId2']);
  });

  it('replaces a change that is still pending', () => {
    const state = town();
    stake(state);
    const endpoints = [{ url: 'http://other:8081', rpcType: RPCType.JSON_RPC }];
    stake(atHeight(state, 2), { services: [config('svcId', { endpoints })] });
    expect(history(state)).toEqual([['svcId', 11, 0]]);
    const [kept] = state.suppliers.configsOf(OPERATOR);
    expect(kept?.service?.endpoints[0]?.url).toBe('http://other:8081');
  });

  it('leaves services alone when none are listed, and the stake when none is given', () => {
    const state = town();
    stake(state);
    expect(stake(state, { signer: OWNER, stake: coin(2_000_000n), services: [] })).toEqual({ ok: true });
    expect(history(state)).toEqual([['svcId', 11, 0]]);
    expect(stake(state, { stake: undefined as never })).toEqual({ ok: true });
    expect(supplier(state).stake?.amount).toBe('2000000');
  });

  it('pays a lower stake out to the owner, whoever signs', () => {
    const state = town();
    stake(state, { stake: coin(2_000_000n) });
    expect(state.bank.balance(OPERATOR, UPOKT)).toBe(10_000_000n - 2_000_001n);
    stake(state, { stake: coin(1_000_001n) });
    expect(state.bank.balance(OPERATOR, UPOKT)).toBe(10_000_000n - 2_000_002n);
    expect(state.bank.balance(OWNER, UPOKT)).toBe(10_000_000n + 999_999n);
  });

  it('refuses, in this order: a module as owner, an unknown service, a new supplier without stake or by a stranger', () => {
    const state = town();
    const module = { ownerAddress: MODULE, services: [config('nope')] };
    expect(stake(state, module)).toMatchObject({ codespace: 'supplier', code: 1102, grpc: 'InvalidArgument' });
    const unknown = stake(state, { services: [config('nope')], stake: undefined as never });
    expect(unknown).toMatchObject({ codespace: 'supplier', code: 1106, grpc: 'InvalidArgument' });
    const stranger = { signer: STRANGER, services: [] };
    expect(stake(state, { ...stranger, stake: undefined as never })).toMatchObject({
      codespace: 'supplier',
      code: 1101,
    });
    expect(stake(state, stranger)).toMatchObject({ codespace: 'supplier', code: 1104, grpc: 'InvalidArgument' });
  });

  it('refuses whoever lacks the right to a change: a stranger, an operator who names another owner', () => {
    const state = town();
    stake(state);
    const stranger = stake(state, { signer: STRANGER, services: [] });
    expect(stranger).toMatchObject({ codespace: 'shared', code: 1105, grpc: 'InvalidArgument' });
    const operator = stake(state, { ownerAddress: STRANGER });
    expect(operator).toMatchObject({ codespace: 'shared', code: 1105, grpc: 'InvalidArgument' });
    expect(stake(state, { signer: OWNER, ownerAddress: STRANGER, services: [] })).toEqual({ ok: true });
    expect(supplier(state).ownerAddress).toBe(STRANGER);
  });

  it('refuses a stake below the minimum, and a signer who cannot pay stake or fee', () => {
    const state = town();
    const below = stake(state, { stake: coin(999_999n) });
    expect(below).toMatchObject({ codespace: 'supplier', code: 1101, grpc: 'InvalidArgument' });
    const poor = stake(state, { stake: coin(10_000_001n) });
    expect(poor).toMatchObject({ codespace: 'sdk', code: 5, grpc: 'Internal' });
    const feeless = stake(state, { stake: coin(10_000_000n) });
    expect(feeless).toMatchObject({ codespace: 'sdk', code: 5, grpc: 'FailedPrecondition' });
  });

  it('takes no fee where there is none', () => {
    const state = town();
    state.params.supplier.setLive({ ...state.params.supplier.live(), stakingFee: coin(0n) });
    stake(state);
    expect(eventsOf(state).filter(({ type }) => type === 'transfer')).toHaveLength(1);
  });
});
