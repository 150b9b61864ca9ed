/**
 * Source: cosmos/cosmos-sdk `x/authz/keeper/grpc_query.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import type { GrantAuthorization } from '@decai/protocol/gen/cosmos/authz/v1beta1/authz_pb';
import { Query } from '@decai/protocol/gen/cosmos/authz/v1beta1/query_pb';
import type { PageRequest } from '@decai/protocol/gen/cosmos/base/query/v1beta1/pagination_pb';
import { paginate, type Page, type Walk } from './pagination.ts';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';
import { refuse, type Outcome, type Refusal } from './refusal.ts';
import { AUTHZ, UNREGISTERED } from './registered-error.ts';

export const AUTHZ_QUERIES: readonly QueryMethod[] = [
  queryMethod(Query.method.grants, (state, { granter, grantee, msgTypeUrl, pagination }) => {
    const refusal = checkAddresses(granter, grantee);
    if (refusal !== undefined) return refusal;
    if (msgTypeUrl !== '') {
      const grant = state.grants.get({ granter, grantee, messageType: msgTypeUrl });
      if (grant !== undefined) return answered({ grants: [grant] });
      return refuse(AUTHZ.NOT_GRANTED, `authorization not found for ${msgTypeUrl.slice(0, 128)} type`);
    }
    const page = paginate((range) => state.grants.entries({ granter, grantee }, range), pagination);
    if (!page.ok) return page;
    const grants = page.value.rows.map(({ authorization, expiration }) => ({
      ...(authorization !== undefined && { authorization }),
      ...(expiration !== undefined && { expiration }),
    }));
    return answered({ grants, pagination: page.value.pagination });
  }),

  queryMethod(Query.method.granterGrants, (state, { granter, pagination }) => {
    const refusal = checkAddresses(granter);
    return refusal ?? grantsIn((range) => state.grants.entries({ granter }, range), pagination);
  }),

  // There is no order by grantee: all grants are walked, and only his count.
  queryMethod(Query.method.granteeGrants, (state, { grantee, pagination }) => {
    const refusal = checkAddresses(grantee);
    if (refusal !== undefined) return refusal;
    return grantsIn(function* (range) {
      for (const entry of state.grants.entries({}, range)) if (entry[1].grantee === grantee) yield entry;
    }, pagination);
  }),
];

function grantsIn(
  walk: Walk<GrantAuthorization>,
  pagination: PageRequest | undefined,
): Outcome<{ grants: GrantAuthorization[]; pagination: Page<GrantAuthorization>['pagination'] }> {
  const page = paginate(walk, pagination);
  return page.ok ? answered({ grants: [...page.value.rows], pagination: page.value.pagination }) : page;
}

function checkAddresses(...addresses: readonly string[]): Refusal | undefined {
  for (const address of addresses) {
    const problem = addressProblem(address);
    if (problem !== undefined) return refuse(UNREGISTERED, problem);
  }
  return undefined;
}
