/**
 * Counts as JSON, and the prices that follow from them.
 *
 * A price is what was settled divided by the work that it was settled for, cut after nine digits; null where there was none.
 */
import { ratioText } from './ratio-text.ts';
import type { JsonObject } from './explorer-route.ts';
import { TALLY_FIELDS, type TallyField } from './tally.ts';

type TallyRow = Readonly<Partial<Record<TallyField, string | null>>>;

/** Every count, zero where the row has none, and `price`. */
export function tallyJson(row: TallyRow | undefined): JsonObject {
  const counts = Object.fromEntries(TALLY_FIELDS.map((field) => [field, row?.[field] ?? '0'])) as Record<
    TallyField,
    string
  >;
  return {
    ...counts,
    price: priceJson(
      counts.settledUpokt,
      counts.settledEstimatedRelays,
      counts.settledEstimatedComputeUnits,
      counts.claimsSettled,
    ),
  };
}

/** Per relay and per compute unit that clients really asked for, which the tries only sample. */
export function priceJson(settledUpokt: string, relays: string, computeUnits: string, claims: string): JsonObject {
  const settled = BigInt(settledUpokt);
  return {
    upoktPerRelay: ratioText(settled, BigInt(relays)),
    upoktPerComputeUnit: ratioText(settled, BigInt(computeUnits)),
    upoktPerClaim: ratioText(settled, BigInt(claims)),
  };
}
