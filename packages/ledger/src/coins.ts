/**
 * Coins as the ledger counts them: lists of the wire's coins, and upokt in particular.
 */
import { amountOf, coin, coinsProblem, type Coin } from '@decai/protocol/coin';

export { UPOKT } from '@decai/protocol/coin';

export type Coins = readonly Coin[];

/** The list with this many upokt and nothing else. */
export function upokt(amountUpokt: bigint): Coins {
  return [coin(amountUpokt)];
}

/** The amount of a coin that a stranger wrote; undefined unless denomination and amount are well formed. */
export function readAmount(offered: Coin): bigint | undefined {
  if (offered.amount === '0') return 0n;
  return coinsProblem([offered]) === undefined ? amountOf(offered) : undefined;
}
