/**
 * Settlements worked out by hand, each settled here as a whole block: what is minted, who is paid, what the application
 * loses, and what becomes of the supply.
 */
import { describe, expect, test } from 'vitest';
import { UPOKT } from './coins.ts';
import { settleClaims } from './settle-claims.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { addressNamed } from './test-chain.ts';
import { setProofParams } from './test-session.ts';
import {
  addApplication,
  addClaim,
  addService,
  addSupplier,
  addValidator,
  balance,
  DAO,
  eventsNamed,
  moduleBalance,
  setMinimumStakes,
  setShares,
  settlementState,
  stakeOf,
} from './test-settlement.ts';
import { bond, defaults, mainNet, type Terms } from './test-terms.ts';

const STAKE_UPOKT = 100_000_000n;

/** One supplier whose reward is shared as `percentages` say, and one validator, who takes all that validators get. */
function town(terms: Terms, percentages: readonly number[]): State {
  const state = settlementState();
  terms(state);
  addService(state, 'svc');
  addApplication(state, 'app', STAKE_UPOKT);
  addSupplier(state, 'supplier', 1n, { revShare: percentages.map((share, index) => [`holder ${index}`, share]) });
  addValidator(state, 'validator', 1n);
  return state;
}

type Parts = {
  readonly total: number;
  readonly holders: readonly number[];
  readonly proposer: number;
  readonly source: number;
  readonly dao: number;
};

/** What a claim's event and the batch to validators say was paid, for the mint or for the inflation. */
function partsOf(state: State, source: 'RELAY_BURN_EQUALS_MINT' | 'GLOBAL_MINT', holders: number): Parts {
  const [settled] = eventsNamed(state, 'ClaimSettled') as [{ reward_distribution_detailed: Paid[] }];
  const paid = (name: string, recipient: string): number =>
    settled.reward_distribution_detailed
      .filter((part) => part.op_reason === `TLM_${source}_${name}_REWARD_DISTRIBUTION`)
      .filter((part) => part.recipient_address === recipient)
      .reduce((sum, { amount }) => sum + amountOf(amount), 0);
  const batched = (reason: string): number =>
    eventsNamed(state, 'SettlementBatch')
      .filter((batch) => batch['op_reason'] === reason)
      .reduce((sum, batch) => sum + amountOf(batch['total_amount'] as string), 0);
  const minted = source === 'GLOBAL_MINT' ? 'INFLATION' : 'TOKENOMICS_CLAIM_DISTRIBUTION_MINT';
  return {
    total: batched(`TLM_${source}_${minted}`),
    holders: Array.from({ length: holders }, (_, index) =>
      paid('SUPPLIER_SHAREHOLDER', addressNamed(`holder ${index}`)),
    ),
    proposer: batched(`TLM_${source}_VALIDATOR_REWARD_DISTRIBUTION`),
    source: paid('SOURCE_OWNER', addressNamed('source of svc')),
    dao: paid('DAO', DAO),
  };
}

type Paid = { readonly recipient_address: string; readonly op_reason: string; readonly amount: string };

const amountOf = (text: string): number => Number(text.replace(/upokt$/, ''));

describe('a claim is paid', () => {
  type Row = [what: string, terms: Terms, settlement: bigint, percentages: number[], minted: Parts, inflation: Parts];
  const parts = (total: number, holders: number[], proposer: number, source: number, dao: number): Parts => ({
    total,
    holders,
    proposer,
    source,
    dao,
  });
  const rows: Row[] = [
    [
      'on MainNet: 10,000 relays of 4,172 compute units',
      mainNet,
      6_090_702n,
      [50, 30, 20],
      parts(5_938_434, [2_345_682, 1_407_408, 938_272], 831_380, 148_460, 267_232),
      parts(7, [3, 1, 1], 0, 0, 2),
    ],
    [
      'with the defaults: 1,000 upokt',
      defaults,
      1_000n,
      [12, 38, 50],
      parts(1_000, [84, 266, 350], 50, 150, 100),
      parts(100, [9, 26, 35], 5, 15, 10),
    ],
    ['with dust: 2 upokt mint 1', mainNet, 2n, [100], parts(1, [0], 0, 0, 1), parts(1, [0], 0, 0, 1)],
    ['with dust: 41 upokt mint 39', mainNet, 41n, [100], parts(39, [30], 5, 0, 4), parts(1, [0], 0, 0, 1)],
    [
      'with the remainder of the shares to the first: 4 in thirds',
      defaults,
      7n,
      [33, 33, 34],
      parts(7, [2, 1, 1], 0, 1, 2),
      parts(1, [0, 0, 0], 0, 0, 1),
    ],
    [
      'with the remainder of the shares to the first: 770,249 in thirds',
      mainNet,
      999_999n,
      [33, 33, 34],
      parts(974_999, [254_183, 254_182, 261_884], 136_499, 24_374, 43_877),
      parts(1, [0, 0, 0], 0, 0, 1),
    ],
    [
      'with an inflation of exactly one',
      mainNet,
      1_000_000n,
      [100],
      parts(975_000, [770_250], 136_500, 24_375, 43_875),
      parts(1, [0], 0, 0, 1),
    ],
    [
      'with an inflation just above one, rounded up',
      mainNet,
      1_000_001n,
      [100],
      parts(975_000, [770_250], 136_500, 24_375, 43_875),
      parts(2, [1], 0, 0, 1),
    ],
  ];
  test.each(rows)('%s', (_what, terms, settlement, percentages, minted, inflation) => {
    const state = town(terms, percentages);
    const supplyUpokt = state.bank.supply(UPOKT);
    addClaim(state, settlement);
    expect(settleClaims(state).settled.map(({ settlementUpokt }) => settlementUpokt)).toEqual([settlement]);
    expect(partsOf(state, 'RELAY_BURN_EQUALS_MINT', percentages.length)).toEqual(minted);
    expect(partsOf(state, 'GLOBAL_MINT', percentages.length)).toEqual(inflation);
    expect(stakeOf(state)).toBe(STAKE_UPOKT - settlement - BigInt(inflation.total));
    expect(moduleBalance(state, 'application')).toBe(stakeOf(state));
    expect(state.bank.supply(UPOKT) - supplyUpokt).toBe(BigInt(minted.total + inflation.total) - settlement);
    expect(moduleBalance(state, 'tokenomics')).toBe(0n);
  });

  test('nothing, and its claim is gone, when a settlement of 1 mints nothing at MainNet’s ratio', () => {
    const state = town(mainNet, [100]);
    addClaim(state, 1n);
    expect(settleClaims(state)).toMatchObject({ settled: [], expired: [], batches: [] });
    expect(eventsNamed(state, 'ClaimDiscarded')).toHaveLength(1);
    expect([...state.claims.entries()]).toEqual([]);
    expect(balance(state, 'holder 0')).toBe(0n);
  });
});

/** The work of a session at MainNet’s price: units, not upokt, are what is claimed. */
test('10,000 relays of 4,172 compute units are worth 6,090,702 upokt at 145,990 a million', () => {
  const state = town(mainNet, [100]);
  const { shared } = state.params;
  const price = { computeUnitsToTokensMultiplier: 145_990n, computeUnitCostGranularity: 1_000_000n };
  shared.setLive({ ...shared.live(), ...price });
  state.services.put({ ...state.services.get('svc')!, computeUnitsPerRelay: 4_172n });
  addClaim(state, 10_000n, { sum: 41_720_000n });
  settleClaims(state);
  expect(eventsNamed(state, 'ClaimSettled')).toMatchObject([
    {
      num_relays: '10000',
      num_claimed_compute_units: '41720000',
      num_estimated_compute_units: '41720000',
      num_estimated_relays: '10000',
      claimed_upokt: '6090702upokt',
      settled_upokt: '6090702upokt',
      minted_upokt: '5938434upokt',
      deflation_loss_upokt: '152268upokt',
      overservicing_loss_upokt: '0upokt',
      mint_ratio: '0.975',
    },
  ]);
});

/** All validators’ money comes from claims of which nobody else gets a part. */
function proposing(): State {
  const state = settlementState();
  setShares(state, { supplier: 0, proposer: 1, sourceOwner: 0, dao: 0, application: 0 });
  addService(state, 'svc');
  addApplication(state, 'app', STAKE_UPOKT);
  addSupplier(state, 'supplier', 1n);
  return state;
}

test('1,000,003 upokt go to three validators by stake, less commission, and then to those who delegated', () => {
  const state = proposing();
  bond(state, 'vA', 10n, { vA: 100_000n, d1: 500_000n });
  bond(state, 'vB', 5n, { vB: 300_000n });
  bond(state, 'vC', 0n, { vC: 50_000n, d1: 50_000n });
  addClaim(state, 1_000_003n);
  settleClaims(state);
  expect(['vA', 'vB', 'vC', 'd1'].map((name) => balance(state, name))).toEqual([150_000n, 300_001n, 50_000n, 500_002n]);
  const reasonOf = Object.fromEntries(
    eventsNamed(state, 'SettlementBatch').map(({ recipient, op_reason }) => [recipient, op_reason]),
  );
  const VALIDATOR = 'TLM_RELAY_BURN_EQUALS_MINT_VALIDATOR_REWARD_DISTRIBUTION';
  for (const name of ['vA', 'vB', 'vC']) expect(reasonOf[addressNamed(name)]).toBe(VALIDATOR);
  expect(reasonOf[addressNamed('d1')]).toBe('TLM_RELAY_BURN_EQUALS_MINT_DELEGATOR_REWARD_DISTRIBUTION');
  const told = eventsNamed(state, 'ValidatorRewardDistribution').map((event) => [
    event['validator_account_address'],
    event['commission_rate'],
    ...['pool_share', 'commission', 'self_delegation_reward', 'delegators_reward'].map(
      (part) => event[`${part}_upokt`],
    ),
    event['num_delegators'],
  ]);
  expect(told).toEqual(
    [
      [addressNamed('vA'), '0.100000000000000000', '600002', '60000', '90000', '450002', 1],
      [addressNamed('vB'), '0.050000000000000000', '300001', '15000', '285001', '0', 0],
      [addressNamed('vC'), '0.000000000000000000', '100000', '0', '50000', '50000', 1],
    ].sort(([a], [b]) => (a! < b! ? -1 : 1)),
  );
});

test.each([
  ['one claim after the other, the rounding falls on the same ones', 1, [9n, 9n, 12n]],
  ['together, as claims of a block do, they come out even', 3, [10n, 10n, 10n]],
])('three times 10 upokt to stakes of 333, 333 and 334: %s', (_what, claimsPerBlock, paid) => {
  const state = proposing();
  for (const [name, tokens] of [
    ['v1', 333n],
    ['v2', 333n],
    ['v3', 334n],
  ] as const)
    addValidator(state, name, tokens);
  for (let block = 0; block < 3 / claimsPerBlock; block += 1) {
    for (let claim = 0; claim < claimsPerBlock; claim += 1) {
      const supplier = `supplier ${claim}`;
      addSupplier(state, supplier, 1n);
      addClaim(state, 10n, { supplier });
    }
    settleClaims(state);
  }
  expect(['v1', 'v2', 'v3'].map((name) => balance(state, name))).toEqual(paid);
});

test('a block of two claims on MainNet: what is moved, in its order, and what everybody has', () => {
  const state = settlementState();
  mainNet(state);
  for (const [service, app, stake, supplier, revShare] of [
    [
      'one',
      'app one',
      10_000_000n,
      'first',
      [
        ['own1', 60],
        ['op1', 40],
      ],
    ],
    ['two', 'app two', 5_000_000n, 'second', [['own2', 100]]],
  ] as const) {
    addService(state, service);
    addApplication(state, app, stake);
    addSupplier(state, supplier, 1n, { services: [service], revShare });
  }
  bond(state, 'vA', 0n, { vA: 1n });
  bond(state, 'vB', 0n, { vB: 2n });
  const supplyUpokt = state.bank.supply(UPOKT);
  addClaim(state, 6_090_702n, { application: 'app one', supplier: 'first', service: 'one' });
  addClaim(state, 1_234_567n, { application: 'app two', supplier: 'second', service: 'two' });
  settleClaims(state);

  const moved = eventsNamed(state, 'SettlementBatch').filter(({ op_type }) => op_type !== 'mod_to_acct');
  expect(
    moved.map(({ op_type, op_reason, total_amount, num_claims }) => [op_type, op_reason, total_amount, num_claims]),
  ).toEqual([
    ['mint', 'TLM_RELAY_BURN_EQUALS_MINT_TOKENOMICS_CLAIM_DISTRIBUTION_MINT', '7142136upokt', 2],
    ['mint', 'TLM_GLOBAL_MINT_INFLATION', '9upokt', 2],
    ['mod_to_mod', 'TLM_GLOBAL_MINT_REIMBURSEMENT_REQUEST_ESCROW_MODULE_TRANSFER', '9upokt', 2],
    ['mod_to_mod', 'TLM_GLOBAL_MINT_REIMBURSEMENT_REQUEST_ESCROW_MODULE_TRANSFER', '6upokt', 2],
    ['mod_to_mod', 'TLM_RELAY_BURN_EQUALS_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION', '5642286upokt', 2],
    ['burn', 'TLM_RELAY_BURN_EQUALS_MINT_APPLICATION_STAKE_BURN', '7325269upokt', 2],
  ]);
  const has = Object.fromEntries(
    ['own1', 'op1', 'own2', 'source of one', 'source of two', 'dao', 'vA', 'vB'].map((name) => [
      name,
      balance(state, name),
    ]),
  );
  expect(has).toEqual({
    own1: 2_814_818n + 3n,
    op1: 1_876_544n + 2n,
    own2: 950_924n + 1n,
    'source of one': 148_460n,
    'source of two': 30_092n,
    dao: 321_400n + 3n + 9n,
    // 999,898 by stakes of 1 and 2: thirds, and the unit left over to the larger fraction.
    vA: 333_299n,
    vB: 666_599n,
  });
  expect(state.bank.supply(UPOKT) - supplyUpokt).toBe(-183_124n);
  expect(moduleBalance(state, 'tokenomics')).toBe(0n);
});

test.each([
  ['that falls below the minimum begins to unbond', 59_500_000_000n, 320_000_000n, 59_180_000_000n, true],
  ['loses no more than it has', 100n, 100n, 0n, true],
  ['that stays at the minimum goes on', 59_820_000_000n, 320_000_000n, 59_500_000_000n, false],
])('a supplier %s', (_what, stakeUpokt, penaltyUpokt, leftUpokt, unbonds) => {
  const state = settlementState();
  addService(state, 'svc');
  addApplication(state, 'app', STAKE_UPOKT);
  addSupplier(state, 'supplier', stakeUpokt);
  setMinimumStakes(state, 59_500_000_000n);
  setProofParams(state, { proofRequestProbability: 1, proofMissingPenalty: upoktCoin(320_000_000n) });
  addClaim(state, 10n);
  settleClaims(state);
  expect(eventsNamed(state, 'SupplierSlashed')).toMatchObject([
    { proof_missing_penalty: `${penaltyUpokt}upokt`, supplier_stake_after_slash: `${leftUpokt}upokt` },
  ]);
  expect(eventsNamed(state, 'SupplierUnbondingBegin')).toHaveLength(unbonds ? 1 : 0);
  expect(moduleBalance(state, 'supplier')).toBe(leftUpokt);
});
