/**
 * Governance at bad moments: whatever the authority changes, and whenever, no chain stops, no coin is made or lost unseen, and
 * the modules hold the stakes of their actors.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coin } from '@decai/protocol/coin';
import { MsgUpdateParamSchema as ApplicationSchema } from '@decai/protocol/gen/pocket/application/tx_pb';
import { MsgUpdateParamSchema as GatewaySchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { MsgUpdateParamSchema as ProofSchema } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { MsgUpdateParamSchema as ServiceSchema } from '@decai/protocol/gen/pocket/service/tx_pb';
import { MsgUpdateParamSchema as SessionSchema } from '@decai/protocol/gen/pocket/session/tx_pb';
import { MsgUpdateParamSchema as SharedSchema } from '@decai/protocol/gen/pocket/shared/tx_pb';
import { MsgUpdateParamSchema as SupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { MsgUpdateParamSchema as TokenomicsSchema } from '@decai/protocol/gen/pocket/tokenomics/tx_pb';
import { announceSharedParams } from './announce-params.ts';
import { checkSharedParams } from './params-check.ts';
import { addressNamed } from './test-chain.ts';
import { authorize, decreed, GOVERNOR } from './test-governance.ts';
import { balancesOf, Batch, conservedBlock, found, heldAndStaked, move, rules } from './test-moves.ts';

type Decree = ReturnType<typeof decreed>;

const SCHEMAS = [
  ApplicationSchema,
  GatewaySchema,
  ProofSchema,
  ServiceSchema,
  SessionSchema,
  SharedSchema,
  SupplierSchema,
  TokenomicsSchema,
];

const asUint64 = (value: bigint) => ({ case: 'asUint64', value }) as const;
const asCoin = (amount: bigint) => ({ case: 'asCoin', value: coin(amount) }) as const;
const asFloat = (value: number) => ({ case: 'asFloat', value }) as const;

const few = fc.bigInt(0n, 8n);
const length = fc.oneof({ weight: 5, arbitrary: fc.bigInt(0n, 14n) }, fc.constant(2n ** 32n));
const factor = fc.oneof(fc.bigInt(1n, 100n), fc.constantFrom(0n, 42_000_000n, 2n ** 64n - 1n));
const amount = fc.oneof(fc.bigInt(0n, 2_000n), fc.bigInt(500_000n, 9_000_000n), fc.constant(10n ** 30n));
const double = fc.oneof(fc.double({ min: -0.1, max: 1.1 }), fc.constantFrom(0, 1, 1e-300, 1e300, Infinity, Number.NaN));
const shares = fc.constantFrom(
  { dao: 0.1, proposer: 0.05, supplier: 0.7, sourceOwner: 0.15, application: 0 },
  { dao: 0, proposer: 0, supplier: 0, sourceOwner: 0, application: 1 },
  { dao: 0, proposer: 1, supplier: 0, sourceOwner: 0, application: 0 },
  { dao: 0.05, proposer: 0.1, supplier: 0.7, sourceOwner: 0.1, application: 0.05 },
  { dao: 0.1, proposer: 0.1, supplier: 0.7, sourceOwner: 0.1, application: 0.1 },
);

const timing = fc
  .tuple(
    fc.constantFrom(
      'grace_period_end_offset_blocks',
      'claim_window_open_offset_blocks',
      'claim_window_close_offset_blocks',
      'proof_window_open_offset_blocks',
      'proof_window_close_offset_blocks',
      'supplier_unbonding_period_sessions',
      'application_unbonding_period_sessions',
      'gateway_unbonding_period_sessions',
    ),
    fc.oneof({ weight: 8, arbitrary: few }, fc.constantFrom(2n ** 16n, 2n ** 32n)),
  )
  .map(([name, value]) => decreed(SharedSchema, { name, asType: asUint64(value) }));

const tokenomics = fc.oneof(
  fc
    .tuple(fc.constantFrom('global_inflation_per_claim', 'mint_ratio'), double)
    .map(([name, value]) => decreed(TokenomicsSchema, { name, asType: asFloat(value) })),
  fc.tuple(shares, fc.boolean()).map(([value, isMint]) =>
    decreed(
      TokenomicsSchema,
      isMint
        ? { name: 'mint_allocation_percentages', asType: { case: 'asMintAllocationPercentages', value } }
        : {
            name: 'mint_equals_burn_claim_distribution',
            asType: { case: 'asMintEqualsBurnClaimDistribution', value },
          },
    ),
  ),
  fc.constantFrom('nobody', 'somebody').map((name) =>
    decreed(TokenomicsSchema, {
      name: 'dao_reward_address',
      asType: { case: 'asString', value: name === 'nobody' ? '' : addressNamed(name) },
    }),
  ),
  few.map((value) => decreed(TokenomicsSchema, { name: 'overservicing_bonus_multiplier', asType: asUint64(value) })),
);

const decree: fc.Arbitrary<Decree> = fc.oneof(
  { weight: 3, arbitrary: timing },
  {
    weight: 2,
    arbitrary: length.map((value) =>
      decreed(SharedSchema, { name: 'num_blocks_per_session', asType: asUint64(value) }),
    ),
  },
  fc
    .tuple(fc.constantFrom('compute_units_to_tokens_multiplier', 'compute_unit_cost_granularity'), factor)
    .map(([name, value]) => decreed(SharedSchema, { name, asType: asUint64(value) })),
  { weight: 2, arbitrary: tokenomics },
  fc
    .tuple(fc.constantFrom('proof_requirement_threshold', 'proof_missing_penalty', 'proof_submission_fee'), amount)
    .map(([name, value]) => decreed(ProofSchema, { name, asType: asCoin(value) })),
  double.map((value) => decreed(ProofSchema, { name: 'proof_request_probability', asType: asFloat(value) })),
  fc
    .tuple(fc.constantFrom('min_stake', 'staking_fee'), amount)
    .map(([name, value]) => decreed(SupplierSchema, { name, asType: asCoin(value) })),
  amount.map((value) => decreed(ApplicationSchema, { name: 'min_stake', asType: asCoin(value) })),
  few.map((value) => decreed(ApplicationSchema, { name: 'max_delegated_gateways', asType: asUint64(value) })),
  amount.map((value) => decreed(GatewaySchema, { name: 'min_stake', asType: asCoin(value) })),
  factor.map((value) => decreed(SessionSchema, { name: 'num_suppliers_per_session', asType: asUint64(value) })),
  amount.map((value) => decreed(ServiceSchema, { name: 'add_service_fee', asType: asCoin(value) })),
  factor.map((value) => decreed(ServiceSchema, { name: 'target_num_relays', asType: asUint64(value) })),
);

test('over any changes of parameters between any messages, the chain goes on and money is conserved', () => {
  const seen = new Set<string>();
  let [changed, refused] = [0, 0];
  const block = fc.record({
    decrees: fc.array(decree, { maxLength: 2 }),
    moves: fc.array(move, { maxLength: 4 }),
  });
  fc.assert(
    fc.property(rules, fc.array(block, { minLength: 50, maxLength: 70 }), (drawn, blocks) => {
      const { chain, opening } = found(drawn, (state) => authorize(state, ...SCHEMAS));
      let supply = balancesOf(chain);
      for (const { decrees, moves } of [{ decrees: [], moves: opening }, ...blocks]) {
        const batch = new Batch(chain);
        for (const each of decrees) batch.add(GOVERNOR, each);
        for (const each of moves) batch.move(each);
        const { events, results, ...after } = conservedBlock(chain, supply, batch.transactions);
        supply = after.supply;
        for (const { code } of results.slice(0, decrees.length)) {
          if (code === 0) changed += 1;
          else refused += 1;
        }
        for (const { type } of events) seen.add(type);
        for (const module of ['application', 'gateway', 'supplier'] as const) {
          const { heldUpokt, stakedUpokt } = heldAndStaked(chain.state(), module);
          expect(heldUpokt >= stakedUpokt, module).toBe(true);
        }
      }
    }),
    // One seed: what must have been seen below would otherwise be a matter of luck.
    { numRuns: 25, seed: 7 },
  );
  expect(Math.min(changed, refused)).toBeGreaterThan(100);
  for (const event of ['EventClaimSettled', 'EventClaimExpired', 'EventSupplierSlashed', 'EventSupplierUnbondingEnd']) {
    expect(
      [...seen].some((type) => type.endsWith(`.${event}`)),
      event,
    ).toBe(true);
  }
});

test('the longest sessions and periods that may be chosen stop nobody from leaving', () => {
  const { chain, opening } = found(
    {
      mintRatio: 1,
      inflation: 0,
      shares: { dao: 0, proposer: 0, supplier: 1, sourceOwner: 0, application: 0 },
      probability: 0,
      hasValidator: true,
    },
    (state) => {
      const longest = 2n ** 32n;
      const wanted = {
        ...state.params.shared.live(),
        numBlocksPerSession: longest,
        gracePeriodEndOffsetBlocks: longest - 1n,
        claimWindowOpenOffsetBlocks: longest,
        claimWindowCloseOffsetBlocks: longest,
        proofWindowOpenOffsetBlocks: longest,
        proofWindowCloseOffsetBlocks: longest,
        supplierUnbondingPeriodSessions: 2n ** 16n,
        applicationUnbondingPeriodSessions: 2n ** 16n,
        gatewayUnbondingPeriodSessions: 2n ** 16n,
      };
      expect(checkSharedParams(wanted)).toBeUndefined();
      announceSharedParams(state, wanted);
    },
  );
  let supply = balancesOf(chain);
  const leaving = (['unstake application', 'unstake supplier', 'unstake gateway'] as const).map((kind, index) => ({
    ...opening[0]!,
    kind,
    who: 2 * index,
  }));
  for (let height = 1; height <= 20; height += 1) {
    const batch = new Batch(chain);
    for (const each of height === 1 ? opening : height === 12 ? leaving : []) batch.move(each);
    const block = conservedBlock(chain, supply, batch.transactions);
    expect(block.results.map(({ code }) => code)).toEqual(batch.transactions.map(() => 0));
    supply = block.supply;
  }
  expect(chain.state().params.shared.live().numBlocksPerSession).toBe(2n ** 32n);
});
