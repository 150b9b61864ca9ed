/**
 * Source: cosmos/cosmos-sdk `x/bank/keeper/grpc_query.go`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { coin, isDenomination } from '@decai/protocol/coin';
import type { Metadata } from '@decai/protocol/gen/cosmos/bank/v1beta1/bank_pb';
import { DenomOwnerSchema, Query, type DenomOwner } from '@decai/protocol/gen/cosmos/bank/v1beta1/query_pb';
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

  queryMethod(Query.method.denomMetadata, (state, { denom }) => findMetadata(state, denom)),

  // The same for denominations that a path cannot hold.
  queryMethod(Query.method.denomMetadataByQueryString, (state, { denom }) => findMetadata(state, denom)),

  queryMethod(Query.method.denomsMetadata, (state, { pagination }) => {
    const page = paginate((range) => state.bank.metadata.records.entries(range), pagination);
    return page.ok ? answered({ metadatas: [...page.value.rows], pagination: page.value.pagination }) : page;
  }),

  queryMethod(Query.method.denomOwners, (state, { denom, pagination }) => owners(state, denom, pagination)),

  queryMethod(Query.method.denomOwnersByQuery, (state, { denom, pagination }) => owners(state, denom, pagination)),

  queryMethod(Query.method.sendEnabled, (state, { denoms, pagination }) => {
    const entries = state.params.bank.live().sendEnabled.toSorted((a, b) => (a.denom < b.denom ? -1 : 1));
    if (denoms.length > 0) return answered({ sendEnabled: entries.filter(({ denom }) => denoms.includes(denom)) });
    const page = pageOfRows(entries, ({ denom }) => denom, pagination);
    return page.ok ? answered({ sendEnabled: [...page.value.rows], pagination: page.value.pagination }) : page;
  }),
];

function findMetadata(state: State, denom: string): Outcome<{ metadata: Metadata }> {
  const refusal = checkDenomination(denom);
  if (refusal !== undefined) return refusal;
  const metadata = state.bank.metadata.get(denom);
  if (metadata === undefined) return refuseAs('NotFound', `client metadata for denom ${denom}`);
  return answered({ metadata });
}

function owners(
  state: State,
  denom: string,
  pagination: PageRequest | undefined,
): Outcome<{ denomOwners: DenomOwner[]; pagination: Page<DenomOwner>['pagination'] }> {
  const refusal = checkDenomination(denom);
  if (refusal !== undefined) return refusal;
  const page = paginate((range) => state.bank.owners(denom, range), pagination);
  if (!page.ok) return page;
  const denomOwners = page.value.rows.map(({ address, amount }) =>
    create(DenomOwnerSchema, { address, balance: coin(amount, denom) }),
  );
  return answered({ denomOwners, pagination: page.value.pagination });
}

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

function pageOfCoins(coins: Coins, pagination: PageRequest | undefined): Outcome<Page<Coin>> {
  return pageOfRows(coins, ({ denom }) => denom, pagination);
}

/** Of rows that are few, one a denomination and ascending; their page keys are their denominations. */
function pageOfRows<Row>(
  rows: readonly Row[],
  denomOf: (row: Row) => string,
  pagination: PageRequest | undefined,
): Outcome<Page<Row>> {
  return paginate(({ start, end, reverse = false }) => {
    const entries = rows
      .map((row) => [keyOf(textSegment(denomOf(row))), row] as const)
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
