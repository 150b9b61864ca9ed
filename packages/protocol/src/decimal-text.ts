/**
 * Numbers with eighteen decimals, as Cosmos writes them: scaled to an integer on the wire, with a point in JSON.
 *
 * Source: cosmos/cosmos-sdk `math/dec.go` (`LegacyDec`).
 */
import { Fault } from './fault.ts';

const DECIMALS = 18;

/** `100000000000000000` becomes `0.100000000000000000`. @throws DECIMAL_INVALID unless it is an integer. */
export function decimalFromWire(text: string): string {
  if (!/^-?[0-9]+$/.test(text)) throw decimalInvalid(text);
  const sign = text.startsWith('-') ? '-' : '';
  const digits = text.slice(sign.length).padStart(DECIMALS + 1, '0');
  return `${sign}${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

/** `0.1` becomes `100000000000000000`. @throws DECIMAL_INVALID for more than eighteen decimals, or no number. */
export function decimalToWire(text: string): string {
  const [, sign = '', whole = '', decimals = ''] = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text) ?? [];
  if (whole === '' || decimals.length > DECIMALS) throw decimalInvalid(text);
  return BigInt(`${sign}${whole}${decimals.padEnd(DECIMALS, '0')}`).toString();
}

function decimalInvalid(text: string): Fault {
  return new Fault('DECIMAL_INVALID', `not a number of at most ${DECIMALS} decimals`, { length: text.length });
}
