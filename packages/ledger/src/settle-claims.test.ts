import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '@decai/protocol/fault';
import { ClaimProofStatus } from '@decai/protocol/gen/pocket/proof/types_pb';
import { RelayMiningDifficultySchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { create, type JsonValue } from '@bufbuild/protobuf';
import { textKey } from './collection.ts';
import { UPOKT } from './coins.ts';
import { moduleNamed, type ModuleName } from './module-account.ts';
import { settleClaims, settledRelays } from './settle-claims.ts';
import { amountUpoktOf, upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { addressNamed, eventsOf } from './test-chain.ts';
import { setProofParams } from './test-session.ts';
import {
  addApplication,
  addClaim,
  addService,
  addSupplier,
  addValidator,
  DAO,
  setMinimumStakes,
  settlementState,
  setShares,
  setTokenomics,
  smallTown,
} from './test-settlement.ts';

const { VALIDATED, INVALID } = ClaimProofStatus;

const balance = (state: State, name: string): bigint => state.bank.balance(addressNamed(name), UPOKT);
const moduleBalance = (state: State, name: ModuleName): bigint => state.bank.balance(moduleNamed(name).address, UPOKT);
const stakeOf = (state: State, application = 'app'): bigint =>
  amountUpoktOf(state.applications.get(addressNamed(application))!.stake);

/** Names of the typed events, without their packages. */
function eventNames(state: State): string[] {
  return eventsOf(state).flatMap(({ type }) => (type.startsWith('pocket.') ? [type.split('.Event')[1]!] : []));
}

function eventsNamed(state: State, name: string): Record<string, JsonValue>[] {
  return eventsOf(state)
    .filter(({ type }) => type.endsWith(`.Event${name}`))
    .map(({ data }) => data);
}

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

describe('slashing', () => {
  const failing = (claims: number, penaltyUpokt: bigint, minimumUpokt: bigint): State => {
    const state = smallTown();
    setProofParams(state, { proofRequestProbability: 1, proofMissingPenalty: upoktCoin(penaltyUpokt) });
    setMinimumStakes(state, minimumUpokt);
    for (let index = 0; index < claims; index += 1) {
      addApplication(state, `app${index}`, 1_000_000n);
      addClaim(state, 10n, { application: `app${index}` });
    }
    settleClaims(state);
    return state;
  };

  test('takes no more than there is, and begins unbonding once', () => {
    const state = failing(3, 2_000_000n, 1n);
    expect(eventNames(state).slice(3)).toEqual([
      'SupplierUnbondingBegin',
      'SupplierSlashed',
      'SupplierSlashed',
      'SupplierSlashed',
    ]);
    const slashes = eventsNamed(state, 'SupplierSlashed');
    expect(slashes.map((data) => data['proof_missing_penalty'])).toEqual(['1000000upokt', '0upokt', '0upokt']);
    expect(slashes.map((data) => data['supplier_stake_after_slash'])).toEqual(['0upokt', '0upokt', '0upokt']);
    expect(moduleBalance(state, 'supplier')).toBe(0n);
  });

  test('below the minimum ends the services with the session, and puts the supplier among those who unbond', () => {
    const state = failing(1, 1n, 1_000_000n);
    const operator = addressNamed('supplier');
    expect(state.suppliers.get(operator)).toMatchObject({ unstakeSessionEndHeight: 20n });
    expect([...state.suppliers.unbonding()].map(({ operatorAddress }) => operatorAddress)).toEqual([operator]);
    expect([...state.suppliers.configsOf(operator)].map(({ deactivationHeight }) => deactivationHeight)).toEqual([21n]);
    expect(eventsNamed(state, 'SupplierUnbondingBegin')).toMatchObject([
      {
        reason: 'SUPPLIER_UNBONDING_REASON_BELOW_MIN_STAKE',
        session_end_height: '20',
        unbonding_end_height: '20',
        supplier: { services: [{ service_id: 'svc' }], service_config_history: [], stake: { amount: '999999' } },
      },
    ]);
  });

  test('does not open again what had ended, and leaves a running unbonding alone', () => {
    const state = smallTown();
    addSupplier(state, 'leaving', 10n, { services: ['svc', 'old'], deactivationHeight: 11n });
    const leaving = state.suppliers.get(addressNamed('leaving'))!;
    state.suppliers.put({ ...leaving, unstakeSessionEndHeight: 10n });
    setProofParams(state, { proofRequestProbability: 1, proofMissingPenalty: upoktCoin(5n) });
    setMinimumStakes(state, 100n);
    addClaim(state, 10n, { supplier: 'leaving' });
    settleClaims(state);
    expect(state.suppliers.get(addressNamed('leaving'))).toMatchObject({
      unstakeSessionEndHeight: 10n,
      stake: { amount: '5' },
    });
    expect(
      [...state.suppliers.configsOf(addressNamed('leaving'))].map(({ deactivationHeight }) => deactivationHeight),
    ).toEqual([11n, 11n]);
    expect(eventsNamed(state, 'SupplierUnbondingBegin')).toEqual([]);
  });

  test('a penalty of zero moves nothing', () => {
    const state = failing(1, 0n, 1n);
    expect(eventsNamed(state, 'SupplierSlashed')).toMatchObject([{ proof_missing_penalty: '0upokt' }]);
    expect(eventsOf(state).some(({ type }) => type === 'burn')).toBe(false);
  });
});

describe('a claim that cannot be settled is discarded, alone', () => {
  const discards: [string, string, (state: State) => void][] = [
    [
      'unknown service',
      'service not found',
      (state) => void addClaim(state, 10n, { service: 'other', sessionId: 'other' }),
    ],
    ['unknown application', 'application not found', (state) => void addClaim(state, 10n, { application: 'nobody' })],
    ['unknown supplier', 'supplier not found', (state) => void addClaim(state, 10n, { supplier: 'nobody' })],
    [
      'no sum',
      'the root hash in the claim is invalid',
      (state) => void addClaim(state, 10n, { supplier: 'other', sum: 0n }),
    ],
    [
      'a false sum',
      'the root hash in the claim is invalid',
      (state) => void addClaim(state, 10n, { supplier: 'other', sum: 11n }),
    ],
    [
      'no session id',
      "provided claim's session header is invalid",
      (state) => void addClaim(state, 10n, { sessionId: '' }),
    ],
    [
      'a root of 47 bytes',
      'constraint violation',
      (state) => state.claims.put({ ...addClaim(state, 10n, { supplier: 'other' }), rootHash: new Uint8Array(47) }),
    ],
    [
      'a difficulty that cannot be',
      'constraint violation',
      (state) => {
        addService(state, 'odd');
        const difficulty = create(RelayMiningDifficultySchema, { serviceId: 'odd', targetHash: new Uint8Array(32) });
        state.services.difficultyHistory.put(textKey('odd'), 1, difficulty);
        addClaim(state, 10n, { service: 'odd', sessionId: 'odd' });
      },
    ],
    [
      'a supplier that has ended its service',
      'constraint violation',
      (state) => {
        addSupplier(state, 'ended', 1n, { deactivationHeight: 11n });
        addClaim(state, 10n, { supplier: 'ended' });
      },
    ],
    [
      'a supplier that lists no share',
      'constraint violation',
      (state) => {
        addSupplier(state, 'selfless', 1n, { revShare: [] });
        addClaim(state, 10n, { supplier: 'selfless' });
      },
    ],
  ];
  test.each(discards)('%s', (_what, registered, add) => {
    const state = smallTown();
    addSupplier(state, 'other', 1n);
    setProofParams(state, { proofMissingPenalty: upoktCoin(1n) });
    addClaim(state, 1_000n);
    add(state);
    const settlement = settleClaims(state);
    expect(settlement.settled).toHaveLength(1);
    expect(settlement.expired).toEqual([]);
    expect(settlement.discarded).toHaveLength(1);
    const [{ error }] = eventsNamed(state, 'ClaimDiscarded') as [{ error: string }];
    expect(error).toContain(`: ${registered}`);
    expect(error).toMatch(/: internal claim settlement error$/);
    expect([...state.claims.entries()]).toEqual([]);
    expect(settledRelays(settlement)).toEqual(new Map([['svc', 1_000n]]));
    expect(eventsNamed(state, 'SupplierSlashed')).toEqual([]);
  });

  test('a root that is false expires all the same when its proof is missing', () => {
    const state = smallTown();
    setProofParams(state, { proofRequestProbability: 1 });
    addClaim(state, 10n, { sum: 11n });
    expect(settleClaims(state).expired).toHaveLength(1);
  });

  test('a reward that mints nothing has already cost the application its stake', () => {
    const state = smallTown();
    setTokenomics(state, { mintRatio: 0.975 });
    addClaim(state, 1n);
    expect(settleClaims(state).discarded).toHaveLength(1);
    expect(stakeOf(state)).toBe(999_999n);
    expect(moduleBalance(state, 'application')).toBe(1_000_000n);
  });

  test('what it had done to the validators’ pool is not counted', () => {
    const state = smallTown();
    addValidator(state, 'validator', 10n);
    setTokenomics(state, { globalInflationPerClaim: 0.1 });
    setShares(state, { supplier: 0, dao: 0, proposer: 1, sourceOwner: 0, application: 0 });
    const { mintAllocationPercentages: inflated } = state.params.tokenomics.live();
    setTokenomics(state, { mintAllocationPercentages: { ...inflated!, supplier: 1, proposer: 0 } });
    addSupplier(state, 'ended', 1n, { deactivationHeight: 11n });
    addClaim(state, 1_000n, { supplier: 'ended' });
    const settlement = settleClaims(state);
    expect(settlement).toMatchObject({ settled: [], validatorOperations: [] });
    expect(settlement.discarded).toHaveLength(1);
    expect(moduleBalance(state, 'tokenomics')).toBe(0n);
  });

  test('a fault that is not the claim’s stops the block', () => {
    const state = smallTown();
    addClaim(state, 10n);
    const broken = (): never => {
      throw new Fault('DISK_FAILED', 'a disk failed');
    };
    expect(() => settleClaims(state, broken)).toThrow(expect.objectContaining({ code: 'DISK_FAILED' }));
    const wrong = (): never => {
      throw new TypeError('a mistake');
    };
    expect(() => settleClaims(state, wrong)).toThrow(TypeError);
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

describe('conservation', () => {
  const percentages = (cuts: number[]): Parameters<typeof setShares>[1] => {
    const [a, b, c, d] = cuts.sort((x, y) => x - y) as [number, number, number, number];
    const part = (from: number, to: number): number => Number(((to - from) / 100).toFixed(2));
    return {
      supplier: part(0, a),
      proposer: part(a, b),
      sourceOwner: part(b, c),
      application: part(c, d),
      dao: part(d, 100),
    };
  };
  const block = fc.record({
    mintRatio: fc.constantFrom(1, 0.975, 0.5, 0.0001),
    inflation: fc.constantFrom(0, 0.000001, 0.1, 1),
    multiplier: fc.constantFrom(0n, 1n, 3n, 100n),
    shares: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 4, maxLength: 4 }).map(percentages),
    probability: fc.constantFrom(0, 0.5, 1),
    penalty: fc.bigInt(0n, 2_000_000n),
    validators: fc.array(fc.bigInt(1n, 1_000_000n), { maxLength: 3 }),
    applications: fc.array(fc.record({ stake: fc.bigInt(0n, 3_000_000n), limit: fc.constantFrom(0n, 100_000n) }), {
      minLength: 1,
      maxLength: 3,
    }),
    suppliers: fc.array(
      fc.record({
        stake: fc.bigInt(0n, 3_000_000n),
        shares: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 3 }),
        ended: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    claims: fc.array(
      fc.record({
        application: fc.nat(3),
        supplier: fc.nat(3),
        relays: fc.bigInt(1n, 2_000_000n),
        status: fc.constantFrom(0, 1, 2),
        isFalse: fc.boolean(),
      }),
      { maxLength: 9 },
    ),
  });

  test('whatever the block, coins are where stakes, balances and events say they are', () => {
    fc.assert(
      fc.property(block, (drawn) => {
        const state = settlementState();
        addService(state, 'svc');
        setTokenomics(state, {
          mintRatio: drawn.mintRatio,
          globalInflationPerClaim: drawn.inflation,
          overservicingBonusMultiplier: drawn.multiplier,
        });
        setShares(state, drawn.shares);
        setProofParams(state, {
          proofRequestProbability: drawn.probability,
          proofMissingPenalty: upoktCoin(drawn.penalty),
        });
        for (const [index, tokens] of drawn.validators.entries()) addValidator(state, `v${index}`, tokens);
        for (const [index, { stake, limit }] of drawn.applications.entries()) {
          addApplication(state, `app${index}`, stake, limit === 0n ? {} : { perSessionSpendLimit: upoktCoin(limit) });
        }
        for (const [index, { stake, shares, ended }] of drawn.suppliers.entries()) {
          const revShare = shares.map((percentage, recipient) => [`r${recipient}`, percentage] as const);
          addSupplier(state, `supplier${index}`, stake, { revShare, ...(ended && { deactivationHeight: 11n }) });
        }
        for (const { application, supplier, relays, status, isFalse } of drawn.claims) {
          addClaim(state, relays, {
            application: `app${application}`,
            supplier: `supplier${supplier}`,
            status: status as ClaimProofStatus,
            ...(isFalse && { sum: relays + 1n }),
          });
        }

        const before = { supply: state.bank.supply(UPOKT), claims: [...state.claims.entries()].length };
        const { settled, expired, discarded, batches, slashes, validatorOperations } = settleClaims(state);
        expect(settled.length + expired.length + discarded.length).toBe(before.claims);
        expect([...state.claims.entries()]).toEqual([]);

        const change = [...batches, ...slashes].reduce((sum, { type, amountUpokt }) => {
          return type === 'mint' ? sum + amountUpokt : type === 'burn' ? sum - amountUpokt : sum;
        }, 0n);
        expect(state.bank.supply(UPOKT)).toBe(before.supply + change);
        let held = 0n;
        for (const { address } of state.accounts.records.values()) held += state.bank.balance(address, UPOKT);
        const modules = (['application', 'supplier'] as const).filter(
          (name) => state.accounts.get(moduleNamed(name).address) === undefined,
        );
        for (const name of modules) held += moduleBalance(state, name);
        expect(held).toBe(state.bank.supply(UPOKT));

        const stakes = [...state.applications.entries()].reduce((sum, [, { stake }]) => sum + amountUpoktOf(stake), 0n);
        if (discarded.length === 0) expect(moduleBalance(state, 'application')).toBe(stakes);
        else expect(moduleBalance(state, 'application') >= stakes).toBe(true);
        const supplierStakes = [...state.suppliers.entries()].reduce(
          (sum, [, { stake }]) => sum + amountUpoktOf(stake),
          0n,
        );
        expect(moduleBalance(state, 'supplier')).toBe(supplierStakes);
        const owed = settled.reduce(
          (sum, { validatorUpokt }) => sum + validatorUpokt.ofMint + validatorUpokt.ofInflation,
          0n,
        );
        const paid = validatorOperations.reduce((sum, { amountUpokt }) => sum + amountUpokt, 0n);
        expect(paid).toBe(drawn.validators.length > 0 ? owed : 0n);
        expect(moduleBalance(state, 'tokenomics')).toBe(owed - paid);
      }),
      { numRuns: 150 },
    );
  });
});
