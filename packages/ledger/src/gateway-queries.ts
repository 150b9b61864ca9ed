/**
 * Source: pokt-network/poktroll `x/gateway/keeper/query_*.go`.
 */
import { Query } from '@decai/protocol/gen/pocket/gateway/query_pb';
import { paginate } from './pagination.ts';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';
import { refuseAs } from './refusal.ts';
import { withoutCard } from './stake-gateway.ts';

export const GATEWAY_QUERIES: readonly QueryMethod[] = [
  queryMethod(Query.method.params, (state) => answered({ params: state.params.gateway.live() })),

  queryMethod(Query.method.gateway, (state, { address, dehydrated }) => {
    const gateway = state.gateways.get(address);
    if (gateway === undefined) return refuseAs('NotFound', `gateway not found: address ${address}`);
    return answered({ gateway: dehydrated ? withoutCard(gateway) : gateway });
  }),

  queryMethod(Query.method.allGateways, (state, { pagination, dehydrated }) => {
    const page = paginate((range) => state.gateways.entries(range), pagination);
    if (!page.ok) return page;
    const gateways = page.value.rows.map((gateway) => (dehydrated ? withoutCard(gateway) : gateway));
    return answered({ gateways, pagination: page.value.pagination });
  }),
];
