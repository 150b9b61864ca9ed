/** Services: what each one sells, who sells and buys it, and what became of that. */
import { notFound } from './explorer-refusal.ts';
import { answered, type Asked, type ExplorerRoute, type JsonObject } from './explorer-route.ts';
import { pageOf } from './explorer-page.ts';
import { from, rowsOf } from './explorer-query.ts';
import type { ServicesTable } from './explorer-tables.ts';
import { earningsRoute } from './earning-routes.ts';
import { seriesRoute, totalOf } from './tally-routes.ts';

export const SERVICE_ROUTES: readonly ExplorerRoute[] = [
  {
    path: '/services',
    summary: 'Services by id, with suppliers, applications, volume and price of each.',
    filters: ['source'],
    pages: 'by name',
    answer(asked) {
      const all = from.selectFrom('services').selectAll();
      const { source } = asked.query;
      const query = source === undefined ? all : all.where('ownerAddress', '=', source);
      return pageOf(asked, query, { columns: ['serviceId'], integers: 0 }, (row) => serviceJson(asked, row));
    },
  },
  {
    path: '/services/{serviceId}',
    summary: 'One service.',
    answer(asked) {
      const query = from.selectFrom('services').selectAll().where('serviceId', '=', asked.fields['serviceId']!);
      const row = rowsOf(asked.database, query)[0];
      return row === undefined ? notFound('service') : answered(serviceJson(asked, row));
    },
  },
  seriesRoute(
    'service',
    '/services/{serviceId}/sessions',
    'Volume and price of a service by session end, newest first.',
  ),
  earningsRoute('service', '/services/{serviceId}/earnings', 'Who was paid for a service, and for which part.'),
];

function serviceJson({ database }: Asked, row: ServicesTable): JsonObject {
  const { serviceId } = row;
  const suppliers = from
    .selectFrom('supplierServices')
    .innerJoin('suppliers', 'suppliers.supplierAddress', 'supplierServices.supplierAddress')
    .where('serviceId', '=', serviceId)
    .where('status', '=', 'staked');
  const applications = from
    .selectFrom('applications')
    .where('serviceId', '=', serviceId)
    .where('status', '=', 'staked');
  return {
    ...row,
    suppliersStaked: rowsOf(
      database,
      suppliers.select(({ fn }) => fn.countAll<number>().as('many')),
    )[0]!.many,
    applicationsStaked: rowsOf(
      database,
      applications.select(({ fn }) => fn.countAll<number>().as('many')),
    )[0]!.many,
    totals: totalOf(database, 'service', serviceId),
  };
}
