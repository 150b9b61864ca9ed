/**
 * Sending coins from one account to several.
 *
 * Source: cosmos/cosmos-sdk `x/bank/keeper/msg_server.go` (MultiSend), `x/bank/types/msgs.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import { amountOf, coinsProblem, formatCoins } from '@decai/protocol/coin';
import type { MsgMultiSend } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import type { Share } from './bank.ts';
import type { Coins } from './coins.ts';
import { isBlocked } from './module-account.ts';
import { refuse, type Refusal, type Verdict } from './refusal.ts';
import { BANK, SDK } from './registered-error.ts';
import { checkSendEnabled } from './send-coins.ts';
import type { State } from './state.ts';

/**
 * Sends the coins of one input to all outputs.
 *
 * Refuses, in this order: no input (bank 2), several (bank 9), no output (bank 3), an input or output whose address (sdk 7)
 * or coins (sdk 10) are malformed, outputs that do not add up to the input (bank 4), a denomination that may not be sent
 * (bank 5), a recipient that takes no coins (sdk 4), a shortage (sdk 5).
 */
export function sendToMany(state: State, { inputs, outputs }: MsgMultiSend): Verdict {
  const [input] = inputs;
  if (input === undefined) return refuse(BANK.NO_INPUTS);
  if (inputs.length > 1) return refuse(BANK.MULTIPLE_SENDERS);
  if (outputs.length === 0) return refuse(BANK.NO_OUTPUTS);
  const malformed = checkShares('input', [input]) ?? checkShares('output', outputs);
  if (malformed !== undefined) return malformed;
  if (!addUp(input.coins, outputs)) return refuse(BANK.INPUT_OUTPUT_MISMATCH);
  const disabled = checkSendEnabled(state, input.coins);
  if (disabled !== undefined) return disabled;
  const blocked = outputs.find(({ address }) => isBlocked(address));
  if (blocked !== undefined) return refuse(SDK.UNAUTHORIZED, `${blocked.address} is not allowed to receive funds`);
  return state.bank.sendToMany(input.address, input.coins, outputs);
}

function checkShares(kind: string, shares: readonly Share[]): Refusal | undefined {
  for (const { address, coins } of shares) {
    const problem = addressProblem(address);
    if (problem !== undefined) return refuse(SDK.INVALID_ADDRESS, `invalid ${kind} address: ${problem}`);
    if (coins.length === 0 || coinsProblem(coins) !== undefined) return refuse(SDK.INVALID_COINS, formatCoins(coins));
  }
  return undefined;
}

function addUp(whole: Coins, shares: readonly Share[]): boolean {
  const rest = new Map(whole.map((coin) => [coin.denom, amountOf(coin)]));
  for (const { coins } of shares) {
    for (const coin of coins) rest.set(coin.denom, (rest.get(coin.denom) ?? 0n) - amountOf(coin));
  }
  return [...rest.values()].every((amount) => amount === 0n);
}
