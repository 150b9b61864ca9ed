/**
 * Sending coins from account to account.
 *
 * Source: cosmos/cosmos-sdk `x/bank/keeper/msg_server.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import { coinsProblem, formatCoin, formatCoins } from '@decai/protocol/coin';
import type { MsgSend } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import type { Coins } from './coins.ts';
import { GAS } from './gas.ts';
import { isBlocked } from './module-account.ts';
import { refuse, type Refusal, type Verdict } from './refusal.ts';
import { BANK, SDK } from './registered-error.ts';
import type { State } from './state.ts';

/**
 * Sends coins. Bank messages have no check ahead of their execution: everything is refused here.
 *
 * Refuses, in this order: sender or recipient malformed (sdk 7), a list that is empty or not a list of coins (sdk 10), a
 * denomination that may not be sent (bank 5), a recipient that takes no coins (sdk 4), a shortage (sdk 5).
 */
export function sendCoins(state: State, { fromAddress, toAddress, amount }: MsgSend): Verdict {
  const from = addressProblem(fromAddress);
  if (from !== undefined) return refuse(SDK.INVALID_ADDRESS, `invalid from address: ${from}`);
  const to = addressProblem(toAddress);
  if (to !== undefined) return refuse(SDK.INVALID_ADDRESS, `invalid to address: ${to}`);
  if (amount.length === 0 || coinsProblem(amount) !== undefined) {
    return refuse(SDK.INVALID_COINS, formatCoins(amount));
  }
  const disabled = checkSendEnabled(state, amount);
  if (disabled !== undefined) return disabled;
  if (isBlocked(toAddress)) return refuse(SDK.UNAUTHORIZED, `${toAddress} is not allowed to receive funds`);
  return state.bank.send(fromAddress, toAddress, amount);
}

/** Refuses coins that the bank's parameters exclude from sending (bank 5). */
export function checkSendEnabled(state: State, coins: Coins): Refusal | undefined {
  const { sendEnabled, defaultSendEnabled } = state.params.bank.live();
  for (const coin of coins) {
    state.store.meter?.consume(GAS.hasFlat);
    const enabled = sendEnabled.find(({ denom }) => denom === coin.denom)?.enabled ?? defaultSendEnabled;
    if (!enabled) return refuse(BANK.SEND_DISABLED, `${formatCoin(coin)} transfers are currently disabled`);
  }
  return undefined;
}
