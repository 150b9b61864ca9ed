/**
 * Pages of long lists, by key or by offset.
 *
 * Source: cosmos/cosmos-sdk `types/query/pagination.go`, `types/query/filtered_pagination.go`.
 */
import { create } from '@bufbuild/protobuf';
import {
  PageResponseSchema,
  type PageRequest,
  type PageResponse,
} from '@decai/protocol/gen/cosmos/base/query/v1beta1/pagination_pb';
import { EMPTY } from '@decai/protocol/bytes';
import { refuseAs, type Outcome } from './refusal.ts';
import { keyBytes, keyText } from './store.ts';

/** Rows when nobody says how many. */
const LIMIT_DEFAULT = 100;

/** Rows at most, whoever asks: a page is made in memory, and the next one is a question away. */
const LIMIT_MAX = 100_000n;

export type Page<V> = { readonly rows: readonly V[]; readonly pagination: PageResponse };

/** Walks entries from a key suffix on, in either direction. `start` is included in both. */
export type Walk<V> = (range: {
  readonly start?: string;
  readonly end?: string;
  readonly reverse?: boolean;
}) => Iterable<readonly [suffix: string, value: V]>;

/**
 * One page of what `walk` gives.
 *
 * Without a limit a page has 100 rows and says how many there are in all; more than 100,000 it never has. With a key it begins there, and the offset is
 * left alone. `keep` drops rows from the page after they have been counted, so a page may hold fewer than its limit.
 * `nextKey` is the suffix of the first row that was not looked at; empty at the end.
 *
 * Refuses a key together with an offset (Internal).
 */
export function paginate<V>(
  walk: Walk<V>,
  request: PageRequest | undefined,
  keep: (value: V) => boolean = () => true,
): Outcome<Page<V>> {
  const { key = EMPTY, offset = 0n, reverse = false } = request ?? {};
  if (key.length > 0 && offset > 0n) {
    return refuseAs('Internal', 'invalid request, either offset or key is expected, got both');
  }
  const wanted = request?.limit ?? 0n;
  const limit = wanted === 0n ? LIMIT_DEFAULT : Number(wanted < LIMIT_MAX ? wanted : LIMIT_MAX);
  const countTotal = key.length === 0 && (wanted === 0n || request?.countTotal === true);

  const rows: V[] = [];
  let nextKey: Uint8Array = EMPTY;
  let [seen, looked] = [0n, 0];
  for (const [suffix, value] of walk(rangeFrom(keyText(key), reverse))) {
    seen += 1n;
    if (seen <= offset) continue;
    if (looked < limit) {
      looked += 1;
      if (keep(value)) rows.push(value);
      continue;
    }
    if (nextKey.length === 0) nextKey = keyBytes(suffix);
    if (!countTotal) break;
  }
  const pagination = create(PageResponseSchema, { nextKey, total: countTotal ? seen : 0n });
  return { ok: true, value: { rows, pagination } };
}

function rangeFrom(key: string, reverse: boolean): { start?: string; end?: string; reverse?: boolean } {
  if (key === '') return { reverse };
  // Descending, the key itself is part of the page.
  return reverse ? { end: `${key}\0`, reverse } : { start: key };
}
