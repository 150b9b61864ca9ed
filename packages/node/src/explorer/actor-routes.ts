/** Suppliers, applications and Sources: who they are, and what became of their work, money and services. */
import type { SqlDatabase } from '@decai/protocol/sql-database';
import { earningsRoute } from './earning-routes.ts';
import { pageOf } from './explorer-page.ts';
import { from, rowsOf } from './explorer-query.ts';
import { notFound } from './explorer-refusal.ts';
import { answered, type ExplorerRoute, type JsonObject } from './explorer-route.ts';
import type { ApplicationsTable, SuppliersTable } from './explorer-tables.ts';
import { seriesRoute, totalOf } from './tally-routes.ts';

const SUPPLIER_ROUTES: readonly ExplorerRoute[] = [
  {
    path: '/suppliers',
    summary: 'Suppliers by operator address, with stake, services, volume and slashes of each.',
    pages: 'by name',
    answer(asked) {
      const query = from.selectFrom('suppliers').selectAll();
      return pageOf(asked, query, { columns: ['supplierAddress'], integers: 0 }, (row) =>
        supplierJson(asked.database, row),
      );
    },
  },
  {
    path: '/suppliers/{supplierAddress}',
    summary: 'One supplier.',
    answer({ database, fields }) {
      const query = from.selectFrom('suppliers').selectAll().where('supplierAddress', '=', fields['supplierAddress']!);
      const row = rowsOf(database, query)[0];
      return row === undefined ? notFound('supplier') : answered(supplierJson(database, row));
    },
  },
  seriesRoute(
    'supplier',
    '/suppliers/{supplierAddress}/sessions',
    'Volume of a supplier by session end, newest first.',
  ),
  earningsRoute('supplier', '/suppliers/{supplierAddress}/earnings', 'Who was paid for the work of a supplier.'),
];

const APPLICATION_ROUTES: readonly ExplorerRoute[] = [
  {
    path: '/applications',
    summary: 'Applications by address, with what each has spent.',
    pages: 'by name',
    answer(asked) {
      const query = from.selectFrom('applications').selectAll();
      const order = { columns: ['applicationAddress'], integers: 0 } as const;
      return pageOf(asked, query, order, (row) => applicationJson(asked.database, row));
    },
  },
  {
    path: '/applications/{applicationAddress}',
    summary: 'One application.',
    answer({ database, fields }) {
      const address = fields['applicationAddress']!;
      const query = from.selectFrom('applications').selectAll().where('applicationAddress', '=', address);
      const row = rowsOf(database, query)[0];
      return row === undefined ? notFound('application') : answered(applicationJson(database, row));
    },
  },
  seriesRoute(
    'application',
    '/applications/{applicationAddress}/sessions',
    'Spending of an application by session end, newest first.',
  ),
];

const SOURCE_ROUTES: readonly ExplorerRoute[] = [
  {
    path: '/sources',
    summary: 'Owners of services by address, with what each has earned.',
    pages: 'by name',
    answer(asked) {
      const query = from.selectFrom('services').select('ownerAddress').distinct();
      return pageOf(asked, query, { columns: ['ownerAddress'], integers: 0 }, ({ ownerAddress }) =>
        sourceJson(asked.database, ownerAddress),
      );
    },
  },
  {
    path: '/sources/{sourceAddress}',
    summary:
      'One Source; its services are at /services?source=, its earnings by service at /accounts/{address}/earnings.',
    answer({ database, fields }) {
      const source = sourceJson(database, fields['sourceAddress']!);
      return source['services'] === 0 && source['payments'] === '0' ? notFound('Source') : answered(source);
    },
  },
];

export const ACTOR_ROUTES: readonly ExplorerRoute[] = [...SUPPLIER_ROUTES, ...APPLICATION_ROUTES, ...SOURCE_ROUTES];

function supplierJson(database: SqlDatabase, row: SuppliersTable): JsonObject {
  const { supplierAddress } = row;
  const services = from
    .selectFrom('supplierServices')
    .select('serviceId')
    .where('supplierAddress', '=', supplierAddress)
    .orderBy('serviceId');
  return {
    ...row,
    services: rowsOf(database, services).map(({ serviceId }) => serviceId),
    totals: totalOf(database, 'supplier', supplierAddress),
  };
}

/** What it has spent: the settlements, and what it paid for inflation beside them. */
function applicationJson(database: SqlDatabase, row: ApplicationsTable): JsonObject {
  const totals = totalOf(database, 'application', row.applicationAddress);
  const spentUpokt = BigInt(totals['settledUpokt'] as string) + BigInt(totals['reimbursementUpokt'] as string);
  return { ...row, spentUpokt: `${spentUpokt}`, totals };
}

function sourceJson(database: SqlDatabase, sourceAddress: string): JsonObject {
  const owned = from
    .selectFrom('services')
    .where('ownerAddress', '=', sourceAddress)
    .select(({ fn }) => fn.countAll<number>().as('many'));
  const earned = from
    .selectFrom('earnings')
    .select(['paidUpokt', 'payments'])
    .where('scope', '=', 'network')
    .where('recipient', '=', sourceAddress)
    .where('role', '=', 'source');
  const { paidUpokt, payments } = rowsOf(database, earned)[0] ?? { paidUpokt: '0', payments: '0' };
  return { sourceAddress, services: rowsOf(database, owned)[0]!.many, paidUpokt, payments };
}
