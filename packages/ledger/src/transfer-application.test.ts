/**
 * Cases of pokt-network/poktroll `x/application/keeper/*_test.go` and `tests/integration/application`, as data.
 */
import { create } from '@bufbuild/protobuf';
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { MsgTransferApplicationSchema } from '@decai/protocol/gen/pocket/application/tx_pb';
import { describe, expect, it } from 'vitest';
import { applicationServicesAt } from './application-services.ts';
import { UPOKT } from './coins.ts';
import { completeTransfers } from './complete-transfers.ts';
import { moduleNamed } from './module-account.ts';
import { amountUpoktOf } from './stake.ts';
import { addressNamed, atHeight, emptyState, eventsOf } from './test-chain.ts';
import { checkTransferApplication } from './transfer-application.ts';
import {
  APP,
  app,
  archive,
  delegate,
  G1,
  G2,
  G3,
  GATEWAYS,
  stakeAs,
  town,
  transfer,
  unstake,
} from './test-applications.ts';

describe('transfer', () => {
  const DST = addressNamed('destination');

  it('refuses a destination that is a module, where nobody could unstake', () => {
    const to = (destinationAddress: string) =>
      create(MsgTransferApplicationSchema, { sourceAddress: APP, destinationAddress });
    for (const name of ['mint', 'gov', 'application'] as const) {
      expect(checkTransferApplication(to(moduleNamed(name).address))).toMatchObject({
        codespace: 'application',
        code: 1102,
      });
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
    expect(app(state, DST)).toEqual({
      ...before,
      address: DST,
      pendingTransfer: undefined,
      serviceConfigHistory: history,
    });
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
      [
        { 0: [G1, G2], 1: [G3] },
        { 0: [GATEWAYS[4]!], 1: [G3] },
        { 0: [G1, G2, GATEWAYS[4]!].sort(), 1: [G3] },
      ],
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

  it('carries along what an application received by a transfer in the same block', () => {
    const [from, over] = [addressNamed('app'), addressNamed('way station')].sort() as [string, string];
    const state = emptyState(1);
    stakeAs(state, from, 'svc1', 1_000_000n);
    transfer(state, over, from);
    stakeAs(state, over, 'svc1', 3_000_000n);
    transfer(state, DST, over);
    completeTransfers(atHeight(state, 20));
    expect([...state.applications.entries()].map(([, { address, stake }]) => [address, stake?.amount])).toEqual([
      [DST, '4000000'],
    ]);
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
