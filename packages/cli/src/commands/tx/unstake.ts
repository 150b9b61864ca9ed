/** `decai tx unstake-application`, `unstake-gateway`, `unstake-supplier`: the stake comes back after the unbonding period. */
import { create } from '@bufbuild/protobuf';
import { MsgUnstakeApplicationSchema } from '@decai/protocol/gen/pocket/application/tx_pb';
import { MsgUnstakeGatewaySchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { MsgUnstakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import type { Command } from '../../command.ts';
import { transactionCommand } from './transaction-command.ts';

export const txUnstakeApplication: Command = transactionCommand({
  name: 'unstake-application',
  summary: 'Stop being an application; the stake comes back after the unbonding period.',
  examples: ['decai tx unstake-application --from alice'],
  messages: ({ signer }) => [
    { schema: MsgUnstakeApplicationSchema, message: create(MsgUnstakeApplicationSchema, { address: signer }) },
  ],
});

export const txUnstakeGateway: Command = transactionCommand({
  name: 'unstake-gateway',
  summary: 'Stop being a gateway; the stake comes back after the unbonding period.',
  examples: ['decai tx unstake-gateway --from alice'],
  messages: ({ signer }) => [
    { schema: MsgUnstakeGatewaySchema, message: create(MsgUnstakeGatewaySchema, { address: signer }) },
  ],
});

export const txUnstakeSupplier: Command = transactionCommand({
  name: 'unstake-supplier',
  summary: 'Stop being a supplier; the stake comes back after the unbonding period.',
  options: [{ flags: '--operator <address>', help: 'whose supplier; absent: the signer' }],
  examples: ['decai tx unstake-supplier --from bob'],
  async messages(typed) {
    const operatorAddress = await typed.address(typed.option('operator') ?? typed.signer);
    const message = create(MsgUnstakeSupplierSchema, { signer: typed.signer, operatorAddress });
    return [{ schema: MsgUnstakeSupplierSchema, message }];
  },
});
