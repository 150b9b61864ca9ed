/**
 * Pages of a list. The cursor of a page is the place of its last item in the list's order, so pages stay where they are while
 * the list grows: nothing is seen twice and nothing is left out.
 */
import { sql, type SelectQueryBuilder } from 'kysely';
import type { ExplorerTables } from './explorer-tables.ts';
import { rowsOf } from './explorer-query.ts';
import { refused, type ExplorerOutcome } from './explorer-refusal.ts';
import { answered, type Asked, type JsonObject } from './explorer-route.ts';

type TableName = keyof ExplorerTables;

export type PageOrder<Row> = {
  /** Columns that together differ between any two items, most significant first. */
  readonly columns: readonly (keyof Row & string)[];
  /** How many of them, from the first, are integers. */
  readonly integers: number;
  /** What the first column is called where it is not in the select's only table. */
  readonly table?: string;
};

/**
 * The page that was asked for: `items`, and `nextCursor`, which is null on the last page.
 *
 * @param query the whole list, without order. Refuses a cursor that is no place in the order (EXPLORER_PARAMETER_INVALID).
 */
export function pageOf<Table extends TableName, Row>(
  { database, limit, cursor, ascending }: Pick<Asked, 'database' | 'limit' | 'cursor' | 'ascending'>,
  query: SelectQueryBuilder<ExplorerTables, Table, Row>,
  order: PageOrder<Row>,
  itemOf: (row: Row) => JsonObject,
): ExplorerOutcome<JsonObject> {
  const place = cursor === undefined ? undefined : placeOf(cursor, order);
  if (place === null) return refused('EXPLORER_PARAMETER_INVALID', 'cursor is not one that this list gave');
  const columns = order.columns.map((column) =>
    sql.ref(order.table === undefined ? column : `${order.table}.${column}`),
  );
  let selected = query.limit(limit + 1);
  if (place !== undefined) {
    const sign = sql.raw(ascending ? '>' : '<');
    selected = selected.where(sql<boolean>`(${sql.join(columns)}) ${sign} (${sql.join(place)})`);
  }
  for (const column of columns) selected = selected.orderBy(column, ascending ? 'asc' : 'desc');
  const rows = rowsOf(database, selected) as readonly Row[];
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? cursorOf(last, order) : null;
  return answered({ items: items.map(itemOf), nextCursor });
}

function cursorOf<Row>(row: Row, { columns }: PageOrder<Row>): string {
  return columns.map((column) => String(row[column])).join(':');
}

/** Null for a text that is no cursor. Only the last column may hold a colon. */
function placeOf<Row>(cursor: string, { columns, integers }: PageOrder<Row>): (string | number)[] | null {
  const parts = cursor.split(':');
  const texts = [...parts.slice(0, columns.length - 1), parts.slice(columns.length - 1).join(':')];
  if (parts.length < columns.length || cursor.includes('\0') || !cursor.isWellFormed()) return null;
  const place = texts.map((text, index) => (index < integers ? Number(/^\d{1,15}$/.exec(text)?.[0]) : text));
  return place.includes(NaN) ? null : place;
}
