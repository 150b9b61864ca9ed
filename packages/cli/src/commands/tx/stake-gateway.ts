/** `decai tx stake-gateway AMOUNT`: applications may then delegate to the signer. */
import { create } from '@bufbuild/protobuf';
import { MsgStakeGatewaySchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { parseAmount } from '../../amount-text.ts';
import type { Command } from '../../command.ts';
import { transactionCommand } from './transaction-command.ts';

export const txStakeGateway: Command = transactionCommand({
  name: 'stake-gateway',
  summary: 'Stake as a gateway, or raise the stake.',
  arguments: [{ name: '<amount>', help: 'the whole stake, such as 1000pokt' }],
  examples: ['decai tx stake-gateway 1000pokt --from alice'],
  messages(typed) {
    const stake = parseAmount(typed.argument(0, 'the amount'));
    const message = create(MsgStakeGatewaySchema, { address: typed.signer, stake });
    return [{ schema: MsgStakeGatewaySchema, message }];
  },
});
