/**
 * `decai tx stake-supplier`: offers services under endpoints, from flags or from a YAML file.
 *
 * The file has the fields of Shannon's supplier configuration; flags cover the case of one endpoint a service, everything
 * to the owner.
 *
 * Source: pokt-network/poktroll `x/supplier/config/supplier_configs_reader.go`.
 */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { MsgStakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { RPCType } from '@decai/protocol/gen/pocket/shared/service_pb';
import type { SupplierServiceConfigSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { parseAmount } from '../../amount-text.ts';
import { type Command, UsageError } from '../../command.ts';
import { readSupplierStake } from './supplier-stake.ts';
import { transactionCommand } from './transaction-command.ts';

export const txStakeSupplier: Command = transactionCommand({
  name: 'stake-supplier',
  summary: 'Stake as a supplier, or change stake, services and endpoints; the list of services replaces the old one.',
  options: [
    { flags: '--config <file>', help: 'YAML with stake_amount, owner_address, operator_address, services' },
    { flags: '--stake <amount>', help: 'the whole stake, such as 1000pokt; absent: unchanged' },
    { flags: '--services <list>', help: 'service=url pairs with commas between; absent: unchanged' },
    { flags: '--owner <address>', help: 'who is paid and gets the stake back; absent: the signer' },
    { flags: '--operator <address>', help: 'whose key the miner has; absent: the signer' },
  ],
  examples: [
    'decai tx stake-supplier --from bob --stake 1000pokt --services decai-small-4m=https://gpu.example:8545',
    'decai tx stake-supplier --from bob --config supplier.yaml',
  ],
  async messages(typed) {
    if (typed.option('config') !== undefined) {
      const message = readSupplierStake(await typed.document('config'), typed.signer);
      return [{ schema: MsgStakeSupplierSchema, message }];
    }
    const owner = await typed.address(typed.option('owner') ?? typed.signer);
    const stake = typed.option('stake');
    const message = create(MsgStakeSupplierSchema, {
      signer: typed.signer,
      ownerAddress: owner,
      operatorAddress: await typed.address(typed.option('operator') ?? typed.signer),
      services: servicesFrom(typed.option('services') ?? '', owner),
      ...(stake === undefined ? {} : { stake: parseAmount(stake) }),
    });
    return [{ schema: MsgStakeSupplierSchema, message }];
  },
});

function servicesFrom(list: string, owner: string): MessageInitShape<typeof SupplierServiceConfigSchema>[] {
  const pairs = list === '' ? [] : list.split(',');
  return pairs.map((pair) => {
    const [, serviceId, url] = /^([^=]+)=(.+)$/.exec(pair.trim()) ?? [];
    if (serviceId === undefined) throw new UsageError(`--services has "${pair}"`, 'write service=url,service=url');
    return {
      serviceId,
      endpoints: [{ url: url!, rpcType: RPCType.REST }],
      revShare: [{ address: owner, revSharePercentage: 100n }],
    };
  });
}
