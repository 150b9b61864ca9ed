/** Amounts as people type them: `5pokt`, `2.5pokt`, `975upokt`, or a bare number of uPOKT. */
import { coin, UPOKT, type Coin } from '@decai/protocol/coin';
import { UsageError } from './command.ts';

const FRACTION_DIGITS = 6;

/** @throws UsageError for anything else, and for fractions of a uPOKT. */
export function parseAmount(text: string): Coin {
  const [, whole = '', fraction = '', unit = ''] = /^(\d{1,30})(?:\.(\d{1,6}))?(u?pokt)?$/i.exec(text.trim()) ?? [];
  const isPokt = unit.toLowerCase() === 'pokt';
  if (whole === '' || (fraction !== '' && !isPokt)) {
    throw new UsageError(`"${text}" is no amount`, 'write 975upokt, 975 (the same) or 2.5pokt');
  }
  return coin(isPokt ? BigInt(whole + fraction.padEnd(FRACTION_DIGITS, '0')) : BigInt(whole), UPOKT);
}
