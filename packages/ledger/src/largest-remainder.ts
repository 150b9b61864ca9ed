/**
 * Largest-remainder division: an amount among weighted recipients, to the last unit.
 *
 * Everyone gets the floor of the exact part; the units left over go one each to the largest fractions, ties to the lower
 * address. The parts sum to the amount.
 *
 * Source: pokt-network/poktroll `x/tokenomics/token_logic_module` (validator distribution).
 */
import { Fault } from '@decai/protocol/fault';

export type Weighted = { readonly address: string; readonly weight: bigint };

/**
 * One part for each recipient, in the order given; zero for a recipient of weight zero.
 *
 * @throws NO_WEIGHT when nobody has any weight: there is nobody to divide among.
 */
export function divideByLargestRemainder(amount: bigint, recipients: readonly Weighted[]): bigint[] {
  const total = recipients.reduce((sum, { weight }) => sum + weight, 0n);
  if (total <= 0n) throw new Fault('NO_WEIGHT', 'division needs a recipient with weight', { amount });

  const parts: bigint[] = [];
  const fractions: { index: number; remainder: bigint; address: string }[] = [];
  let left = amount;
  for (const [index, { address, weight }] of recipients.entries()) {
    const part = (weight * amount) / total;
    const remainder = (weight * amount) % total;
    parts.push(part);
    left -= part;
    if (remainder > 0n) fractions.push({ index, remainder, address });
  }

  // The fractions sum to `left`, each below one: there are always more of them than units left.
  fractions.sort((a, b) =>
    a.remainder === b.remainder ? compareText(a.address, b.address) : a.remainder > b.remainder ? -1 : 1,
  );
  for (const { index } of fractions.slice(0, Number(left))) parts[index]! += 1n;
  return parts;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
