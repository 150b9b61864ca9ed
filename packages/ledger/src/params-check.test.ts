/**
 * Cases of pokt-network/poktroll `x/shared/types/params_test.go`, `x/tokenomics/types/params_test.go`,
 * `x/proof/keeper/params_test.go` and their like, as data.
 */
import { coin } from '@decai/protocol/coin';
import { describe, expect, it } from 'vitest';
import { moduleNamed } from './module-account.ts';
import {
  checkApplicationParams,
  checkGatewayParams,
  checkProofParams,
  checkServiceParams,
  checkSessionParams,
  checkSharedParams,
  checkSupplierParams,
  checkTokenomicsParams,
} from './params-check.ts';
import { promoteParams } from './promote-params.ts';
import { atHeight, emptyState } from './test-chain.ts';

const { params } = emptyState(1);
const shared = params.shared.live();
const proof = params.proof.live();
const tokenomics = params.tokenomics.live();

describe('shared parameters', () => {
  const refusals: [why: string, change: Partial<typeof shared>, text: string][] = [
    [
      'no blocks in a session',
      { numBlocksPerSession: 0n, computeUnitCostGranularity: 0n },
      'invalid NumBlocksPerSession: (0)',
    ],
    ['no price', { computeUnitsToTokensMultiplier: 0n }, 'ComputeUnitsToTokensMultiplier'],
    ['no granularity', { computeUnitCostGranularity: 0n }, 'ComputeUnitCostGranularity'],
    ['no unbonding of gateways', { gatewayUnbondingPeriodSessions: 0n }, 'GatewayUnbondingPeriodSessions'],
    ['lengths that no height could hold', { claimWindowCloseOffsetBlocks: 2n ** 40n }, 'ClaimWindowCloseOffsetBlocks'],
    [
      'periods that no height could hold',
      { numBlocksPerSession: 2n ** 32n, gatewayUnbondingPeriodSessions: 2n ** 16n + 1n },
      'GatewayUnbondingPeriodSessions (65537 session) (281479271677952 blocks) must be at most 281474976710656',
    ],
    [
      'a grace period as long as a session',
      { gracePeriodEndOffsetBlocks: 10n },
      'must be less than NumBlocksPerSession (10)',
    ],
    [
      'claims before the grace period has ended',
      { claimWindowOpenOffsetBlocks: 0n },
      'must be at least GracePeriodEndOffsetBlocks (1)',
    ],
    [
      'suppliers gone before their claims are settled',
      { numBlocksPerSession: 4n, claimWindowOpenOffsetBlocks: 2n, applicationUnbondingPeriodSessions: 4n },
      '(1 session) (4 blocks) must be greater than',
    ],
    [
      'applications gone before they have paid',
      { numBlocksPerSession: 4n, claimWindowOpenOffsetBlocks: 2n, supplierUnbondingPeriodSessions: 4n },
      'ApplicationUnbondingPeriodSessions (1 session) (4 blocks)',
    ],
  ];
  it.each(refusals)('refuse %s', (_why, change, text) => {
    const refusal = checkSharedParams({ ...shared, ...change });
    expect(refusal).toMatchObject({ codespace: 'shared', code: 1103, message: expect.stringContaining(text) });
  });

  it('refuse windows without a block, and take one of a single block', () => {
    const none = {
      gracePeriodEndOffsetBlocks: 0n,
      claimWindowOpenOffsetBlocks: 0n,
      claimWindowCloseOffsetBlocks: 0n,
      proofWindowOpenOffsetBlocks: 0n,
      proofWindowCloseOffsetBlocks: 0n,
    };
    expect(checkSharedParams({ ...shared, ...none })).toMatchObject({ code: 1103 });
    expect(checkSharedParams({ ...shared, ...none, proofWindowCloseOffsetBlocks: 1n })).toBeUndefined();
    expect(checkSharedParams(shared)).toBeUndefined();
  });

  it('announced for a height become live at its end, unless they are invalid', () => {
    const state = emptyState(1);
    const longer = { ...shared, numBlocksPerSession: 13n };
    state.params.shared.history.put('', 1, shared);
    state.params.shared.history.put('', 11, longer);
    state.params.shared.history.put('', 24, { ...shared, numBlocksPerSession: 0n });
    promoteParams(atHeight(state, 10));
    expect(state.params.shared.live().numBlocksPerSession).toBe(10n);
    promoteParams(atHeight(state, 11));
    expect(state.params.shared.live().numBlocksPerSession).toBe(13n);
    promoteParams(atHeight(state, 24));
    expect(state.params.shared.live().numBlocksPerSession).toBe(13n);
    expect([10, 11].map((height) => state.params.shared.at(height).numBlocksPerSession)).toEqual([10n, 13n]);
  });
});

describe('parameters of other modules', () => {
  it('are refused below their minima and in other denominations', () => {
    const application = params.application.live();
    for (const change of [{ maxDelegatedGateways: 0n }, { minStake: coin(0n) }, { minStake: coin(5n, 'mact') }]) {
      expect(checkApplicationParams({ ...application, ...change })).toMatchObject({
        codespace: 'application',
        code: 1115,
      });
    }
    expect(checkGatewayParams({ ...params.gateway.live(), minStake: coin(0n) })).toMatchObject({
      codespace: 'gateway',
      code: 1105,
    });
    const supplier = params.supplier.live();
    expect(checkSupplierParams({ ...supplier, minStake: coin(0n) })).toMatchObject({
      codespace: 'supplier',
      code: 1107,
    });
    expect(checkSupplierParams({ ...supplier, stakingFee: coin(1n, 'mact') })).toMatchObject({ code: 1107 });
    expect(checkSupplierParams({ ...supplier, stakingFee: coin(0n) })).toBeUndefined();
    const session = params.session.live();
    expect(checkSessionParams({ ...session, numSuppliersPerSession: 0n })).toMatchObject({
      codespace: 'session',
      code: 1110,
    });
    const service = params.service.live();
    expect(checkServiceParams({ ...service, addServiceFee: coin(0n) })).toMatchObject({
      codespace: 'service',
      code: 1115,
    });
    expect(checkServiceParams({ ...service, targetNumRelays: 0n })).toMatchObject({ code: 1115 });
  });

  it('of proofs need a probability and three amounts', () => {
    for (const proofRequestProbability of [-0.25, 1.1, Number.NaN]) {
      expect(checkProofParams({ ...proof, proofRequestProbability })).toMatchObject({ codespace: 'proof', code: 1120 });
    }
    expect(checkProofParams({ ...proof, proofMissingPenalty: coin(1n, 'mact') })).toMatchObject({ code: 1120 });
    expect(checkProofParams({ ...proof, proofSubmissionFee: coin(1n, 'mact') })).toMatchObject({ code: 1120 });
    expect(checkProofParams({ ...proof, proofSubmissionFee: undefined })).toMatchObject({ code: 1120 });
    expect(checkProofParams(proof)).toBeUndefined();
  });
});

describe('tokenomics parameters', () => {
  const check = (change: Partial<typeof tokenomics>) => checkTokenomicsParams({ ...tokenomics, ...change });
  const split = tokenomics.mintEqualsBurnClaimDistribution!;
  const allocation = tokenomics.mintAllocationPercentages!;

  it('take mint ratios above 0 up to 1', () => {
    for (const mintRatio of [-0.5, 0, 1.1, 1.0000001, Number.NaN]) {
      expect(check({ mintRatio })).toMatchObject({ codespace: 'tokenomics', code: 1112 });
    }
    for (const mintRatio of [0.001, 0.975, 1]) expect(check({ mintRatio })).toBeUndefined();
  });

  it('refuse negative and infinite inflation, a treasury that is no address or takes no coins', () => {
    for (const globalInflationPerClaim of [-0.1, Infinity])
      expect(check({ globalInflationPerClaim })).toMatchObject({ code: 1112 });
    expect(check({ daoRewardAddress: 'not_a_bech32' })).toMatchObject({ code: 1112 });
    expect(check({ daoRewardAddress: moduleNamed('mint').address })).toMatchObject({ code: 1112 });
  });

  it('take multipliers up to 1000', () => {
    for (const overservicingBonusMultiplier of [0n, 1n, 2n, 20n, 1000n])
      expect(check({ overservicingBonusMultiplier })).toBeUndefined();
    for (const overservicingBonusMultiplier of [1001n, 2n ** 64n - 1n]) {
      expect(check({ overservicingBonusMultiplier })).toMatchObject({ code: 1112 });
    }
  });

  it('refuse shares that are negative, missing, or do not add up to exactly 1 as they are written', () => {
    const wrong = { ...split, dao: 0.1, proposer: 0, supplier: 0.1, sourceOwner: 0.1, application: 0.6 };
    const text = 'do not add to 1.0: got 0.900000';
    expect(check({ mintEqualsBurnClaimDistribution: wrong })).toMatchObject({ message: expect.stringContaining(text) });
    expect(check({ mintAllocationPercentages: { ...allocation, dao: -0.1, application: 0.2 } })).toMatchObject({
      code: 1112,
    });
    expect(check({ mintAllocationPercentages: undefined })).toMatchObject({ code: 1112 });
    const nearly = { ...split, supplier: 0.70004, application: 0 };
    expect(check({ mintEqualsBurnClaimDistribution: nearly })).toMatchObject({ code: 1112 });
    // 0.1 + 0.2 + 0.7 is not 1 in binary; as decimals it is.
    expect(
      check({ mintEqualsBurnClaimDistribution: { ...split, dao: 0.1, proposer: 0.2, supplier: 0.7, sourceOwner: 0 } }),
    ).toBeUndefined();
  });
});
