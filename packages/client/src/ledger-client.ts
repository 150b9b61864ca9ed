/**
 * The questions that gateways, miners and applications ask a ledger, typed.
 *
 * A record that does not exist is `undefined`. Amounts and 64-bit numbers are bigint, heights are number. What depends on
 * time takes the height at which it is asked: nobody reads "live" what was fixed at a session's start.
 *
 * Source: pokt-network/poktroll `proto/pocket/*\/query.proto`; cosmos/cosmos-sdk `proto/cosmos/{auth,bank}`.
 */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { toHex } from '@decai/protocol/bytes';
import { decode } from '@decai/protocol/codec';
import { Fault } from '@decai/protocol/fault';
import { Query as AuthQuery } from '@decai/protocol/gen/cosmos/auth/v1beta1/query_pb';
import { Query as BankQuery } from '@decai/protocol/gen/cosmos/bank/v1beta1/query_pb';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { Query as ApplicationQuery } from '@decai/protocol/gen/pocket/application/query_pb';
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { Query as GatewayQuery } from '@decai/protocol/gen/pocket/gateway/query_pb';
import type { Gateway } from '@decai/protocol/gen/pocket/gateway/types_pb';
import type { Params as ProofParams } from '@decai/protocol/gen/pocket/proof/params_pb';
import { Query as ProofQuery, type QueryAllClaimsRequestSchema } from '@decai/protocol/gen/pocket/proof/query_pb';
import type { Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import { Query as ServiceQuery } from '@decai/protocol/gen/pocket/service/query_pb';
import type { RelayMiningDifficulty } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { Query as SessionQuery } from '@decai/protocol/gen/pocket/session/query_pb';
import type { Session } from '@decai/protocol/gen/pocket/session/types_pb';
import type { Params as SharedParams } from '@decai/protocol/gen/pocket/shared/params_pb';
import { Query as SharedQuery } from '@decai/protocol/gen/pocket/shared/query_pb';
import type { Service } from '@decai/protocol/gen/pocket/shared/service_pb';
import type { Supplier } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { Query as SupplierQuery } from '@decai/protocol/gen/pocket/supplier/query_pb';
import { ask, find, type QueryOptions } from './ledger-query.ts';
import type { LedgerTransport } from './ledger-transport.ts';

export type LedgerAccount = {
  readonly address: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
  /** 33 bytes; undefined until the account has signed its first transaction. */
  readonly publicKey: Uint8Array | undefined;
};

/** Which claims to list; one of the three, or none for all. */
export type ClaimFilter = NonNullable<MessageInitShape<typeof QueryAllClaimsRequestSchema>['filter']>;

export type LedgerClient = {
  readonly transport: LedgerTransport;
  /** Asked once and remembered. */
  chainId(signal?: AbortSignal): Promise<string>;
  account(address: string, options?: QueryOptions): Promise<LedgerAccount | undefined>;
  /** In `denom`, `upokt` if absent; 0 for an account that does not exist. */
  balance(address: string, denom?: string, options?: QueryOptions): Promise<bigint>;
  application(address: string, options?: QueryOptions): Promise<Application | undefined>;
  /** Those that have delegated to the gateway. */
  applicationsOf(gatewayAddress: string, options?: QueryOptions): Promise<Application[]>;
  gateway(address: string, options?: QueryOptions): Promise<Gateway | undefined>;
  supplier(operatorAddress: string, options?: QueryOptions): Promise<Supplier | undefined>;
  /** Those that serve `serviceId` now, or all. */
  suppliers(serviceId?: string, options?: QueryOptions): Promise<Supplier[]>;
  service(serviceId: string, options?: QueryOptions): Promise<Service | undefined>;
  services(options?: QueryOptions): Promise<Service[]>;
  /** The session that `height` lies in; the current one for height 0. @throws LEDGER_QUERY_REFUSED when there is none. */
  session(applicationAddress: string, serviceId: string, height: number, options?: QueryOptions): Promise<Session>;
  /** In force at `height`, which may lie in the future. */
  sharedParams(height: number, options?: QueryOptions): Promise<SharedParams>;
  proofParams(options?: QueryOptions): Promise<ProofParams>;
  /** Undefined for an unknown service. */
  miningDifficulty(
    serviceId: string,
    height: number,
    options?: QueryOptions,
  ): Promise<RelayMiningDifficulty | undefined>;
  /** Undefined for an unknown service. */
  computeUnitsPerRelay(serviceId: string, height: number, options?: QueryOptions): Promise<bigint | undefined>;
  claim(sessionId: string, supplierOperatorAddress: string, options?: QueryOptions): Promise<Claim | undefined>;
  claims(filter?: ClaimFilter, options?: QueryOptions): Promise<Claim[]>;
  /** The hash of the block at `height`, 32 bytes: what session ids and proof seeds are made of. Remembered. */
  blockHash(height: number, signal?: AbortSignal): Promise<Uint8Array>;
};

const PUBLIC_KEY = '/cosmos.crypto.secp256k1.PubKey';
const PAGE_ROWS = 500n;
/** Enough for the sessions whose claims and proofs are still open. */
const BLOCK_HASHES_MAX = 4096;

export function createLedgerClient(transport: LedgerTransport): LedgerClient {
  let chainId: Promise<string> | undefined;
  const blockHashes = new Map<number, Uint8Array>();
  return {
    transport,
    async chainId(signal) {
      chainId ??= transport.status(signal).then((status) => status.chainId);
      // A failure is not remembered.
      chainId.catch(() => (chainId = undefined));
      return await chainId;
    },
    async account(address, options) {
      const answer = await find(transport, AuthQuery.method.accountInfo, { address }, options);
      if (answer?.info === undefined) return undefined;
      const { accountNumber, sequence, pubKey } = answer.info;
      return { address, accountNumber, sequence, publicKey: readPublicKey(pubKey) };
    },
    async balance(address, denom = 'upokt', options) {
      const answer = await find(transport, BankQuery.method.balance, { address, denom }, options);
      return BigInt(answer?.balance?.amount ?? '0');
    },
    async application(address, options) {
      return (await find(transport, ApplicationQuery.method.application, { address }, options))?.application;
    },
    applicationsOf: (delegateeGatewayAddress, options) =>
      allPages(async (pagination) => {
        const request = { delegateeGatewayAddress, pagination };
        const answer = await ask(transport, ApplicationQuery.method.allApplications, request, options);
        return [answer.applications, answer.pagination?.nextKey];
      }),
    async gateway(address, options) {
      return (await find(transport, GatewayQuery.method.gateway, { address }, options))?.gateway;
    },
    async supplier(operatorAddress, options) {
      return (await find(transport, SupplierQuery.method.supplier, { operatorAddress }, options))?.supplier;
    },
    async suppliers(serviceId = '', options) {
      const rows = await allPages(async (pagination) => {
        const answer = await ask(transport, SupplierQuery.method.allSuppliers, { serviceId, pagination }, options);
        return [answer.supplier, answer.pagination?.nextKey];
      });
      // Listed by service, one supplier may come back on several pages.
      return [...new Map(rows.map((supplier) => [supplier.operatorAddress, supplier])).values()];
    },
    async service(id, options) {
      return (await find(transport, ServiceQuery.method.service, { id }, options))?.service;
    },
    services: (options) =>
      allPages(async (pagination) => {
        const answer = await ask(transport, ServiceQuery.method.allServices, { pagination }, options);
        return [answer.service, answer.pagination?.nextKey];
      }),
    async session(applicationAddress, serviceId, height, options) {
      const request = { applicationAddress, serviceId, blockHeight: BigInt(height) };
      return present((await ask(transport, SessionQuery.method.getSession, request, options)).session, 'session');
    },
    async sharedParams(height, options) {
      const answer = await ask(transport, SharedQuery.method.paramsAtHeight, { height: BigInt(height) }, options);
      return present(answer.params, 'params');
    },
    async proofParams(options) {
      return present((await ask(transport, ProofQuery.method.params, {}, options)).params, 'params');
    },
    async miningDifficulty(serviceId, height, options) {
      const request = { serviceId, blockHeight: BigInt(height) };
      const answer = await find(transport, ServiceQuery.method.relayMiningDifficultyAtHeight, request, options);
      return answer?.relayMiningDifficulty;
    },
    async computeUnitsPerRelay(serviceId, height, options) {
      const request = { serviceId, blockHeight: BigInt(height) };
      const answer = await find(transport, ServiceQuery.method.computeUnitsPerRelayAtHeight, request, options);
      return answer?.computeUnitsPerRelay;
    },
    async claim(sessionId, supplierOperatorAddress, options) {
      const request = { sessionId, supplierOperatorAddress };
      return (await find(transport, ProofQuery.method.claim, request, options))?.claim;
    },
    claims: (filter, options) =>
      allPages(async (pagination) => {
        const request = { pagination, ...(filter === undefined ? {} : { filter }) };
        const answer = await ask(transport, ProofQuery.method.allClaims, request, options);
        return [answer.claims, answer.pagination?.nextKey];
      }),
    async blockHash(height, signal) {
      const known = blockHashes.get(height);
      if (known !== undefined) return known;
      const { hash } = await transport.block(height, signal);
      blockHashes.set(height, hash);
      if (blockHashes.size > BLOCK_HASHES_MAX) blockHashes.delete(blockHashes.keys().next().value!);
      return hash;
    },
  };
}

type Page = { readonly key?: Uint8Array; readonly limit: bigint };

/** All rows of a paged query. `next` gives the rows of one page and the key of the following one. */
async function allPages<Row>(
  next: (page: Page) => Promise<readonly [rows: readonly Row[], nextKey: Uint8Array | undefined]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let key: Uint8Array | undefined;
  for (;;) {
    const [page, nextKey] = await next(key === undefined ? { limit: PAGE_ROWS } : { key, limit: PAGE_ROWS });
    rows.push(...page);
    if (nextKey === undefined || nextKey.length === 0) return rows;
    if (key !== undefined && toHex(key) === toHex(nextKey)) {
      throw new Fault('LEDGER_ANSWER_INVALID', 'a page names itself as the next one', { rows: rows.length });
    }
    key = nextKey;
  }
}

function readPublicKey(
  any: { readonly typeUrl: string; readonly value: Uint8Array } | undefined,
): Uint8Array | undefined {
  if (any?.typeUrl !== PUBLIC_KEY) return undefined;
  const { key } = decode(PubKeySchema, any.value);
  return key.length === 33 ? key : undefined;
}

function present<Value>(value: Value | undefined, field: string): Value {
  if (value === undefined) throw new Fault('LEDGER_ANSWER_INVALID', `the answer has no ${field}`, { field });
  return value;
}
