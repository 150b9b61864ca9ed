/**
 * Validators as genesis listed them, for those who ask with the tools of Cosmos.
 *
 * Source: cosmos/cosmos-sdk `x/staking/keeper/grpc_query.go`.
 */
import { Query } from '@decai/protocol/gen/cosmos/staking/v1beta1/query_pb';
import { BondStatus, BondStatusSchema } from '@decai/protocol/gen/cosmos/staking/v1beta1/staking_pb';
import { paginate } from './pagination.ts';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';
import { refuseAs } from './refusal.ts';

export const STAKING_QUERIES: readonly QueryMethod[] = [
  queryMethod(Query.method.validators, (state, { status, pagination }) => {
    const wanted = BondStatusSchema.values.find(({ name }) => name === status)?.number;
    if (status !== '' && (wanted === undefined || wanted === BondStatus.UNSPECIFIED)) {
      return refuseAs('InvalidArgument', `invalid validator status ${status}`);
    }
    const page = paginate(
      (range) => state.validators.entries(range),
      pagination,
      (validator) => wanted === undefined || validator.status === wanted,
    );
    return page.ok ? answered({ validators: [...page.value.rows], pagination: page.value.pagination }) : page;
  }),

  queryMethod(Query.method.validator, (state, { validatorAddr }) => {
    const validator = state.validators.get(validatorAddr);
    if (validator !== undefined) return answered({ validator });
    return refuseAs('NotFound', `validator ${validatorAddr} not found`);
  }),
];
