/** `decai tx stake-application SERVICE AMOUNT`: pays for one model; the stake is what is spent. */
import { create } from '@bufbuild/protobuf';
import { MsgStakeApplicationSchema } from '@decai/protocol/gen/pocket/application/tx_pb';
import { parseAmount } from '../../amount-text.ts';
import type { Command } from '../../command.ts';
import { transactionCommand } from './transaction-command.ts';

export const txStakeApplication: Command = transactionCommand({
  name: 'stake-application',
  summary: 'Stake as an application for one service, or raise the stake; what is used is paid from it.',
  arguments: [
    { name: '<service>', help: 'the service to pay for' },
    { name: '<amount>', help: 'the whole stake, such as 1000pokt' },
  ],
  options: [{ flags: '--spend-limit <amount>', help: 'at most this per session; 0 removes the limit' }],
  examples: ['decai tx stake-application decai-small-4m 1000pokt --from alice'],
  messages(typed) {
    const limit = typed.option('spendLimit');
    const message = create(MsgStakeApplicationSchema, {
      address: typed.signer,
      services: [{ serviceId: typed.argument(0, 'the service') }],
      stake: parseAmount(typed.argument(1, 'the amount')),
      ...(limit === undefined ? {} : { perSessionSpendLimit: parseAmount(limit) }),
    });
    return [{ schema: MsgStakeApplicationSchema, message }];
  },
});
