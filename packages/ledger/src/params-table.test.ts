/**
 * Every parameter that can be changed: what it begins with, what MainNet has, the last values that are taken and the first
 * that are not, and the error of its module.
 */
import { create, type DescMessage } from '@bufbuild/protobuf';
import { coin, type Coin } from '@decai/protocol/coin';
import { Msg as ApplicationMsg } from '@decai/protocol/gen/pocket/application/tx_pb';
import { Msg as GatewayMsg } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { Msg as ProofMsg } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { Msg as ServiceMsg } from '@decai/protocol/gen/pocket/service/tx_pb';
import { Msg as SessionMsg } from '@decai/protocol/gen/pocket/session/tx_pb';
import { Msg as SharedMsg } from '@decai/protocol/gen/pocket/shared/tx_pb';
import { Msg as SupplierMsg } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import {
  MintAllocationPercentagesSchema,
  MintEqualsBurnClaimDistributionSchema,
} from '@decai/protocol/gen/pocket/tokenomics/params_pb';
import { Msg as TokenomicsMsg } from '@decai/protocol/gen/pocket/tokenomics/tx_pb';
import { describe, expect, test } from 'vitest';
import { GOVERNED } from './governed-module.ts';
import { moduleNamed } from './module-account.ts';
import { refuseParams, type ParamRules } from './param-rules.ts';
import { addressNamed, emptyState } from './test-chain.ts';

type Module = keyof typeof GOVERNED;
type Value = bigint | number | string | Coin | object;

/** A parameter: its values at the start and on MainNet, the last that are taken, the first that are refused. */
type Row = {
  readonly starts: Value;
  readonly mainNet: Value;
  readonly taken: readonly Value[];
  readonly refused: readonly Value[];
};

const UINT64_MAX = 2n ** 64n - 1n;
/** Heights must stay exact, so no length in blocks or sessions goes beyond 32 bits. */
const LONGEST = 2n ** 32n;

const length = (starts: bigint, mainNet: bigint, least: bigint): Row => ({
  starts,
  mainNet,
  taken: [least, LONGEST],
  refused: [...(least === 1n ? [0n] : []), LONGEST + 1n, UINT64_MAX],
});
const count = (starts: bigint, mainNet: bigint): Row => ({ starts, mainNet, taken: [1n, UINT64_MAX], refused: [0n] });
const money = (starts: bigint, mainNet: bigint, least: bigint): Row => ({
  starts: coin(starts),
  mainNet: coin(mainNet),
  taken: [coin(least), coin(2n ** 200n)],
  refused: [coin(least - 1n), coin(least + 5n, 'mact'), { $typeName: coin(1n).$typeName, denom: 'upokt', amount: 'x' }],
});

type Shares = readonly [dao: number, proposer: number, supplier: number, sourceOwner: number, application: number];
const shared =
  (schema: DescMessage) =>
  ([dao, proposer, supplier, sourceOwner, application]: Shares): object =>
    create(schema, { dao, proposer, supplier, sourceOwner, application } as never);
const shares = (schema: DescMessage, starts: Shares, mainNet: Shares): Row => {
  const of = shared(schema);
  return {
    starts: of(starts),
    mainNet: of(mainNet),
    taken: [of([0, 0, 0, 0, 1]), of([0.1, 0.2, 0.7, 0, 0])],
    refused: [
      of([0, 0, 0, 0, 0]),
      of([0.1, 0.05, 0.70004, 0.15, 0]),
      of([-0.1, 0.1, 1, 0, 0]),
      of([Number.NaN, 0, 1, 0, 0]),
      of([0.1, 0.05, 0.7, 0.15, 0.1]),
    ],
  };
};

/** Per module: its error, and its parameters. */
const TABLE: Readonly<Record<Module, readonly [code: number, rows: Readonly<Record<string, Row>>]>> = {
  shared: [
    1103,
    {
      num_blocks_per_session: length(10n, 20n, 1n),
      grace_period_end_offset_blocks: length(1n, 10n, 0n),
      claim_window_open_offset_blocks: length(1n, 11n, 0n),
      claim_window_close_offset_blocks: length(4n, 10n, 0n),
      proof_window_open_offset_blocks: length(0n, 1n, 0n),
      proof_window_close_offset_blocks: length(4n, 10n, 0n),
      supplier_unbonding_period_sessions: length(1n, 1429n, 1n),
      application_unbonding_period_sessions: length(1n, 3n, 1n),
      compute_units_to_tokens_multiplier: count(42_000_000n, 145_990n),
      gateway_unbonding_period_sessions: length(1n, 3n, 1n),
      compute_unit_cost_granularity: count(1_000_000n, 1_000_000n),
    },
  ],
  application: [1115, { max_delegated_gateways: count(7n, 7n), min_stake: money(1_000_000n, 1_000_000_000n, 1n) }],
  gateway: [1105, { min_stake: money(100n, 5_000_000_000n, 1n) }],
  supplier: [1107, { min_stake: money(1_000_000n, 59_500_000_000n, 1n), staking_fee: money(1n, 1n, 0n) }],
  session: [1110, { num_suppliers_per_session: length(15n, 50n, 1n) }],
  service: [1115, { add_service_fee: money(1n, 3_500_000_000n, 1n), target_num_relays: count(100_000n, 100_000n) }],
  proof: [
    1120,
    {
      proof_request_probability: {
        starts: 0.25,
        mainNet: 0.01,
        taken: [0, 1],
        refused: [-Number.MIN_VALUE, 1 + Number.EPSILON, Number.NaN, Infinity],
      },
      proof_requirement_threshold: money(20_000_000n, 100n, 0n),
      proof_missing_penalty: money(320_000_000n, 1n, 0n),
      proof_submission_fee: money(0n, 1n, 0n),
    },
  ],
  tokenomics: [
    1112,
    {
      mint_allocation_percentages: shares(
        MintAllocationPercentagesSchema,
        [0.1, 0.05, 0.7, 0.15, 0],
        [0.1, 0, 0.8, 0.1, 0],
      ),
      dao_reward_address: {
        starts: 'pokt1eeeksh2tvkh7wzmfrljnhw4wrhs55lcuvmekkw',
        mainNet: 'pokt1dr5jtqaaz4wk8wevl33e7vkxsjlphljnjhyq2l',
        taken: [addressNamed('dao'), moduleNamed('gov').address],
        refused: ['', 'nobody', addressNamed('dao').toUpperCase(), moduleNamed('fee_collector').address],
      },
      global_inflation_per_claim: {
        starts: 0.1,
        mainNet: 0.000001,
        taken: [0, 1e6],
        refused: [-Number.MIN_VALUE, Number.NaN, Infinity],
      },
      mint_equals_burn_claim_distribution: shares(
        MintEqualsBurnClaimDistributionSchema,
        [0.1, 0.05, 0.7, 0.15, 0],
        [0.045, 0.14, 0.79, 0.025, 0],
      ),
      mint_ratio: {
        starts: 1,
        mainNet: 0.975,
        taken: [Number.MIN_VALUE, 1],
        refused: [0, 1 + Number.EPSILON, Number.NaN],
      },
      overservicing_bonus_multiplier: { starts: 1n, mainNet: 1n, taken: [0n, 1000n], refused: [1001n, UINT64_MAX] },
    },
  ],
};

const MODULES = Object.keys(TABLE) as Module[];
const localNames = (module: Module): Map<string, string> =>
  new Map(GOVERNED[module].schema.fields.map(({ name, localName }) => [name, localName]));
const setOf = (module: Module, column: 'starts' | 'mainNet'): Record<string, Value> => {
  const names = localNames(module);
  return Object.fromEntries(Object.entries(TABLE[module][1]).map(([name, row]) => [names.get(name)!, row[column]]));
};
const rulesOf = (module: Module) => GOVERNED[module].rules as unknown as ParamRules<Record<string, Value>>;

describe.each(MODULES)('%s', (module) => {
  const [code, rows] = TABLE[module];
  const names = localNames(module);

  test('begins with the network’s defaults', () => {
    expect(emptyState(1).params[module].live()).toMatchObject(setOf(module, 'starts'));
  });

  test('can be as it is on MainNet', () => {
    expect(refuseParams(rulesOf(module), setOf(module, 'mainNet'))).toBeUndefined();
  });

  test.each(Object.entries(rows))('takes %s up to its limits, and nothing beyond them', (name, { taken, refused }) => {
    const check = rulesOf(module).values[names.get(name)!]!;
    for (const value of taken) expect(check(value), describeValue(value)).toBeUndefined();
    for (const value of refused) {
      expect(check(value), describeValue(value)).toEqual(expect.any(String));
      const set = { ...setOf(module, 'starts'), [names.get(name)!]: value };
      expect(refuseParams(rulesOf(module), set)).toMatchObject({ codespace: module, code });
    }
  });

  test('has no other parameter than those that the chain sets by itself', () => {
    const derived = module === 'shared' ? ['session_grid_anchor_height', 'session_number_at_anchor'] : [];
    expect([...Object.keys(rows), ...derived].sort()).toEqual([...names.keys()].sort());
  });
});

const describeValue = (value: Value): string =>
  JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each));

describe('between the values of the shared module', () => {
  const windows = { claim_window_open: 2n, claim_window_close: 3n, proof_window_open: 1n, proof_window_close: 4n };
  /** Sessions of five blocks, and ten blocks of windows. */
  const base = {
    ...setOf('shared', 'starts'),
    numBlocksPerSession: 5n,
    gracePeriodEndOffsetBlocks: 2n,
    claimWindowOpenOffsetBlocks: windows.claim_window_open,
    claimWindowCloseOffsetBlocks: windows.claim_window_close,
    proofWindowOpenOffsetBlocks: windows.proof_window_open,
    proofWindowCloseOffsetBlocks: windows.proof_window_close,
    supplierUnbondingPeriodSessions: 2n,
    applicationUnbondingPeriodSessions: 2n,
  };
  test.each<[what: string, change: Record<string, bigint>, isTaken: boolean]>([
    [
      'grace ends a block before the next session does',
      { gracePeriodEndOffsetBlocks: 4n, claimWindowOpenOffsetBlocks: 4n, proofWindowCloseOffsetBlocks: 2n },
      true,
    ],
    [
      'grace lasts a whole session',
      { gracePeriodEndOffsetBlocks: 5n, claimWindowOpenOffsetBlocks: 5n, proofWindowCloseOffsetBlocks: 1n },
      false,
    ],
    ['claims open as grace ends', { gracePeriodEndOffsetBlocks: 2n }, true],
    ['claims open before grace ends', { gracePeriodEndOffsetBlocks: 3n }, false],
    ['suppliers leave as the last proof window closes', { supplierUnbondingPeriodSessions: 2n }, true],
    ['suppliers leave before it closes', { supplierUnbondingPeriodSessions: 1n }, false],
    ['applications leave before it closes', { applicationUnbondingPeriodSessions: 1n }, false],
    ['gateways leave before it closes', { gatewayUnbondingPeriodSessions: 1n }, true],
    ['windows are a block longer than an unbonding', { proofWindowCloseOffsetBlocks: 5n }, false],
  ])('%s', (_what, change, isTaken) => {
    const refusal = refuseParams(rulesOf('shared'), { ...base, ...change });
    if (isTaken) expect(refusal).toBeUndefined();
    else expect(refusal).toMatchObject({ codespace: 'shared', code: 1103 });
  });
});

test.each<[Module, DescMessage, oneof: string, variants: Record<string, number>]>([
  ['shared', SharedMsg.method.updateParam.input, 'as_type', { as_string: 3, as_uint64: 6, as_bytes: 7 }],
  ['application', ApplicationMsg.method.updateParam.input, 'asType', { as_uint64: 3, as_coin: 4 }],
  ['gateway', GatewayMsg.method.updateParam.input, 'as_type', { as_coin: 3 }],
  ['supplier', SupplierMsg.method.updateParam.input, 'asType', { as_coin: 3 }],
  ['session', SessionMsg.method.updateParam.input, 'as_type', { as_uint64: 3 }],
  ['service', ServiceMsg.method.updateParam.input, 'as_type', { as_coin: 3, as_uint64: 4 }],
  ['proof', ProofMsg.method.updateParam.input, 'as_type', { as_bytes: 7, as_float: 8, as_coin: 9 }],
  [
    'tokenomics',
    TokenomicsMsg.method.updateParam.input,
    'as_type',
    {
      as_mint_allocation_percentages: 3,
      as_string: 4,
      as_float: 5,
      as_mint_equals_burn_claim_distribution: 6,
      as_uint64: 7,
    },
  ],
])('a value of %s travels under these numbers', (_module, { oneofs }, name, variants) => {
  expect(oneofs.map((oneof) => oneof.name)).toEqual([name]);
  expect(Object.fromEntries(oneofs[0]!.fields.map((field) => [field.name, field.number]))).toEqual(variants);
});

test('accounts begin with the limits and prices of Cosmos', () => {
  expect(emptyState(1).params.auth.live()).toMatchObject({
    maxMemoCharacters: 256n,
    txSigLimit: 7n,
    txSizeCostPerByte: 10n,
    sigVerifyCostEd25519: 590n,
    sigVerifyCostSecp256k1: 1000n,
  });
});
