/**
 * Source: cosmos/cosmos-sdk `x/bank/keeper/grpc_query.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import { coin, isDenomination } from '@decai/protocol/coin';
import { Query } from '@decai/protocol/gen/cosmos/bank/v1beta1/query_pb';
import type { PageRequest } from '@decai/protocol/gen/cosmos/base/query/v1beta1/pagination_pb';
import type { Coins } from './coins.ts';
import { keyOf, textSegment } from './key.ts';
import { paginate, type Page } from './pagination.ts';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';
import { refuseAs, type Outcome, type Refusal } from './refusal.ts';
import type { State } from './state.ts';
import type { Coin } from '@decai/protocol/coin';

export const BANK_QUERIES: readonly QueryMethod[] = [
  queryMethod(Query.method.params, (state) => answered({ params: state.params.bank.live() })),

  queryMethod(Query.method.balance, (state, { address, denom }) => {
    const refusal = checkAddress(address) ?? checkDenomination(denom);
    if (refusal !== undefined) return refusal;
    return answered({ balance: coin(state.bank.balance(address, denom), denom) });
  }),

  queryMethod(Query.method.allBalances, (state, { address, pagination }) => balances(state, address, pagination)),

  // Nothing is ever locked, so everything may be spent.
  queryMethod(Query.method.spendableBalances, (state, { address, pagination }) => balances(state, address, pagination)),

  queryMethod(Query.method.spendableBalanceByDenom, (state, { address, denom }) => {
    const refusal = checkAddress(address) ?? checkDenomination(denom);
    if (refusal !== undefined) return refusal;
    return answered({ balance: coin(state.bank.balance(address, denom), denom) });
  }),

  queryMethod(Query.method.supplyOf, (state, { denom }) => {
    const refusal = checkDenomination(denom);
    return refusal ?? answered({ amount: coin(state.bank.supply(denom), denom) });
  }),

  queryMethod(Query.method.totalSupply, (state, { pagination }) => {
    const page = pageOfCoins(state.bank.totalSupply(), pagination);
    return page.ok ? answered({ supply: [...page.value.rows], pagination: page.value.pagination }) : page;
  }),
];

function balances(
  state: State,
  address: string,
  pagination: PageRequest | undefined,
): Outcome<{ balances: Coin[]; pagination: Page<Coin>['pagination'] }> {
  const refusal = checkAddress(address);
  if (refusal !== undefined) return refusal;
  const page = pageOfCoins(state.bank.balances(address), pagination);
  return page.ok ? answered({ balances: [...page.value.rows], pagination: page.value.pagination }) : page;
}

/** Coins are few; their page keys are their denominations. */
function pageOfCoins(coins: Coins, pagination: PageRequest | undefined): Outcome<Page<Coin>> {
  return paginate(({ start, end, reverse = false }) => {
    const entries = coins
      .map((held) => [keyOf(textSegment(held.denom)), held] as const)
      .filter(([key]) => (start === undefined || key >= start) && (end === undefined || key < end));
    return reverse ? entries.reverse() : entries;
  }, pagination);
}

function checkAddress(address: string): Refusal | undefined {
  const problem = addressProblem(address);
  return problem === undefined ? undefined : refuseAs('InvalidArgument', `invalid address: ${problem}`);
}

function checkDenomination(denom: string): Refusal | undefined {
  return isDenomination(denom) ? undefined : refuseAs('InvalidArgument', `invalid denom: ${denom}`);
}
