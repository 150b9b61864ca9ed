/**
 * Reads a supplier's configuration file in the shape that Shannon's tools use.
 *
 * `owner_address` and `operator_address` default to the signer, `rev_share_percent` of a service to the default of the
 * file, and that to everything for the owner. Unknown fields are refused: a misspelt share would be a lost one.
 *
 * Source: pokt-network/poktroll `x/supplier/config/supplier_configs_reader.go`.
 */
import { create } from '@bufbuild/protobuf';
import { RPCType } from '@decai/protocol/gen/pocket/shared/service_pb';
import { type MsgStakeSupplier, MsgStakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { parseAmount } from '../../amount-text.ts';
import { UsageError } from '../../command.ts';

type Fields = Readonly<Record<string, unknown>>;

/** @throws UsageError naming the field that is wrong. */
export function readSupplierStake(document: unknown, signer: string): MsgStakeSupplier {
  const known = ['stake_amount', 'owner_address', 'operator_address', 'default_rev_share_percent', 'services'];
  const file = fieldsOf(document, 'the file', known);
  const owner = textOf(file, 'owner_address') ?? signer;
  const stake = textOf(file, 'stake_amount');
  const shares = sharesOf(file['default_rev_share_percent'], 'default_rev_share_percent') ?? { [owner]: 100n };
  return create(MsgStakeSupplierSchema, {
    signer,
    ownerAddress: owner,
    operatorAddress: textOf(file, 'operator_address') ?? signer,
    ...(stake === undefined ? {} : { stake: parseAmount(stake) }),
    services: listOf(file, 'services').map((service, index) => {
      const path = `services[${index}]`;
      const fields = fieldsOf(service, path, ['service_id', 'endpoints', 'rev_share_percent']);
      const own = sharesOf(fields['rev_share_percent'], `${path}.rev_share_percent`) ?? shares;
      return {
        serviceId: textOf(fields, 'service_id') ?? missing(`${path}.service_id`),
        endpoints: listOf(fields, 'endpoints').map((endpoint, at) => endpointOf(endpoint, `${path}.endpoints[${at}]`)),
        revShare: Object.entries(own).map(([address, revSharePercentage]) => ({ address, revSharePercentage })),
      };
    }),
  });
}

function endpointOf(document: unknown, path: string): { url: string; rpcType: RPCType } {
  const fields = fieldsOf(document, path, ['publicly_exposed_url', 'rpc_type']);
  const type = (textOf(fields, 'rpc_type') ?? 'REST').toUpperCase();
  const rpcType = RPCType[type as keyof typeof RPCType];
  if (rpcType === undefined || rpcType === RPCType.UNKNOWN_RPC) {
    throw new UsageError(`${path}.rpc_type is "${type}"`, 'one of GRPC, WEBSOCKET, JSON_RPC, REST, COMET_BFT');
  }
  return { url: textOf(fields, 'publicly_exposed_url') ?? missing(`${path}.publicly_exposed_url`), rpcType };
}

function sharesOf(value: unknown, path: string): Record<string, bigint> | undefined {
  if (value === undefined || value === null) return undefined;
  const shares = Object.entries(fieldsOf(value, path));
  return Object.fromEntries(
    shares.map(([address, percent]) => {
      if (typeof percent !== 'number' || !Number.isInteger(percent)) {
        throw new UsageError(`${path}.${address} is no whole percentage`);
      }
      return [address, BigInt(percent)];
    }),
  );
}

function fieldsOf(value: unknown, path: string, known?: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${path} has to be a map of fields`);
  }
  const unknown = Object.keys(value).find((name) => known?.includes(name) === false);
  if (unknown !== undefined) throw new UsageError(`${path} has no field ${unknown}`, `known are ${known!.join(', ')}`);
  return value as Fields;
}

function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return value === undefined || value === null ? undefined : String(value);
}

function listOf(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value)) throw new UsageError(`${name} has to be a list`);
  return value as readonly unknown[];
}

function missing(path: string): never {
  throw new UsageError(`${path} is missing`);
}
