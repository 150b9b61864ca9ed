/**
 * Source: pokt-network/poktroll `x/supplier/keeper/query_*.go`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { PageResponseSchema } from '@decai/protocol/gen/cosmos/base/query/v1beta1/pagination_pb';
import type { Supplier } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { Query, type QueryAllSuppliersRequest } from '@decai/protocol/gen/pocket/supplier/query_pb';
import { paginate, type Page } from './pagination.ts';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';
import { refuse, wrapRefusal, type Outcome, type Refusal } from './refusal.ts';
import { SUPPLIER } from './registered-error.ts';
import { checkServiceId } from './service-check.ts';
import type { State } from './state.ts';
import { isConfigActive } from './supplier-records.ts';

export const SUPPLIER_QUERIES: readonly QueryMethod[] = [
  queryMethod(Query.method.params, (state) => answered({ params: state.params.supplier.live() })),

  queryMethod(Query.method.supplier, (state, { operatorAddress, dehydrated }) => {
    const stored = state.suppliers.get(operatorAddress);
    if (stored === undefined) {
      return refuse(SUPPLIER.NOT_FOUND, `supplier with operator address: "${operatorAddress}"`, 'NotFound');
    }
    return answered({ supplier: shown(state, stored, dehydrated) });
  }),

  queryMethod(Query.method.allSuppliers, (state, request) => {
    const { serviceId, operatorAddress, ownerAddress, dehydrated } = request;
    const refusal = checkFilters(request);
    if (refusal !== undefined) return refusal;
    if (operatorAddress !== '' && serviceId === '' && ownerAddress === '') {
      const stored = state.suppliers.get(operatorAddress);
      return answered({ supplier: stored === undefined ? [] : [shown(state, stored, dehydrated)] });
    }
    const page = serviceId === '' ? allSuppliers(state, request) : suppliersOf(state, request);
    if (!page.ok) return page;
    const supplier = page.value.rows.map((stored) => shown(state, stored, dehydrated));
    return answered({ supplier, pagination: page.value.pagination });
  }),
];

/** Refuses, in this order: service id (1109), operator, owner address (1102). */
function checkFilters({ serviceId, operatorAddress, ownerAddress }: QueryAllSuppliersRequest): Refusal | undefined {
  const service = serviceId === '' ? undefined : checkServiceId(serviceId);
  if (service !== undefined) return wrapRefusal(service, SUPPLIER.INVALID_SERVICE_ID, 'InvalidArgument');
  for (const [role, address] of Object.entries({ operator: operatorAddress, owner: ownerAddress })) {
    const problem = address === '' ? undefined : addressProblem(address);
    if (problem === undefined) continue;
    const details = `invalid ${role} address ${address}; (${problem})`;
    return refuse(SUPPLIER.INVALID_ADDRESS, details, 'InvalidArgument');
  }
  return undefined;
}

function allSuppliers(state: State, request: QueryAllSuppliersRequest): Outcome<Page<Supplier>> {
  return paginate(
    (range) => state.suppliers.entries(range),
    request.pagination,
    (supplier) => matches(supplier, request),
  );
}

/** Pages over a service's configurations, so that a supplier counts once a page; those that are not active now are left out. */
function suppliersOf(state: State, request: QueryAllSuppliersRequest): Outcome<Page<Supplier>> {
  const seen = new Set<string>();
  const page = paginate(
    (range) => state.suppliers.configEntries(request.serviceId, range),
    request.pagination,
    (config) => {
      const isNew = isConfigActive(config, state.height) && !seen.has(config.operatorAddress);
      if (isNew) seen.add(config.operatorAddress);
      return isNew;
    },
  );
  if (!page.ok) return page;
  const rows = page.value.rows
    .flatMap(({ operatorAddress }) => state.suppliers.get(operatorAddress) ?? [])
    .filter((supplier) => matches(supplier, request));
  return { ok: true, value: { rows, pagination: create(PageResponseSchema, page.value.pagination) } };
}

function matches(supplier: Supplier, { operatorAddress, ownerAddress }: QueryAllSuppliersRequest): boolean {
  const isOperator = operatorAddress === '' || supplier.operatorAddress === operatorAddress;
  return isOperator && (ownerAddress === '' || supplier.ownerAddress === ownerAddress);
}

/** Dehydrated: what is active now, without revenue shares and without history. */
function shown(state: State, stored: Supplier, dehydrated: boolean): Supplier {
  const supplier = state.suppliers.hydrate(stored, state.height);
  if (!dehydrated) return supplier;
  const services = supplier.services.map((service) => ({ ...service, revShare: [] }));
  return { ...supplier, services, serviceConfigHistory: [] };
}
