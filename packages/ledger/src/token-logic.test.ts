import fc from 'fast-check';
import { expect, test } from 'vitest';
import { moduleAddress } from '@decai/protocol/address';
import { SettlementOpReason } from '@decai/protocol/gen/pocket/tokenomics/types_pb';
import { assertConserved, moduleFlows, type SettlementOperation } from './settlement-operation.ts';
import { type ClaimParties, type ClaimReward, rewardClaim, rewardRules } from './token-logic.ts';

type RuleParams = Parameters<typeof rewardRules>[0];

const share = (supplier: number, proposer: number, sourceOwner: number, application = 0) => ({
  supplier,
  proposer,
  sourceOwner,
  application,
});

const MAINNET: RuleParams = {
  daoRewardAddress: 'dao',
  mintRatio: 0.975,
  mintEqualsBurnClaimDistribution: share(0.79, 0.14, 0.025),
  globalInflationPerClaim: 0.000001,
  mintAllocationPercentages: share(0.8, 0, 0.1),
};
const DEFAULTS: RuleParams = {
  daoRewardAddress: 'dao',
  mintRatio: 1,
  mintEqualsBurnClaimDistribution: share(0.7, 0.05, 0.15),
  globalInflationPerClaim: 0.1,
  mintAllocationPercentages: share(0.7, 0.05, 0.15),
};

const revShare = (...shares: [string, number][]) =>
  shares.map(([address, percentage]) => ({ address, revSharePercentage: BigInt(percentage) }));

const PARTIES: ClaimParties = {
  applicationAddress: 'app',
  supplierOperatorAddress: 'operator',
  supplierOwnerAddress: 'owner',
  serviceId: 'svc',
  sourceOwnerAddress: 'source',
  revenueShares: revShare(['own1', 60], ['op1', 40]),
};

function reward(settlement: bigint, params: RuleParams, parties: Partial<ClaimParties> = {}): ClaimReward {
  const outcome = rewardClaim(settlement, { ...PARTIES, ...parties }, rewardRules(params));
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

function lines(operations: readonly SettlementOperation[]): string[] {
  return operations.map(({ type, sender, recipient, reason, amountUpokt }) => {
    return `${type} ${sender} ${recipient} ${reason} ${amountUpokt}`.replace('  ', ' ');
  });
}

test('a claim on MainNet: every operation, in the order in which it is queued', () => {
  const { operations, mintedUpokt, inflationUpokt, validatorUpokt, fallbacks } = reward(6_090_702n, MAINNET);
  expect(lines(operations)).toEqual([
    'burn application 2 6090702',
    'mint tokenomics 19 5938434',
    'mod_to_mod tokenomics supplier 4 4691362',
    'mod_to_acct supplier op1 4 1876544',
    'mod_to_acct supplier own1 4 2814818',
    'mod_to_acct tokenomics source 17 148460',
    'mod_to_acct tokenomics dao 15 267232',
    'mint tokenomics 3 7',
    'mod_to_mod tokenomics supplier 14 5',
    'mod_to_acct supplier op1 7 2',
    'mod_to_acct supplier own1 7 3',
    'mod_to_acct tokenomics dao 5 2',
    'mod_to_mod application tokenomics 14 7',
    'mod_to_acct tokenomics dao 10 7',
  ]);
  expect([mintedUpokt, inflationUpokt]).toEqual([5_938_434n, 7n]);
  expect(validatorUpokt).toEqual({ ofMint: 831_380n, ofInflation: 0n });
  expect(fallbacks).toEqual([]);
});

test('defaults: the application pays settlement and inflation', () => {
  const result = reward(1_000n, DEFAULTS, { revenueShares: revShare(['a', 12], ['b', 38], ['c', 50]) });
  const paid = (reason: number) => lines(result.operations.filter((operation) => operation.reason === reason));
  expect(paid(SettlementOpReason.TLM_RELAY_BURN_EQUALS_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION).slice(1)).toEqual(
    ['mod_to_acct supplier a 4 84', 'mod_to_acct supplier b 4 266', 'mod_to_acct supplier c 4 350'],
  );
  expect(paid(SettlementOpReason.TLM_GLOBAL_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION)).toEqual([
    'mod_to_acct supplier a 7 9',
    'mod_to_acct supplier b 7 26',
    'mod_to_acct supplier c 7 35',
  ]);
  expect(moduleFlows(result.operations).get('application')).toBe(-1_100n);
  expect(result.validatorUpokt).toEqual({ ofMint: 50n, ofInflation: 5n });
});

test('the application has a share of its own, after the treasury of the mint and first after the supplier of the inflation', () => {
  const params = {
    ...DEFAULTS,
    mintEqualsBurnClaimDistribution: share(0.5, 0, 0.1, 0.2),
    mintAllocationPercentages: share(0, 0, 0.5, 0.25),
  };
  expect(lines(reward(100n, params).operations)).toEqual([
    'burn application 2 100',
    'mint tokenomics 19 100',
    'mod_to_mod tokenomics supplier 4 50',
    'mod_to_acct supplier op1 4 20',
    'mod_to_acct supplier own1 4 30',
    'mod_to_acct tokenomics source 17 10',
    'mod_to_acct tokenomics dao 15 20',
    'mod_to_acct tokenomics app 18 20',
    'mint tokenomics 3 10',
    'mod_to_acct tokenomics app 9 2',
    'mod_to_acct tokenomics source 8 5',
    'mod_to_acct tokenomics dao 5 3',
    'mod_to_mod application tokenomics 14 10',
    'mod_to_acct tokenomics dao 10 10',
  ]);
});

test('dust and the rounding of inflation', () => {
  expect(lines(reward(2n, MAINNET).operations)).toEqual([
    'burn application 2 2',
    'mint tokenomics 19 1',
    'mod_to_acct tokenomics dao 15 1',
    'mint tokenomics 3 1',
    'mod_to_acct tokenomics dao 5 1',
    'mod_to_mod application tokenomics 14 1',
    'mod_to_acct tokenomics dao 10 1',
  ]);
  expect(reward(1_000_000n, MAINNET).inflationUpokt).toBe(1n);
  expect(reward(1_000_001n, MAINNET)).toMatchObject({ inflationUpokt: 2n, mintedUpokt: 975_000n });
  const dust = reward(7n, DEFAULTS, { revenueShares: revShare(['a', 33], ['b', 33], ['c', 34]) });
  expect(lines(dust.operations).filter((line) => line.includes('acct supplier'))).toEqual([
    'mod_to_acct supplier a 4 2',
    'mod_to_acct supplier b 4 1',
    'mod_to_acct supplier c 4 1',
  ]);
});

test('without inflation nothing is minted beside the settlement and nothing is reimbursed', () => {
  const { operations, inflationUpokt } = reward(1_000n, { ...DEFAULTS, globalInflationPerClaim: 0 });
  expect(inflationUpokt).toBe(0n);
  expect(operations.every(({ reason }) => [2, 4, 15, 17, 19].includes(reason))).toBe(true);
});

test('a settlement that mints nothing is refused', () => {
  const outcome = rewardClaim(1n, PARTIES, rewardRules(MAINNET));
  expect(outcome).toMatchObject({ ok: false, codespace: 'tokenomics', code: 1119 });
  expect(outcome).toHaveProperty(
    'message',
    'a settlement of 1 mints nothing at ratio 0.975: internal token logic module error: failed to process token logic module',
  );
});

test('a supplier without a configuration, with an empty list, or without an owner to fall back to cannot be paid', () => {
  const rules = rewardRules(DEFAULTS);
  const refusals: [Partial<ClaimParties>, string][] = [
    [
      { revenueShares: undefined },
      'supplier operator has no active configuration for service "svc": constraint violation',
    ],
    [{ revenueShares: [] }, 'supplier operator lists no revenue share for service "svc": constraint violation'],
    [
      { revenueShares: revShare(['a', 60]), supplierOwnerAddress: '' },
      'supplier operator has no owner to pay although revshare percentage sum 60 != required 100 for service "svc"',
    ],
  ];
  for (const [parties, message] of refusals) {
    const outcome = rewardClaim(1_000n, { ...PARTIES, ...parties }, rules);
    expect(outcome).toMatchObject({ ok: false, codespace: 'tokenomics', code: 1119 });
    expect(outcome).toHaveProperty('message', expect.stringContaining(message));
  }
});

test('a missing configuration goes unnoticed while the supplier gets nothing', () => {
  const params = { ...DEFAULTS, mintEqualsBurnClaimDistribution: share(0, 0.5, 0.5), globalInflationPerClaim: 0 };
  expect(reward(1_000n, params, { revenueShares: undefined }).validatorUpokt.ofMint).toBe(500n);
  const inflated = rewardClaim(
    1_000n,
    { ...PARTIES, revenueShares: undefined },
    rewardRules({ ...params, globalInflationPerClaim: 0.1 }),
  );
  expect(inflated.ok).toBe(false);
});

test('a list that cannot be followed pays the owner, for the mint and for the inflation', () => {
  const { operations, fallbacks } = reward(1_000n, DEFAULTS, { revenueShares: revShare(['a', 60], ['b', 47]) });
  expect(fallbacks).toEqual([
    {
      amountUpokt: 700n,
      opReason: 4,
      observedSumPercentage: 107n,
      reason: 'revshare percentage sum 107 != required 100',
    },
    {
      amountUpokt: 70n,
      opReason: 7,
      observedSumPercentage: 107n,
      reason: 'revshare percentage sum 107 != required 100',
    },
  ]);
  expect(lines(operations).filter((line) => line.includes('acct supplier'))).toEqual([
    'mod_to_acct supplier owner 4 700',
    'mod_to_acct supplier owner 7 70',
  ]);
});

test('what a module account would refuse goes to the supplier owner, and else to the treasury', () => {
  const blocked = moduleAddress('mint');
  const payees = (parties: Partial<ClaimParties>) =>
    reward(1_000n, { ...DEFAULTS, globalInflationPerClaim: 0 }, parties)
      .operations.map(({ recipient }) => recipient)
      .filter((to) => to !== '');
  expect(payees({ revenueShares: revShare([blocked, 100]) })).toEqual(['supplier', 'owner', 'source', 'dao']);
  expect(payees({ revenueShares: revShare([blocked, 100]), supplierOwnerAddress: blocked })).toEqual([
    'supplier',
    'dao',
    'source',
    'dao',
  ]);
  expect(payees({ sourceOwnerAddress: blocked })).toEqual(['supplier', 'op1', 'own1', 'dao', 'dao']);
  const shared = {
    ...MAINNET,
    mintEqualsBurnClaimDistribution: share(0, 0, 0, 1),
    mintAllocationPercentages: share(0, 0, 0, 1),
  };
  const toAccounts = reward(1_000_000n, shared, { applicationAddress: blocked }).operations.filter(
    ({ type }) => type === 'mod_to_acct',
  );
  expect(new Set(toAccounts.map(({ recipient }) => recipient))).toEqual(new Set(['dao']));
});

test('whatever the parameters, nothing is lost: modules end where stake and accumulators say', () => {
  const shares = fc
    .array(fc.integer({ min: 0, max: 100 }), { minLength: 4, maxLength: 4 })
    .map((points) => points.sort((a, b) => a - b) as [number, number, number, number])
    .map(([a, b, c, d]) => share(a / 100, (b - a) / 100, (c - b) / 100, (d - c) / 100));
  fc.assert(
    fc.property(
      fc.bigInt(1n, 10n ** 15n),
      fc.constantFrom(1, 0.975, 0.5, 0.123456789),
      fc.constantFrom(0, 0.000001, 0.1, 1),
      shares,
      shares,
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
      (
        settlement,
        mintRatio,
        globalInflationPerClaim,
        mintEqualsBurnClaimDistribution,
        mintAllocationPercentages,
        list,
      ) => {
        const params = {
          daoRewardAddress: 'dao',
          mintRatio,
          globalInflationPerClaim,
          mintEqualsBurnClaimDistribution,
          mintAllocationPercentages,
        };
        const revenueShares = revShare(...list.map((percentage, i) => [`s${i}`, percentage] as [string, number]));
        const outcome = rewardClaim(settlement, { ...PARTIES, revenueShares }, rewardRules(params));
        fc.pre(outcome.ok);
        const { operations, inflationUpokt, validatorUpokt } = outcome.value;
        assertConserved(operations, {
          applicationUpokt: -settlement - inflationUpokt,
          tokenomicsUpokt: validatorUpokt.ofMint + validatorUpokt.ofInflation,
        });
        const flows = [...moduleFlows(operations).values()].reduce((sum, flow) => sum + flow, 0n);
        const accounts = operations
          .filter(({ type }) => type === 'mod_to_acct')
          .reduce((sum, { amountUpokt }) => sum + amountUpokt, 0n);
        const supply = operations.reduce((sum, { type, amountUpokt }) => {
          return type === 'mint' ? sum + amountUpokt : type === 'burn' ? sum - amountUpokt : sum;
        }, 0n);
        expect(flows + accounts).toBe(supply);
      },
    ),
  );
});

test('operations that do not balance are a fault that names the module', () => {
  const { operations } = reward(1_000n, DEFAULTS);
  const expected = { applicationUpokt: -1_100n, tokenomicsUpokt: 55n };
  expect(() => assertConserved(operations, expected)).not.toThrow();
  for (const [index, module] of [
    [0, 'application'],
    [1, 'tokenomics'],
    [3, 'supplier'],
  ] as const) {
    const missing = operations.filter((_, i) => i !== index);
    expect(() => assertConserved(missing, expected)).toThrow(
      expect.objectContaining({ code: 'MONEY_NOT_CONSERVED', details: expect.objectContaining({ module }) }),
    );
  }
});
