import { create } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import { MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { describe, expect, it } from 'vitest';
import { moduleNamed } from './module-account.ts';
import { sendCoins } from './send-coins.ts';
import { addressNamed, emptyState, endow } from './test-chain.ts';

const [FROM, TO] = [addressNamed('from'), addressNamed('to')];
const BLOCKED = moduleNamed('fee_collector').address;

describe('sendCoins', () => {
  const state = emptyState();
  endow(state, FROM, 100n);
  state.params.bank.setLive({
    ...state.params.bank.live(),
    sendEnabled: [{ $typeName: 'cosmos.bank.v1beta1.SendEnabled', denom: 'mact', enabled: false }],
  });
  const send = (fromAddress: string, toAddress: string, amount = [coin(1n)]) =>
    sendCoins(state, create(MsgSendSchema, { fromAddress, toAddress, amount }));

  it('refuses, in this order: sender, recipient, coins, a denomination that stays, a recipient that takes none, a shortage', () => {
    expect(send('x', 'y', [])).toMatchObject({
      codespace: 'sdk',
      code: 7,
      message: expect.stringContaining('from address'),
    });
    expect(send(FROM, 'y', [])).toMatchObject({
      codespace: 'sdk',
      code: 7,
      message: expect.stringContaining('to address'),
    });
    expect(send(FROM, BLOCKED, [])).toMatchObject({ codespace: 'sdk', code: 10 });
    expect(send(FROM, BLOCKED, [coin(0n)])).toMatchObject({
      codespace: 'sdk',
      code: 10,
      message: '0upokt: invalid coins',
    });
    expect(send(FROM, BLOCKED, [coin(1n, 'mact')])).toMatchObject({ codespace: 'bank', code: 5 });
    expect(send(FROM, BLOCKED, [coin(101n)])).toMatchObject({
      codespace: 'sdk',
      code: 4,
      message: `${BLOCKED} is not allowed to receive funds: unauthorized`,
    });
    expect(send(FROM, TO, [coin(101n)])).toMatchObject({ codespace: 'sdk', code: 5 });
    expect(send(FROM, TO)).toEqual({ ok: true });
  });
});
