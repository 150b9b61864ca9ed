import { create } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import { MsgMultiSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { beforeEach, describe, expect, it } from 'vitest';
import { UPOKT } from './coins.ts';
import { moduleNamed } from './module-account.ts';
import { sendToMany } from './send-to-many.ts';
import type { State } from './state.ts';
import { addressNamed, emptyState, endow, eventsOf } from './test-chain.ts';

const [FROM, ONE, TWO] = ['from', 'one', 'two'].map(addressNamed) as [string, string, string];
const BLOCKED = moduleNamed('fee_collector').address;

type Part = readonly [address: string, ...amountsUpokt: bigint[]];

describe('sendToMany', () => {
  let state: State;

  beforeEach(() => {
    state = emptyState();
    endow(state, FROM, 100n);
    state.bank.endow(FROM, [coin(5n, 'mact')]);
    state.params.bank.setLive({
      ...state.params.bank.live(),
      sendEnabled: [{ $typeName: 'cosmos.bank.v1beta1.SendEnabled', denom: 'mact', enabled: false }],
    });
  });

  const part = ([address, ...amounts]: Part) => ({ address, coins: amounts.map((amount) => coin(amount)) });
  const send = (inputs: readonly Part[], outputs: readonly Part[]) =>
    sendToMany(state, create(MsgMultiSendSchema, { inputs: inputs.map(part), outputs: outputs.map(part) }));

  it('pays everybody his share, and tells it in the order of Cosmos', () => {
    expect(
      send(
        [[FROM, 10n]],
        [
          [ONE, 4n],
          [TWO, 6n],
        ],
      ),
    ).toEqual({ ok: true });
    expect([FROM, ONE, TWO].map((address) => state.bank.balance(address, UPOKT))).toEqual([90n, 4n, 6n]);
    expect(state.accounts.get(TWO)?.accountNumber).toBe(state.accounts.get(ONE)!.accountNumber + 1n);
    expect(eventsOf(state)).toEqual([
      { type: 'message', data: { sender: FROM } },
      { type: 'coin_spent', data: { spender: FROM, amount: '10upokt' } },
      { type: 'coin_received', data: { receiver: ONE, amount: '4upokt' } },
      { type: 'transfer', data: { recipient: ONE, sender: FROM, amount: '4upokt' } },
      { type: 'coin_received', data: { receiver: TWO, amount: '6upokt' } },
      { type: 'transfer', data: { recipient: TWO, sender: FROM, amount: '6upokt' } },
    ]);
  });

  it('pays the sender himself, and somebody twice', () => {
    expect(
      send(
        [[FROM, 10n]],
        [
          [FROM, 3n],
          [ONE, 3n],
          [ONE, 4n],
        ],
      ),
    ).toEqual({ ok: true });
    expect([FROM, ONE].map((address) => state.bank.balance(address, UPOKT))).toEqual([93n, 7n]);
  });

  const refusals: [why: string, inputs: readonly Part[], outputs: readonly Part[], codespace: string, code: number][] =
    [
      ['without input', [], [], 'bank', 2],
      [
        'with several senders',
        [
          [FROM, 1n],
          [ONE, 1n],
        ],
        [],
        'bank',
        9,
      ],
      ['without output', [[FROM, 1n]], [], 'bank', 3],
      ['of a malformed sender', [['x', 0n]], [['y', 0n]], 'sdk', 7],
      ['of no coins', [[FROM, 0n]], [['y', 0n]], 'sdk', 10],
      ['of an empty list', [[FROM]], [['y', 0n]], 'sdk', 10],
      ['to a malformed recipient', [[FROM, 1n]], [['y', 0n]], 'sdk', 7],
      ['of no coins to somebody', [[FROM, 1n]], [[BLOCKED, 0n]], 'sdk', 10],
      ['of less than is spent', [[FROM, 2n]], [[BLOCKED, 1n]], 'bank', 4],
      ['of more than is spent', [[FROM, 200n]], [[BLOCKED, 201n]], 'bank', 4],
      ['to an account that takes no coins', [[FROM, 200n]], [[BLOCKED, 200n]], 'sdk', 4],
      ['of more than there is', [[FROM, 200n]], [[ONE, 200n]], 'sdk', 5],
    ];
  it.each(refusals)('refuses a transfer %s', (_why, inputs, outputs, codespace, code) => {
    const verdict = state.atomically(() => send(inputs, outputs));
    expect(verdict).toMatchObject({ ok: false, codespace, code });
    expect(state.journal.mark()).toBe(0);
  });

  it('refuses a denomination that may not be sent, and one that nobody spends', () => {
    const multi = (spent: string, received: string) =>
      sendToMany(
        state,
        create(MsgMultiSendSchema, {
          inputs: [{ address: FROM, coins: [coin(1n, spent)] }],
          outputs: [{ address: BLOCKED, coins: [coin(1n, received)] }],
        }),
      );
    expect(multi('mact', 'mact')).toMatchObject({ codespace: 'bank', code: 5 });
    expect(multi('mact', UPOKT)).toMatchObject({ codespace: 'bank', code: 4 });
  });
});
