/**
 * Decimal parameters as exact fractions: what people wrote, not what the double holds.
 */

export type Fraction = readonly [numerator: bigint, denominator: bigint];

/** Of a number that is at least zero. */
export function fractionOf(value: number): Fraction {
  const [mantissa, exponent = '0'] = String(value).split('e') as [string, string?];
  const [whole, decimals = ''] = mantissa.split('.') as [string, string?];
  const shift = decimals.length - Number(exponent);
  const digits = BigInt(whole + decimals);
  return shift >= 0 ? [digits, 10n ** BigInt(shift)] : [digits * 10n ** BigInt(-shift), 1n];
}

export function floorOf(amount: bigint, [numerator, denominator]: Fraction): bigint {
  return (amount * numerator) / denominator;
}

export function ceilOf(amount: bigint, [numerator, denominator]: Fraction): bigint {
  const floor = floorOf(amount, [numerator, denominator]);
  return floor * denominator === amount * numerator ? floor : floor + 1n;
}
