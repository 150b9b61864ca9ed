/**
 * From the genesis document to the first state: every module in its turn, every record checked.
 *
 * Stakes in the document move no coins, so the bank must already hold them: each actor module's account at least the sum
 * of its actors' stakes. Anything that the document says and nobody reads is a fault, not a silence.
 *
 * Source: pokt-network/poktroll `x/<module>/module/genesis.go`, `app/app_config.go` (init order).
 */
import type { DescMessage, JsonValue, MessageShape } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import { accountKeyAddress, readAccountKey } from '@decai/protocol/account-key';
import { addressProblem } from '@decai/protocol/address';
import { typeUrlOf } from '@decai/protocol/any';
import { decode } from '@decai/protocol/codec';
import { coinsProblem } from '@decai/protocol/coin';
import { isFault } from '@decai/protocol/fault';
import {
  BaseAccountSchema,
  ModuleAccountSchema,
  type BaseAccount,
} from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { GenesisStateSchema as AuthGenesisSchema } from '@decai/protocol/gen/cosmos/auth/v1beta1/genesis_pb';
import { GenesisStateSchema as AuthzGenesisSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/genesis_pb';
import { GenesisStateSchema as BankGenesisSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/genesis_pb';
import { activeCurve } from '@decai/protocol/curve';
import { fromChainJson } from '@decai/protocol/parse-chain-json';
import { metadataProblem } from './denom-metadata.ts';
import { objectOf, invalidGenesis, type Genesis } from './genesis.ts';
import { readGrants } from './genesis-grants.ts';
import { readPocketGenesis } from './genesis-pocket.ts';
import type { GenesisReader } from './genesis-record.ts';
import { readRecords, RECORDS_MODULE } from './genesis-records.ts';
import { readStaking } from './genesis-staking.ts';
import { moduleAt, moduleNamed, type ModuleName } from './module-account.ts';
import type { State } from './state.ts';

/** Modules of Cosmos whose part of the document describes nothing that this ledger has. */
const IGNORED_MODULES: ReadonlySet<string> = new Set([
  'circuit',
  'consensus',
  'crisis',
  'distribution',
  'evidence',
  'feegrant',
  'genutil',
  'gov',
  'group',
  'migration',
  'mint',
  'params',
  'runtime',
  'slashing',
  'upgrade',
  'vesting',
]);

const READ_MODULES: ReadonlySet<string> = new Set([
  RECORDS_MODULE,
  'auth',
  'authz',
  'bank',
  'staking',
  'service',
  'gateway',
  'application',
  'supplier',
  'session',
  'proof',
  'tokenomics',
  'shared',
]);

/** Writes the state that a genesis describes. @throws GENESIS_INVALID */
export function readGenesisState(state: State, genesis: Genesis): void {
  const { appState } = genesis;
  const unread = Object.keys(appState).find((name) => !READ_MODULES.has(name) && !IGNORED_MODULES.has(name));
  if (unread !== undefined) throw invalidGenesis(`app_state.${unread}: no such module`);
  const { gen_txs: genesisTransactions } = objectOf(appState['genutil'] ?? {}, 'app_state.genutil');
  if (Array.isArray(genesisTransactions) && genesisTransactions.length > 0) {
    throw invalidGenesis('app_state.genutil.gen_txs: list validators under staking instead');
  }
  readAuth(state, moduleState(appState, 'auth', AuthGenesisSchema));
  readBank(state, moduleState(appState, 'bank', BankGenesisSchema));
  readGrants(state, read('app_state.authz', AuthzGenesisSchema, appState['authz'] ?? {}));
  readStaking(state, appState['staking'] ?? {}, read);
  const part: GenesisReader = (module, schema) => moduleState(appState, module, schema);
  readPocketGenesis(state, part, genesis.appHash !== undefined);
  readRecords(state, genesis);
}

/** A module's part of the document. @throws GENESIS_INVALID when it is missing or does not fit its schema. */
function moduleState<Desc extends DescMessage>(
  appState: Genesis['appState'],
  module: string,
  schema: Desc,
): MessageShape<Desc> {
  const json = appState[module];
  if (json === undefined) throw invalidGenesis(`app_state.${module} is missing`);
  return read(`app_state.${module}`, schema, json);
}

function read<Desc extends DescMessage>(name: string, schema: Desc, json: JsonValue): MessageShape<Desc> {
  try {
    return fromChainJson(schema, json);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    throw invalidGenesis(`${name}: ${thrown.message}`, thrown);
  }
}

/** Modules whose accounts exist from the first block on, in the order of their numbers. Others get theirs on first use. */
const FIRST_MODULES: readonly ModuleName[] = [
  'fee_collector',
  'distribution',
  'bonded_tokens_pool',
  'not_bonded_tokens_pool',
  'gov',
  'mint',
];

/** Numbers and sequences are counted on from here and must stay within 64 bits. */
const COUNTER_MAX = 2n ** 63n;

/** Sums of coins must stay readable as amounts, which have at most 256 bits, whatever is minted later. */
const SUPPLY_MAX = 2n ** 255n;

/** Accounts keep the numbers that the document gives them; modules' accounts come after them. */
function readAuth(state: State, { params, accounts }: MessageShape<typeof AuthGenesisSchema>): void {
  if (params === undefined) throw invalidGenesis('app_state.auth.params is missing');
  state.params.auth.setLive(params);
  const numbers = new Set<bigint>();
  for (const any of accounts) {
    const account = accountIn(any);
    if (state.accounts.get(account.address) !== undefined) {
      throw invalidGenesis(`app_state.auth.accounts: ${account.address} twice`);
    }
    if (account.accountNumber > COUNTER_MAX || account.sequence > COUNTER_MAX) {
      throw invalidGenesis(
        `app_state.auth.accounts: number or sequence of ${account.address} leaves no room to count on`,
      );
    }
    if (numbers.has(account.accountNumber)) {
      throw invalidGenesis(`app_state.auth.accounts: number ${account.accountNumber} twice`);
    }
    numbers.add(account.accountNumber);
    state.accounts.put(account);
    state.accounts.reserveNumber(account.accountNumber);
  }
  for (const name of FIRST_MODULES) state.accounts.ensure(moduleNamed(name).address);
}

function accountIn(any: Any): BaseAccount {
  const account =
    any.typeUrl === typeUrlOf(BaseAccountSchema)
      ? decode(BaseAccountSchema, any.value)
      : any.typeUrl === typeUrlOf(ModuleAccountSchema)
        ? decode(ModuleAccountSchema, any.value).baseAccount
        : undefined;
  if (account === undefined) throw invalidGenesis(`app_state.auth.accounts: ${any.typeUrl} is not supported`);
  const problem = addressProblem(account.address) ?? keyProblem(account);
  if (problem !== undefined) throw invalidGenesis(`app_state.auth.accounts: ${problem}`);
  return account;
}

/** Why an account's key cannot be its key; undefined also where it has none yet. */
function keyProblem({ address, pubKey }: BaseAccount): string | undefined {
  if (pubKey === undefined) return undefined;
  try {
    const key = readAccountKey(pubKey);
    // A member of a threshold key may be no point, on a running chain too: it never signs.
    if (key.kind === 'secp256k1' && !activeCurve().isPoint(key.publicKey))
      return `the public key of ${address} is no point of secp256k1`;
    const owner = accountKeyAddress(key);
    return owner === address ? undefined : `the public key of ${address} belongs to ${owner}`;
  } catch (thrown) {
    if (!isFault(thrown, 'ACCOUNT_KEY_INVALID')) throw thrown;
    return `the public key of ${address}: ${thrown.message}`;
  }
}

/** Whoever has coins has an account; a module, once it is used. A supply that is written out must be the sum of the balances. */
function readBank(
  state: State,
  { params, balances, supply, sendEnabled, denomMetadata }: MessageShape<typeof BankGenesisSchema>,
): void {
  if (params === undefined) throw invalidGenesis('app_state.bank.params is missing');
  state.params.bank.setLive({ ...params, sendEnabled: [...params.sendEnabled, ...sendEnabled] });
  for (const metadata of denomMetadata) {
    const problem = metadataProblem(metadata);
    const isTwice = problem === undefined && state.bank.metadata.get(metadata.base) !== undefined;
    if (problem !== undefined || isTwice) {
      throw invalidGenesis(`app_state.bank.denom_metadata: ${problem ?? `${metadata.base} twice`}`);
    }
    state.bank.metadata.put(metadata);
  }
  const seen = new Set<string>();
  for (const { address, coins } of balances) {
    const problem = addressProblem(address) ?? coinsProblem(coins);
    if (problem !== undefined) throw invalidGenesis(`app_state.bank.balances: ${problem}`);
    if (seen.has(address)) throw invalidGenesis(`app_state.bank.balances: ${address} twice`);
    seen.add(address);
    if (moduleAt(address) === undefined) state.accounts.ensure(address);
    state.bank.endow(address, coins);
  }
  for (const { denom, amount } of state.bank.totalSupply()) {
    if (BigInt(amount) > SUPPLY_MAX) throw invalidGenesis(`app_state.bank.balances: too many ${denom}`);
  }
  for (const { denom, amount } of supply) {
    const sum = state.bank.supply(denom);
    if (String(sum) === amount) continue;
    throw invalidGenesis(`app_state.bank.supply: ${amount}${denom}, but balances add up to ${sum}${denom}`);
  }
}
