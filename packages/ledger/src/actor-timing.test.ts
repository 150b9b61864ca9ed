/**
 * What each step of an actor costs on MainNet, when it takes effect and when the money comes back. Everybody acts at height 5,
 * in the session of blocks 1 to 20.
 */
import { create } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import { MsgStakeApplicationSchema, MsgUnstakeApplicationSchema } from '@decai/protocol/gen/pocket/application/tx_pb';
import { MsgStakeGatewaySchema, MsgUnstakeGatewaySchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { MsgAddServiceSchema } from '@decai/protocol/gen/pocket/service/tx_pb';
import { MsgUnstakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { expect, test } from 'vitest';
import { addService } from './add-service.ts';
import { UPOKT } from './coins.ts';
import type { ModuleName } from './module-account.ts';
import { releaseApplications } from './release-applications.ts';
import { releaseGateways } from './release-gateways.ts';
import { releaseSuppliers } from './release-suppliers.ts';
import { hydrateSession } from './session.ts';
import { stakeApplication } from './stake-application.ts';
import { stakeGateway } from './stake-gateway.ts';
import { stakeSupplier } from './stake-supplier.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { addressNamed, atHeight, emptyState, endow } from './test-chain.ts';
import { moduleBalance } from './test-settlement.ts';
import { config, OPERATOR, OWNER, stakeMessage } from './test-suppliers.ts';
import { twentyBlocks } from './test-terms.ts';
import { unstakeApplication } from './unstake-application.ts';
import { unstakeGateway } from './unstake-gateway.ts';
import { unstakeSupplier } from './unstake-supplier.ts';

const POKT = 1_000_000n;
const APP = addressNamed('app');
const GATEWAY = addressNamed('gateway');
const SOURCE = addressNamed('source');
const RICH = 100_000n * POKT;

function mainNet(): State {
  const state = emptyState(5);
  twentyBlocks(state);
  const { shared, application, gateway, supplier, service } = state.params;
  shared.setLive({
    ...shared.live(),
    supplierUnbondingPeriodSessions: 1_429n,
    applicationUnbondingPeriodSessions: 3n,
    gatewayUnbondingPeriodSessions: 3n,
  });
  application.setLive({ ...application.live(), minStake: upoktCoin(1_000n * POKT) });
  gateway.setLive({ ...gateway.live(), minStake: upoktCoin(5_000n * POKT) });
  supplier.setLive({ ...supplier.live(), minStake: upoktCoin(59_500n * POKT), stakingFee: upoktCoin(1n) });
  service.setLive({ ...service.live(), addServiceFee: upoktCoin(3_500n * POKT) });
  for (const address of [APP, GATEWAY, OPERATOR, SOURCE]) endow(state, address, RICH);
  const named = { id: 'svc', name: 'svc', computeUnitsPerRelay: 1n, ownerAddress: SOURCE };
  expect(addService(state, create(MsgAddServiceSchema, { ownerAddress: SOURCE, service: named }))).toEqual({
    ok: true,
  });
  return state;
}

const stakeApp = (state: State) =>
  stakeApplication(
    state,
    create(MsgStakeApplicationSchema, { address: APP, stake: coin(1_000n * POKT), services: [{ serviceId: 'svc' }] }),
  );
const stakeSup = (state: State) =>
  stakeSupplier(state, stakeMessage({ stake: coin(59_500n * POKT), services: [config('svc')] }));

type Row = readonly [
  what: string,
  module: ModuleName,
  payer: string,
  stake: (state: State) => unknown,
  escrow: bigint,
  fee: bigint,
  unstake: (state: State) => unknown,
  release: (state: State) => void,
  paidTo: string,
  back: number,
];

const rows: readonly Row[] = [
  [
    'an application: 1,000 POKT, back three sessions after its last',
    'application',
    APP,
    stakeApp,
    1_000n * POKT,
    0n,
    (state) => unstakeApplication(state, create(MsgUnstakeApplicationSchema, { address: APP })),
    releaseApplications,
    APP,
    80,
  ],
  [
    'a gateway: 5,000 POKT, back three sessions after its last',
    'gateway',
    GATEWAY,
    (state) => stakeGateway(state, create(MsgStakeGatewaySchema, { address: GATEWAY, stake: coin(5_000n * POKT) })),
    5_000n * POKT,
    0n,
    (state) => unstakeGateway(state, create(MsgUnstakeGatewaySchema, { address: GATEWAY })),
    releaseGateways,
    GATEWAY,
    80,
  ],
  [
    'a supplier: 59,500 POKT and a fee of 1 upokt, back to the owner 1,429 sessions after its last',
    'supplier',
    OPERATOR,
    stakeSup,
    59_500n * POKT,
    1n,
    (state) => unstakeSupplier(state, create(MsgUnstakeSupplierSchema, { signer: OWNER, operatorAddress: OPERATOR })),
    releaseSuppliers,
    OWNER,
    28_600,
  ],
];
test.each(rows)('%s', (_what, module, payer, stake, escrow, fee, unstake, release, paidTo, back) => {
  const state = mainNet();
  const balance = (address: string) => state.bank.balance(address, UPOKT);
  expect(stake(state)).toEqual({ ok: true });
  expect([RICH - balance(payer), moduleBalance(state, module)]).toEqual([escrow + fee, escrow + fee]);
  expect(unstake(state)).toEqual({ ok: true });
  const before = balance(paidTo);
  for (const height of [20, back - 20, back - 1]) release(atHeight(state, height));
  expect(balance(paidTo) - before).toBe(0n);
  release(atHeight(state, back));
  expect(balance(paidTo) - before).toBe(escrow);
  expect(moduleBalance(state, module)).toBe(fee);
});

test('a service: 3,500 POKT, which stay with the module', () => {
  const state = mainNet();
  expect(RICH - state.bank.balance(SOURCE, UPOKT)).toBe(3_500n * POKT);
  expect(moduleBalance(state, 'service')).toBe(3_500n * POKT);
});

test('an application takes part at once, a supplier from the next session on', () => {
  const state = mainNet();
  stakeApp(state);
  stakeSup(state);
  const drawnAt = (height: number) => {
    const query = { applicationAddress: APP, serviceId: 'svc', blockHeight: height };
    const session = hydrateSession(atHeight(state, height), query);
    return session.ok ? [...session.value.suppliers.keys()] : session.code;
  };
  // 1104: the application is there, and nobody to serve it.
  expect([5, 20, 21].map(drawnAt)).toEqual([1104, 1104, [OPERATOR]]);
});
