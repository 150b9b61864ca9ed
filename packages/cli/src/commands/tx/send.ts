/** `decai tx send TO AMOUNT`. */
import { create } from '@bufbuild/protobuf';
import { MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { parseAmount } from '../../amount-text.ts';
import { transactionCommand } from './transaction-command.ts';
import type { Command } from '../../command.ts';

export const txSend: Command = transactionCommand({
  name: 'send',
  summary: 'Send coins to an address or to a key of the home.',
  arguments: [
    { name: '<to>', help: 'address, or name of a key' },
    { name: '<amount>', help: 'such as 5pokt or 975upokt' },
  ],
  examples: ['decai tx send alice 5pokt --from faucet'],
  async messages(typed) {
    const toAddress = await typed.address(typed.argument(0, 'the recipient'));
    const amount = [parseAmount(typed.argument(1, 'the amount'))];
    const message = create(MsgSendSchema, { fromAddress: typed.signer, toAddress, amount });
    return [{ schema: MsgSendSchema, message }];
  },
});
