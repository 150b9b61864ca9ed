/** A claim as the explorer answers it: its row, with its payments as a list and the price at which it settled. */
import type { Selectable } from 'kysely';
import type { Json } from '../rpc/block-json.ts';
import type { ClaimsTable } from './explorer-tables.ts';
import type { JsonObject } from './explorer-route.ts';
import { priceJson } from './tally-json.ts';

export function claimJson(claim: Selectable<ClaimsTable>): JsonObject {
  const { payments, id: _, ...row } = claim;
  const { settledUpokt, estimatedRelays, estimatedComputeUnits } = row;
  const price =
    settledUpokt === null ? null : priceJson(settledUpokt, estimatedRelays ?? '0', estimatedComputeUnits ?? '0', '1');
  return { ...row, price, payments: payments === null ? [] : (JSON.parse(payments) as Json) };
}
