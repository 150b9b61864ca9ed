/**
 * Cases of pokt-network/poktroll `x/supplier/keeper/*_test.go` and `x/supplier/types/message_stake_supplier_test.go`, as data.
 */
import { create } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import { MsgUnstakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { describe, expect, it } from 'vitest';
import { announceServices } from './announce-services.ts';
import { UPOKT } from './coins.ts';
import { pruneSupplierConfigs } from './prune-supplier-configs.ts';
import { releaseSuppliers } from './release-suppliers.ts';
import { addressNamed, atHeight, endow, eventsOf } from './test-chain.ts';
import { checkUnstakeSupplier } from './unstake-supplier.ts';
import { config, town, stake, unstake, supplier, history, OWNER, OPERATOR, STRANGER } from './test-suppliers.ts';

describe('unbonding', () => {
  it('refuses, in this order: malformed addresses, an unknown supplier, a stranger, a second time', () => {
    const check = (signer: string, operatorAddress: string) =>
      checkUnstakeSupplier(create(MsgUnstakeSupplierSchema, { signer, operatorAddress }));
    expect(check('x', 'y')).toMatchObject({
      codespace: 'supplier',
      code: 1102,
      message: expect.stringContaining('signer'),
    });
    expect(check(OWNER, 'y')).toMatchObject({ codespace: 'supplier', code: 1102 });
    const state = town();
    expect(unstake(state)).toMatchObject({ codespace: 'supplier', code: 1103, grpc: 'NotFound' });
    stake(state);
    expect(unstake(state, STRANGER)).toMatchObject({ codespace: 'shared', code: 1105, grpc: 'PermissionDenied' });
    expect(unstake(state)).toEqual({ ok: true });
    expect(unstake(state, STRANGER)).toMatchObject({ code: 1105, codespace: 'shared' });
    expect(unstake(atHeight(state, 500))).toMatchObject({
      codespace: 'supplier',
      code: 1105,
      grpc: 'FailedPrecondition',
    });
  });

  it('ends every service with the session, and pays the owner when the period is over', () => {
    const state = town();
    stake(state);
    const second = atHeight(state, 12);
    unstake(second, OPERATOR);
    expect(history(state)).toEqual([['svcId', 11, 21]]);
    expect(eventsOf(second).at(-1)).toMatchObject({
      type: 'pocket.supplier.EventSupplierUnbondingBegin',
      data: { reason: 'SUPPLIER_UNBONDING_REASON_VOLUNTARY', session_end_height: '20', unbonding_end_height: '30' },
    });
    for (const height of [20, 25, 29]) releaseSuppliers(atHeight(state, height));
    expect(supplier(state)).toBeDefined();
    const end = atHeight(state, 30);
    releaseSuppliers(end);
    expect(state.suppliers.get(OPERATOR)).toBeUndefined();
    expect(history(state)).toEqual([]);
    expect(state.bank.balance(OWNER, UPOKT)).toBe(11_000_000n);
    expect(eventsOf(end).at(-1)).toMatchObject({
      type: 'pocket.supplier.EventSupplierUnbondingEnd',
      data: { reason: 'SUPPLIER_UNBONDING_REASON_VOLUNTARY', session_end_height: '30', unbonding_end_height: '30' },
    });
  });

  it('counts the period in the sessions of when it began', () => {
    const state = town();
    const shared = state.params.shared.live();
    const old = { ...shared, numBlocksPerSession: 20n, supplierUnbondingPeriodSessions: 8n };
    const short = { ...old, numBlocksPerSession: 4n, sessionGridAnchorHeight: 41n, sessionNumberAtAnchor: 3n };
    state.params.shared.setLive(old);
    stake(state);
    unstake(atHeight(state, 21));
    state.params.shared.history.put('', 1, old);
    state.params.shared.history.put('', 41, short);
    state.params.shared.setLive(short);
    releaseSuppliers(atHeight(state, 72));
    expect(supplier(state)).toBeDefined();
    releaseSuppliers(atHeight(state, 200));
    expect(state.suppliers.get(OPERATOR)).toBeUndefined();
  });

  it('releases one that is long overdue, and simply removes one slashed to nothing', () => {
    const state = town();
    stake(state);
    unstake(state);
    state.suppliers.put({ ...supplier(state), stake: coin(0n) });
    const later = atHeight(state, 20_010);
    releaseSuppliers(later);
    expect(eventsOf(later).map(({ type, data }) => [type, data['reason']])).toEqual([
      ['pocket.supplier.EventSupplierUnbondingEnd', 'SUPPLIER_UNBONDING_REASON_BELOW_MIN_STAKE'],
    ]);
  });

  it('says what is stuck when the bank cannot pay', () => {
    const state = town();
    stake(state);
    unstake(state);
    state.bank.burn('supplier', [coin(2n)]);
    const end = atHeight(state, 20);
    releaseSuppliers(end);
    expect(state.suppliers.get(OPERATOR)).toBeUndefined();
    expect(eventsOf(end)[0]).toMatchObject({
      type: 'pocket.supplier.EventSupplierStakeStuckInModulePool',
      data: { operator_address: OPERATOR, owner_address: OWNER, session_end_height: '20' },
    });
  });

  it('can be called off by the owner alone', () => {
    const state = town();
    stake(state);
    unstake(state);
    const operator = stake(state, { stake: coin(1_000_001n) });
    expect(operator).toMatchObject({ codespace: 'shared', code: 1105, grpc: 'PermissionDenied' });
    const later = atHeight(state, 2);
    expect(stake(later, { signer: OWNER, stake: coin(1_000_001n), services: [] })).toEqual({ ok: true });
    expect(
      eventsOf(later)
        .map(({ type }) => type)
        .slice(-2),
    ).toEqual(['pocket.supplier.EventSupplierUnbondingCanceled', 'pocket.supplier.EventSupplierStaked']);
    releaseSuppliers(atHeight(state, 20));
    expect(supplier(state)).toBeDefined();
  });
});

describe('configurations', () => {
  it('are announced in the block that opens their session, by service, then operator', () => {
    const state = town();
    stake(state, { services: [config('svcId2'), config('svcId')] });
    for (const height of [1, 10, 12]) {
      const other = atHeight(state, height);
      announceServices(other);
      expect(eventsOf(other)).toEqual([]);
    }
    const open = atHeight(state, 11);
    announceServices(open);
    expect(eventsOf(open)).toEqual(
      ['svcId', 'svcId2'].map((serviceId) => ({
        type: 'pocket.supplier.EventSupplierServiceConfigActivated',
        data: { activation_height: '11', operator_address: OPERATOR, service_id: serviceId },
      })),
    );
  });

  it('are pruned after the proof window of the last session they served', () => {
    const state = town();
    stake(state);
    unstake(atHeight(state, 12));
    for (const height of [20, 21, 30]) pruneSupplierConfigs(atHeight(state, height));
    expect(history(state)).toEqual([['svcId', 11, 21]]);
    pruneSupplierConfigs(atHeight(state, 31));
    expect(history(state)).toEqual([]);
  });

  it('are candidates in the order of activation, then of operators', () => {
    const state = town();
    const operators = ['b', 'a', 'c'].map(addressNamed);
    for (const [index, operatorAddress] of operators.entries()) {
      endow(state, operatorAddress, 2_000_000n);
      const at = atHeight(state, index === 1 ? 12 : 1);
      stake(at, { signer: operatorAddress, operatorAddress });
    }
    const first = [operators[0]!, operators[2]!].sort();
    const candidates = (height: number) =>
      [...state.suppliers.candidates('svcId', height)].map((c) => c.operatorAddress);
    expect(candidates(10)).toEqual([]);
    expect(candidates(11)).toEqual(first);
    expect(candidates(21)).toEqual([...first, operators[1]]);
  });
});
