/**
 * Cases of pokt-network/poktroll `x/application/keeper/*_test.go` and `tests/integration/application`, as data.
 */
import { create } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import {
  MsgDelegateToGatewaySchema,
  MsgStakeApplicationSchema,
  MsgTransferApplicationSchema,
  MsgUndelegateFromGatewaySchema,
  MsgUnstakeApplicationSchema,
} from '@decai/protocol/gen/pocket/application/tx_pb';
import { MsgStakeGatewaySchema, MsgUnstakeGatewaySchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { describe, expect, it } from 'vitest';
import { isApplicationActive } from './application-records.ts';
import { applicationServicesAt } from './application-services.ts';
import { UPOKT } from './coins.ts';
import { completeTransfers } from './complete-transfers.ts';
import { checkDelegation, delegateToGateway } from './delegate-to-gateway.ts';
import { detachGateways } from './detach-gateways.ts';
import { moduleNamed } from './module-account.ts';
import { pruneUndelegations } from './prune-undelegations.ts';
import { releaseApplications } from './release-applications.ts';
import { stakeApplication } from './stake-application.ts';
import { stakeGateway } from './stake-gateway.ts';
import { amountUpoktOf } from './stake.ts';
import type { State } from './state.ts';
import { addressNamed, atHeight, emptyState, endow, eventsOf } from './test-chain.ts';
import { checkTransferApplication, transferApplication } from './transfer-application.ts';
import { undelegateFromGateway } from './undelegate-from-gateway.ts';
import { checkUnstakeApplication, unstakeApplication } from './unstake-application.ts';
import { unstakeGateway } from './unstake-gateway.ts';

const APP = addressNamed('app');
const GATEWAYS = Array.from({ length: 8 }, (_, index) => addressNamed(`gateway ${index}`));
const [G1, G2, G3] = GATEWAYS as [string, string, string];

/** Applications `app`, and eight gateways, all staked at height 1. */
function town(): State {
  const state = emptyState(1);
  for (const gateway of GATEWAYS) {
    endow(state, gateway, 1000n);
    stakeGateway(state, create(MsgStakeGatewaySchema, { address: gateway, stake: coin(1000n) }));
  }
  stakeAs(state, APP, 'svc1');
  return state;
}

function stakeAs(state: State, address: string, serviceId: string, stakeUpokt = 1_000_000n, limitUpokt?: bigint) {
  endow(state, address, stakeUpokt);
  const fields = { address, stake: coin(stakeUpokt), services: [{ serviceId }] };
  const limit = limitUpokt === undefined ? {} : { perSessionSpendLimit: coin(limitUpokt) };
  return stakeApplication(state, create(MsgStakeApplicationSchema, { ...fields, ...limit }));
}

const delegate = (state: State, gateway: string, app = APP) =>
  delegateToGateway(state, create(MsgDelegateToGatewaySchema, { appAddress: app, gatewayAddress: gateway }));
const undelegate = (state: State, gateway: string, app = APP) =>
  undelegateFromGateway(state, create(MsgUndelegateFromGatewaySchema, { appAddress: app, gatewayAddress: gateway }));
const unstake = (state: State, address = APP) => unstakeApplication(state, create(MsgUnstakeApplicationSchema, { address }));
const transfer = (state: State, to: string, from = APP) =>
  transferApplication(state, create(MsgTransferApplicationSchema, { sourceAddress: from, destinationAddress: to }));
const app = (state: State, address = APP): Application => state.applications.get(address)!;
const archive = (state: State, address = APP) =>
  Object.fromEntries(
    Object.entries(app(state, address).pendingUndelegations).map(([key, list]) => [key, list.gatewayAddresses]),
  );

describe('delegation', () => {
  it('refuses malformed addresses: the application first, then the gateway', () => {
    expect(checkDelegation({ appAddress: 'x', gatewayAddress: 'y' })).toMatchObject({ codespace: 'application', code: 1102 });
    expect(checkDelegation({ appAddress: APP, gatewayAddress: 'y' })).toMatchObject({ codespace: 'application', code: 1108 });
    expect(checkDelegation({ appAddress: APP, gatewayAddress: G1 })).toBeUndefined();
  });

  it('refuses, in this order: unknown application, unknown gateway, too many, inactive gateway, twice', () => {
    const state = town();
    const nobody = addressNamed('nobody');
    expect(delegate(state, nobody, nobody)).toMatchObject({ codespace: 'application', code: 1104, grpc: 'NotFound' });
    expect(delegate(state, nobody)).toMatchObject({ codespace: 'application', code: 1107, grpc: 'NotFound' });
    unstakeGateway(state, create(MsgUnstakeGatewaySchema, { address: G1 }));
    const later = atHeight(state, 11);
    expect(delegate(later, G1)).toMatchObject({ codespace: 'gateway', code: 1108, grpc: 'FailedPrecondition' });
    expect(delegate(later, G2)).toEqual({ ok: true });
    expect(delegate(later, G2)).toMatchObject({ codespace: 'application', code: 1109, grpc: 'AlreadyExists' });
    for (const gateway of GATEWAYS.slice(2)) delegate(later, gateway);
    const full = delegate(later, G1);
    expect(full).toMatchObject({ codespace: 'application', code: 1110, grpc: 'FailedPrecondition' });
    expect(full).toMatchObject({ message: expect.stringContaining('already delegated to 7 (max) gateways') });
  });

  it('keeps the order of the others when one of seven is dropped, and archives it under the session end', () => {
    const state = town();
    for (const gateway of GATEWAYS.slice(0, 7)) delegate(state, gateway);
    expect(undelegate(state, GATEWAYS[3]!)).toEqual({ ok: true });
    expect(app(state).delegateeGatewayAddresses).toEqual(GATEWAYS.slice(0, 7).filter((_, index) => index !== 3));
    expect(archive(state)).toEqual({ 10: [GATEWAYS[3]] });
    expect(eventsOf(state).at(-1)).toMatchObject({
      type: 'pocket.application.EventRedelegation',
      data: { session_end_height: '10' },
    });
  });

  it('refuses to drop, in this order: of an unknown application, a gateway that is no delegatee', () => {
    const state = town();
    expect(undelegate(state, G1, addressNamed('nobody'))).toMatchObject({ codespace: 'application', code: 1104 });
    const events = state.journal.mark();
    expect(undelegate(state, G1)).toMatchObject({ codespace: 'application', code: 1111, grpc: 'FailedPrecondition' });
    expect(state.journal.mark()).toBe(events);
  });

  it('leaves no archive entry when the gateway comes back', () => {
    const state = town();
    delegate(state, G1);
    undelegate(state, G1);
    delegate(atHeight(state, 2), G1);
    expect(app(state).delegateeGatewayAddresses).toEqual([G1]);
    expect(archive(state)).toEqual({});
    expect([...state.applications.withArchives()]).toEqual([]);
  });

  it('prunes the archive when no ring can need it: at 32 for the session that ended at 10', () => {
    const state = town();
    delegate(state, G1);
    undelegate(state, G1);
    pruneUndelegations(atHeight(state, 31));
    expect(archive(state)).toEqual({ 10: [G1] });
    pruneUndelegations(atHeight(state, 32));
    expect(archive(state)).toEqual({});
  });

  it('keeps the archive for as long as proofs of its session can come, where windows are long', () => {
    const state = town();
    const shared = state.params.shared.live();
    state.params.shared.setLive({ ...shared, proofWindowCloseOffsetBlocks: 50n });
    delegate(state, G1);
    undelegate(state, G1);
    pruneUndelegations(atHeight(state, 10 + 55 + 2));
    expect(archive(state)).toEqual({ 10: [G1] });
    pruneUndelegations(atHeight(state, 10 + 55 + 3));
    expect(archive(state)).toEqual({});
  });

  it('detaches applications from a gateway past its last session, archived under the present session, without an event', () => {
    const state = town();
    delegate(state, G1);
    unstakeGateway(state, create(MsgUnstakeGatewaySchema, { address: G1 }));
    detachGateways(atHeight(state, 10));
    expect(app(state).delegateeGatewayAddresses).toEqual([G1]);
    const later = atHeight(state, 11);
    detachGateways(later);
    expect(app(state).delegateeGatewayAddresses).toEqual([]);
    expect(archive(state)).toEqual({ 20: [G1] });
    expect(eventsOf(later)).toEqual([]);
  });
});

describe('unbonding', () => {
  it('refuses, in this order: a malformed address, an unknown application, a second time, a pending transfer', () => {
    expect(checkUnstakeApplication(create(MsgUnstakeApplicationSchema, { address: 'x' }))).toMatchObject({ code: 1102 });
    const state = town();
    expect(unstake(state, addressNamed('nobody'))).toMatchObject({ codespace: 'application', code: 1104, grpc: 'NotFound' });
    transfer(state, addressNamed('destination'));
    expect(unstake(state)).toMatchObject({ codespace: 'application', code: 1114, grpc: 'FailedPrecondition' });
    const other = town();
    expect(unstake(other)).toEqual({ ok: true });
    expect(unstake(other)).toMatchObject({ codespace: 'application', code: 1112, grpc: 'FailedPrecondition' });
  });

  it('lasts to the end of the session and then as many sessions as parameters said when it began', () => {
    const state = town();
    unstake(state);
    expect(eventsOf(state).at(-1)).toMatchObject({
      type: 'pocket.application.EventApplicationUnbondingBegin',
      data: {
        reason: 'APPLICATION_UNBONDING_REASON_ELECTIVE',
        session_end_height: '10',
        unbonding_end_height: '20',
      },
    });
    expect([isApplicationActive(app(state), 10), isApplicationActive(app(state), 11)]).toEqual([true, false]);
    for (const height of [10, 15, 19]) releaseApplications(atHeight(state, height));
    expect(state.applications.get(APP)).toBeDefined();
    const end = atHeight(state, 20);
    releaseApplications(end);
    expect(state.applications.get(APP)).toBeUndefined();
    expect([...state.applications.unstaking()]).toEqual([]);
    expect(state.bank.balance(APP, UPOKT)).toBe(1_000_000n);
    expect(eventsOf(end).at(-1)).toMatchObject({
      type: 'pocket.application.EventApplicationUnbondingEnd',
      data: { reason: 'APPLICATION_UNBONDING_REASON_ELECTIVE', session_end_height: '20', unbonding_end_height: '20' },
    });
  });

  it('says that the stake was too low, pays nothing for an empty one, and raises no failure', () => {
    const state = town();
    unstake(state);
    state.applications.put({ ...app(state), stake: coin(0n) });
    const end = atHeight(state, 20);
    releaseApplications(end);
    expect(eventsOf(end).map(({ type }) => type)).toEqual(['pocket.application.EventApplicationUnbondingEnd']);
    expect(eventsOf(end)[0]!.data['reason']).toBe('APPLICATION_UNBONDING_REASON_BELOW_MIN_STAKE');
  });

  it('removes the record all the same when the bank cannot pay, and says what is stuck', () => {
    const state = town();
    unstake(state);
    state.bank.burn('application', [coin(1n)]);
    const end = atHeight(state, 20);
    releaseApplications(end);
    expect(state.applications.get(APP)).toBeUndefined();
    expect(eventsOf(end)[0]).toMatchObject({
      type: 'pocket.application.EventApplicationStakeStuckInModulePool',
      data: {
        application_address: APP,
        stuck_coin: { denom: 'upokt', amount: '1000000' },
        reason: 'spendable balance 999999upokt is smaller than 1000000upokt: insufficient funds',
      },
    });
  });
});

describe('transfer', () => {
  const DST = addressNamed('destination');

  it('refuses a destination that is a module, where nobody could unstake', () => {
    const to = (destinationAddress: string) => create(MsgTransferApplicationSchema, { sourceAddress: APP, destinationAddress });
    for (const name of ['mint', 'gov', 'application'] as const) {
      expect(checkTransferApplication(to(moduleNamed(name).address))).toMatchObject({ codespace: 'application', code: 1102 });
    }
  });

  it('refuses malformed addresses and a transfer to oneself', () => {
    const check = (sourceAddress: string, destinationAddress: string) =>
      checkTransferApplication(create(MsgTransferApplicationSchema, { sourceAddress, destinationAddress }));
    expect(check('x', 'y')).toMatchObject({ codespace: 'application', code: 1102 });
    expect(check(APP, 'y')).toMatchObject({ codespace: 'application', code: 1102 });
    expect(check(APP, APP)).toMatchObject({ codespace: 'application', code: 1113 });
    expect(check(APP, DST)).toBeUndefined();
  });

  it('refuses, in this order: a destination that exists, an unknown source, a source that unbonds', () => {
    const state = town();
    stakeAs(state, DST, 'svc1');
    expect(transfer(state, DST, addressNamed('nobody'))).toMatchObject({ code: 1113, grpc: 'FailedPrecondition' });
    const free = addressNamed('free');
    expect(transfer(state, free, addressNamed('nobody'))).toMatchObject({ code: 1104, grpc: 'InvalidArgument' });
    unstake(state);
    expect(transfer(state, free)).toMatchObject({ code: 1112, grpc: 'FailedPrecondition' });
  });

  it('completes at the first session end after all windows, with every history entry renamed', () => {
    const state = town();
    stakeAs(state, APP, 'svc2', 2_000_000n);
    expect(transfer(state, DST)).toEqual({ ok: true });
    expect(eventsOf(state).at(-1)).toMatchObject({
      type: 'pocket.application.EventTransferBegin',
      data: { session_end_height: '10', transfer_end_height: '20' },
    });
    const before = app(state);
    completeTransfers(atHeight(state, 19));
    expect(state.applications.get(DST)).toBeUndefined();
    const end = atHeight(state, 20);
    completeTransfers(end);
    expect(state.applications.get(APP)).toBeUndefined();
    const history = before.serviceConfigHistory.map((entry) => ({ ...entry, applicationAddress: DST }));
    expect(app(state, DST)).toEqual({ ...before, address: DST, pendingTransfer: undefined, serviceConfigHistory: history });
    expect(history).toHaveLength(2);
    expect(eventsOf(end).at(-1)).toMatchObject({
      type: 'pocket.application.EventTransferEnd',
      data: { session_end_height: '20', transfer_end_height: '20' },
    });
  });

  it('fails with an event when the source unbonds meanwhile', () => {
    const state = town();
    transfer(state, DST);
    state.applications.put({ ...app(state), unstakeSessionEndHeight: 20n });
    const end = atHeight(state, 20);
    completeTransfers(end);
    expect(app(state).pendingTransfer).toBeUndefined();
    expect(eventsOf(end).at(-1)).toMatchObject({
      type: 'pocket.application.EventTransferError',
      data: {
        error: `cannot transfer stake of unbonding source application (${APP}): application is in unbonding period`,
      },
    });
  });

  const limits: [source: bigint | undefined, destination: bigint | undefined, merged: string | undefined][] = [
    [undefined, undefined, undefined],
    [5_000_000n, undefined, '5000000'],
    [undefined, 5_000_000n, '5000000'],
    [3_000_000n, 5_000_000n, '3000000'],
    [5_000_000n, 3_000_000n, '3000000'],
  ];
  it.each(limits)('merges spend limits %s and %s into %s', (source, destination, merged) => {
    const state = emptyState(1);
    stakeAs(state, APP, 'svc1', 1_000_000n, source);
    transfer(state, DST);
    stakeAs(state, DST, 'svc1', 1_000_000n, destination);
    completeTransfers(atHeight(state, 20));
    expect(app(state, DST).perSessionSpendLimit?.amount).toBe(merged);
    expect(amountUpoktOf(app(state, DST).stake)).toBe(2_000_000n);
  });

  it('merges two applications into one: stakes, delegatees, services', () => {
    const state = town();
    delegate(state, G3);
    const second = addressNamed('second');
    stakeAs(state, second, 'svc2');
    delegate(state, G2, second);
    transfer(state, DST);
    transfer(state, DST, second);
    const end = atHeight(state, 20);
    completeTransfers(end);
    const merged = app(state, DST);
    expect(amountUpoktOf(merged.stake)).toBe(2_000_000n);
    expect([...merged.delegateeGatewayAddresses].sort()).toEqual([G2, G3].sort());
    const services = applicationServicesAt(merged, 31).map(({ serviceId }) => serviceId);
    expect(services.sort()).toEqual(['svc1', 'svc2']);
    expect(state.bank.balance(moduleNamed('application').address, UPOKT)).toBe(2_000_000n);
  });

  it('gives a gateway in both archives the height of the destination', () => {
    const archives: [source: Record<string, string[]>, destination: Record<string, string[]>, merged: object][] = [
      [{ 0: [G1, G2] }, { 1: [G1, G3] }, { 0: [G2], 1: [G1, G3].sort() }],
      [{ 0: [G1, G2], 1: [G3] }, { 0: [GATEWAYS[4]!], 1: [G3] }, { 0: [G1, G2, GATEWAYS[4]!].sort(), 1: [G3] }],
    ];
    for (const [source, destination, merged] of archives) {
      const state = town();
      transfer(state, DST);
      stakeAs(state, DST, 'svc1');
      state.applications.put({ ...app(state), pendingUndelegations: listed(source) });
      state.applications.put({ ...app(state, DST), pendingUndelegations: listed(destination) });
      completeTransfers(atHeight(state, 20));
      expect(archive(state, DST)).toEqual(merged);
    }
  });
});

function listed(archives: Record<string, string[]>): Application['pendingUndelegations'] {
  return Object.fromEntries(
    Object.entries(archives).map(([height, gatewayAddresses]) => [
      height,
      { $typeName: 'pocket.application.UndelegatingGatewayList' as const, gatewayAddresses },
    ]),
  );
}
