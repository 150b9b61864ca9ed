/**
 * Sessions that claim more than an application's stake can bear, worked out by hand, each settled here as a whole block.
 */
import { ClaimProofStatus } from '@decai/protocol/gen/pocket/proof/types_pb';
import { describe, expect, test } from 'vitest';
import { settleClaims } from './settle-claims.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { addressNamed, atHeight } from './test-chain.ts';
import { setProofParams } from './test-session.ts';
import {
  addApplication,
  addClaim,
  addService,
  addSupplier,
  balance,
  eventsNamed,
  setShares,
  settlementState,
  setTokenomics,
  stakeOf,
} from './test-settlement.ts';
import { defaults, mainNet, twentyBlocks } from './test-terms.ts';

type Session = {
  readonly stake: bigint;
  readonly claims: readonly bigint[];
  readonly multiplier?: bigint;
  readonly spendLimit?: bigint;
  readonly terms?: (state: State) => void;
  /** Whether two sessions of the application are pending at a time, or one. */
  readonly isHalf?: boolean;
};

type Settled = {
  readonly settled: readonly bigint[];
  /** What the application paid beside the settlements. */
  readonly inflation: readonly bigint[];
  /** Expected and effective burn of each claim that was held back, and whether a spend limit did it. */
  readonly heldBack: readonly (readonly [expected: string, effective: string, byLimit: boolean])[];
  readonly state: State;
};

/** Settles one session of one application, a claim by each of several suppliers, in the order of the operators. */
function settle({ stake, claims, multiplier = 1n, spendLimit, terms = mainNet, isHalf = true }: Session): Settled {
  const state = isHalf ? atHeight(settlementState(), 53) : settlementState();
  if (isHalf) twentyBlocks(state);
  terms(state);
  setTokenomics(state, { overservicingBonusMultiplier: multiplier });
  state.blockHashes.put(42, new Uint8Array(32));
  addService(state, 'svc');
  addApplication(state, 'app', stake, spendLimit === undefined ? {} : { perSessionSpendLimit: upoktCoin(spendLimit) });
  const suppliers = operators(claims.length);
  claims.forEach((relays, index) => {
    addSupplier(state, suppliers[index]!, 1n);
    addClaim(state, relays, { supplier: suppliers[index]!, sessionEnd: isHalf ? 20n : 10n });
  });
  const { settled } = settleClaims(state);
  return {
    state,
    settled: settled.map(({ settlementUpokt }) => settlementUpokt),
    inflation: settled.map(({ burnUpokt, settlementUpokt }) => burnUpokt - settlementUpokt),
    heldBack: eventsNamed(state, 'ApplicationOverserviced').map((event) => [
      event['expected_burn'] as string,
      event['effective_burn'] as string,
      event['spend_limit_exceeded'] as boolean,
    ]),
  };
}

/** Names whose addresses ascend, so that claims settle in the order in which they are listed. */
function operators(count: number): string[] {
  const names = Array.from({ length: count }, (_, index) => `operator ${index}`);
  return names.sort((a, b) => (addressNamed(a) < addressNamed(b) ? -1 : 1));
}

const E6 = { stake: 1_000_000_000n, claims: [250_000_000n, 120_000_000n, 40_000_000n] };

describe('three suppliers of an application with 1,000 POKT and two sessions pending', () => {
  test('may each have a sixth of the stake, inflation included, and what one leaves is lost', () => {
    const { settled, inflation, heldBack, state } = settle(E6);
    expect(settled).toEqual([166_666_499n, 120_000_000n, 40_000_000n]);
    expect(inflation).toEqual([167n, 120n, 40n]);
    expect(heldBack).toEqual([['250000250upokt', '166666666upokt', false]]);
    expect(stakeOf(state)).toBe(1_000_000_000n - 326_666_499n - 327n);
  });

  test('share what others leave when the bonus is three: the one who did more is paid in full', () => {
    expect(settle({ ...E6, multiplier: 3n })).toMatchObject({ settled: E6.claims, heldBack: [] });
  });

  test('share what others leave by how much more they did, when two did more', () => {
    const claims = [300_000_000n, 200_000_000n, 40_000_000n];
    const { settled, inflation, heldBack, state } = settle({ ...E6, claims, multiplier: 3n });
    expect(settled).toEqual([267_999_622n, 191_999_875n, 40_000_000n]);
    expect(inflation).toEqual([268n, 192n, 40n]);
    expect(heldBack).toEqual([
      ['300000300upokt', '267999890upokt', false],
      ['200000200upokt', '192000067upokt', false],
    ]);
    expect(1_000_000_000n - stakeOf(state)).toBe(499_999_997n);
  });

  test('get at most the multiple of their part: twice a sixth', () => {
    const claims = [450_000_000n, 30_000_000n, 20_000_000n];
    expect(settle({ ...E6, claims, multiplier: 2n })).toMatchObject({
      settled: [333_332_998n, 30_000_000n, 20_000_000n],
      inflation: [334n, 30n, 20n],
      heldBack: [['450000450upokt', '333333332upokt', false]],
    });
  });

  test('share its spend limit of 100 POKT where it has one', () => {
    const claims = [60_000_000n, 60_000_000n, 10_000_000n];
    const { settled, heldBack } = settle({ ...E6, claims, spendLimit: 100_000_000n });
    expect(settled).toEqual([33_333_299n, 33_333_299n, 10_000_000n]);
    expect(heldBack).toEqual([
      ['60000060upokt', '33333333upokt', true],
      ['60000060upokt', '33333333upokt', true],
    ]);
  });
});

test.each([
  [950n, 909n, 91n, [['1045upokt', '1000upokt', false]]],
  [909n, 909n, 91n, []],
])('with a tenth of inflation and a part of 1,000, %i is settled for %i', (claim, settled, inflation, heldBack) => {
  const outcome = settle({ stake: 1_000n, claims: [claim], terms: defaults, isHalf: false });
  expect(outcome).toMatchObject({ settled: [settled], inflation: [inflation], heldBack });
});

describe('beside a claim of 1,500 for a part of 1,000, with a bonus of five,', () => {
  const { VALIDATED, PENDING_VALIDATION } = ClaimProofStatus;
  const rows: readonly [what: string, settled: bigint, other: (state: State) => unknown][] = [
    ['one that settles leaves what it does not need', 1_500n, (state) => addSupplier(state, 'other', 1n)],
    [
      'one that expires has its part of the budget, and leaves nothing',
      1_000n,
      (state) => {
        addSupplier(state, 'other', 1n);
        addClaim(state, 100n, { supplier: 'other', sessionEnd: 20n, status: PENDING_VALIDATION });
      },
    ],
    ['one of nobody has its part of the budget, and leaves nothing', 1_000n, () => undefined],
    [
      'one that is discarded when it settles has left what it would not have needed',
      1_500n,
      (state) => addSupplier(state, 'other', 1n, { deactivationHeight: 11n }),
    ],
  ];
  test.each(rows)('%s', (_what, settled, other) => {
    const state = atHeight(settlementState(), 53);
    twentyBlocks(state);
    setTokenomics(state, { overservicingBonusMultiplier: 5n });
    setProofParams(state, { proofRequestProbability: 1 });
    state.blockHashes.put(42, new Uint8Array(32));
    addService(state, 'svc');
    addApplication(state, 'app', 4_000n);
    addSupplier(state, 'eager', 1n);
    addClaim(state, 1_500n, { supplier: 'eager', sessionEnd: 20n, status: VALIDATED });
    addClaim(state, 100n, { supplier: 'other', sessionEnd: 20n, status: VALIDATED });
    other(state);
    settleClaims(state);
    const eager = eventsNamed(state, 'ClaimSettled').find(
      (event) => event['supplier_operator_address'] === addressNamed('eager'),
    );
    expect(eager).toMatchObject({ settled_upokt: `${settled}upokt` });
  });
});

describe('the cases of the reference tests, as whole blocks', () => {
  const supplierOnly = (state: State): void =>
    setShares(state, { supplier: 1, proposer: 0, sourceOwner: 0, dao: 0, application: 0 });

  test.each([
    ['within the stake', 2_000_000n, 1_000n, 1_000n, [120n, 380n, 500n]],
    ['beyond the stake, which is then used up', 100_001n, 500_000n, 100_001n, [12_001n, 38_000n, 50_000n]],
  ])('a claim %s, shared 12, 38 and 50', (_what, stake, claim, settled, shares) => {
    const state = settlementState();
    supplierOnly(state);
    addService(state, 'svc');
    addApplication(state, 'app', stake);
    addSupplier(state, 'supplier', 1n, {
      revShare: [
        ['first', 12],
        ['second', 38],
        ['third', 50],
      ],
    });
    addClaim(state, claim);
    expect(settleClaims(state).settled.map(({ settlementUpokt }) => settlementUpokt)).toEqual([settled]);
    expect(['first', 'second', 'third'].map((name) => balance(state, name))).toEqual(shares);
    expect(stakeOf(state)).toBe(stake - settled);
  });

  test('a spend limit of an eighth of the stake holds back one supplier at the limit, three at a third of it', () => {
    const stake = 80_000_000n;
    const spendLimit = stake / 8n;
    const one = { stake, spendLimit, terms: supplierOnly, isHalf: false };
    expect(settle({ ...one, claims: [spendLimit + 1n] }).settled).toEqual([spendLimit]);
    const three = settle({ ...one, claims: [spendLimit, spendLimit, spendLimit] });
    expect(three.settled).toEqual([3_333_333n, 3_333_333n, 3_333_333n]);
    expect(three.heldBack.map(([, , byLimit]) => byLimit)).toEqual([true, true, true]);
  });

  test.each([
    [1_000n, 1_000n, { minted: 975, overservicing: 0, deflation: 25 }],
    [1_000n, 500n, { minted: 487, overservicing: 500, deflation: 13 }],
  ])('of %i claimed, %i are settled: where the rest went at a mint ratio of 0.975', (claim, stake, lost) => {
    const terms = (state: State): void => {
      supplierOnly(state);
      setTokenomics(state, { mintRatio: 0.975 });
    };
    const { state } = settle({ stake, claims: [claim], terms, isHalf: false });
    expect(eventsNamed(state, 'ClaimSettled')).toMatchObject([
      {
        claimed_upokt: `${claim}upokt`,
        settled_upokt: `${stake}upokt`,
        minted_upokt: `${lost.minted}upokt`,
        overservicing_loss_upokt: `${lost.overservicing}upokt`,
        deflation_loss_upokt: `${lost.deflation}upokt`,
      },
    ]);
  });
});
