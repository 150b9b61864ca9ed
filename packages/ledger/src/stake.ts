/**
 * Stakes: the coins that an actor has locked, always upokt, always the new total and never a difference.
 *
 * Source: pokt-network/poktroll `x/application/types/message_stake_application.go` and its like in gateway and supplier.
 */
import { create } from '@bufbuild/protobuf';
import { CoinSchema, type Coin } from '@decai/protocol/gen/cosmos/base/v1beta1/coin_pb';
import { isDenom, parseAmount, UPOKT } from './coins.ts';

/** Why a coin cannot be a stake, as a sentence about `actor`, or undefined. */
export function stakeProblem(coin: Coin | undefined, actor: string): string | undefined {
  if (coin === undefined) return `nil stake for ${actor}`;
  const amount = parseAmount(coin.amount);
  if (amount === undefined || !isDenom(coin.denom)) return `invalid stake for ${actor}: ${coinText(coin)}`;
  if (amount <= 0n) return `invalid stake amount for ${actor}: ${coinText(coin)} <= 0`;
  if (coin.denom !== UPOKT) {
    return `invalid stake amount denom for ${actor}: expected ${UPOKT}, got ${coin.denom}`;
  }
  return undefined;
}

/** The amount of a coin that has been checked; 0 for none. */
export function amountUpoktOf(coin: Coin | undefined): bigint {
  return coin === undefined ? 0n : BigInt(coin.amount);
}

export function upoktCoin(amountUpokt: bigint): Coin {
  return create(CoinSchema, { denom: UPOKT, amount: amountUpokt.toString() });
}

/** `5upokt`. */
export function coinText(coin: Coin | undefined): string {
  return coin === undefined ? '<nil>' : `${coin.amount}${coin.denom}`;
}
