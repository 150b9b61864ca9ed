/**
 * What parameters should hold under `decai`, kept by a model that knows one rule: what was changed in a session holds from
 * the next one on.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import { GOVERNANCE_MESSAGES, type GovernedName } from './governance-messages.ts';
import { GOVERNED } from './governed-module.ts';
import type { State } from './state.ts';
import { addressNamed, type sent } from './test-chain.ts';
import { decreed } from './test-governance.ts';

type Set = Readonly<Record<string, unknown>>;

/** The sets of all modules that hold together. */
export type Sets = Readonly<Record<GovernedName, Set>>;

/** A change of one parameter, alone or with the present values of all others. */
export type Decree = {
  readonly module: GovernedName;
  /** As the wire names it. */
  readonly name: string;
  readonly asType: { readonly case: string; readonly value: unknown };
  readonly isWhole: boolean;
};

type Drawn = Omit<Decree, 'isWhole'>;

const uint64 = (module: GovernedName, names: readonly string[], values: fc.Arbitrary<bigint>): fc.Arbitrary<Drawn> =>
  fc.tuple(fc.constantFrom(...names), values).map(([name, value]) => {
    return { module, name, asType: { case: 'asUint64', value } };
  });
const coins = (module: GovernedName, names: readonly string[], amounts: fc.Arbitrary<bigint>): fc.Arbitrary<Drawn> =>
  fc.tuple(fc.constantFrom(...names), amounts).map(([name, amount]) => {
    return { module, name, asType: { case: 'asCoin', value: coin(amount) } };
  });
const doubles = (module: GovernedName, name: string, ...values: readonly number[]): fc.Arbitrary<Drawn> =>
  fc.constantFrom(...values).map((value) => ({ module, name, asType: { case: 'asFloat', value } }));

const shares = fc.constantFrom(
  { dao: 0.1, proposer: 0.05, supplier: 0.7, sourceOwner: 0.15, application: 0 },
  { dao: 0, proposer: 0, supplier: 1, sourceOwner: 0, application: 0 },
  { dao: 0.05, proposer: 0.1, supplier: 0.6, sourceOwner: 0.2, application: 0.05 },
);

/** Changes that leave every session a chance to be claimed and proven, at worst within a few dozen blocks. */
export const decree: fc.Arbitrary<Decree> = fc
  .tuple(
    fc.oneof(
      {
        weight: 6,
        arbitrary: uint64(
          'shared',
          [
            'grace_period_end_offset_blocks',
            'claim_window_open_offset_blocks',
            'claim_window_close_offset_blocks',
            'proof_window_open_offset_blocks',
            'proof_window_close_offset_blocks',
          ],
          fc.bigInt(1n, 9n),
        ),
      },
      { weight: 3, arbitrary: uint64('shared', ['num_blocks_per_session'], fc.bigInt(1n, 9n)) },
      uint64(
        'shared',
        [
          'supplier_unbonding_period_sessions',
          'application_unbonding_period_sessions',
          'gateway_unbonding_period_sessions',
        ],
        fc.bigInt(1n, 30n),
      ),
      { weight: 2, arbitrary: uint64('shared', ['compute_units_to_tokens_multiplier'], fc.bigInt(1_000n, 90_000n)) },
      uint64('shared', ['compute_unit_cost_granularity'], fc.bigInt(1n, 9n)),
      { weight: 2, arbitrary: uint64('session', ['num_suppliers_per_session'], fc.bigInt(1n, 3n)) },
      { weight: 2, arbitrary: doubles('proof', 'proof_request_probability', 0, 0.5, 1) },
      {
        weight: 2,
        arbitrary: coins('proof', ['proof_requirement_threshold'], fc.constantFrom(0n, 300_000n, 10n ** 18n)),
      },
      coins('proof', ['proof_missing_penalty', 'proof_submission_fee'], fc.constantFrom(0n, 7n, 10n ** 15n)),
      { weight: 2, arbitrary: uint64('service', ['target_num_relays'], fc.bigInt(1n, 3n)) },
      coins('service', ['add_service_fee'], fc.bigInt(1n, 9n)),
      coins('application', ['min_stake'], fc.constantFrom(1n, 10n ** 15n, 2n * 10n ** 15n)),
      uint64('application', ['max_delegated_gateways'], fc.bigInt(1n, 3n)),
      coins('gateway', ['min_stake'], fc.bigInt(1n, 2_000n)),
      coins('supplier', ['min_stake', 'staking_fee'], fc.bigInt(1n, 2_000n)),
      doubles('tokenomics', 'mint_ratio', 1, 0.975, 0.5),
      doubles('tokenomics', 'global_inflation_per_claim', 0, 0.000001, 0.1),
      uint64('tokenomics', ['overservicing_bonus_multiplier'], fc.bigInt(0n, 3n)),
      fc.constantFrom('treasury', 'other treasury').map((name) => ({
        module: 'tokenomics' as const,
        name: 'dao_reward_address',
        asType: { case: 'asString', value: addressNamed(name) },
      })),
      { weight: 2, arbitrary: fc.tuple(shares, fc.boolean()).map(([value, isMint]) => distribution(value, isMint)) },
    ),
    fc.boolean(),
  )
  .map(([drawn, isWhole]) => ({ ...drawn, isWhole }));

function distribution(value: object, isInflation: boolean): Drawn {
  const [name, type] = isInflation
    ? ['mint_allocation_percentages', 'MintAllocationPercentages']
    : ['mint_equals_burn_claim_distribution', 'MintEqualsBurnClaimDistribution'];
  return {
    module: 'tokenomics',
    name,
    asType: { case: `as${type}`, value: { $typeName: `pocket.tokenomics.${type}`, ...value } },
  };
}

export class ParamModel {
  /** First height of the session that the next block lies in, and the sets that hold there. */
  startHeight = 1;
  current: Sets;
  private announced: Sets;

  constructor(state: State) {
    const sets = Object.keys(GOVERNED).map((module) => [module, state.params[module as GovernedName].live()]);
    this.current = Object.fromEntries(sets) as Sets;
    this.announced = this.current;
  }

  get endHeight(): number {
    return this.startHeight + Number(this.current.shared['numBlocksPerSession']) - 1;
  }

  /** The message that asks for a change. */
  message({ module, name, asType, isWhole }: Decree): ReturnType<typeof sent> {
    const { one, all } = GOVERNANCE_MESSAGES[module];
    if (!isWhole) return decreed<DescMessage>(one, { name, asType } as MessageInitShape<DescMessage>);
    return decreed<DescMessage>(all, { params: this.wanted({ module, name, asType, isWhole }) });
  }

  /** A change was accepted: alone it adds to those before it, as a whole set it takes their place. */
  accept(decree: Decree): void {
    this.announced = { ...this.announced, [decree.module]: this.wanted(decree) };
  }

  /** A block has ended. */
  end(height: number): void {
    if (height !== this.endHeight) return;
    this.current = this.announced;
    this.startHeight = height + 1;
  }

  /** The ledger says the same of the height after the last block; the anchor of the grid is its own affair. */
  expectHeld(state: State): void {
    for (const [module, set] of Object.entries(this.current) as [GovernedName, Set][]) {
      const { sessionGridAnchorHeight: _anchor, sessionNumberAtAnchor: _number, ...values } = set;
      expect(state.params[module].at(state.height + 1), `${module} after ${state.height}`).toMatchObject(values);
    }
  }

  private wanted({ module, name, asType, isWhole }: Decree): Set {
    const field = GOVERNED[module].schema.fields.find((each) => each.name === name)!.localName;
    return { ...(isWhole ? this.current : this.announced)[module], [field]: asType.value };
  }
}
