/**
 * Everything that the ledger must remember, as the model writes it down, and under which keys of the store it must lie.
 *
 * Source: pokt-network/poktroll `x/<module>/types/keys*.go` for the order of keys; cosmos/cosmos-sdk `x/auth`, `x/bank`,
 * `x/authz`.
 */
import { create } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { decodeAddress } from '@decai/protocol/address';
import { packAny } from '@decai/protocol/any';
import { utf8 } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { BaseAccountSchema } from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { GenericAuthorizationSchema, GrantSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/authz_pb';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { ApplicationSchema, type Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { GatewaySchema, type Gateway } from '@decai/protocol/gen/pocket/gateway/types_pb';
import { ClaimSchema, type Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import {
  ServiceComputeUnitsPerRelayUpdateSchema,
  type ServiceComputeUnitsPerRelayUpdate,
} from '@decai/protocol/gen/pocket/service/compute_units_pb';
import {
  RelayMiningDifficultySchema,
  type RelayMiningDifficulty,
} from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { ServiceSchema, type Service } from '@decai/protocol/gen/pocket/shared/service_pb';
import {
  ServiceConfigUpdateSchema,
  SupplierSchema,
  type ServiceConfigUpdate,
  type Supplier,
} from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { PARAMS, type ModuleParams, type ParamsModule } from './params-of-modules.ts';
import { Rows, UndoLog, type StoreEntry } from './rows.ts';

export type AccountRow = { readonly number: bigint; readonly sequence: bigint; readonly publicKey?: Uint8Array };

export type GrantRow = {
  readonly granter: string;
  readonly grantee: string;
  readonly messageType: string;
  readonly expiration?: Timestamp | undefined;
};

export type ParamsRow = { readonly module: ParamsModule; readonly params: ModuleParams };

/** Names of rows end the way their keys do, so that they sort alike. */
export class Book {
  readonly log: UndoLog = new UndoLog();
  /** By `<address>/<denomination>`. */
  readonly balances: Rows<bigint> = new Rows(this.log, (amount, name) => [[`bank/balance/${name}/`, decimal(amount)]]);
  readonly supply: Rows<bigint> = new Rows(this.log, (amount, name) => [[`bank/supply/${name}/`, decimal(amount)]]);
  readonly accounts: Rows<AccountRow> = new Rows(this.log, accountEntries);
  /** One row, without a name. */
  readonly nextNumber: Rows<bigint> = new Rows(this.log, (number) => [['auth/next_number', decimal(number)]]);
  /** By `<timeout in ns>/<address>`. */
  readonly nonces: Rows<readonly [timeoutNs: bigint, address: string]> = new Rows(this.log, ([timeoutNs, address]) => [
    [`auth/unordered_nonce/${be8(timeoutNs)}/${address}/`, PRESENT],
  ]);
  readonly grants: Rows<GrantRow> = new Rows(this.log, grantEntries);
  readonly applications: Rows<Application> = new Rows(this.log, applicationEntries);
  readonly gateways: Rows<Gateway> = new Rows(this.log, (gateway, name) => [
    [`gateway/Gateway/address/${name}/`, encode(GatewaySchema, gateway)],
  ]);
  readonly suppliers: Rows<Supplier> = new Rows(this.log, supplierEntries);
  /** By `<service>/<activation, 12 digits>/<operator>`. */
  readonly configs: Rows<ServiceConfigUpdate> = new Rows(this.log, configEntries);
  readonly services: Rows<Service> = new Rows(this.log, (service, name) => [
    [`service/Service/id/${name}/`, encode(ServiceSchema, service)],
  ]);
  /** By `<service>@<height>`. */
  readonly units: Rows<ServiceComputeUnitsPerRelayUpdate> = new Rows(this.log, (update) => [
    [
      `service/ServiceComputeUnitsPerRelay/history/${update.serviceId}/${be8(update.effectiveHeight)}`,
      encode(ServiceComputeUnitsPerRelayUpdateSchema, update),
    ],
  ]);
  readonly newestDifficulties: Rows<RelayMiningDifficulty> = new Rows(this.log, (difficulty, name) => [
    [`service/RelayMiningDifficulty/value/${name}/`, encode(RelayMiningDifficultySchema, difficulty)],
  ]);
  /** By `<service>@<height>`. */
  readonly difficulties: Rows<RelayMiningDifficulty> = new Rows(this.log, (difficulty) => [
    [
      `service/RelayMiningDifficulty/history/${difficulty.serviceId}/${be8(difficulty.blockHeight)}`,
      encode(RelayMiningDifficultySchema, difficulty),
    ],
  ]);
  /** By `<session id>/<operator>`. */
  readonly claims: Rows<Claim> = new Rows(this.log, claimEntries);
  /** By module. */
  readonly liveParams: Rows<ParamsRow> = new Rows(this.log, ({ module, params }) => [
    [`${module}/p_${module}`, encode(PARAMS[module], params)],
  ]);
  /** By `<module>@<height>`; entered by ascending height. */
  readonly pastParams: Rows<ParamsRow & { readonly height: number }> = new Rows(
    this.log,
    ({ module, params, height }) => [
      [`${module}/${module}_params_history/${be8(height)}`, encode(PARAMS[module], params)],
    ],
  );
  /** By height. */
  readonly blockHashes: Rows<Uint8Array> = new Rows(this.log, (hash, name) => [
    [`session/BlockHash/height/${name}/`, hash],
  ]);

  /** What must lie in the store as of the last `seal`. */
  readonly store: Map<string, Uint8Array> = new Map();

  /** Brings `store` up to date; comes back with the keys under which something changed. */
  seal(): Set<string> {
    const changed = new Set<string>();
    for (const each of Object.values(this)) if (each instanceof Rows) each.seal(this.store, changed);
    this.log.clear();
    return changed;
  }
}

export const PUBLIC_KEY_TYPE = '/cosmos.crypto.secp256k1.PubKey';

const PRESENT = Uint8Array.of(1);

export function configName(serviceId: string, activation: bigint, operator: string): string {
  return `${serviceId}/${String(activation).padStart(12, '0')}/${operator}`;
}

export function decimal(amount: bigint): Uint8Array {
  return utf8(String(amount));
}

function be8(value: bigint | number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes.toString('latin1');
}

function accountEntries({ number, sequence, publicKey }: AccountRow, address: string): readonly StoreEntry[] {
  const key = publicKey === undefined ? undefined : encode(PubKeySchema, create(PubKeySchema, { key: publicKey }));
  const account = create(BaseAccountSchema, {
    address,
    accountNumber: number,
    sequence,
    ...(key !== undefined && { pubKey: { typeUrl: PUBLIC_KEY_TYPE, value: key } }),
  });
  return [[`auth/account/${address}/`, encode(BaseAccountSchema, account)]];
}

function grantEntries({ granter, grantee, messageType, expiration }: GrantRow): readonly StoreEntry[] {
  const bytes = (address: string) => Buffer.from(decodeAddress(address)).toString('latin1');
  const key = bytes(granter) + bytes(grantee) + messageType;
  const authorization = packAny(GenericAuthorizationSchema, create(GenericAuthorizationSchema, { msg: messageType }));
  const grant = create(GrantSchema, { authorization, ...(expiration !== undefined && { expiration }) });
  const entry: StoreEntry = [`authz/grant/${key}`, encode(GrantSchema, grant)];
  if (expiration === undefined) return [entry];
  return [entry, [`authz/end/${be8(expiration.seconds)}${be8(expiration.nanos)}${key}`, PRESENT]];
}

/** A record with the indexes that lead to it. */
function indexed(record: StoreEntry, under: string, primary: string, indexes: readonly string[]): StoreEntry[] {
  const target = Buffer.from(primary, 'latin1');
  return [record, ...[...new Set(indexes)].map((index): StoreEntry => [`index/${under}${index}`, target])];
}

function applicationEntries(application: Application, address: string): readonly StoreEntry[] {
  const { unstakeSessionEndHeight, pendingTransfer, delegateeGatewayAddresses, pendingUndelegations } = application;
  const gone = Object.values(pendingUndelegations).flatMap(({ gatewayAddresses }) => gatewayAddresses);
  return indexed(
    [`application/Application/address/${address}/`, encode(ApplicationSchema, application)],
    'application/Application/',
    `${address}/`,
    [
      ...(unstakeSessionEndHeight === 0n ? [] : [`unstaking/${address}/`]),
      ...(pendingTransfer === undefined ? [] : [`transfer/${address}/`]),
      ...delegateeGatewayAddresses.map((gateway) => `delegation/${gateway}/${address}/`),
      ...gone.map((gateway) => `undelegation/${address}/${gateway}/`),
    ],
  );
}

function supplierEntries(supplier: Supplier, operator: string): readonly StoreEntry[] {
  const isUnbonding = supplier.unstakeSessionEndHeight !== 0n;
  return indexed(
    [`supplier/Supplier/operator_address/${operator}/`, encode(SupplierSchema, supplier)],
    'supplier/Supplier/unbonding_height/',
    `${operator}/`,
    isUnbonding ? [`${operator}/`] : [],
  );
}

function configEntries(config: ServiceConfigUpdate): readonly StoreEntry[] {
  const { operatorAddress: operator, activationHeight, deactivationHeight } = config;
  const service = config.service!.serviceId;
  const activation = be8(activationHeight);
  const primary = `${service}/${activation}/${operator}/`;
  return indexed(
    [`supplier/ServiceConfigUpdate/service_id/${primary}`, encode(ServiceConfigUpdateSchema, config)],
    'supplier/ServiceConfigUpdate/',
    primary,
    [
      `operator_address/${operator}/${service}/${activation}/`,
      `activation_height/${activation}/${service}/${operator}/`,
      ...(deactivationHeight === 0n
        ? []
        : [`deactivation_height/${be8(deactivationHeight)}/${service}/${operator}/${activation}/`]),
    ],
  );
}

function claimEntries(claim: Claim, name: string): readonly StoreEntry[] {
  return indexed([`proof/Claim/primary_key/${name}`, encode(ClaimSchema, claim)], 'proof/Claim/', name, [
    `address/${claim.supplierOperatorAddress}/${name}`,
    `height/${be8(claim.sessionHeader!.sessionEndBlockHeight)}/${name}`,
  ]);
}
