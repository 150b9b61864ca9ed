/**
 * Coins: an amount of a denomination, as a message of the wire, as text (`975upokt`) and as a number to count with.
 *
 * Amounts are bigints from the door on. Their text is plain decimal digits of at most 256 bits, without sign or leading
 * zero, so that one amount has one text.
 *
 * Source: cosmos/cosmos-sdk `types/coin.go`, `math/int.go`.
 */
import { create } from '@bufbuild/protobuf';
import { Fault } from './fault.ts';
import { CoinSchema, type Coin } from './gen/cosmos/base/v1beta1/coin_pb.ts';

export type { Coin } from './gen/cosmos/base/v1beta1/coin_pb.ts';

/** The smallest unit of the token; one POKT has a million of them. */
export const UPOKT = 'upokt';

const AMOUNT = /^(?:0|[1-9][0-9]{0,77})$/;
const AMOUNT_BITS_MAX = 256;
const DENOMINATION = /^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/;
const COIN_TEXT = /^([0-9]+)([a-zA-Z].*)$/;

export function coin(amount: bigint, denom: string = UPOKT): Coin {
  return create(CoinSchema, { denom, amount: amount.toString() });
}

/**
 * The amount of a coin, whatever it is an amount of.
 *
 * @throws AMOUNT_INVALID unless the text is decimal digits of at most 256 bits, without a leading zero.
 */
export function amountOf(coin: Coin): bigint {
  const amount = readAmount(coin.amount);
  if (amount === undefined) {
    throw new Fault('AMOUNT_INVALID', 'an amount is decimal digits of at most 256 bits', { denom: coin.denom });
  }
  return amount;
}

/** Whether a text names a denomination: 3 to 128 characters, beginning with a letter. */
export function isDenomination(text: string): boolean {
  return DENOMINATION.test(text);
}

/**
 * Why a list of coins is malformed, or undefined when it is not. An empty list is well formed.
 *
 * Checked for each coin in turn: denomination, amount readable, amount above zero, denomination above the one before.
 */
export function coinsProblem(coins: readonly Coin[]): string | undefined {
  let before = '';
  for (const { denom, amount } of coins) {
    if (!isDenomination(denom)) return `invalid denom: ${denom}`;
    const value = readAmount(amount);
    if (value === undefined) return `coin ${denom} has no readable amount`;
    if (value === 0n) return `coin ${formatCoin({ denom, amount })} amount is not positive`;
    // Denominations are ASCII, so comparing characters compares bytes.
    if (denom === before) return `duplicate denomination ${denom}`;
    if (denom < before) return `denomination ${denom} is not sorted`;
    before = denom;
  }
  return undefined;
}

/** `975upokt`. */
export function formatCoin(coin: Pick<Coin, 'denom' | 'amount'>): string {
  return `${coin.amount}${coin.denom}`;
}

/** `1foo,975upokt`; the empty text for no coins. */
export function formatCoins(coins: readonly Coin[]): string {
  return coins.map(formatCoin).join(',');
}

/**
 * Reads `975upokt`.
 *
 * @throws COIN_TEXT_INVALID unless it is an amount followed by a denomination.
 */
export function parseCoin(text: string): Coin {
  const [, amount = '', denom = ''] = COIN_TEXT.exec(text) ?? [];
  const value = readAmount(amount);
  if (value === undefined || !isDenomination(denom)) {
    throw new Fault('COIN_TEXT_INVALID', 'a coin is an amount followed by a denomination, such as 975upokt', {
      length: text.length,
    });
  }
  return coin(value, denom);
}

/** Reads coins separated by commas; none from the empty text. @throws COIN_TEXT_INVALID */
export function parseCoins(text: string): Coin[] {
  return text === '' ? [] : text.split(',').map(parseCoin);
}

/** The amount that a text spells, or undefined. */
function readAmount(text: string): bigint | undefined {
  if (!AMOUNT.test(text)) return undefined;
  const amount = BigInt(text);
  return amount >> BigInt(AMOUNT_BITS_MAX) === 0n ? amount : undefined;
}
