/**
 * Cases of pokt-network/poktroll `x/gateway/keeper/*_test.go`, as data.
 */
import { create } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import {
  MsgStakeGatewaySchema,
  MsgUnstakeGatewaySchema,
  MsgUpdateGatewayMetadataSchema,
} from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { describe, expect, it } from 'vitest';
import { UPOKT } from './coins.ts';
import { isGatewayActive } from './gateway-records.ts';
import { releaseGateways } from './release-gateways.ts';
import { checkStakeGateway, stakeGateway } from './stake-gateway.ts';
import type { State } from './state.ts';
import { addressNamed, atHeight, emptyState, endow, eventsOf } from './test-chain.ts';
import { checkUnstakeGateway, unstakeGateway } from './unstake-gateway.ts';
import { checkUpdateGatewayMetadata, updateGatewayMetadata } from './update-gateway-metadata.ts';

const GATEWAY = addressNamed('gateway');

const stakeMessage = (amount: bigint, address = GATEWAY, denom = 'upokt') =>
  create(MsgStakeGatewaySchema, { address, stake: coin(amount, denom) });
const stake = (state: State, amount: bigint) => stakeGateway(state, stakeMessage(amount));
const unstake = (state: State, address = GATEWAY) =>
  unstakeGateway(state, create(MsgUnstakeGatewaySchema, { address }));
const cardMessage = (card: Uint8Array | undefined, address = GATEWAY) =>
  create(MsgUpdateGatewayMetadataSchema, { address, ...(card !== undefined && { metadata: { card } }) });

function town(): State {
  const state = emptyState(1);
  endow(state, GATEWAY, 1000n);
  return state;
}

describe('staking', () => {
  it('refuses, in this order: a malformed address, no stake, zero, another denomination', () => {
    expect(checkStakeGateway(stakeMessage(0n, 'x'))).toMatchObject({ codespace: 'gateway', code: 1101 });
    const none = create(MsgStakeGatewaySchema, { address: GATEWAY });
    for (const message of [none, stakeMessage(0n), stakeMessage(1n, GATEWAY, 'mact')]) {
      expect(checkStakeGateway(message)).toMatchObject({ codespace: 'gateway', code: 1102 });
    }
    expect(checkStakeGateway(stakeMessage(1n))).toBeUndefined();
  });

  it('refuses, in this order: a stake that does not rise, one below the minimum, an empty account', () => {
    const state = town();
    expect(stake(state, 99n)).toMatchObject({ codespace: 'gateway', code: 1102, grpc: 'InvalidArgument' });
    expect(stake(state, 1001n)).toMatchObject({ codespace: 'sdk', code: 5, grpc: 'Internal' });
    expect(stake(state, 100n)).toEqual({ ok: true });
    expect(stake(state, 100n)).toMatchObject({ codespace: 'gateway', code: 1102, grpc: 'InvalidArgument' });
    expect(stake(state, 150n)).toEqual({ ok: true });
    expect(state.bank.balance(GATEWAY, UPOKT)).toBe(850n);
  });

  it('calls off unbonding, with the event of it first', () => {
    const state = town();
    stake(state, 100n);
    unstake(state);
    const later = atHeight(state, 3);
    stake(later, 101n);
    expect(
      eventsOf(later)
        .map(({ type }) => type)
        .slice(-2),
    ).toEqual(['pocket.gateway.EventGatewayUnbondingCanceled', 'pocket.gateway.EventGatewayStaked']);
    expect(isGatewayActive(state.gateways.get(GATEWAY)!, 11)).toBe(true);
  });
});

describe('unbonding', () => {
  it('refuses, in this order: a malformed address, an unknown gateway, a second time', () => {
    expect(checkUnstakeGateway(create(MsgUnstakeGatewaySchema, { address: 'x' }))).toMatchObject({ code: 1101 });
    const state = town();
    expect(unstake(state)).toMatchObject({ codespace: 'gateway', code: 1104, grpc: 'NotFound' });
    stake(state, 100n);
    unstake(state);
    expect(unstake(state)).toMatchObject({ codespace: 'gateway', code: 1107, grpc: 'FailedPrecondition' });
  });

  it('keeps the gateway to the end of its session and its stake for the period', () => {
    const state = town();
    stake(state, 100n);
    unstake(state);
    const gateway = state.gateways.get(GATEWAY)!;
    expect([isGatewayActive(gateway, 10), isGatewayActive(gateway, 11)]).toEqual([true, false]);
    for (const height of [10, 19]) releaseGateways(atHeight(state, height));
    expect(state.gateways.get(GATEWAY)).toBeDefined();
    const end = atHeight(state, 20);
    releaseGateways(end);
    expect(state.gateways.get(GATEWAY)).toBeUndefined();
    expect(state.bank.balance(GATEWAY, UPOKT)).toBe(1000n);
    expect(eventsOf(end).at(-1)).toMatchObject({
      type: 'pocket.gateway.EventGatewayUnbondingEnd',
      data: { session_end_height: '20', unbonding_end_height: '20' },
    });
  });

  it('leaves its record, and what the module cannot pay, behind', () => {
    const state = town();
    stake(state, 100n);
    unstake(state);
    state.bank.burn('gateway', [coin(1n)]);
    const end = atHeight(state, 20);
    releaseGateways(end);
    expect(state.gateways.get(GATEWAY)).toBeUndefined();
    expect(eventsOf(end).at(-1)).toEqual({
      type: 'record_discarded',
      data: { module: 'gateway', record: GATEWAY, reason: expect.stringContaining('GATEWAY_STAKE_STUCK: ') },
    });
  });
});

describe('card', () => {
  it('refuses, in this order: a malformed address, an empty card, one that is too large, an unknown gateway', () => {
    expect(checkUpdateGatewayMetadata(cardMessage(new Uint8Array(0), 'x'))).toMatchObject({ code: 1101 });
    expect(checkUpdateGatewayMetadata(cardMessage(new Uint8Array(0)))).toMatchObject({
      codespace: 'shared',
      code: 1111,
    });
    expect(checkUpdateGatewayMetadata(cardMessage(new Uint8Array(262_145)))).toMatchObject({ code: 1111 });
    expect(checkUpdateGatewayMetadata(cardMessage(new Uint8Array(262_144)))).toBeUndefined();
    expect(updateGatewayMetadata(town(), cardMessage(Uint8Array.of(1)))).toMatchObject({
      codespace: 'gateway',
      code: 1104,
    });
  });

  it('is stored with an event, but not twice, and not without a card; events of the gateway leave it out', () => {
    const state = town();
    stake(state, 100n);
    const before = state.journal.mark();
    for (const card of [Uint8Array.of(1, 2), Uint8Array.of(1, 2), undefined]) {
      expect(updateGatewayMetadata(state, cardMessage(card))).toEqual({ ok: true });
    }
    expect(state.gateways.get(GATEWAY)?.metadata?.card).toEqual(Uint8Array.of(1, 2));
    expect(eventsOf(state).slice(before)).toEqual([
      {
        type: 'pocket.gateway.EventGatewayMetadataUpdated',
        data: { gateway_address: GATEWAY, session_end_height: '10', card_size_bytes: '2' },
      },
    ]);
    stake(state, 101n);
    expect(eventsOf(state).at(-1)?.data['gateway']).toMatchObject({ metadata: null });
  });
});
