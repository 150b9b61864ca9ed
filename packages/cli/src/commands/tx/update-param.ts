/** `decai tx update-param MODULE NAME VALUE`: governance, by whom the genesis lets speak for the authority. */
import { create, type JsonValue } from '@bufbuild/protobuf';
import { packAny } from '@decai/protocol/any';
import { isFault } from '@decai/protocol/fault';
import { MsgExecSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import { paramChange } from '@decai/ledger/param-change';
import { parseAmount } from '../../amount-text.ts';
import { type Command, UsageError } from '../../command.ts';
import { transactionCommand } from './transaction-command.ts';

export const txUpdateParam: Command = transactionCommand({
  name: 'update-param',
  summary: 'Change a parameter of the network, as whoever its genesis lets govern.',
  arguments: [
    { name: '<module>', help: 'such as shared or proof' },
    { name: '<parameter>', help: 'its name, as a genesis writes it' },
    { name: '<value>', help: 'a number, an amount such as 5pokt, an address, or shares as JSON' },
  ],
  examples: [
    'decai tx update-param shared compute_units_to_tokens_multiplier 145990 --from treasury',
    'decai tx update-param proof proof_missing_penalty 5pokt --from treasury',
  ],
  messages(typed) {
    const value = paramValue(typed.argument(2, 'the value'));
    const { schema, message } = changeTyped(typed.argument(0, 'the module'), typed.argument(1, 'the name'), value);
    const exec = create(MsgExecSchema, { grantee: typed.signer, msgs: [packAny(schema, message)] });
    return [{ schema: MsgExecSchema, message: exec }];
  },
});

/**
 * A value as a genesis has it: shares are written as JSON, amounts with their unit, numbers and addresses as they are.
 *
 * @throws UsageError for JSON that is none.
 */
export function paramValue(text: string): JsonValue {
  if (text.startsWith('{')) {
    try {
      return JSON.parse(text) as JsonValue;
    } catch {
      throw new UsageError('the value is not JSON', 'shares are written {"supplier": 0.85, …}');
    }
  }
  if (/^[\d.]+u?pokt$/i.test(text)) {
    const { denom, amount } = parseAmount(text);
    return { denom, amount };
  }
  const number = Number(text);
  // Whole numbers may be longer than a double is exact; they stay text, which says the same.
  const isShort = /^\d+(\.\d+)?(e-\d+)?$/.test(text) && number <= Number.MAX_SAFE_INTEGER;
  return isShort ? number : text;
}

function changeTyped(...typed: Parameters<typeof paramChange>): ReturnType<typeof paramChange> {
  try {
    return paramChange(...typed);
  } catch (thrown) {
    if (isFault(thrown)) throw new UsageError(thrown.message);
    throw thrown;
  }
}
