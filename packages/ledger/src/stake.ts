/**
 * Stakes: the coins that an actor has locked, always upokt, always the new total and never a difference.
 *
 * Source: pokt-network/poktroll `x/application/types/message_stake_application.go` and its like in gateway and supplier.
 */
import { amountOf, coin, formatCoin, type Coin } from '@decai/protocol/coin';
import { readAmount, UPOKT } from './coins.ts';

/** Why a coin cannot be a stake, as a sentence about `actor`, or undefined. */
export function stakeProblem(stake: Coin | undefined, actor: string): string | undefined {
  if (stake === undefined) return `nil stake for ${actor}`;
  const amount = readAmount(stake);
  if (amount === undefined) return `invalid stake for ${actor}: ${formatCoin(stake)}`;
  if (amount === 0n) return `invalid stake amount for ${actor}: ${formatCoin(stake)} <= 0`;
  if (stake.denom !== UPOKT) {
    return `invalid stake amount denom for ${actor}: expected ${UPOKT}, got ${stake.denom}`;
  }
  return undefined;
}

/** The amount of a coin that has been checked; 0 for none. */
export function amountUpoktOf(stake: Coin | undefined): bigint {
  return stake === undefined ? 0n : amountOf(stake);
}

export function upoktCoin(amountUpokt: bigint): Coin {
  return coin(amountUpokt);
}

/** `5upokt`. */
export function coinText(stake: Coin | undefined): string {
  return stake === undefined ? '<nil>' : formatCoin(stake);
}
