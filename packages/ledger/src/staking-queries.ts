/**
 * Validators and delegations as genesis listed them, for those who ask with the tools of Cosmos.
 *
 * Source: cosmos/cosmos-sdk `x/staking/keeper/grpc_query.go`.
 */
import { create } from '@bufbuild/protobuf';
import { decodeAddress } from '@decai/protocol/address';
import { coin, UPOKT } from '@decai/protocol/coin';
import type { PageRequest, PageResponse } from '@decai/protocol/gen/cosmos/base/query/v1beta1/pagination_pb';
import { Query } from '@decai/protocol/gen/cosmos/staking/v1beta1/query_pb';
import {
  BondStatus,
  BondStatusSchema,
  DelegationResponseSchema,
  type Delegation,
  type DelegationResponse,
} from '@decai/protocol/gen/cosmos/staking/v1beta1/staking_pb';
import { moduleNamed } from './module-account.ts';
import { paginate, type Page } from './pagination.ts';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';
import { refuseAs, type Outcome } from './refusal.ts';
import type { State } from './state.ts';
import { keyText } from './store.ts';

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

  queryMethod(Query.method.delegation, (state, { delegatorAddr, validatorAddr }) => {
    const delegation = state.validators.delegation(delegatorAddr, validatorAddr);
    if (delegation !== undefined) return answered({ delegationResponse: withBalance(state, delegation) });
    const details = `delegation with delegator ${delegatorAddr} not found for validator ${validatorAddr}`;
    return refuseAs('NotFound', details);
  }),

  queryMethod(Query.method.validatorDelegations, (state, { validatorAddr, pagination }) => {
    if (validatorAddr === '') return refuseAs('InvalidArgument', 'validator address cannot be empty');
    const all = [...state.validators.delegationsTo(validatorAddr)];
    return delegationsPage(state, all, ({ delegatorAddress }) => decodeAddress(delegatorAddress), pagination);
  }),

  queryMethod(Query.method.delegatorDelegations, (state, { delegatorAddr, pagination }) => {
    if (delegatorAddr === '') return refuseAs('InvalidArgument', 'delegator address cannot be empty');
    const all = [...state.validators.delegations()].filter((one) => one.delegatorAddress === delegatorAddr);
    return delegationsPage(state, all, operatorOf, pagination);
  }),

  queryMethod(Query.method.delegatorValidators, (state, { delegatorAddr, pagination }) => {
    if (delegatorAddr === '') return refuseAs('InvalidArgument', 'delegator address cannot be empty');
    const all = [...state.validators.delegations()].filter((one) => one.delegatorAddress === delegatorAddr);
    const page = delegationRows(all, operatorOf, pagination);
    if (!page.ok) return page;
    const validators = page.value.rows.flatMap(({ validatorAddress }) => state.validators.get(validatorAddress) ?? []);
    return answered({ validators, pagination: page.value.pagination });
  }),

  queryMethod(Query.method.delegatorValidator, (state, { delegatorAddr, validatorAddr }) => {
    if (delegatorAddr === '') return refuseAs('InvalidArgument', 'delegator address cannot be empty');
    if (validatorAddr === '') return refuseAs('InvalidArgument', 'validator address cannot be empty');
    const delegation = state.validators.delegation(delegatorAddr, validatorAddr);
    const validator = delegation === undefined ? undefined : state.validators.get(validatorAddr);
    if (validator !== undefined) return answered({ validator });
    return refuseAs('Internal', 'no delegation for (address, validator) tuple');
  }),

  // Delegations do not change here: nothing is ever on its way back, or from one validator to another.
  queryMethod(Query.method.validatorUnbondingDelegations, (_state, { validatorAddr, pagination }) => {
    if (validatorAddr === '') return refuseAs('InvalidArgument', 'validator address cannot be empty');
    return nothing(pagination);
  }),

  queryMethod(Query.method.delegatorUnbondingDelegations, (_state, { delegatorAddr, pagination }) => {
    if (delegatorAddr === '') return refuseAs('InvalidArgument', 'delegator address cannot be empty');
    return nothing(pagination);
  }),

  queryMethod(Query.method.unbondingDelegation, (_state, { delegatorAddr, validatorAddr }) => {
    if (delegatorAddr === '') return refuseAs('InvalidArgument', 'delegator address cannot be empty');
    if (validatorAddr === '') return refuseAs('InvalidArgument', 'validator address cannot be empty');
    const details = `unbonding delegation with delegator ${delegatorAddr} not found for validator ${validatorAddr}`;
    return refuseAs('NotFound', details);
  }),

  queryMethod(Query.method.redelegations, (_state, { pagination }) => nothing(pagination)),

  queryMethod(Query.method.pool, (state) => {
    const tokens = (name: 'bonded_tokens_pool' | 'not_bonded_tokens_pool'): string =>
      String(state.bank.balance(moduleNamed(name).address, UPOKT));
    return answered({
      pool: { bondedTokens: tokens('bonded_tokens_pool'), notBondedTokens: tokens('not_bonded_tokens_pool') },
    });
  }),

  queryMethod(Query.method.params, (state) => answered({ params: state.params.staking.live() })),
];

function operatorOf({ validatorAddress }: Delegation): Uint8Array {
  return decodeAddress(validatorAddress, 'poktvaloper');
}

/** An empty list, with the page that it is. */
function nothing(pagination: PageRequest | undefined): Outcome<{ pagination: PageResponse }> {
  const page = paginate(() => [], pagination);
  return page.ok ? answered({ pagination: page.value.pagination }) : page;
}

/** In the order of addresses as bytes, which is that of Shannon's keys. */
function delegationRows(
  all: readonly Delegation[],
  addressOf: (delegation: Delegation) => Uint8Array,
  pagination: PageRequest | undefined,
): Outcome<Page<Delegation>> {
  const sorted = all.map((one) => [keyText(addressOf(one)), one] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return paginate(({ start = '', end, reverse = false }) => {
    const within = sorted.filter(([key]) => key >= start && (end === undefined || key < end));
    return reverse ? within.reverse() : within;
  }, pagination);
}

function delegationsPage(
  state: State,
  all: readonly Delegation[],
  addressOf: (delegation: Delegation) => Uint8Array,
  pagination: PageRequest | undefined,
): Outcome<{ delegationResponses: DelegationResponse[]; pagination: PageResponse }> {
  const page = delegationRows(all, addressOf, pagination);
  if (!page.ok) return page;
  const delegationResponses = page.value.rows.map((one) => withBalance(state, one));
  return answered({ delegationResponses, pagination: page.value.pagination });
}

/** A delegation with what its shares are worth, rounded down; nothing where the validator has no shares. */
function withBalance(state: State, delegation: Delegation): DelegationResponse {
  const { tokens = '0', delegatorShares = '0' } = state.validators.get(delegation.validatorAddress) ?? {};
  const all = BigInt(delegatorShares);
  const balance = coin(all === 0n ? 0n : (BigInt(delegation.shares) * BigInt(tokens)) / all);
  return create(DelegationResponseSchema, { delegation, balance });
}
