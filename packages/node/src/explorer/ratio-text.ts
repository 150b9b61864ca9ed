/** A ratio of two whole numbers as decimal text, exact to the digit at which it is cut. */

const DIGITS = 9;

/** Null for a divisor of zero. Expects no negative numbers. */
export function ratioText(dividend: bigint, divisor: bigint): string | null {
  if (divisor === 0n) return null;
  const scaled = ((dividend * 10n ** BigInt(DIGITS)) / divisor).toString().padStart(DIGITS + 1, '0');
  const fraction = scaled.slice(-DIGITS).replace(/0+$/, '');
  return fraction === '' ? scaled.slice(0, -DIGITS) : `${scaled.slice(0, -DIGITS)}.${fraction}`;
}
