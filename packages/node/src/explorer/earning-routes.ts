/** Earnings: what settlement paid to whom, and for which part in the network. */
import { notFound } from './explorer-refusal.ts';
import { answered, type ExplorerRoute, type JsonObject } from './explorer-route.ts';
import { pageOf } from './explorer-page.ts';
import { from, rowsOf } from './explorer-query.ts';
import type { EarningsTable } from './explorer-tables.ts';

/** What was paid for a service or a supplier, which the path's only field names, by recipient. */
export function earningsRoute(scope: 'service' | 'supplier', path: string, summary: string): ExplorerRoute {
  return {
    path,
    summary,
    pages: 'by name',
    answer(asked) {
      const subject = Object.values(asked.fields)[0]!;
      const query = from.selectFrom('earnings').selectAll().where('scope', '=', scope).where('subject', '=', subject);
      return pageOf(asked, query, { columns: ['recipient', 'role'], integers: 0 }, ({ recipient, ...row }) => ({
        recipient,
        ...paidJson(row),
      }));
    },
  };
}

export const ACCOUNT_ROUTES: readonly ExplorerRoute[] = [
  {
    path: '/accounts/{address}',
    summary: 'What an account was paid by settlement, by part.',
    answer({ database, fields }) {
      const address = fields['address']!;
      const query = from
        .selectFrom('earnings')
        .selectAll()
        .where('recipient', '=', address)
        .where('scope', '=', 'network')
        .orderBy('role');
      const rows = rowsOf(database, query);
      if (rows.length === 0) return notFound('account: it was never paid by settlement');
      const paidUpokt = rows.reduce((sum, row) => sum + BigInt(row.paidUpokt), 0n);
      return answered({ address, paidUpokt: `${paidUpokt}`, earnings: rows.map(paidJson) });
    },
  },
  {
    path: '/accounts/{address}/earnings',
    summary: 'What an account was paid by settlement, by service and part. Validators are paid by the block, for none.',
    pages: 'by name',
    answer(asked) {
      const query = from
        .selectFrom('earnings')
        .selectAll()
        .where('recipient', '=', asked.fields['address']!)
        .where('scope', '=', 'service');
      return pageOf(asked, query, { columns: ['role', 'subject'], integers: 0 }, ({ subject: serviceId, ...row }) => ({
        serviceId,
        ...paidJson(row),
      }));
    },
  },
];

function paidJson({ role, paidUpokt, payments }: Pick<EarningsTable, 'role' | 'paidUpokt' | 'payments'>): JsonObject {
  return { role, paidUpokt, payments };
}
