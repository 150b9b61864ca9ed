/** Counts: of the network, and of any service, supplier or application, in all and by session end. */
import type { SqlDatabase } from '@decai/protocol/sql-database';
import { answered, type ExplorerRoute, type JsonObject } from './explorer-route.ts';
import { pageOf } from './explorer-page.ts';
import { from, rowsOf } from './explorer-query.ts';
import type { TallyScope } from './tally.ts';
import { tallyJson } from './tally-json.ts';

/** Counts of a subject in all; zeros for one that was never counted. */
export function totalOf(database: SqlDatabase, scope: TallyScope, subject: string): JsonObject {
  const query = from
    .selectFrom('tallies')
    .selectAll()
    .where('scope', '=', scope)
    .where('subject', '=', subject)
    .where('sessionEndHeight', '=', 0);
  return tallyJson(rowsOf(database, query)[0]);
}

/** The counts of a subject, which the path's only field names, by session end. */
export function seriesRoute(scope: TallyScope, path: string, summary: string): ExplorerRoute {
  return {
    path,
    summary,
    filters: ['from', 'to'],
    pages: 'by time',
    answer(asked) {
      const { from: first = '1', to: last } = asked.query;
      const all = from
        .selectFrom('tallies')
        .selectAll()
        .where('scope', '=', scope)
        .where('subject', '=', Object.values(asked.fields)[0] ?? '')
        // Height 0 is the sum of all.
        .where('sessionEndHeight', '>=', Math.max(1, Number(first)));
      const query = last === undefined ? all : all.where('sessionEndHeight', '<=', Number(last));
      return pageOf(asked, query, { columns: ['sessionEndHeight'], integers: 1 }, (row) => ({
        sessionEndHeight: row.sessionEndHeight,
        ...tallyJson(row),
      }));
    },
  };
}

export const TALLY_ROUTES: readonly ExplorerRoute[] = [
  {
    path: '/totals',
    summary: 'The whole network: supply, actors, volume and price.',
    answer({ database, progress }) {
      const count = (table: 'services' | 'suppliers' | 'applications'): number => {
        const all = from.selectFrom(table).select(({ fn }) => fn.countAll<number>().as('many'));
        return rowsOf(database, table === 'services' ? all : all.where('status' as never, '=', 'staked' as never))[0]!
          .many;
      };
      return answered({
        chainId: progress.chainId,
        supplyUpokt: `${progress.supplyUpokt}`,
        services: count('services'),
        suppliersStaked: count('suppliers'),
        applicationsStaked: count('applications'),
        totals: totalOf(database, 'network', ''),
      });
    },
  },
  seriesRoute('network', '/totals/sessions', 'Volume and price of the network by session end, newest first.'),
];
