/**
 * A state as the genesis document of a chain that goes on from it: same records, same root, the next height.
 *
 * Every module writes its part in Shannon's form, so other software reads it as far as that form goes; what the form
 * cannot say follows record by record (genesis-records.ts).
 *
 * Source: pokt-network/poktroll `x/<module>/module/genesis.go` (ExportGenesis), `app/export.go`.
 */
import { create, type DescMessage, type JsonValue, type MessageInitShape } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { EMPTY, toHex } from '@decai/protocol/bytes';
import { toChainJson } from '@decai/protocol/chain-json';
import { Fault } from '@decai/protocol/fault';
import { GenesisStateSchema as AuthSchema } from '@decai/protocol/gen/cosmos/auth/v1beta1/genesis_pb';
import { GenesisStateSchema as AuthzSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/genesis_pb';
import { GenesisStateSchema as BankSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/genesis_pb';
import { GenesisStateSchema as ApplicationSchema } from '@decai/protocol/gen/pocket/application/genesis_pb';
import { GenesisStateSchema as GatewaySchema } from '@decai/protocol/gen/pocket/gateway/genesis_pb';
import { GenesisStateSchema as ProofSchema } from '@decai/protocol/gen/pocket/proof/genesis_pb';
import { GenesisStateSchema as ServiceSchema } from '@decai/protocol/gen/pocket/service/genesis_pb';
import { GenesisStateSchema as SessionSchema } from '@decai/protocol/gen/pocket/session/genesis_pb';
import { GenesisStateSchema as SharedSchema } from '@decai/protocol/gen/pocket/shared/genesis_pb';
import { GenesisStateSchema as SupplierSchema } from '@decai/protocol/gen/pocket/supplier/genesis_pb';
import { GenesisStateSchema as TokenomicsSchema } from '@decai/protocol/gen/pocket/tokenomics/genesis_pb';
import type { KeyValueReader } from '@decai/protocol/key-value-store';
import { formatTimestamp } from '@decai/protocol/time-text';
import { accountAny } from './account-any.ts';
import { chainRecord, lastBlock, putChainRecord, type ChainRecord, type LastBlock } from './chain-record.ts';
import { textKey } from './collection.ts';
import { writeGrants } from './genesis-grants.ts';
import { recordsBetween, RECORDS_MODULE } from './genesis-records.ts';
import { readGenesisState } from './genesis-state.ts';
import { writeStaking } from './genesis-staking.ts';
import { parseGenesis } from './genesis.ts';
import { State } from './state.ts';
import { Store } from './store.ts';

export type GenesisDocument = { readonly [name: string]: JsonValue };

const NOTHING: KeyValueReader = { get: () => undefined, range: () => [] };

/**
 * The document of a chain that goes on after the last block of a committed state, or of an older one that is kept.
 *
 * @throws NO_CHAIN for a store without one.
 */
export function exportGenesis(committed: KeyValueReader): GenesisDocument {
  const store = new Store(committed);
  const [chain, last] = [chainRecord(store), lastBlock(store)];
  if (chain === undefined || last === undefined) throw new Fault('NO_CHAIN', 'the state has no chain yet');
  const state = new State(store, { ...chain, ...last, hash: EMPTY });
  const modules = writeModules(state);
  const document = documentOf(chain, last, modules);
  const records = recordsBetween(imported(document, chain), store);
  if (records.length === 0) return document;
  return { ...document, app_state: { ...modules, [RECORDS_MODULE]: { records } } };
}

function documentOf(chain: ChainRecord, last: LastBlock, appState: Record<string, JsonValue>): GenesisDocument {
  const time = create(TimestampSchema, { seconds: last.timeNs / NANOS, nanos: Number(last.timeNs % NANOS) });
  return {
    genesis_time: formatTimestamp(time),
    chain_id: chain.chainId,
    initial_height: `${last.height + 1}`,
    profile: chain.profile,
    consensus: { params: { block: { max_gas: `${chain.maxBlockGas}` } } },
    app_hash: toHex(last.appHash).toUpperCase(),
    app_state: appState,
  };
}

const NANOS = 1_000_000_000n;

/** The records that an import would make of the document, which shows in passing that it can be imported. */
function imported(document: GenesisDocument, chain: ChainRecord): Store {
  const genesis = parseGenesis(document);
  const store = new Store(NOTHING);
  putChainRecord(store, chain);
  readGenesisState(new State(store, { ...genesis, height: 0, hash: EMPTY }), genesis);
  return store;
}

function writeModules(state: State): Record<string, JsonValue> {
  const { params } = state;
  return {
    auth: json(AuthSchema, {
      params: params.auth.live(),
      accounts: [...state.accounts.records.values()].sort(byNumber).map(accountAny),
    }),
    authz: json(AuthzSchema, writeGrants(state)),
    bank: json(BankSchema, {
      params: params.bank.live(),
      balances: Array.from(state.bank.holders(), ([address, coins]) => ({ address, coins: [...coins] })),
      supply: [...state.bank.totalSupply()],
      denomMetadata: [...state.bank.metadata.records.values()],
    }),
    staking: writeStaking(state),
    service: writeServices(state),
    gateway: json(GatewaySchema, { params: params.gateway.live(), gatewayList: second(state.gateways.entries()) }),
    application: json(ApplicationSchema, {
      params: params.application.live(),
      applicationList: second(state.applications.entries()),
    }),
    supplier: json(SupplierSchema, {
      params: params.supplier.live(),
      supplierList: second(state.suppliers.entries()).map((supplier) =>
        state.suppliers.hydrate(supplier, state.height),
      ),
    }),
    session: json(SessionSchema, {
      params: params.session.live(),
      paramsHistory: Array.from(params.session.history.entries(''), historyEntry),
    }),
    proof: json(ProofSchema, {
      params: params.proof.live(),
      claimList: second(state.claims.entries()),
      proofList: second(state.proofs.entries()),
    }),
    tokenomics: json(TokenomicsSchema, { params: params.tokenomics.live() }),
    shared: json(SharedSchema, {
      params: params.shared.live(),
      paramsHistory: Array.from(params.shared.history.entries(''), historyEntry),
    }),
  };
}

function writeServices({ params, services }: State): JsonValue {
  const serviceList = second(services.entries());
  return json(ServiceSchema, {
    params: params.service.live(),
    serviceList,
    relayMiningDifficultyList: serviceList.flatMap(({ id }) => services.newestDifficulties.get(textKey(id)) ?? []),
    computeUnitsPerRelayHistory: serviceList.flatMap(({ id }) => second(services.unitsHistory.entries(textKey(id)))),
  });
}

function historyEntry<P>([height, params]: readonly [number, P]): { effectiveHeight: bigint; params: P } {
  return { effectiveHeight: BigInt(height), params };
}

function json<Desc extends DescMessage>(schema: Desc, fields: MessageInitShape<Desc>): JsonValue {
  return toChainJson(schema, create(schema, fields));
}

function second<V>(entries: Iterable<readonly [unknown, V]>): V[] {
  return Array.from(entries, ([, value]) => value);
}

function byNumber(a: { readonly accountNumber: bigint }, b: { readonly accountNumber: bigint }): number {
  return a.accountNumber < b.accountNumber ? -1 : 1;
}
