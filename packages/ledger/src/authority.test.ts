/**
 * Authority in genesis: whom it grants the right to changes every parameter of every module, alone or all at once, and nobody
 * else changes any.
 */
import { fromJson, type DescMessage, type JsonValue } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { packAny, typeUrlOf, type TypedMessage } from '@decai/protocol/any';
import { MsgExecSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import type { Key } from '@decai/protocol/keys';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { parseGenesis } from './genesis.ts';
import { governanceGrants } from './governance-grants.ts';
import { GOVERNANCE_MESSAGES, type GovernedName } from './governance-messages.ts';
import { AUTHORITY, GOVERNED } from './governed-module.ts';
import { Ledger } from './ledger.ts';
import { paramChange } from './param-change.ts';
import { ruleFor } from './message-rules.ts';
import type { Verdict } from './refusal.ts';
import { State } from './state.ts';
import { keyNamed, sent } from './test-chain.ts';
import { genesisDocument } from './test-genesis.ts';
import { Store } from './store.ts';

const FOUNDATION = keyNamed('foundation');
const STRANGER = keyNamed('stranger');

/** Another good value of every parameter, as a genesis would have it. */
const CHANGES: Readonly<Record<GovernedName, Readonly<Record<string, JsonValue>>>> = {
  application: { max_delegated_gateways: '3', min_stake: { denom: 'upokt', amount: '5' } },
  gateway: { min_stake: { denom: 'upokt', amount: '5' } },
  supplier: { min_stake: { denom: 'upokt', amount: '5' }, staking_fee: { denom: 'upokt', amount: '5' } },
  session: { num_suppliers_per_session: '5' },
  service: { add_service_fee: { denom: 'upokt', amount: '5' }, target_num_relays: '5' },
  proof: {
    proof_request_probability: 0.5,
    proof_requirement_threshold: { denom: 'upokt', amount: '5' },
    proof_missing_penalty: { denom: 'upokt', amount: '5' },
    proof_submission_fee: { denom: 'upokt', amount: '5' },
  },
  tokenomics: {
    dao_reward_address: FOUNDATION.address,
    mint_allocation_percentages: { dao: 1, proposer: 0, supplier: 0, source_owner: 0, application: 0 },
    global_inflation_per_claim: 0.5,
    mint_equals_burn_claim_distribution: { dao: 1, proposer: 0, supplier: 0, source_owner: 0, application: 0 },
    mint_ratio: 0.5,
    overservicing_bonus_multiplier: '5',
  },
  shared: {
    num_blocks_per_session: '11',
    grace_period_end_offset_blocks: '0',
    claim_window_open_offset_blocks: '2',
    claim_window_close_offset_blocks: '5',
    proof_window_open_offset_blocks: '1',
    proof_window_close_offset_blocks: '5',
    supplier_unbonding_period_sessions: '5',
    application_unbonding_period_sessions: '5',
    gateway_unbonding_period_sessions: '5',
    compute_units_to_tokens_multiplier: '5',
    compute_unit_cost_granularity: '5',
  },
};

const MODULES = Object.keys(GOVERNED) as GovernedName[];

/** The first block of a network that the foundation governs. */
function governedState(): State {
  const document = genesisDocument();
  document.app_state['authz'] = governanceGrants(FOUNDATION.address) as Record<string, JsonValue>;
  const disk = createMemoryStore();
  disk.write(new Ledger(disk).initChain(parseGenesis(document)).writes);
  const block = { chainId: 'pocket-test', profile: 'pocket' as const, height: 1, timeNs: 0n, hash: new Uint8Array(32) };
  return new State(new Store(disk), block);
}

function carriedOutBy({ address: grantee }: Key, state: State, { schema, message }: TypedMessage): Verdict {
  const { message: exec } = sent(MsgExecSchema, { grantee, msgs: [packAny(schema, message)] });
  const rule = ruleFor(typeUrlOf(MsgExecSchema))!;
  return rule.check(exec) ?? rule.apply(state, exec);
}

/** All parameters of a module, one of them changed. */
function wholeChange(state: State, module: GovernedName, name: string, value: JsonValue): TypedMessage {
  const { schema } = GOVERNED[module];
  const field = schema.fields.find((each) => each.name === name)!.localName;
  const changed: Readonly<Record<string, unknown>> = { ...fromJson<DescMessage>(schema, { [name]: value }) };
  const params = { ...state.params[module].live(), [field]: changed[field] };
  return sent<DescMessage>(GOVERNANCE_MESSAGES[module].all, { authority: AUTHORITY, params });
}

const EACH = MODULES.flatMap((module) =>
  Object.entries(CHANGES[module]).map(([name, value]) => [module, name, value] as const),
);

describe('with the grants that a genesis has for whoever governs', () => {
  it('there is a change to try for every parameter, but for the anchor of the grid', () => {
    for (const module of MODULES) {
      const names = GOVERNED[module].schema.fields.map(({ name }) => name);
      const anchors = ['session_grid_anchor_height', 'session_number_at_anchor'];
      expect(Object.keys(CHANGES[module]).sort()).toEqual(names.filter((name) => !anchors.includes(name)).sort());
    }
  });

  it.each(EACH)(
    '%s %s is changed by that account, alone and with all others, and by nobody else',
    (module, name, value) => {
      const field = GOVERNED[module].schema.fields.find((each) => each.name === name)!.localName;
      const valueAt = (state: State, height: number) =>
        (state.params[module].at(height) as unknown as Record<string, unknown>)[field];
      for (const change of [
        () => paramChange(module, name, value),
        (state: State) => wholeChange(state, module, name, value),
      ]) {
        const state = governedState();
        const before = valueAt(state, 11);
        expect(carriedOutBy(STRANGER, state, change(state))).toMatchObject({ ok: false, codespace: 'authz', code: 2 });
        expect(valueAt(state, 11)).toEqual(before);
        expect(carriedOutBy(FOUNDATION, state, change(state))).toEqual({ ok: true });
        expect(valueAt(state, 11)).not.toEqual(before);
      }
    },
  );

  it.each(MODULES)('of %s, neither that account nor anybody else changes anything in his own name', (module) => {
    const [[name, value]] = Object.entries(CHANGES[module]) as [[string, JsonValue]];
    const state = governedState();
    const { schema, message } = paramChange(module, name, value);
    for (const { address: authority } of [FOUNDATION, STRANGER]) {
      const own = { ...message, authority };
      expect(ruleFor(typeUrlOf(schema))!.apply(state, own)).toMatchObject({ ok: false, codespace: module, code: 1100 });
    }
  });
});

describe('a change of a parameter as people write it', () => {
  it('is refused with what there is, for a module or a parameter that there is not', () => {
    expect(() => paramChange('mint', 'inflation', '1')).toThrow(/no module is called "mint"; there are application, /);
    expect(() => paramChange('session', 'seats', '1')).toThrow(/session has no .*"seats"; it has num_suppliers_per_/);
    expect(() => paramChange('shared', 'session_grid_anchor_height', '1')).toThrow(/shared has no parameter/);
  });

  it('is refused with a value of another kind', () => {
    expect(() => paramChange('session', 'num_suppliers_per_session', 'many')).toThrow(/num_suppliers_per_session/);
    expect(() => paramChange('gateway', 'min_stake', '5')).toThrow(/Coin is not an object/);
  });
});
