/** Sessions, claims with their proofs, slashes, and blocks: what happened, newest first. */
import type { SelectQueryBuilder } from 'kysely';
import { claimJson } from './claim-json.ts';
import { pageOf } from './explorer-page.ts';
import { from, rowsOf } from './explorer-query.ts';
import { notFound } from './explorer-refusal.ts';
import { answered, LIMIT_MAX, type Asked, type ExplorerRoute } from './explorer-route.ts';
import type { ExplorerTables } from './explorer-tables.ts';

export const WORK_ROUTES: readonly ExplorerRoute[] = [
  {
    path: '/sessions',
    summary: 'Sessions that somebody claimed work for; from and to are session ends.',
    filters: ['service', 'application', 'from', 'to'],
    pages: 'by time',
    answer(asked) {
      const query = filtered(asked, from.selectFrom('sessions').selectAll(), 'sessionEndHeight');
      return pageOf(asked, query, { columns: ['sessionEndHeight', 'sessionId'], integers: 1 }, (row) => ({ ...row }));
    },
  },
  {
    path: '/sessions/{sessionId}',
    summary: 'One session with its claims.',
    answer({ database, fields }) {
      const sessionId = fields['sessionId']!;
      const session = rowsOf(database, from.selectFrom('sessions').selectAll().where('sessionId', '=', sessionId))[0];
      if (session === undefined) return notFound('session');
      const claims = from
        .selectFrom('claims')
        .selectAll()
        .where('sessionId', '=', sessionId)
        .orderBy('id')
        .limit(LIMIT_MAX);
      return answered({ ...session, claims: rowsOf(database, claims).map(claimJson) });
    },
  },
  {
    path: '/claims',
    summary: 'Claims with their proofs, prices and payments; from and to are session ends.',
    filters: ['service', 'supplier', 'application', 'session', 'status', 'proof', 'from', 'to'],
    pages: 'by time',
    answer(asked) {
      const query = filtered(asked, from.selectFrom('claims').selectAll(), 'sessionEndHeight');
      return pageOf(asked, query, { columns: ['sessionEndHeight', 'id'], integers: 2 }, claimJson);
    },
  },
  {
    path: '/slashes',
    summary: 'Stakes that were cut for proofs that were missing or wrong; from and to are blocks.',
    filters: ['service', 'supplier', 'application', 'from', 'to'],
    pages: 'by time',
    answer(asked) {
      const query = filtered(asked, from.selectFrom('slashes').selectAll(), 'height');
      return pageOf(asked, query, { columns: ['height', 'id'], integers: 2 }, (slash) => {
        const { id: _, ...row } = slash;
        return row;
      });
    },
  },
  {
    path: '/blocks',
    summary: 'Blocks: what each minted, burned and settled, and the supply after it.',
    filters: ['from', 'to'],
    pages: 'by time',
    answer(asked) {
      const query = filtered(asked, from.selectFrom('blocks').selectAll(), 'height');
      return pageOf(asked, query, { columns: ['height'], integers: 1 }, (row) => ({ ...row }));
    },
  },
  {
    path: '/blocks/{height}',
    summary: 'One block.',
    answer({ database, fields }) {
      const height = /^\d{1,15}$/.exec(fields['height']!)?.[0] ?? '0';
      const row = rowsOf(database, from.selectFrom('blocks').selectAll().where('height', '=', Number(height)))[0];
      return row === undefined ? notFound('block') : answered({ ...row });
    },
  },
];

const COLUMNS = {
  service: 'serviceId',
  supplier: 'supplierAddress',
  application: 'applicationAddress',
  session: 'sessionId',
  status: 'status',
  proof: 'proofStatus',
} as const;

/** The rows that every filter that was given lets through. A route takes only filters that its table has columns for. */
function filtered<Table extends keyof ExplorerTables, Row>(
  { query: given }: Asked,
  all: SelectQueryBuilder<ExplorerTables, Table, Row>,
  heightColumn: 'height' | 'sessionEndHeight',
): SelectQueryBuilder<ExplorerTables, Table, Row> {
  let query = all;
  for (const [name, column] of Object.entries(COLUMNS)) {
    const value = given[name];
    if (value !== undefined) query = query.where(column as never, '=', value as never);
  }
  const { from: first, to: last } = given;
  if (first !== undefined) query = query.where(heightColumn as never, '>=', Number(first) as never);
  if (last !== undefined) query = query.where(heightColumn as never, '<=', Number(last) as never);
  return query;
}
