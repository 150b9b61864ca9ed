/**
 * Reads a supplier's configuration file in the shape that Shannon's tools use.
 *
 * `owner_address` and `operator_address` default to the signer, `rev_share_percent` of a service to the default of the
 * file, and that to everything for the owner.
 *
 * Source: pokt-network/poktroll `x/supplier/config/supplier_configs_reader.go`.
 */
import { create } from '@bufbuild/protobuf';
import { RPCType } from '@decai/protocol/gen/pocket/shared/service_pb';
import { type MsgStakeSupplier, MsgStakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { parseAmount } from '../../amount-text.ts';
import { UsageError } from '../../command.ts';
import { YamlFields } from '../../yaml-fields.ts';

const FILE_FIELDS = ['stake_amount', 'owner_address', 'operator_address', 'default_rev_share_percent', 'services'];
const SERVICE_FIELDS = ['service_id', 'endpoints', 'rev_share_percent'];
const ENDPOINT_FIELDS = ['publicly_exposed_url', 'rpc_type'];

type Share = { readonly address: string; readonly revSharePercentage: bigint };

/** @throws UsageError naming the field that is wrong. */
export function readSupplierStake(document: unknown, signer: string): MsgStakeSupplier {
  const file = new YamlFields(document, 'file', FILE_FIELDS);
  const owner = file.text('owner_address') ?? signer;
  const stake = file.text('stake_amount');
  const everything: readonly Share[] = [{ address: owner, revSharePercentage: 100n }];
  const shares = sharesOf(file, 'default_rev_share_percent') ?? everything;
  return create(MsgStakeSupplierSchema, {
    signer,
    ownerAddress: owner,
    operatorAddress: file.text('operator_address') ?? signer,
    ...(stake === undefined ? {} : { stake: parseAmount(stake) }),
    services: file.list('services').map((item, index) => {
      const service = new YamlFields(item, `services[${index}]`, SERVICE_FIELDS);
      return {
        serviceId: service.needText('service_id'),
        endpoints: service.list('endpoints').map((endpoint, at) => endpointOf(endpoint, `endpoints[${at}]`)),
        revShare: [...(sharesOf(service, 'rev_share_percent') ?? shares)],
      };
    }),
  });
}

function endpointOf(item: unknown, path: string): { url: string; rpcType: RPCType } {
  const endpoint = new YamlFields(item, path, ENDPOINT_FIELDS);
  const type = (endpoint.text('rpc_type') ?? 'REST').toUpperCase();
  const rpcType = RPCType[type as keyof typeof RPCType];
  if (rpcType === undefined || rpcType === RPCType.UNKNOWN_RPC) {
    throw new UsageError(`${path}.rpc_type is "${type}"`, 'one of GRPC, WEBSOCKET, JSON_RPC, REST, COMET_BFT');
  }
  return { url: endpoint.needText('publicly_exposed_url'), rpcType };
}

function sharesOf(fields: YamlFields, name: string): readonly Share[] | undefined {
  if (!fields.has(name)) return undefined;
  const shares = fields.map(name);
  return shares.entries().map(([address]) => {
    return { address, revSharePercentage: BigInt(shares.number(address, 1, 100, 0)) };
  });
}
