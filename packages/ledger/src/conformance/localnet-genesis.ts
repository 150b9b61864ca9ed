/**
 * The genesis of a recorded run in the form that this ledger reads.
 *
 * There a transaction of genesis makes the first validator; here validators are listed under staking. So its effects are
 * written out: the validator with the tokens recorded after the first block, his delegation, and the coins, key and sequence
 * of the account that made it.
 *
 * Source: cosmos/cosmos-sdk `x/genutil/gentx.go`, `x/staking/keeper/msg_server.go`.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { moduleNamed } from '../module-account.ts';
import { validatorsIn, type JsonObject, type LocalnetRun, type RecordedValidator } from './localnet-run.ts';

type GenesisTransaction = {
  readonly body: { readonly messages: readonly [CreateValidator] };
  readonly auth_info: { readonly signer_infos: readonly [{ readonly public_key: JsonValue }] };
};

type CreateValidator = {
  readonly description: JsonValue;
  readonly min_self_delegation: string;
  readonly validator_address: string;
  readonly pubkey: JsonValue;
  readonly value: { readonly denom: string; readonly amount: string };
};

/** The genesis document, without transactions. */
export function ledgerGenesis({ genesis, state }: LocalnetRun): JsonObject {
  const app = genesis['app_state'] as JsonObject;
  const validators = validatorsIn(state[0]);
  const recorded = new Map(validators);
  const made = genesisTransactions(genesis).map((transaction) => ({
    transaction,
    validator: recorded.get(messageOf(transaction).validator_address)!,
  }));
  const balances = made.reduce((before, { transaction, validator }) => {
    return bonded(before, validator.account, messageOf(transaction).value);
  }, balancesOf(app));
  const auth = app['auth'] as JsonObject;
  const accounts = (auth['accounts'] as JsonObject[]).map((account) => {
    const signed = made.find(({ validator }) => validator.account === account['address'])?.transaction;
    if (signed === undefined) return account;
    return { ...account, pub_key: signed.auth_info.signer_infos[0].public_key, sequence: '1' };
  });
  return {
    ...genesis,
    app_state: {
      ...app,
      auth: { ...auth, accounts },
      bank: { ...(app['bank'] as JsonObject), balances: balancesJson(balances) },
      genutil: { gen_txs: [] },
      staking: {
        ...(app['staking'] as JsonObject),
        validators: validators.map(([operator, one]) => validatorJson(genesis, operator, one)),
        delegations: validators.flatMap(([operator, one]) => delegationsJson(operator, one)),
      },
    },
  };
}

/** A validator's record, of what a run tells of it and, where it was there from the beginning, what it said of itself. */
export function validatorJson(genesis: JsonObject, operator: string, recorded: RecordedValidator): JsonObject {
  const message = genesisTransactions(genesis)
    .map(messageOf)
    .find(({ validator_address: address }) => address === operator);
  return {
    operator_address: operator,
    consensus_pubkey: message?.pubkey ?? null,
    jailed: false,
    status: recorded.status,
    tokens: recorded.tokens,
    delegator_shares: recorded.delegator_shares,
    description: message?.description ?? {},
    unbonding_height: '0',
    unbonding_time: '1970-01-01T00:00:00Z',
    commission: recorded.commission,
    min_self_delegation: message?.min_self_delegation ?? '1',
    unbonding_on_hold_ref_count: '0',
    unbonding_ids: [],
  };
}

export function delegationsJson(operator: string, { delegations }: RecordedValidator): JsonObject[] {
  return delegations.map(({ delegator, shares }) => ({
    delegator_address: delegator,
    validator_address: operator,
    shares,
  }));
}

function genesisTransactions(genesis: JsonObject): readonly GenesisTransaction[] {
  const { genutil } = genesis['app_state'] as unknown as {
    readonly genutil?: { readonly gen_txs?: GenesisTransaction[] };
  };
  return genutil?.gen_txs ?? [];
}

function messageOf({ body }: GenesisTransaction): CreateValidator {
  return body.messages[0];
}

type Balances = ReadonlyMap<string, ReadonlyMap<string, bigint>>;

function balancesOf(app: JsonObject): Balances {
  const { balances } = app['bank'] as unknown as {
    readonly balances: readonly { readonly address: string; readonly coins: CreateValidator['value'][] }[];
  };
  return new Map(
    balances.map(({ address, coins }) => [
      address,
      new Map(coins.map(({ denom, amount }) => [denom, BigInt(amount)] as const)),
    ]),
  );
}

/** The coins of a self-delegation lie with the bonded tokens. */
function bonded(before: Balances, account: string, { denom, amount }: CreateValidator['value']): Balances {
  const pool = moduleNamed('bonded_tokens_pool').address;
  const changed = (address: string, change: bigint): [string, ReadonlyMap<string, bigint>] => {
    const coins = before.get(address) ?? new Map<string, bigint>();
    return [address, new Map([...coins, [denom, (coins.get(denom) ?? 0n) + change]])];
  };
  return new Map([...before, changed(account, -BigInt(amount)), changed(pool, BigInt(amount))]);
}

function balancesJson(balances: Balances): JsonValue {
  return [...balances].map(([address, coins]) => ({
    address,
    coins: [...coins].filter(([, amount]) => amount > 0n).map(([denom, amount]) => ({ denom, amount: String(amount) })),
  }));
}
