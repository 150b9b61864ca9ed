/**
 * Changes of parameters that the governor of a random town makes: mostly small, at times absurd.
 */
import { create, type DescMessage } from '@bufbuild/protobuf';
import type { TypedMessage } from '@decai/protocol/any';
import { coin } from '@decai/protocol/coin';
import * as applicationMessages from '@decai/protocol/gen/pocket/application/tx_pb';
import * as gatewayMessages from '@decai/protocol/gen/pocket/gateway/tx_pb';
import * as proofMessages from '@decai/protocol/gen/pocket/proof/tx_pb';
import * as serviceMessages from '@decai/protocol/gen/pocket/service/tx_pb';
import * as sessionMessages from '@decai/protocol/gen/pocket/session/tx_pb';
import * as sharedMessages from '@decai/protocol/gen/pocket/shared/tx_pb';
import * as supplierMessages from '@decai/protocol/gen/pocket/supplier/tx_pb';
import * as tokenomicsMessages from '@decai/protocol/gen/pocket/tokenomics/tx_pb';
import type { Draw } from './draw.ts';
import { SHARES } from './founding.ts';
import { MEMBERS } from './members.ts';
import type { Model } from '../model/model.ts';
import { fieldOf } from '../model/param-bounds.ts';
import type { ParamsModule } from '../model/params-of-modules.ts';

const MESSAGES: Readonly<
  Record<ParamsModule, { readonly MsgUpdateParamSchema: DescMessage; readonly MsgUpdateParamsSchema: DescMessage }>
> = {
  application: applicationMessages,
  gateway: gatewayMessages,
  proof: proofMessages,
  service: serviceMessages,
  session: sessionMessages,
  shared: sharedMessages,
  supplier: supplierMessages,
  tokenomics: tokenomicsMessages,
};

type Value = { readonly case: string; readonly value: unknown };

const asUint64 = (value: bigint): Value => ({ case: 'asUint64', value });
const asCoin = (amountUpokt: bigint): Value => ({ case: 'asCoin', value: coin(amountUpokt) });
const asFloat = (value: number): Value => ({ case: 'asFloat', value });

const few = (draw: Draw): Value => asUint64(draw.upokt(0, 3));
const factor = (draw: Draw): Value =>
  asUint64(draw.pick(draw.perMille(150) ? [0n, 1n, 50n, 2n ** 64n - 1n] : [100_000n, 1_000_000n, 42_000_000n]));
const minimum = (draw: Draw): Value =>
  asCoin(draw.pick(draw.perMille(150) ? [0n, 1n, 10n ** 30n] : [900_000n, 1_000_000n, 1_100_000n, 1_500_000n]));
const price = (draw: Draw): Value => asCoin(draw.pick([0n, 1n, 1000n, 5_000_000n]));
const share = (draw: Draw): Value =>
  asFloat(draw.pick([-0.1, 0, 1e-300, 0.000001, 0.1, 0.5, 0.975, 1, 1.1, Infinity, Number.NaN]));
const shares =
  (kind: string) =>
  (draw: Draw): Value => ({
    case: kind,
    value: draw.perMille(150) ? { ...draw.pick(SHARES), dao: 0.7 } : draw.pick(SHARES),
  });

/** A session of 2^32 blocks ends all that happens in a town, so it comes late or never. */
const length = (draw: Draw): Value => asUint64(draw.perMille(5) ? 2n ** 32n : draw.upokt(0, 8));

const VALUES: Readonly<Record<ParamsModule, Readonly<Record<string, (draw: Draw) => Value>>>> = {
  application: { max_delegated_gateways: few, min_stake: minimum },
  gateway: { min_stake: minimum },
  supplier: { min_stake: minimum, staking_fee: price },
  session: { num_suppliers_per_session: (draw) => asUint64(draw.upokt(0, 4)) },
  service: {
    add_service_fee: price,
    target_num_relays: (draw) => asUint64(draw.pick([0n, 1n, 2n, 300n, 100_000n, 2n ** 64n - 1n])),
  },
  proof: {
    proof_request_probability: share,
    proof_requirement_threshold: price,
    proof_missing_penalty: price,
    proof_submission_fee: price,
  },
  tokenomics: {
    mint_allocation_percentages: shares('asMintAllocationPercentages'),
    mint_equals_burn_claim_distribution: shares('asMintEqualsBurnClaimDistribution'),
    dao_reward_address: (draw) => ({
      case: 'asString',
      value: draw.pick(['', MEMBERS.owner[0]!.address, MEMBERS.supplier[0]!.address, 'cosmos1x']),
    }),
    global_inflation_per_claim: share,
    mint_ratio: share,
    overservicing_bonus_multiplier: (draw) => asUint64(draw.pick([0n, 1n, 3n, 1000n, 1001n])),
  },
  shared: {
    num_blocks_per_session: length,
    grace_period_end_offset_blocks: few,
    claim_window_open_offset_blocks: few,
    claim_window_close_offset_blocks: few,
    proof_window_open_offset_blocks: few,
    proof_window_close_offset_blocks: few,
    supplier_unbonding_period_sessions: few,
    application_unbonding_period_sessions: few,
    gateway_unbonding_period_sessions: few,
    compute_units_to_tokens_multiplier: factor,
    compute_unit_cost_granularity: factor,
  },
};

const MODULES = ['shared', 'shared', 'shared', ...(Object.keys(VALUES) as ParamsModule[])] as const;

/** One parameter of a module, or the whole set with one parameter changed. */
export function someDecree(draw: Draw, model: Model, authority: string): TypedMessage {
  const module = draw.pick(MODULES);
  const name = draw.pick(Object.keys(VALUES[module]));
  const value = VALUES[module][name]!(draw);
  const { MsgUpdateParamSchema: one, MsgUpdateParamsSchema: all } = MESSAGES[module];
  if (draw.perMille(250)) {
    const params = { ...model.live(module), [fieldOf(name)]: value.value };
    return { schema: all, message: create(all, { authority, ...(draw.perMille(950) && { params }) }) };
  }
  const named = draw.perMille(20) ? 'no_such_parameter' : name;
  return { schema: one, message: create(one, { authority, name: named, asType: value }) };
}
