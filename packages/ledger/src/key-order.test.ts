/**
 * The orders in which records are walked, which decide pages, draws, settlements and events; and the keys that lead from one
 * page to the next, which other clients keep.
 */
import { create, type DescMessage, type DescMethodUnary, type MessageInitShape } from '@bufbuild/protobuf';
import { decode, encode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';
import { Query as ApplicationQuery } from '@decai/protocol/gen/pocket/application/query_pb';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { Query as GatewayQuery } from '@decai/protocol/gen/pocket/gateway/query_pb';
import { GatewaySchema } from '@decai/protocol/gen/pocket/gateway/types_pb';
import { Query as ProofQuery } from '@decai/protocol/gen/pocket/proof/query_pb';
import { ClaimSchema, ProofSchema, type Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import { ServiceComputeUnitsPerRelayUpdateSchema } from '@decai/protocol/gen/pocket/service/compute_units_pb';
import { Query as ServiceQuery } from '@decai/protocol/gen/pocket/service/query_pb';
import { RelayMiningDifficultySchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import {
  ServiceConfigUpdateSchema,
  SupplierSchema,
  type ServiceConfigUpdate,
} from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { Query as SupplierQuery } from '@decai/protocol/gen/pocket/supplier/query_pb';
import { describe, expect, test } from 'vitest';
import { textKey } from './collection.ts';
import type { State } from './state.ts';
import { addressNamed, emptyState, TestChain } from './test-chain.ts';

/** Ascending as texts. */
const NAMES = ['a', 'b', 'c', 'd'].map(addressNamed).sort();
const [FIRST, SECOND, THIRD] = NAMES as [string, string, string];
const SESSIONS = ['00'.repeat(32), '0a'.repeat(32), 'f0'.repeat(32)];
/** Ascending as numbers, but neither as decimals nor by their last byte. */
const HEIGHTS = [2, 10, 255, 256, 1000];
const HEIGHT = 2000;

const descending = <T>(values: readonly T[]): T[] => [...values].reverse();

function fill(state: State): State {
  for (const address of descending(NAMES)) {
    state.applications.put(create(ApplicationSchema, { address, stake: coin(1n), unstakeSessionEndHeight: 10n }));
    state.gateways.put(create(GatewaySchema, { address, stake: coin(1n) }));
    state.suppliers.put(
      create(SupplierSchema, { operatorAddress: address, stake: coin(1n), unstakeSessionEndHeight: 10n }),
    );
    for (const sessionId of descending(SESSIONS)) {
      const sessionHeader = { sessionId, sessionEndBlockHeight: sessionId === SESSIONS[0] ? 1000n : 20n };
      state.claims.put(create(ClaimSchema, { supplierOperatorAddress: address, sessionHeader }));
    }
    for (const id of ['svc-b', 'svc', 'svc-a']) {
      for (const height of descending(HEIGHTS)) {
        state.suppliers.putConfig(
          create(ServiceConfigUpdateSchema, {
            operatorAddress: address,
            service: { serviceId: id },
            activationHeight: BigInt(height),
            deactivationHeight: height === 1000 ? 0n : BigInt(height + 1),
          }),
        );
      }
    }
  }
  for (const id of ['svc-b', 'svc', 'svc-a']) {
    state.services.put(create(ServiceSchema, { id }));
    const difficulty = create(RelayMiningDifficultySchema, { serviceId: id, targetHash: new Uint8Array(32) });
    state.services.newestDifficulties.put(textKey(id), difficulty);
    for (const height of descending(HEIGHTS)) {
      state.services.difficultyHistory.put(textKey(id), height, difficulty);
      const units = { serviceId: id, effectiveHeight: BigInt(height), computeUnitsPerRelay: BigInt(height) };
      state.services.unitsHistory.put(textKey(id), height, create(ServiceComputeUnitsPerRelayUpdateSchema, units));
    }
  }
  return state;
}

const STATE = fill(emptyState(HEIGHT));
const pairs = (first: readonly string[], second: readonly string[]): string[] =>
  first.flatMap((a) => second.map((b) => `${a} ${b}`));
// A key closes its text with a slash, which stands after a dash.
const SERVICE_KEYS = ['svc-a', 'svc-b', 'svc'];

describe('records are walked', () => {
  const { applications, claims, gateways, services, suppliers } = STATE;
  const walked = <T>(records: Iterable<T>, name: (record: T) => string): string[] => [...records].map(name);
  const ofClaim = ({ sessionHeader, supplierOperatorAddress }: Claim): string =>
    `${sessionHeader!.sessionId} ${supplierOperatorAddress}`;
  const ofConfig = ({ operatorAddress, service, activationHeight }: ServiceConfigUpdate): string =>
    `${activationHeight} ${service!.serviceId} ${operatorAddress}`;

  test.each<[what: string, actual: string[], expected: string[]]>([
    ['applications by address', walked(applications.entries(), ([, { address }]) => address), NAMES],
    ['unbonding applications by address', walked(applications.unstaking(), ({ address }) => address), NAMES],
    ['gateways by address', walked(gateways.entries(), ([, { address }]) => address), NAMES],
    ['suppliers by operator', walked(suppliers.entries(), ([, { operatorAddress }]) => operatorAddress), NAMES],
    ['unbonding suppliers by operator', walked(suppliers.unbonding(), ({ operatorAddress }) => operatorAddress), NAMES],
    ['services by id', walked(services.entries(), ([, { id }]) => id), SERVICE_KEYS],
    [
      'claims by session, then operator',
      walked(claims.entries(), ([, claim]) => ofClaim(claim)),
      pairs(SESSIONS, NAMES),
    ],
    [
      'claims of a session end by session, then operator',
      walked(claims.endingAt(20), ofClaim),
      pairs(SESSIONS.slice(1), NAMES),
    ],
    [
      'claims of an operator by session',
      walked(claims.ofOperator(SECOND), ([, claim]) => ofClaim(claim)),
      pairs(SESSIONS, [SECOND]),
    ],
    [
      'configurations of a service by activation, then operator',
      walked(suppliers.configEntries('svc'), ([, config]) => ofConfig(config)),
      HEIGHTS.flatMap((height) => NAMES.map((name) => `${height} svc ${name}`)),
    ],
    [
      'configurations of a supplier by service, then activation',
      walked(suppliers.configsOf(FIRST), ofConfig),
      SERVICE_KEYS.flatMap((id) => HEIGHTS.map((height) => `${height} ${id} ${FIRST}`)),
    ],
    [
      'configurations that begin at a height by service, then operator',
      walked(suppliers.activatingAt(256), ofConfig),
      pairs(SERVICE_KEYS, NAMES).map((pair) => `256 ${pair}`),
    ],
    [
      'configurations that have ended by end, service and operator',
      walked(suppliers.deactivatedBy(256), ofConfig),
      [2, 10, 255].flatMap((height) => pairs(SERVICE_KEYS, NAMES).map((pair) => `${height} ${pair}`)),
    ],
    [
      'prices by height',
      walked(services.unitsHistory.entries(textKey('svc')), ([height]) => String(height)),
      HEIGHTS.map(String),
    ],
  ])('%s', (_what, actual, expected) => {
    expect(actual).toEqual(expected);
  });

  test.each([
    [1, undefined],
    [2, 2n],
    [9, 2n],
    [255, 255n],
    [256, 256n],
    [999, 256n],
    [HEIGHT, 1000n],
  ])('as of height %i the newest entry that is not above it is found', (height, units) => {
    expect(services.unitsHistory.at(textKey('svc'), height)?.computeUnitsPerRelay).toBe(units);
  });
});

describe('a second page is found by', () => {
  const BE8 = (height: number): string => String.fromCharCode(0, 0, 0, 0, 0, 0, height >> 8, height & 255);

  const chain = new TestChain((state) => {
    fill(state);
    for (const operatorAddress of NAMES) {
      const sessionHeader = { sessionId: SESSIONS[1]!, sessionEndBlockHeight: 20n };
      state.proofs.put(create(ProofSchema, { supplierOperatorAddress: operatorAddress, sessionHeader }));
      const open = { operatorAddress, service: { serviceId: 'open' }, activationHeight: 0n };
      state.suppliers.putConfig(create(ServiceConfigUpdateSchema, open));
    }
  });

  function nextKey<Input extends DescMessage>(
    method: DescMethodUnary<Input, DescMessage>,
    request: MessageInitShape<Input>,
  ): string {
    const path = `/${method.parent.typeName}/${method.name}`;
    const data = encode(
      method.input,
      create(method.input, { pagination: { limit: 1n }, ...request } as typeof request),
    );
    const { code, value } = chain.ledger.query({ path, data });
    expect(code).toBe(0);
    const { pagination } = decode(method.output, value) as unknown as { pagination: { nextKey: Uint8Array } };
    return Buffer.from(pagination.nextKey).toString('latin1');
  }

  const { allClaims } = ProofQuery.method;
  test.each([
    ['the address of an application', nextKey(ApplicationQuery.method.allApplications, {}), `${SECOND}/`],
    ['the address of a gateway', nextKey(GatewayQuery.method.allGateways, {}), `${SECOND}/`],
    ['the operator of a supplier', nextKey(SupplierQuery.method.allSuppliers, {}), `${SECOND}/`],
    [
      'activation and operator of a service’s supplier',
      nextKey(SupplierQuery.method.allSuppliers, { serviceId: 'open' }),
      `${BE8(0)}/${SECOND}/`,
    ],
    ['the id of a service', nextKey(ServiceQuery.method.allServices, {}), 'svc-b/'],
    ['the service of a difficulty', nextKey(ServiceQuery.method.relayMiningDifficultyAll, {}), 'svc-b/'],
    [
      'the height of a difficulty',
      nextKey(ServiceQuery.method.relayMiningDifficultyHistory, { serviceId: 'svc' }),
      BE8(10),
    ],
    ['the height of a price', nextKey(ServiceQuery.method.computeUnitsPerRelayHistory, { serviceId: 'svc' }), BE8(10)],
    ['session and operator of a claim', nextKey(allClaims, {}), `${SESSIONS[0]}/${SECOND}`],
    [
      'session and operator, among the claims of an operator',
      nextKey(allClaims, { filter: { case: 'supplierOperatorAddress', value: THIRD } }),
      `${SESSIONS[1]}/${THIRD}`,
    ],
    [
      'session and operator, among the claims of a session end',
      nextKey(allClaims, { filter: { case: 'sessionEndHeight', value: 20n } }),
      `${SESSIONS[1]}/${SECOND}`,
    ],
    [
      'session and operator, among the proofs of a session end',
      nextKey(ProofQuery.method.allProofs, { filter: { case: 'sessionEndHeight', value: 20n } }),
      `${SESSIONS[1]}/${SECOND}`,
    ],
  ])('%s', (_what, key, expected) => {
    expect(key).toBe(expected);
  });
});
