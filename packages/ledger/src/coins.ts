/**
 * Lists of coins: what a transfer carries, and how it is written.
 *
 * A valid list names each denomination once, in ascending order, with an amount above zero; the empty list is valid.
 *
 * Source: cosmos/cosmos-sdk `types/coin.go`.
 */

export type CoinAmount = { readonly denom: string; readonly amount: bigint };

export type Coins = readonly CoinAmount[];

export const UPOKT = 'upokt';

/** Amounts have at most this many bits, as in Cosmos. */
const AMOUNT_BITS_MAX = 256;

export function upokt(amount: bigint): Coins {
  return [{ denom: UPOKT, amount }];
}

/** `5upokt,7xyz`; empty for the empty list. */
export function coinsText(coins: Coins): string {
  return coins.map(({ denom, amount }) => `${amount}${denom}`).join(',');
}

/** A letter, then 2 to 127 letters, digits or `/:._-`. */
export function isDenom(text: string): boolean {
  return /^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/.test(text);
}

/** The integer that a decimal text spells, of at most 256 bits; undefined for anything else. */
export function parseAmount(text: string): bigint | undefined {
  if (!/^-?[0-9]{1,80}$/.test(text)) return undefined;
  const amount = BigInt(text);
  return (amount < 0n ? -amount : amount) >> BigInt(AMOUNT_BITS_MAX) === 0n ? amount : undefined;
}

/** Why a list is not a valid list of coins, or undefined. */
export function coinsProblem(coins: Coins): string | undefined {
  let previous = '';
  for (const { denom, amount } of coins) {
    if (!isDenom(denom)) return `invalid denom: ${denom}`;
    if (amount <= 0n) return `coin amount ${amount}${denom} is not positive`;
    if (denom <= previous) return `denomination ${denom} is out of order`;
    previous = denom;
  }
  return undefined;
}
