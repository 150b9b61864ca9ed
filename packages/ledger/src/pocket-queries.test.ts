import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { Query as AuthQuery } from '@decai/protocol/gen/cosmos/auth/v1beta1/query_pb';
import { Query as BankQuery } from '@decai/protocol/gen/cosmos/bank/v1beta1/query_pb';
import { Query as ApplicationQuery } from '@decai/protocol/gen/pocket/application/query_pb';
import { Query as GatewayQuery } from '@decai/protocol/gen/pocket/gateway/query_pb';
import { Query as ProofQuery } from '@decai/protocol/gen/pocket/proof/query_pb';
import { Query as ServiceQuery } from '@decai/protocol/gen/pocket/service/query_pb';
import { Query as SessionQuery } from '@decai/protocol/gen/pocket/session/query_pb';
import { Query as SharedQuery } from '@decai/protocol/gen/pocket/shared/query_pb';
import { Query as SupplierQuery } from '@decai/protocol/gen/pocket/supplier/query_pb';
import { Query as TokenomicsQuery } from '@decai/protocol/gen/pocket/tokenomics/query_pb';
import { describe, expect, it } from 'vitest';
import { hashOf } from './test-chain.ts';
import { APPS, GATEWAY, OPERATORS, OWNER, SESSION, HEIGHT, town, answer, refusal } from './test-queries.ts';

describe('actors and services', () => {
  it('are found or not found', () => {
    expect(answer(ApplicationQuery.method.application, { address: APPS[0]! }).application?.address).toBe(APPS[0]);
    expect(refusal(ApplicationQuery.method.application, { address: 'nonsense' })).toEqual([
      'sdk',
      22,
      'rpc error: code = NotFound desc = app address: nonsense: application not found: key not found',
    ]);
    expect(refusal(GatewayQuery.method.gateway, { address: OWNER })[1]).toBe(22);
    expect(refusal(SupplierQuery.method.supplier, { operatorAddress: OWNER })[1]).toBe(22);
    expect(refusal(ServiceQuery.method.service, { id: 'a/b' })[1]).toBe(22);
  });

  it('come without cards, shares and history where the asker wants none', () => {
    const address = GATEWAY;
    expect(answer(GatewayQuery.method.gateway, { address }).gateway?.metadata).toBeDefined();
    expect(answer(GatewayQuery.method.gateway, { address, dehydrated: true }).gateway?.metadata).toBeUndefined();
    expect(answer(GatewayQuery.method.allGateways, { dehydrated: true }).gateways[0]?.metadata).toBeUndefined();
    expect(answer(ServiceQuery.method.service, { id: 'svc', dehydrated: true }).service?.metadata).toBeUndefined();
    expect(answer(ServiceQuery.method.allServices).service[0]?.metadata).toBeDefined();
    const operatorAddress = OPERATORS[0]!;
    const whole = answer(SupplierQuery.method.supplier, { operatorAddress }).supplier!;
    expect([whole.services.length, whole.serviceConfigHistory.length, whole.services[0]?.revShare.length]).toEqual([
      1, 2, 1,
    ]);
    const bare = answer(SupplierQuery.method.supplier, { operatorAddress, dehydrated: true }).supplier!;
    expect([bare.services.length, bare.serviceConfigHistory.length, bare.services[0]?.revShare.length]).toEqual([
      1, 0, 0,
    ]);
  });

  it('filters suppliers by operator, owner and service', () => {
    const suppliers = (request: MessageInitShape<typeof SupplierQuery.method.allSuppliers.input>) => {
      const { supplier, pagination } = answer(SupplierQuery.method.allSuppliers, request);
      return { operators: supplier.map(({ operatorAddress }) => operatorAddress), paged: pagination !== undefined };
    };
    expect(suppliers({})).toEqual({ operators: OPERATORS, paged: true });
    expect(suppliers({ operatorAddress: OPERATORS[1]! })).toEqual({ operators: [OPERATORS[1]], paged: false });
    expect(suppliers({ operatorAddress: OWNER })).toEqual({ operators: [], paged: false });
    expect(suppliers({ ownerAddress: OWNER }).operators).toEqual(OPERATORS);
    expect(suppliers({ serviceId: 'svc' }).operators).toEqual(OPERATORS);
    expect(suppliers({ serviceId: 'svc', operatorAddress: OPERATORS[0]! }).operators).toEqual([OPERATORS[0]]);
    expect(suppliers({ serviceId: 'other' }).operators).toEqual([]);
    for (const request of [{ serviceId: 'bad id' }, { operatorAddress: 'bad' }, { ownerAddress: 'bad' }]) {
      expect(refusal(SupplierQuery.method.allSuppliers, request)[1]).toBe(18);
    }
  });

  it('answer difficulty and units as of a height', () => {
    const { relayMiningDifficultyAtHeight, computeUnitsPerRelayAtHeight, relayMiningDifficulty } = ServiceQuery.method;
    const at = (blockHeight: bigint) =>
      answer(relayMiningDifficultyAtHeight, { serviceId: 'svc', blockHeight }).relayMiningDifficulty!;
    expect(at(10n)).toMatchObject({
      numRelaysEma: 100_000n,
      targetHash: new Uint8Array(32).fill(255),
      blockHeight: 0n,
    });
    expect(at(11n)).toMatchObject({ numRelaysEma: 12n });
    expect(answer(relayMiningDifficulty, { serviceId: 'svc' }).relayMiningDifficulty?.numRelaysEma).toBe(12n);
    const units = (blockHeight: bigint) =>
      answer(computeUnitsPerRelayAtHeight, { serviceId: 'svc', blockHeight }).computeUnitsPerRelay;
    expect([10n, 11n, 2n ** 63n - 1n].map(units)).toEqual([3n, 30n, 30n]);
    expect(at(2n ** 63n - 1n)).toMatchObject({ numRelaysEma: 12n });
    expect(
      answer(ServiceQuery.method.relayMiningDifficultyHistory, { serviceId: 'svc' }).relayMiningDifficultyHistory,
    ).toMatchObject([{ effectiveHeight: 11n, difficulty: { numRelaysEma: 12n } }]);
    expect(
      answer(ServiceQuery.method.computeUnitsPerRelayHistory, { serviceId: 'svc' }).computeUnitsPerRelayHistory,
    ).toHaveLength(1);
    expect(answer(ServiceQuery.method.relayMiningDifficultyAll).relayMiningDifficulty).toHaveLength(1);
    for (const method of [relayMiningDifficultyAtHeight, computeUnitsPerRelayAtHeight]) {
      expect(refusal(method, { serviceId: '', blockHeight: 1n })[1]).toBe(18);
      expect(refusal(method, { serviceId: 'svc', blockHeight: -1n })[1]).toBe(18);
      expect(refusal(method, { serviceId: 'none', blockHeight: 1n })[1]).toBe(22);
    }
  });
});

describe('sessions, claims and parameters', () => {
  it('draw the session of a height', () => {
    const request = { applicationAddress: APPS[0]!, serviceId: 'svc', blockHeight: 0n };
    const { session } = answer(SessionQuery.method.getSession, request);
    expect(session).toMatchObject({
      sessionNumber: 2n,
      header: { sessionStartBlockHeight: 11n, sessionEndBlockHeight: 20n },
    });
    expect(session!.suppliers.map(({ services }) => services.length)).toEqual([1, 1]);
    expect(town.state().blockHashes.at(11)).toEqual(hashOf(11));
    expect(refusal(SessionQuery.method.getSession, { ...request, applicationAddress: 'x' })[1]).toBe(18);
    expect(refusal(SessionQuery.method.getSession, { ...request, blockHeight: BigInt(HEIGHT + 1) })).toEqual([
      'sdk',
      6,
      expect.stringContaining('is ahead of the last committed block height'),
    ]);
  });

  it('find claims by session, operator and session end', () => {
    const claims = (filter: MessageInitShape<typeof ProofQuery.method.allClaims.input>['filter']) =>
      answer(ProofQuery.method.allClaims, filter === undefined ? {} : { filter }).claims.map(
        (claim) => claim.supplierOperatorAddress,
      );
    expect(claims(undefined)).toEqual(OPERATORS);
    expect(claims({ case: 'sessionId', value: SESSION })).toEqual(OPERATORS);
    expect(claims({ case: 'sessionId', value: 'odd/one' })).toEqual([]);
    expect(claims({ case: 'supplierOperatorAddress', value: OPERATORS[1]! })).toEqual([OPERATORS[1]]);
    expect(claims({ case: 'sessionEndHeight', value: 20n })).toEqual(OPERATORS);
    expect(claims({ case: 'sessionEndHeight', value: 2n ** 64n - 1n })).toEqual([]);
    const one = { sessionId: SESSION, supplierOperatorAddress: OPERATORS[0]! };
    expect(answer(ProofQuery.method.claim, one).claim?.supplierOperatorAddress).toBe(OPERATORS[0]);
    expect(refusal(ProofQuery.method.claim, { ...one, sessionId: 'x' })[1]).toBe(22);
    expect(refusal(ProofQuery.method.claim, { ...one, sessionId: '' })).toEqual([
      'sdk',
      18,
      expect.stringContaining('session ID'),
    ]);
    expect(refusal(ProofQuery.method.claim, { ...one, supplierOperatorAddress: 'x' })[1]).toBe(18);
    expect(refusal(ProofQuery.method.proof, one)[1]).toBe(22);
    expect(refusal(ProofQuery.method.allProofs, { filter: { case: 'supplierOperatorAddress', value: 'x' } })[1]).toBe(
      18,
    );
    expect(refusal(ProofQuery.method.allProofs, { filter: { case: 'sessionId', value: '' } })[1]).toBe(18);
    expect(answer(ProofQuery.method.allProofs).proofs).toEqual([]);
  });

  it('answer the parameters of every module', () => {
    for (const { method } of [
      ApplicationQuery,
      GatewayQuery,
      SupplierQuery,
      ServiceQuery,
      SessionQuery,
      SharedQuery,
      ProofQuery,
      TokenomicsQuery,
    ]) {
      expect(answer<DescMessage, DescMessage>(method.params)).toHaveProperty('params.$typeName');
    }
    expect(answer(AuthQuery.method.params).params?.txSigLimit).toBe(7n);
    expect(answer(BankQuery.method.params).params?.defaultSendEnabled).toBe(true);
    expect(answer(SharedQuery.method.paramsAtHeight, { height: 1_000_000n }).params?.numBlocksPerSession).toBe(10n);
    expect(answer(SharedQuery.method.paramsAtHeight, { height: 2n ** 63n - 1n }).params?.numBlocksPerSession).toBe(10n);
    expect(refusal(SharedQuery.method.paramsAtHeight, { height: -1n })).toEqual([
      'sdk',
      18,
      'rpc error: code = InvalidArgument desc = height must be non-negative: invalid request',
    ]);
  });
});
