/**
 * The records of a ledger after a block, read by its own queries and printed as the recorded run prints them.
 *
 * Source: the sections of a run's `state.jsonl`.
 */
import type { DescMessage, DescMethodUnary, JsonValue } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import { chainJsonText, toChainJson } from '@decai/protocol/chain-json';
import { decode, encode } from '@decai/protocol/codec';
import { UPOKT } from '@decai/protocol/coin';
import { Query as AuthQuery } from '@decai/protocol/gen/cosmos/auth/v1beta1/query_pb';
import { Query as BankQuery } from '@decai/protocol/gen/cosmos/bank/v1beta1/query_pb';
import { Query as StakingQuery } from '@decai/protocol/gen/cosmos/staking/v1beta1/query_pb';
import { Query as ApplicationQuery } from '@decai/protocol/gen/pocket/application/query_pb';
import { Query as GatewayQuery } from '@decai/protocol/gen/pocket/gateway/query_pb';
import { Query as ProofQuery } from '@decai/protocol/gen/pocket/proof/query_pb';
import { Query as ServiceQuery } from '@decai/protocol/gen/pocket/service/query_pb';
import { Query as SessionQuery } from '@decai/protocol/gen/pocket/session/query_pb';
import { Query as SharedQuery } from '@decai/protocol/gen/pocket/shared/query_pb';
import { Query as SupplierQuery } from '@decai/protocol/gen/pocket/supplier/query_pb';
import { Query as TokenomicsQuery } from '@decai/protocol/gen/pocket/tokenomics/query_pb';
import type { Ledger } from '../ledger.ts';
import { moduleNamed } from '../module-account.ts';
import type { State } from '../state.ts';
import type { JsonObject } from './localnet-run.ts';

type Method = DescMethodUnary<DescMessage, DescMessage>;

/** The records of each section, by the key that the run gives them. */
const SECTIONS: Readonly<Record<string, { method: Method; list: string; key: (record: JsonObject) => string }>> = {
  applications: section(ApplicationQuery.method.allApplications, 'applications', 'address'),
  gateways: section(GatewayQuery.method.allGateways, 'gateways', 'address'),
  suppliers: section(SupplierQuery.method.allSuppliers, 'supplier', 'operator_address'),
  services: section(ServiceQuery.method.allServices, 'service', 'id'),
  difficulties: section(ServiceQuery.method.relayMiningDifficultyAll, 'relayMiningDifficulty', 'service_id'),
  claims: { ...section(ProofQuery.method.allClaims, 'claims', ''), key: sessionAndOperator },
  proofs: { ...section(ProofQuery.method.allProofs, 'proofs', ''), key: sessionAndOperator },
};

const PARAMS: Readonly<Record<string, Method>> = {
  shared: SharedQuery.method.params,
  application: ApplicationQuery.method.params,
  gateway: GatewayQuery.method.params,
  supplier: SupplierQuery.method.params,
  session: SessionQuery.method.params,
  service: ServiceQuery.method.params,
  proof: ProofQuery.method.params,
  tokenomics: TokenomicsQuery.method.params,
};

/** What answers are made of, by path. */
const METHODS: ReadonlyMap<string, Method> = new Map(
  [
    ApplicationQuery,
    GatewayQuery,
    SupplierQuery,
    ServiceQuery,
    SessionQuery,
    SharedQuery,
    ProofQuery,
    TokenomicsQuery,
    AuthQuery,
    BankQuery,
    StakingQuery,
  ].flatMap(({ typeName, methods }) => methods.map((method) => [`/${typeName}/${method.name}`, method as Method])),
);

/** More than a run has of anything. */
const ALL = { pagination: { limit: 100_000n } };

/** The sections that can be read back, of those named in `wanted`; balances are read for the addresses named there. */
export function recordsOf(ledger: Ledger, state: State, wanted: Readonly<Record<string, JsonObject>>): JsonObject {
  const records: Record<string, JsonValue> = {};
  for (const [name, { method, list, key }] of Object.entries(SECTIONS)) {
    const answer = ask(ledger, method, ALL);
    records[name] = Object.fromEntries((answer[list] as JsonObject[]).map((record) => [key(record), record]));
  }
  records['params'] = Object.fromEntries(
    Object.entries(PARAMS).map(([module, method]) => [module, ask(ledger, method, {})['params']!]),
  );
  records['shared_params_in_force'] = {
    p: ask(ledger, SharedQuery.method.paramsAtHeight, { height: BigInt(state.height) })['params']!,
  };
  records['balances'] = Object.fromEntries(
    Object.keys(wanted['balances'] ?? {}).map((address) => [
      address,
      String(address === 'supply' ? state.bank.supply(UPOKT) : state.bank.balance(address, UPOKT)),
    ]),
  );
  return records;
}

const FEES: readonly string[] = [moduleNamed('fee_collector').address, moduleNamed('distribution').address];

/** Fees are not distributed here: what their two accounts hold together is compared. */
export function withFeesTogether(records: JsonObject): JsonObject {
  const balances = Object.entries((records['balances'] ?? {}) as Record<string, string>);
  const fees = balances.filter(([address]) => FEES.includes(address));
  const others = balances.filter(([address]) => !FEES.includes(address));
  const together = fees.reduce((sum, [, amount]) => sum + BigInt(amount), 0n);
  return { ...records, balances: { ...Object.fromEntries(others), fees: String(together) } };
}

function section(
  method: Method,
  list: string,
  key: string,
): { method: Method; list: string; key: typeof sessionAndOperator } {
  return { method, list, key: (record) => record[key] as string };
}

function sessionAndOperator(record: JsonObject): string {
  const { session_id: session } = record['session_header'] as { readonly session_id: string };
  return `${session}/${record['supplier_operator_address'] as string}`;
}

/** The JSON text of an answer's bytes. @throws for a path of another module. */
export function answerText(path: string, value: Uint8Array): string {
  const method = METHODS.get(path);
  if (method === undefined) throw new Error(`no schema for answers of ${path}`);
  return chainJsonText(method.output, decode(method.output, value));
}

/** @throws where the ledger refuses to answer. */
function ask(ledger: Ledger, method: Method, fields: Record<string, unknown>): JsonObject {
  const path = `/${method.parent.typeName}/${method.name}`;
  const answer = ledger.query({ path, data: encode(method.input, create(method.input, fields)) });
  if (answer.code !== 0) throw new Error(`${path}: ${answer.log}`);
  return toChainJson(method.output, decode(method.output, answer.value)) as JsonObject;
}
