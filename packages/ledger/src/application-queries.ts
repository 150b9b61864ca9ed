/**
 * Source: pokt-network/poktroll `x/application/keeper/query_*.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import { Query } from '@decai/protocol/gen/pocket/application/query_pb';
import { paginate } from './pagination.ts';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';
import { refuse } from './refusal.ts';
import { APPLICATION } from './registered-error.ts';

export const APPLICATION_QUERIES: readonly QueryMethod[] = [
  queryMethod(Query.method.params, (state) => answered({ params: state.params.application.live() })),

  queryMethod(Query.method.application, (state, { address }) => {
    const application = state.applications.get(address);
    if (application === undefined) return refuse(APPLICATION.NOT_FOUND, `app address: ${address}`, 'NotFound');
    return answered({ application });
  }),

  queryMethod(Query.method.allApplications, (state, { pagination, delegateeGatewayAddress }) => {
    const problem = delegateeGatewayAddress === '' ? undefined : addressProblem(delegateeGatewayAddress);
    if (problem !== undefined) {
      const details = `"${delegateeGatewayAddress}"; (${problem})`;
      return refuse(APPLICATION.QUERY_INVALID_GATEWAY_ADDRESS, details, 'InvalidArgument');
    }
    const page = paginate(
      (range) => state.applications.entries(range),
      pagination,
      ({ delegateeGatewayAddresses: delegatees }) =>
        delegateeGatewayAddress === '' || delegatees.includes(delegateeGatewayAddress),
    );
    return page.ok ? answered({ applications: [...page.value.rows], pagination: page.value.pagination }) : page;
  }),
];
