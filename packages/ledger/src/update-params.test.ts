import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { typeUrlOf } from '@decai/protocol/any';
import { coin } from '@decai/protocol/coin';
import { Msg as ApplicationMsg } from '@decai/protocol/gen/pocket/application/tx_pb';
import { Msg as GatewayMsg } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { Msg as ProofMsg } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { Msg as ServiceMsg } from '@decai/protocol/gen/pocket/service/tx_pb';
import { Msg as SessionMsg } from '@decai/protocol/gen/pocket/session/tx_pb';
import { Msg as SharedMsg } from '@decai/protocol/gen/pocket/shared/tx_pb';
import { Msg as SupplierMsg } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { Msg as TokenomicsMsg } from '@decai/protocol/gen/pocket/tokenomics/tx_pb';
import { AUTHORITY, GOVERNED } from './governed-module.ts';
import { ruleFor } from './message-rules.ts';
import type { GrpcCode } from './refusal.ts';
import type { State } from './state.ts';
import { addressNamed, atHeight, emptyState } from './test-chain.ts';

const STRANGER = addressNamed('stranger');
const SHARES = { dao: 0.1, proposer: 0.1, supplier: 0.5, sourceOwner: 0.2, application: 0.1 };

/** What was decided, before the state was looked at or after. */
function decide<Desc extends DescMessage>(state: State, schema: Desc, fields: MessageInitShape<Desc>) {
  const rule = ruleFor(typeUrlOf(schema))!;
  const message = create(schema, fields);
  const refusal = rule.check(message);
  return refusal === undefined ? { ahead: false, ...rule.apply(state, message) } : { ahead: true, ...refusal };
}

type Module = keyof typeof GOVERNED;
type Value = { readonly case: string; readonly value: unknown };

const METHODS = {
  application: ApplicationMsg.method,
  gateway: GatewayMsg.method,
  supplier: SupplierMsg.method,
  session: SessionMsg.method,
  service: ServiceMsg.method,
  proof: ProofMsg.method,
  tokenomics: TokenomicsMsg.method,
  shared: SharedMsg.method,
};

function updateOne(state: State, module: Module, name: string, asType: Value | undefined, authority = AUTHORITY) {
  const fields = { authority, name, ...(asType !== undefined && { asType }) };
  return decide<DescMessage>(state, METHODS[module].updateParam.input, fields);
}

function updateAll(state: State, module: Module, params: object | undefined, authority = AUTHORITY) {
  const fields = { authority, ...(params !== undefined && { params }) };
  return decide<DescMessage>(state, METHODS[module].updateParams.input, fields);
}

const asUint64 = (value: bigint): Value => ({ case: 'asUint64', value });
const asCoin = (value: bigint, denom = 'upokt'): Value => ({ case: 'asCoin', value: coin(value, denom) });
const asFloat = (value: number): Value => ({ case: 'asFloat', value });
const asString = (value: string): Value => ({ case: 'asString', value });
const asAllocation = (value: object): Value => ({
  case: 'asMintAllocationPercentages',
  value: { $typeName: 'pocket.tokenomics.MintAllocationPercentages', ...value },
});
const asDistribution = (value: object): Value => ({
  case: 'asMintEqualsBurnClaimDistribution',
  value: { $typeName: 'pocket.tokenomics.MintEqualsBurnClaimDistribution', ...value },
});

type Row = readonly [
  module: Module,
  name: string,
  good: Value,
  bad: Value,
  codespace: string,
  code: number,
  text: string,
];

const ROWS: readonly Row[] = [
  ['shared', 'num_blocks_per_session', asUint64(12n), asUint64(0n), 'shared', 1103, 'invalid NumBlocksPerSession: (0)'],
  ['shared', 'grace_period_end_offset_blocks', asUint64(0n), asUint64(2n ** 63n), 'shared', 1103, 'GracePeriod'],
  ['shared', 'claim_window_open_offset_blocks', asUint64(2n), asUint64(2n ** 63n), 'shared', 1103, 'ClaimWindowOpen'],
  ['shared', 'claim_window_close_offset_blocks', asUint64(2n), asUint64(2n ** 63n), 'shared', 1103, 'ClaimWindowCl'],
  ['shared', 'proof_window_open_offset_blocks', asUint64(1n), asUint64(2n ** 63n), 'shared', 1103, 'ProofWindowOpen'],
  ['shared', 'proof_window_close_offset_blocks', asUint64(2n), asUint64(2n ** 63n), 'shared', 1103, 'ProofWindowClose'],
  ['shared', 'supplier_unbonding_period_sessions', asUint64(2n), asUint64(0n), 'shared', 1103, 'SupplierUnbonding'],
  ['shared', 'application_unbonding_period_sessions', asUint64(2n), asUint64(0n), 'shared', 1103, 'ApplicationUnb'],
  ['shared', 'gateway_unbonding_period_sessions', asUint64(2n), asUint64(0n), 'shared', 1103, 'GatewayUnbonding'],
  ['shared', 'compute_units_to_tokens_multiplier', asUint64(2n), asUint64(0n), 'shared', 1103, 'ComputeUnitsToTok'],
  ['shared', 'compute_unit_cost_granularity', asUint64(2n), asUint64(0n), 'shared', 1103, 'ComputeUnitCostGran'],
  ['application', 'max_delegated_gateways', asUint64(1n), asUint64(0n), 'application', 1115, 'greater than 0: got 0'],
  ['application', 'min_stake', asCoin(2n), asCoin(0n), 'application', 1115, 'invalid min_stake amount: 0upokt <= 0'],
  ['gateway', 'min_stake', asCoin(2n), asCoin(0n), 'gateway', 1105, 'must be greater than zero: 0upokt'],
  ['supplier', 'min_stake', asCoin(2n), asCoin(0n), 'supplier', 1107, 'must be greater than 0: got 0upokt'],
  ['supplier', 'staking_fee', asCoin(0n), asCoin(2n, 'mact'), 'supplier', 1107, 'denom "mact"; expected "upokt"'],
  ['session', 'num_suppliers_per_session', asUint64(3n), asUint64(0n), 'session', 1110, 'per session (0) MUST be'],
  ['service', 'add_service_fee', asCoin(2n), asCoin(0n), 'service', 1115, 'below minimum value 1upokt: got 0upokt'],
  ['service', 'target_num_relays', asUint64(25n), asUint64(0n), 'service', 1115, 'must be greater than 0: got 0'],
  ['proof', 'proof_request_probability', asFloat(0.6), asFloat(1.5), 'proof', 1120, 'RequestProbability: (1.5)'],
  ['proof', 'proof_requirement_threshold', asCoin(0n), asCoin(1n, 'mact'), 'proof', 1120, 'threshold denom: mact'],
  ['proof', 'proof_missing_penalty', asCoin(0n), asCoin(1n, 'mact'), 'proof', 1120, 'missing_penalty denom: mact'],
  ['proof', 'proof_submission_fee', asCoin(3n), asCoin(1n, 'mact'), 'proof', 1120, 'submission_fee denom: mact'],
  ['tokenomics', 'dao_reward_address', asString(STRANGER), asString('nope'), 'tokenomics', 1112, 'address "nope"'],
  [
    'tokenomics',
    'mint_allocation_percentages',
    asAllocation(SHARES),
    asAllocation({ ...SHARES, dao: 0.2 }),
    'tokenomics',
    1112,
    'mint allocation percentages do not add to 1.0: got 1.1',
  ],
  [
    'tokenomics',
    'mint_equals_burn_claim_distribution',
    asDistribution(SHARES),
    asDistribution({ ...SHARES, dao: 0.2 }),
    'tokenomics',
    1112,
    'mint equals burn claim distribution percentages do not add to 1.0: got 1.100000',
  ],
  ['tokenomics', 'global_inflation_per_claim', asFloat(1e-6), asFloat(-0.1), 'tokenomics', 1112, 'equal to 0: -0.1000'],
  ['tokenomics', 'mint_ratio', asFloat(0.9), asFloat(Number.NaN), 'tokenomics', 1112, '(0, 1]: got NaN'],
  [
    'tokenomics',
    'overservicing_bonus_multiplier',
    asUint64(3n),
    asUint64(1001n),
    'tokenomics',
    1112,
    '(1001) must be <=',
  ],
];

/** The set of a module as of the next session. */
function nextSet(state: State, module: Module): Record<string, unknown> {
  const next = atHeight(state, 11);
  const set = next.params[module].at(11);
  return set as unknown as Record<string, unknown>;
}

describe('the authority', () => {
  it.each(ROWS)('changes %s %s, and nothing else', (module, name, good) => {
    const state = emptyState(5);
    const before = { ...nextSet(state, module) };
    expect(updateOne(state, module, name, good)).toEqual({ ahead: false, ok: true });
    const field = GOVERNED[module].schema.fields.find((each) => each.name === name)!.localName;
    const after: Record<string, unknown> = nextSet(state, module);
    expect(after[field]).toEqual(good.value);
    expect(after[field]).not.toEqual(before[field]);
    const { [field]: _old, ...others } = before;
    // A new session length moves the anchor of the grid.
    if (name === 'num_blocks_per_session')
      Object.assign(others, { sessionGridAnchorHeight: 11n, sessionNumberAtAnchor: 2n });
    expect(after).toMatchObject(others);
  });

  it.each(ROWS)('may not give %s %s a value out of its range', (module, name, _good, bad, codespace, code, text) => {
    const state = emptyState(5);
    const before = { ...nextSet(state, module) };
    const decided = updateOne(state, module, name, bad);
    expect(decided).toMatchObject({ ahead: true, codespace, code, message: expect.stringContaining(text) });
    expect(nextSet(state, module)).toEqual(before);
  });

  it('can change every parameter that there is but the anchor of the grid', () => {
    for (const module of Object.keys(GOVERNED) as Module[]) {
      const names = GOVERNED[module].schema.fields.map(({ name }) => name).sort();
      const anchors = module === 'shared' ? ['session_grid_anchor_height', 'session_number_at_anchor'] : [];
      const tried = ROWS.filter(([of]) => of === module).map(([, name]) => name);
      expect([...tried, ...anchors].sort()).toEqual(names);
    }
  });

  it('may not break what holds between values, and is told when the change is carried out', () => {
    const state = emptyState(5);
    for (const [name, value, text] of [
      ['grace_period_end_offset_blocks', 10n, 'must be less than NumBlocksPerSession (10)'],
      ['claim_window_open_offset_blocks', 0n, 'must be at least GracePeriodEndOffsetBlocks (1)'],
      ['num_blocks_per_session', 8n, 'SupplierUnbondingPeriodSessions (1 session) (8 blocks)'],
    ] as const) {
      const decided = updateOne(state, 'shared', name, asUint64(value));
      expect(decided).toMatchObject({ ahead: false, grpc: 'InvalidArgument', codespace: 'shared', code: 1103 });
      expect(decided).toMatchObject({ message: expect.stringContaining(text) });
    }
    expect(state.params.shared.history.isEmpty('')).toBe(true);
  });

  it('changes all parameters of a module at once', () => {
    for (const module of Object.keys(GOVERNED) as Module[]) {
      const state = emptyState(5);
      const [, name, good] = ROWS.find(([of]) => of === module)!;
      const field = GOVERNED[module].schema.fields.find((each) => each.name === name)!.localName;
      const wanted = { ...nextSet(state, module), [field]: good.value };
      expect(updateAll(state, module, wanted), module).toEqual({ ahead: false, ok: true });
      expect(nextSet(state, module)[field]).toEqual(good.value);
    }
  });
});

describe('a change of parameters is refused', () => {
  const REFUSALS: readonly [
    module: Module,
    malformed: [one: number | string, all: number | string],
    missing: number,
    unknown: number,
    param: number,
    status: GrpcCode,
  ][] = [
    ['shared', [1101, 'undefined'], 1103, 1102, 1103, 'InvalidArgument'],
    ['application', ['sdk', 'undefined'], 1115, 1115, 1115, 'PermissionDenied'],
    ['gateway', ['sdk', 'undefined'], 1105, 1105, 1105, 'InvalidArgument'],
    ['supplier', ['sdk', 'undefined'], 1107, 1107, 1107, 'InvalidArgument'],
    ['session', ['sdk', 'undefined'], 1110, 1110, 1110, 'InvalidArgument'],
    ['service', [1102, 'undefined'], 1115, 1115, 1115, 'InvalidArgument'],
    ['proof', [1101, 1101], 1120, 1119, 1120, 'InvalidArgument'],
    ['tokenomics', [1101, 1101], 1108, 1111, 1112, 'PermissionDenied'],
  ];
  /** A value of another kind than the module's first parameter in the list above, where its messages know several. */
  const OTHER_KINDS: Partial<Record<Module, Value>> = {
    shared: asString('12'),
    application: asCoin(1n),
    service: asUint64(1n),
    proof: asCoin(1n),
    tokenomics: asUint64(1n),
  };
  const coded = (module: Module, code: number | string) =>
    code === 'sdk' ? ['sdk', 7] : code === 'undefined' ? ['undefined', 1] : [module, code];

  it.each(REFUSALS)('of %s, in this order', (module, [one, all], missing, unknown, param, status) => {
    const state = emptyState(5);
    const [, name, good] = ROWS.find(([of]) => of === module)!;
    const wrongKind = OTHER_KINDS[module];
    const [codespaceOne, codeOne] = coded(module, one);
    const [codespaceAll, codeAll] = coded(module, all);
    const refused = (codespace: unknown, code: unknown, text: string) => ({
      ahead: true,
      codespace,
      code,
      message: expect.stringContaining(text),
    });
    expect(updateOne(state, module, 'no_such_param', undefined, 'x')).toMatchObject(
      refused(codespaceOne, codeOne, 'invalid authority address'),
    );
    expect(updateOne(state, module, 'no_such_param', undefined, STRANGER)).toMatchObject(
      refused(module, missing, 'missing param AsType'),
    );
    expect(updateOne(state, module, 'no_such_param', good, STRANGER)).toMatchObject(
      refused(module, unknown, 'unsupported param "no_such_param"'),
    );
    if (wrongKind !== undefined) {
      expect(updateOne(state, module, name, wrongKind, STRANGER)).toMatchObject(
        refused(module, param, `invalid type for param "${name}" expected *types.MsgUpdateParam_As`),
      );
    }
    const stranger = {
      ahead: false,
      codespace: module,
      code: 1100,
      message: expect.stringContaining(`invalid authority; expected ${AUTHORITY}, got ${STRANGER}`),
    };
    expect(updateOne(state, module, name, good, STRANGER)).toMatchObject({ ...stranger, grpc: status });
    expect(updateAll(state, module, undefined, 'x')).toMatchObject(
      refused(codespaceAll, codeAll, 'invalid authority address'),
    );
    expect(updateAll(state, module, undefined, STRANGER)).toMatchObject(refused(module, param, 'invalid'));
    expect(updateAll(state, module, nextSet(state, module), STRANGER)).toMatchObject({
      ...stranger,
      grpc: 'PermissionDenied',
    });
  });

  it('for the anchor of the session grid, which only the chain sets', () => {
    const state = emptyState(5);
    for (const name of ['session_grid_anchor_height', 'session_number_at_anchor']) {
      expect(updateOne(state, 'shared', name, asUint64(1n))).toMatchObject({ ahead: true, code: 1102 });
    }
  });
});
