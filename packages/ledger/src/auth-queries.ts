/**
 * Source: cosmos/cosmos-sdk `x/auth/keeper/grpc_query.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import type { BaseAccount } from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { Query } from '@decai/protocol/gen/cosmos/auth/v1beta1/query_pb';
import { accountAny } from './account-any.ts';
import { MODULE_ACCOUNTS } from './module-account.ts';
import { paginate } from './pagination.ts';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';
import { refuseAs, type Outcome } from './refusal.ts';
import type { State } from './state.ts';

export const AUTH_QUERIES: readonly QueryMethod[] = [
  queryMethod(Query.method.params, (state) => answered({ params: state.params.auth.live() })),

  queryMethod(Query.method.account, (state, { address }) => {
    const found = findAccount(state, address);
    return found.ok ? answered({ account: accountAny(found.value) }) : found;
  }),

  queryMethod(Query.method.accountInfo, (state, { address }) => {
    const found = findAccount(state, address);
    return found.ok ? answered({ info: found.value }) : found;
  }),

  queryMethod(Query.method.accounts, (state, { pagination }) => {
    const page = paginate((range) => state.accounts.records.entries(range), pagination);
    return page.ok ? answered({ accounts: page.value.rows.map(accountAny), pagination: page.value.pagination }) : page;
  }),

  queryMethod(Query.method.moduleAccounts, (state) => {
    const accounts = MODULE_ACCOUNTS.flatMap(({ address }) => state.accounts.get(address) ?? []);
    return answered({ accounts: accounts.map(accountAny) });
  }),

  queryMethod(Query.method.moduleAccountByName, (state, { name }) => {
    const address = MODULE_ACCOUNTS.find((account) => account.name === name)?.address ?? '';
    const account = state.accounts.get(address);
    if (account === undefined) return refuseAs('NotFound', `account ${name} not found`);
    return answered({ account: accountAny(account) });
  }),

  queryMethod(Query.method.bech32Prefix, () => answered({ bech32Prefix: 'pokt' })),
];

/** Refuses a malformed address (InvalidArgument), then one without account (NotFound). */
function findAccount(state: State, address: string): Outcome<BaseAccount> {
  const problem = addressProblem(address);
  if (problem !== undefined) return refuseAs('InvalidArgument', `Invalid address: ${problem}`);
  const account = state.accounts.get(address);
  if (account === undefined) return refuseAs('NotFound', `account ${address} not found`);
  return { ok: true, value: account };
}
