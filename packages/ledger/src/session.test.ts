import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { fromHex } from '@decai/protocol/bytes';
import { ApplicationSchema, type Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { ServiceConfigUpdateSchema, SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { checkSessionQuery, hydrateSession, sessionMessage, type SessionQuery } from './session.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { addressNamed, emptyState } from './test-chain.ts';

const APP1 = 'pokt1mdccn4u38eyjdxkk4h0jaddw4n3c72u82m5m9e';
const APP2 = 'pokt133amv5suh75zwkxxcq896azvmmwszg99grvk9f';
const SUPPLIER = addressNamed('supplier');

/** Sessions of four blocks at height 100, with the block hashes and ids that the reference tests give. */
function town(): State {
  const state = emptyState(100);
  state.params.shared.setLive({ ...state.params.shared.live(), numBlocksPerSession: 4n });
  const hashes: [number, string][] = [
    [1, '1b1051b7bf236fea13efa65b6be678514fa5b6ea0ae9a7a4b68d45f95e4f18e0'],
    [5, '261594ddc3c8afc5b4c63f59ee58e89d3a115bcd164c83fd79349de0b1ffd21d'],
    [9, '251665c7cf286a30fbd98acd983c63e9a34efc16496511373405e24eb02a8fb9'],
  ];
  for (const [height, hash] of hashes) state.blockHashes.put(height, fromHex(hash));
  addApplication(state, { address: APP1, serviceConfigs: services('svc1') });
  addApplication(state, { address: APP2, serviceConfigs: services('svc12') });
  for (const serviceId of ['svc1', 'svc12']) addConfig(state, SUPPLIER, serviceId);
  state.suppliers.put(
    create(SupplierSchema, { ownerAddress: SUPPLIER, operatorAddress: SUPPLIER, stake: upoktCoin(1n) }),
  );
  return state;
}

function services(serviceId: string): Application['serviceConfigs'] {
  return create(ApplicationSchema, { serviceConfigs: [{ serviceId }] }).serviceConfigs;
}

function addApplication(state: State, fields: Partial<Application>): void {
  state.applications.put({ ...create(ApplicationSchema, { stake: upoktCoin(1n) }), ...fields });
}

function addConfig(state: State, operatorAddress: string, serviceId: string, activation = 1n, deactivation = 0n): void {
  const heights = { activationHeight: activation, deactivationHeight: deactivation };
  state.suppliers.putConfig(create(ServiceConfigUpdateSchema, { operatorAddress, service: { serviceId }, ...heights }));
}

const ask = (applicationAddress: string, serviceId: string, blockHeight: number): SessionQuery => ({
  applicationAddress,
  serviceId,
  blockHeight,
});

test.each([
  [APP1, 'svc1', 1, 1, 'afd00273055a4fddc0beb30074e14d474c07f9e895d2795db006a5139048d54b'],
  [APP1, 'svc1', 5, 2, 'e161348f2153bb41092040c3c287596f8daf98e90986475be21412a1ded945ed'],
  [APP1, 'svc1', 9, 3, 'fea5d6f7544ff6d8af5c22529b2ccf01ed7930b3d454d42dda5ccc0b65b6ebfd'],
  [APP1, 'svc1', 10, 3, 'fea5d6f7544ff6d8af5c22529b2ccf01ed7930b3d454d42dda5ccc0b65b6ebfd'],
  [APP2, 'svc12', 5, 2, 'f6dbe4961afd8ff0e444a1159d02bc645f9ded3daaa605c187e6bd7ee2232a68'],
])('the session of %s on %s at %i', (application, service, height, number, id) => {
  const session = hydrateSession(town(), ask(application, service, height));
  const start = 4 * number - 3;
  expect(session).toMatchObject({
    ok: true,
    value: {
      number,
      numBlocks: 4,
      header: {
        applicationAddress: application,
        serviceId: service,
        sessionId: id,
        sessionStartBlockHeight: BigInt(start),
        sessionEndBlockHeight: BigInt(start + 3),
      },
    },
  });
});

test('height 0 asks about now', () => {
  expect(hydrateSession(town(), ask(APP1, 'svc1', 0))).toMatchObject({ ok: true, value: { number: 25 } });
});

describe('a question that no state could answer', () => {
  const flaws: [string, SessionQuery, string, number][] = [
    ['a negative height', ask(APP1, 'svc1', -1), 'session', 1107],
    ['a long service id', ask(APP1, 'a'.repeat(43), -1), 'shared', 1108],
    ['a malformed application', ask('invalid_app_address', 'a'.repeat(43), -1), 'session', 1105],
  ];
  test.each(flaws)('%s', (_what, query, codespace, code) => {
    expect(checkSessionQuery(query)).toMatchObject({ ok: false, codespace, code, grpc: 'InvalidArgument' });
  });

  test('any other may be asked', () => {
    expect(checkSessionQuery(ask(APP1, 'svc9001', 9001))).toBeUndefined();
  });
});

describe('refusals, each looked for before those above it', () => {
  const state = town();
  let query = ask(APP1, 'svc1', 9);
  const flaws: [string, number, () => void][] = [
    ['nobody serves it', 1104, () => state.suppliers.delete(SUPPLIER)],
    ['not staked for the service', 1103, () => void (query = { ...query, serviceId: 'svc9001' })],
    [
      'no longer active at the session’s end',
      1109,
      () => addApplication(state, { address: APP1, serviceConfigs: services('svc1'), unstakeSessionEndHeight: 8n }),
    ],
    ['not there', 1102, () => state.applications.delete(APP1)],
    ['a height that is not reached', 1101, () => void (query = { ...query, blockHeight: 9001 })],
  ];
  test.each(flaws)('%s', (_what, code, spoil) => {
    spoil();
    expect(hydrateSession(state, query)).toMatchObject({ ok: false, codespace: 'session', code, grpc: 'Internal' });
  });
});

test('an application that changed its service had the old one until the change', () => {
  const state = town();
  const entry = (
    serviceId: string,
    activationHeight: bigint,
    deactivationHeight: bigint,
  ): Application['serviceConfigHistory'] =>
    create(ApplicationSchema, {
      serviceConfigHistory: [{ service: { serviceId }, activationHeight, deactivationHeight }],
    }).serviceConfigHistory;
  const serviceConfigHistory = [...entry('svc1', 1n, 9n), ...entry('svc12', 9n, 0n)];
  addApplication(state, { address: APP1, serviceConfigs: services('svc12'), serviceConfigHistory });
  const answers = ([height, service]: [number, string]): boolean =>
    hydrateSession(state, ask(APP1, service, height)).ok;
  expect(
    (
      [
        [8, 'svc1'],
        [8, 'svc12'],
        [9, 'svc1'],
        [9, 'svc12'],
      ] as [number, string][]
    ).map(answers),
  ).toEqual([true, false, false, true]);
});

test('an application that unbonds stays until the session it left in has ended', () => {
  const state = town();
  addApplication(state, { address: APP1, serviceConfigs: services('svc1'), unstakeSessionEndHeight: 8n });
  expect([5, 8, 9].map((height) => hydrateSession(state, ask(APP1, 'svc1', height)).ok)).toEqual([true, true, false]);
});

test('suppliers are those configured at the height, each shown with that one configuration; one that has gone is left out', () => {
  const state = town();
  const others = ['a', 'b', 'c'].map(addressNamed);
  addConfig(state, others[0]!, 'svc1', 5n);
  addConfig(state, others[1]!, 'svc1', 1n, 5n);
  addConfig(state, others[2]!, 'svc1', 6n);
  for (const operatorAddress of others.slice(0, 1)) state.suppliers.put(create(SupplierSchema, { operatorAddress }));
  const session = hydrateSession(state, ask(APP1, 'svc1', 5));
  if (!session.ok) throw new Error(session.message);
  expect([...session.value.suppliers.keys()].sort()).toEqual([SUPPLIER, others[0]!].sort());
  const shown = sessionMessage(state, session.value).suppliers;
  expect(
    shown.map(({ services: list, serviceConfigHistory }) => [
      list.map(({ serviceId }) => serviceId),
      serviceConfigHistory,
    ]),
  ).toEqual([
    [['svc1'], []],
    [['svc1'], []],
  ]);
  addConfig(state, others[2]!, 'svc1', 1n);
  const withGone = hydrateSession(state, ask(APP1, 'svc1', 5));
  if (!withGone.ok) throw new Error(withGone.message);
  expect(withGone.value.suppliers.has(others[2]!)).toBe(true);
  expect(sessionMessage(state, withGone.value).suppliers).toHaveLength(2);
});
