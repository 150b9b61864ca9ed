/**
 * Members of a random town give each other coins.
 */
import { coin } from '@decai/protocol/coin';
import { MsgMultiSendSchema, MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { balance, upoktOf } from '../model/money.ts';
import { EVERYBODY, GOVERNOR, someAddress, somebody } from './members.ts';
import { typed, type Scene, type Sent } from './scene.ts';

export function send({ draw }: Scene): Sent {
  const by = draw.pick(EVERYBODY);
  const upokt = draw.pick([1n, draw.upokt(1, 1000), 5_000_000n, 10n ** 13n]);
  const amount = [coin(upokt, draw.perMille(900) ? 'upokt' : 'mact')];
  if (draw.perMille(30)) amount.push(coin(draw.upokt(0, 1)));
  return { by, message: typed(MsgSendSchema, { fromAddress: by.address, toAddress: someAddress(draw), amount }) };
}

export function sendToMany({ draw }: Scene): Sent {
  const by = draw.pick(EVERYBODY);
  const outputs = Array.from({ length: draw.below(4) }, () => ({
    address: someAddress(draw),
    coins: [coin(draw.upokt(1, 2_000_000))],
  }));
  const sum = outputs.reduce((all, { coins }) => all + upoktOf(coins[0]), 0n);
  const input = { address: by.address, coins: [coin(sum + (draw.perMille(80) ? 1n : 0n))] };
  return { by, message: typed(MsgMultiSendSchema, { inputs: [input], outputs }) };
}

/** Whoever keeps next to nothing meets every fee at its limit. */
export function emptyPurse({ draw, model }: Scene): Sent {
  const by = somebody(draw, draw.pick(['supplier', 'supplier', 'application', 'owner']));
  const kept = draw.pick([0n, 1n, draw.upokt(0, 3), upoktOf(model.live('proof').proofSubmissionFee)]);
  const rest = balance(model, by.address) - kept;
  const amount = [coin(rest > 0n ? rest : 0n)];
  return { by, message: typed(MsgSendSchema, { fromAddress: by.address, toAddress: GOVERNOR.address, amount }) };
}

/** The governor keeps people going. */
export function help({ draw }: Scene): Sent {
  return {
    by: GOVERNOR,
    message: typed(MsgSendSchema, {
      fromAddress: GOVERNOR.address,
      toAddress: draw.pick(EVERYBODY).address,
      amount: [coin(draw.upokt(1_000_000, 20_000_000))],
    }),
  };
}
