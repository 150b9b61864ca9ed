import { describe, expect, test } from 'vitest';
import { ClaimProofStatus } from '@decai/protocol/gen/pocket/proof/types_pb';
import { UPOKT } from './coins.ts';
import { moduleNamed } from './module-account.ts';
import { settleClaims, settledRelays } from './settle-claims.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { addressNamed, eventsOf } from './test-chain.ts';
import { setProofParams } from './test-session.ts';
import {
  addApplication,
  addClaim,
  addService,
  addSupplier,
  addValidator,
  balance,
  DAO,
  eventNames,
  eventsNamed,
  moduleBalance,
  setMinimumStakes,
  setShares,
  settlementState,
  setTokenomics,
  smallTown,
  stakeOf,
} from './test-settlement.ts';

const { VALIDATED, INVALID } = ClaimProofStatus;

describe('a claim that settles', () => {
  test('costs the application what it is worth, and is gone', () => {
    const state = smallTown();
    addClaim(state, 1_000n);
    const settlement = settleClaims(state);
    expect(settlement.settled.map(({ settlementUpokt }) => settlementUpokt)).toEqual([1_000n]);
    expect([...state.claims.entries()]).toEqual([]);
    expect(stakeOf(state)).toBe(999_000n);
    expect(moduleBalance(state, 'application')).toBe(999_000n);
    expect(balance(state, 'owner of supplier')).toBe(1_000n);
    expect(moduleBalance(state, 'tokenomics')).toBe(0n);
    expect(eventNames(state)).toEqual([
      'ClaimSettled',
      'SettlementBatch',
      'SettlementBatch',
      'SettlementBatch',
      'SettlementBatch',
    ]);
    expect(eventsNamed(state, 'ClaimSettled')[0]).toMatchObject({
      num_relays: '1000',
      claimed_upokt: '1000upokt',
      settled_upokt: '1000upokt',
      minted_upokt: '1000upokt',
      overservicing_loss_upokt: '0upokt',
      deflation_loss_upokt: '0upokt',
      mint_ratio: '1',
      proof_requirement_int: 0,
      supplier_owner_address: addressNamed('owner of supplier'),
      reward_distribution: { [addressNamed('owner of supplier')]: '1000upokt' },
    });
  });

  test('at the price of its session, whatever the price of now', () => {
    const state = smallTown();
    const { shared } = state.params;
    shared.history.put('', 1, shared.live());
    shared.setLive({ ...shared.live(), computeUnitsToTokensMultiplier: 2n });
    shared.history.put('', 11, shared.live());
    addClaim(state, 1_000n);
    expect(settleClaims(state).settled[0]!.settlementUpokt).toBe(1_000n);
  });

  test('within its floor while another session of the application is paid in full', () => {
    const state = smallTown();
    addApplication(state, 'poor', 100n);
    setTokenomics(state, { globalInflationPerClaim: 0.1 });
    addClaim(state, 210n, { application: 'poor' });
    addClaim(state, 1_000n);
    const { settled } = settleClaims(state);
    const settledFor = Object.fromEntries(
      settled.map(({ claim, settlementUpokt }) => [claim.sessionHeader!.sessionId, settlementUpokt]),
    );
    expect(settledFor).toEqual({ 'session of poor': 90n, 'session of app': 1_000n });
    expect(eventsNamed(state, 'ApplicationOverserviced')).toMatchObject([
      {
        application_addr: addressNamed('poor'),
        expected_burn: '231upokt',
        effective_burn: '100upokt',
        spend_limit_exceeded: false,
      },
    ]);
    expect(stakeOf(state, 'poor')).toBe(1n);
  });

  test('at zero, when its application has nothing left: no money moves, but it counts', () => {
    const state = smallTown();
    addApplication(state, 'broke', 0n);
    addClaim(state, 10n, { application: 'broke' });
    const settlement = settleClaims(state);
    expect(settlement.settled).toMatchObject([{ settlementUpokt: 0n, operations: [] }]);
    expect(settlement.batches).toEqual([]);
    expect(settledRelays(settlement)).toEqual(new Map([['svc', 10n]]));
    expect(eventNames(state)).toEqual(['ApplicationOverserviced', 'ClaimSettled']);
    expect(eventsNamed(state, 'ClaimSettled')[0]).toMatchObject({
      settled_upokt: '0upokt',
      overservicing_loss_upokt: '10upokt',
    });
  });

  test('in the order of sessions and operators, with one batch for what all have in common', () => {
    const state = smallTown();
    addSupplier(state, 'other', 1_000_000n);
    addClaim(state, 10n, { supplier: 'other' });
    addClaim(state, 20n);
    const { settled, batches } = settleClaims(state);
    expect(settled.map(({ claim }) => claim.supplierOperatorAddress)).toEqual(
      ['other', 'supplier'].map(addressNamed).sort(),
    );
    expect(batches.map(({ type, amountUpokt, count }) => [type, amountUpokt, count])).toEqual(
      expect.arrayContaining([
        ['mint', 30n, 2],
        ['mod_to_mod', 30n, 2],
        ['burn', 30n, 2],
      ]),
    );
  });
});

describe('a claim that needs a proof', () => {
  const asked = (status: ClaimProofStatus): State => {
    const state = smallTown();
    setProofParams(state, { proofRequestProbability: 1, proofMissingPenalty: upoktCoin(400_000n) });
    addClaim(state, 1_000n, { status });
    return state;
  };

  test('and has none expires, and its supplier is slashed', () => {
    const state = asked(ClaimProofStatus.PENDING_VALIDATION);
    const settlement = settleClaims(state);
    expect(settlement).toMatchObject({ settled: [], discarded: [], batches: [] });
    expect(settlement.expired).toHaveLength(1);
    expect(settledRelays(settlement).size).toBe(0);
    expect(eventsNamed(state, 'ClaimExpired')).toMatchObject([
      { expiration_reason: 'PROOF_MISSING', claim_proof_status_int: 0 },
    ]);
    expect(eventsNamed(state, 'SupplierSlashed')).toMatchObject([
      { proof_missing_penalty: '400000upokt', supplier_stake_after_slash: '600000upokt' },
    ]);
    expect(moduleBalance(state, 'supplier')).toBe(600_000n);
    expect(moduleBalance(state, 'tokenomics')).toBe(0n);
    expect(stakeOf(state)).toBe(1_000_000n);
  });

  test('and has one that is invalid expires alike', () => {
    const state = asked(INVALID);
    settleClaims(state);
    expect(eventsNamed(state, 'ClaimExpired')).toMatchObject([
      { expiration_reason: 'PROOF_INVALID', claim_proof_status_int: 2 },
    ]);
    expect(eventsNamed(state, 'SupplierSlashed')).toHaveLength(1);
  });

  test('and has one that is valid settles, and tells why it was asked', () => {
    const state = asked(VALIDATED);
    settleClaims(state);
    expect(eventsNamed(state, 'ClaimSettled')).toMatchObject([{ proof_requirement_int: 1, claim_proof_status_int: 1 }]);
    const byThreshold = smallTown();
    setProofParams(byThreshold, { proofRequirementThreshold: upoktCoin(1_000n) });
    addClaim(byThreshold, 1_000n, { status: VALIDATED });
    settleClaims(byThreshold);
    expect(eventsNamed(byThreshold, 'ClaimSettled')).toMatchObject([{ proof_requirement_int: 2 }]);
  });

  test('an invalid proof that nobody asked for does no harm', () => {
    const state = smallTown();
    addClaim(state, 1_000n, { status: INVALID });
    expect(settleClaims(state).settled).toHaveLength(1);
  });
});

describe('an application below the minimum', () => {
  test('begins to unbond with the claim that took it there, told again with each further one', () => {
    const state = settlementState();
    addService(state, 'svc');
    setMinimumStakes(state, 1_000_000n);
    addApplication(state, 'app', 1_000_999n);
    for (const supplier of ['a', 'b', 'c']) {
      addSupplier(state, supplier, 1_000_000n);
      addClaim(state, 500n, { supplier });
    }
    settleClaims(state);
    expect(state.applications.get(addressNamed('app'))).toMatchObject({
      stake: { amount: '999499' },
      unstakeSessionEndHeight: 20n,
    });
    expect(eventNames(state).slice(0, 5)).toEqual([
      'ClaimSettled',
      'ApplicationUnbondingBegin',
      'ClaimSettled',
      'ApplicationUnbondingBegin',
      'ClaimSettled',
    ]);
    expect(eventsNamed(state, 'ApplicationUnbondingBegin')[0]).toMatchObject({
      reason: 'APPLICATION_UNBONDING_REASON_BELOW_MIN_STAKE',
      session_end_height: '20',
      unbonding_end_height: '30',
      application: { stake: { amount: '999999' }, unstake_session_end_height: '20' },
    });
  });

  test('that is unbonding already is left alone', () => {
    const state = settlementState();
    addService(state, 'svc');
    setMinimumStakes(state, 1_000n);
    addApplication(state, 'app', 1_000n, { unstakeSessionEndHeight: 10n });
    addSupplier(state, 'supplier', 1_000n);
    addClaim(state, 10n);
    settleClaims(state);
    expect(state.applications.get(addressNamed('app'))).toMatchObject({
      stake: { amount: '990' },
      unstakeSessionEndHeight: 10n,
    });
    expect(eventsNamed(state, 'ApplicationUnbondingBegin')).toEqual([]);
  });
});

describe('validators', () => {
  const proposing = (): State => {
    const state = smallTown();
    setTokenomics(state, { globalInflationPerClaim: 0.1 });
    setShares(state, { supplier: 0.7, dao: 0.15, proposer: 0.1, sourceOwner: 0.05, application: 0 });
    return state;
  };

  test('share one pool for each kind of reward', () => {
    const state = proposing();
    for (const [name, tokens] of [
      ['v1', 500_000n],
      ['v2', 400_000n],
      ['v3', 200_000n],
    ] as const)
      addValidator(state, name, tokens);
    addClaim(state, 100_000n);
    settleClaims(state);
    expect(['v1', 'v2', 'v3'].map((name) => balance(state, name))).toEqual([5_000n, 4_000n, 2_000n]);
    expect(moduleBalance(state, 'tokenomics')).toBe(0n);
    expect(eventsNamed(state, 'ValidatorRewardDistribution').map((data) => data['op_reason'])).toEqual([
      ...Array<string>(3).fill('TLM_RELAY_BURN_EQUALS_MINT_VALIDATOR_REWARD_DISTRIBUTION'),
      ...Array<string>(3).fill('TLM_GLOBAL_MINT_VALIDATOR_REWARD_DISTRIBUTION'),
    ]);
  });

  test('that are not there leave their part in the tokenomics module', () => {
    const state = proposing();
    addClaim(state, 100_000n);
    settleClaims(state);
    expect(moduleBalance(state, 'tokenomics')).toBe(11_000n);
  });

  test('that are modules, which take no coins, leave their part to the treasury', () => {
    const state = proposing();
    addClaim(state, 100_000n);
    const { address } = moduleNamed('mint');
    addValidator(state, 'v1', 1n);
    const [validator] = [...state.validators.bonded()];
    state.validators.putDelegation({
      $typeName: 'cosmos.staking.v1beta1.Delegation',
      delegatorAddress: address,
      validatorAddress: validator!.operatorAddress,
      shares: validator!.delegatorShares,
    });
    state.validators.put({
      ...validator!,
      tokens: '2',
      delegatorShares: (2n * BigInt(validator!.delegatorShares)).toString(),
    });
    settleClaims(state);
    expect(state.bank.balance(address, UPOKT)).toBe(0n);
    expect(balance(state, 'v1')).toBe(5_500n);
    expect(state.bank.balance(DAO, UPOKT)).toBe(16_500n + 10_000n + 5_500n);
  });
});

test('a ledger without due claims does nothing', () => {
  const state = smallTown();
  expect(settleClaims(state)).toEqual({
    settled: [],
    expired: [],
    discarded: [],
    validatorOperations: [],
    batches: [],
    slashes: [],
  });
  expect(eventsOf(state)).toEqual([]);
});
