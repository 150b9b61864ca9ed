/**
 * Cases of pokt-network/poktroll `x/application/keeper/*_test.go` and `tests/integration/application`, as data.
 */
import { create } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import { MsgUnstakeApplicationSchema } from '@decai/protocol/gen/pocket/application/tx_pb';
import { MsgUnstakeGatewaySchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { describe, expect, it } from 'vitest';
import { isApplicationActive } from './application-records.ts';
import { UPOKT } from './coins.ts';
import { checkDelegation } from './delegate-to-gateway.ts';
import { detachGateways } from './detach-gateways.ts';
import { pruneUndelegations } from './prune-undelegations.ts';
import { releaseApplications } from './release-applications.ts';
import { addressNamed, atHeight, eventsOf } from './test-chain.ts';
import { checkUnstakeApplication } from './unstake-application.ts';
import { unstakeGateway } from './unstake-gateway.ts';
import {
  APP,
  app,
  archive,
  delegate,
  G1,
  G2,
  GATEWAYS,
  town,
  transfer,
  undelegate,
  unstake,
} from './test-applications.ts';

describe('delegation', () => {
  it('refuses malformed addresses: the application first, then the gateway', () => {
    expect(checkDelegation({ appAddress: 'x', gatewayAddress: 'y' })).toMatchObject({
      codespace: 'application',
      code: 1102,
    });
    expect(checkDelegation({ appAddress: APP, gatewayAddress: 'y' })).toMatchObject({
      codespace: 'application',
      code: 1108,
    });
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

  it('keeps the archive for as long as proofs of its session can come, where windows have become shorter since', () => {
    const state = town();
    const { shared } = state.params;
    shared.history.put('', 1, { ...shared.live(), proofWindowCloseOffsetBlocks: 50n });
    shared.history.put('', 11, shared.live());
    delegate(state, G1);
    undelegate(state, G1);
    pruneUndelegations(atHeight(state, 10 + 56));
    expect(archive(state)).toEqual({ 10: [G1] });
    pruneUndelegations(atHeight(state, 10 + 57));
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
    expect(checkUnstakeApplication(create(MsgUnstakeApplicationSchema, { address: 'x' }))).toMatchObject({
      code: 1102,
    });
    const state = town();
    expect(unstake(state, addressNamed('nobody'))).toMatchObject({
      codespace: 'application',
      code: 1104,
      grpc: 'NotFound',
    });
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
