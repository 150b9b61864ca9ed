/** `decai tx delegate GATEWAY` and `undelegate GATEWAY`: who may spend the signer's stake on his behalf. */
import { create } from '@bufbuild/protobuf';
import {
  MsgDelegateToGatewaySchema,
  MsgUndelegateFromGatewaySchema,
} from '@decai/protocol/gen/pocket/application/tx_pb';
import type { Command } from '../../command.ts';
import { transactionCommand } from './transaction-command.ts';

const GATEWAY = [{ name: '<gateway>', help: 'address, or name of a key' }];

export const txDelegate: Command = transactionCommand({
  name: 'delegate',
  summary: 'Let a gateway sign requests that this application pays for.',
  arguments: GATEWAY,
  examples: ['decai tx delegate gateway --from alice'],
  async messages(typed) {
    const gatewayAddress = await typed.address(typed.argument(0, 'the gateway'));
    const message = create(MsgDelegateToGatewaySchema, { appAddress: typed.signer, gatewayAddress });
    return [{ schema: MsgDelegateToGatewaySchema, message }];
  },
});

export const txUndelegate: Command = transactionCommand({
  name: 'undelegate',
  summary: 'Take that back, from the next session on.',
  arguments: GATEWAY,
  examples: ['decai tx undelegate gateway --from alice'],
  async messages(typed) {
    const gatewayAddress = await typed.address(typed.argument(0, 'the gateway'));
    const message = create(MsgUndelegateFromGatewaySchema, { appAddress: typed.signer, gatewayAddress });
    return [{ schema: MsgUndelegateFromGatewaySchema, message }];
  },
});
