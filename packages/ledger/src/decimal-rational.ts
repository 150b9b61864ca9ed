/**
 * Exact rationals of decimal parameters.
 *
 * A `double` parameter means the decimal number that people wrote, so it is read by its shortest text and never by its
 * binary value: 0.045 of 100,000,000 is 4,500,000, while the binary value of 0.045 would floor to one less. Everything
 * that reaches an amount is an integer or one of these.
 *
 * Source: pokt-network/poktroll `pkg/encoding`; JavaScript's shortest text of a double has the same digits as Go's.
 */
import { Fault } from '@decai/protocol/fault';

export type Rational = {
  readonly numerator: bigint;
  /** Greater than zero. */
  readonly denominator: bigint;
};

/**
 * The shortest decimal text of a number, without an exponent: `0.0000001`, `1000000000000000000000`.
 *
 * @throws DECIMAL_NOT_FINITE for NaN and the infinities.
 */
export function decimalText(value: number): string {
  const { negative, digits, scale } = decimalDigits(value);
  const sign = negative ? '-' : '';
  if (scale <= 0) return sign + digits + '0'.repeat(-scale);
  const padded = digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** The exact rational of `decimalText(value)`. @throws DECIMAL_NOT_FINITE for NaN and the infinities. */
export function decimalRational(value: number): Rational {
  const { negative, digits, scale } = decimalDigits(value);
  const magnitude = BigInt(digits) * 10n ** BigInt(Math.max(0, -scale));
  return { numerator: negative ? -magnitude : magnitude, denominator: 10n ** BigInt(Math.max(0, scale)) };
}

/** floor(amount · share), for an amount and a share of at least zero. */
export function floorShare(amount: bigint, share: Rational): bigint {
  return (amount * share.numerator) / share.denominator;
}

/** ceil(amount · share), for an amount and a share of at least zero. */
export function ceilShare(amount: bigint, share: Rational): bigint {
  return (amount * share.numerator + share.denominator - 1n) / share.denominator;
}

/** value = ±digits / 10^scale, where the scale may be negative. */
function decimalDigits(value: number): { negative: boolean; digits: string; scale: number } {
  if (!Number.isFinite(value)) {
    throw new Fault('DECIMAL_NOT_FINITE', 'a decimal parameter is a finite number', { value: String(value) });
  }
  const [mantissa, exponent = '0'] = String(Math.abs(value)).split('e') as [string, string?];
  const [whole, fraction = ''] = mantissa.split('.') as [string, string?];
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  return { negative: value < 0, digits, scale: fraction.length - Number(exponent) };
}
