/** `decai tx add-service ID`: publishes a model, or changes what it costs; the signer is its Source. */
import { create } from '@bufbuild/protobuf';
import { MsgAddServiceSchema } from '@decai/protocol/gen/pocket/service/tx_pb';
import { type Command, UsageError } from '../../command.ts';
import { transactionCommand } from './transaction-command.ts';

export const txAddService: Command = transactionCommand({
  name: 'add-service',
  summary: 'Publish a model as a service, or change one that is yours; its owner is paid a share of its use.',
  arguments: [{ name: '<id>', help: 'name of the model; what clients ask for' }],
  options: [
    { flags: '--name <text>', help: 'what it is called in words' },
    { flags: '--compute-units <number>', help: 'compute units of one relay', default: '1' },
  ],
  examples: ['decai tx add-service my-model --name "My model" --compute-units 2500 --from alice'],
  messages(typed) {
    const units = typed.needOption('computeUnits');
    if (!/^[1-9]\d{0,6}$/.test(units)) throw new UsageError(`--compute-units takes a whole number, not "${units}"`);
    const id = typed.argument(0, 'the id of the service');
    const message = create(MsgAddServiceSchema, {
      ownerAddress: typed.signer,
      service: {
        id,
        name: typed.option('name') ?? id,
        computeUnitsPerRelay: BigInt(units),
        ownerAddress: typed.signer,
      },
    });
    return [{ schema: MsgAddServiceSchema, message }];
  },
});
