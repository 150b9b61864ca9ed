/**
 * When a change of a parameter is seen, under Shannon's rules: in the live set, and in the sets as of a height. A change is
 * asked for at height 25, in the session of blocks 21 to 30.
 */
import { create } from '@bufbuild/protobuf';
import { typeUrlOf } from '@decai/protocol/any';
import { coin } from '@decai/protocol/coin';
import { MsgUpdateParamSchema as MsgUpdateGatewayParamSchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { MsgUpdateParamSchema } from '@decai/protocol/gen/pocket/shared/tx_pb';
import { sessionAt } from '@decai/protocol/session-grid';
import { describe, expect, test } from 'vitest';
import { AUTHORITY } from './governed-module.ts';
import { ruleFor } from './message-rules.ts';
import { promoteParams } from './promote-params.ts';
import { timingsAt } from './session-timings.ts';
import type { State } from './state.ts';
import { atHeight, emptyState } from './test-chain.ts';

const HEIGHT = 25;
const NEXT = 31;

function change(state: State, name: string, value: bigint): void {
  const message = create(MsgUpdateParamSchema, { authority: AUTHORITY, name, asType: { case: 'asUint64', value } });
  const rule = ruleFor(typeUrlOf(MsgUpdateParamSchema))!;
  expect(rule.check(message) ?? rule.apply(state, message)).toEqual({ ok: true });
}

/** The value in the live set now, and as of a height of this session and of the next. */
function seen(state: State, name: string): bigint[] {
  const { shared } = state.params;
  return [shared.live(), shared.at(HEIGHT), shared.at(NEXT - 1), shared.at(NEXT)].map(
    (set) => (set as unknown as Record<string, bigint>)[name]!,
  );
}

describe.each([
  ['num_blocks_per_session', 'numBlocksPerSession', 10n, 20n, 'waits'],
  ['grace_period_end_offset_blocks', 'gracePeriodEndOffsetBlocks', 1n, 0n, 'waits'],
  ['claim_window_open_offset_blocks', 'claimWindowOpenOffsetBlocks', 1n, 2n, 'waits'],
  ['claim_window_close_offset_blocks', 'claimWindowCloseOffsetBlocks', 4n, 3n, 'waits'],
  ['proof_window_open_offset_blocks', 'proofWindowOpenOffsetBlocks', 0n, 1n, 'waits'],
  ['proof_window_close_offset_blocks', 'proofWindowCloseOffsetBlocks', 4n, 5n, 'waits'],
  ['supplier_unbonding_period_sessions', 'supplierUnbondingPeriodSessions', 1n, 2n, 'shows'],
  ['application_unbonding_period_sessions', 'applicationUnbondingPeriodSessions', 1n, 2n, 'shows'],
  ['gateway_unbonding_period_sessions', 'gatewayUnbondingPeriodSessions', 1n, 2n, 'shows'],
  ['compute_units_to_tokens_multiplier', 'computeUnitsToTokensMultiplier', 42_000_000n, 7n, 'shows'],
  ['compute_unit_cost_granularity', 'computeUnitCostGranularity', 1_000_000n, 7n, 'shows'],
] as const)('a change of %s', (name, field, before, after, kind) => {
  test(
    kind === 'waits' ? 'waits for the next session' : 'shows at once, and reaches sessions from the next one on',
    () => {
      const state = emptyState(HEIGHT);
      change(state, name, after);
      expect(seen(state, field)).toEqual([kind === 'waits' ? before : after, before, before, after]);
    },
  );

  test('is everywhere when the first block of the next session has ended', () => {
    const state = emptyState(HEIGHT);
    change(state, name, after);
    const start = atHeight(state, NEXT);
    promoteParams(start);
    expect(seen(start, field)).toEqual([after, before, before, after]);
  });
});

test('of two changes in one session the second begins with the live set, which does not have the first one yet', () => {
  const state = emptyState(HEIGHT);
  change(state, 'num_blocks_per_session', 20n);
  change(state, 'claim_window_close_offset_blocks', 3n);
  expect(state.params.shared.at(NEXT)).toMatchObject({
    numBlocksPerSession: 10n,
    claimWindowCloseOffsetBlocks: 3n,
    sessionGridAnchorHeight: 1n,
    sessionNumberAtAnchor: 1n,
  });
});

test('two changes that show at once are both kept', () => {
  const state = emptyState(HEIGHT);
  change(state, 'compute_units_to_tokens_multiplier', 7n);
  change(state, 'compute_unit_cost_granularity', 9n);
  const both = { computeUnitsToTokensMultiplier: 7n, computeUnitCostGranularity: 9n };
  expect(state.params.shared.at(NEXT)).toMatchObject(both);
  expect(state.params.shared.live()).toMatchObject(both);
});

test('sessions of 20 blocks, asked for in the third of 10: the fourth begins the new grid', () => {
  const state = emptyState(HEIGHT);
  change(state, 'num_blocks_per_session', 20n);
  expect(state.params.shared.at(NEXT)).toMatchObject({ sessionGridAnchorHeight: 31n, sessionNumberAtAnchor: 4n });
  const sessions = [1, 25, 30, 31, 50, 51, 70].map((height) => sessionAt(timingsAt(state, height), height));
  expect(sessions.map(({ number, startHeight, endHeight }) => [number, startHeight, endHeight])).toEqual([
    [1, 1, 10],
    [3, 21, 30],
    [3, 21, 30],
    [4, 31, 50],
    [4, 31, 50],
    [5, 51, 70],
    [5, 51, 70],
  ]);
});

test('a module without a history has its new set at once', () => {
  const state = emptyState(HEIGHT);
  const asType = { case: 'asCoin', value: coin(500n) } as const;
  const message = create(MsgUpdateGatewayParamSchema, { authority: AUTHORITY, name: 'min_stake', asType });
  expect(ruleFor(typeUrlOf(MsgUpdateGatewayParamSchema))!.apply(state, message)).toEqual({ ok: true });
  expect(state.params.gateway.live().minStake).toEqual(coin(500n));
});
