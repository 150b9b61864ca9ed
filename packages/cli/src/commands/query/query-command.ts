/**
 * What every `decai query …` command does alike: ask the ledger, print one JSON document as the chain writes it.
 *
 * Field names and texts are those of Shannon's own tools: integers of 64 bits and amounts are strings. A record that does
 * not exist is said so, with exit code 1.
 */
import type { DescMessage, DescMethodUnary, JsonValue, MessageInitShape } from '@bufbuild/protobuf';
import type { LedgerClient } from '@decai/client/ledger-client';
import { find } from '@decai/client/ledger-query';
import { toChainJson } from '@decai/protocol/chain-json';
import {
  type ArgumentSpec,
  type Command,
  type Invocation,
  numberOption,
  type OptionSpec,
  UsageError,
} from '../../command.ts';
import { HOME_OPTION, homeOf } from '../../home-option.ts';
import { addressFor } from '../../keys/chosen-key.ts';
import { type LedgerAtHand, RPC_OPTION, withLedger } from '../../ledger/ledger-at-hand.ts';

export type Asked = {
  readonly invocation: Invocation;
  readonly ledger: LedgerClient;
  readonly world: LedgerAtHand['world'];
  /** The argument at `index`. @throws UsageError when it is missing. */
  argument(index: number, what: string): string;
  /** The argument at `index`: an address, or that of a key of the home. */
  address(index: number, what: string): Promise<string>;
};

export type QuerySpec = {
  /** Behind `query`. */
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** The document; undefined when there is no such record. */
  readonly ask: (asked: Asked) => Promise<JsonValue | undefined>;
};

export const ADDRESS_ARGUMENT: ArgumentSpec = { name: '<address>', help: 'address, or name of a key of the home' };

export const HEIGHT_OPTION: OptionSpec = { flags: '--height <number>', help: 'as of this block; absent: the latest' };

export function queryCommand(spec: QuerySpec): Command {
  return {
    name: `query ${spec.name}`,
    summary: spec.summary,
    ...(spec.arguments === undefined ? {} : { arguments: spec.arguments }),
    options: [...(spec.options ?? []), RPC_OPTION, HOME_OPTION],
    examples: spec.examples,
    async run(invocation) {
      const answer = await withLedger(invocation, (at) => spec.ask(askedBy(invocation, at)));
      if (answer === undefined) {
        invocation.note('decai: the ledger has no such record');
        return 1;
      }
      invocation.print(JSON.stringify(answer, null, 2));
      return 0;
    },
  };
}

/** The answer to one of the chain's own questions as JSON, as of `--height` where the command takes it. */
export async function recordOf<Input extends DescMessage, Output extends DescMessage>(
  { ledger, invocation }: Asked,
  method: DescMethodUnary<Input, Output>,
  request: MessageInitShape<Input>,
): Promise<JsonValue | undefined> {
  const height = numberOption(invocation, 'height', 1, Number.MAX_SAFE_INTEGER);
  const options = { signal: invocation.signal, ...(height === undefined ? {} : { height }) };
  const answer = await find(ledger.transport, method, request, options);
  return answer === undefined ? undefined : toChainJson(method.output, answer);
}

function askedBy(invocation: Invocation, { ledger, world }: LedgerAtHand): Asked {
  const argument = (index: number, what: string): string => {
    const value = invocation.arguments[index];
    if (value === undefined) throw new UsageError(`${what} is missing`);
    return value;
  };
  return {
    invocation,
    ledger,
    world,
    argument,
    address: (index, what) => addressFor(homeOf(invocation), argument(index, what)),
  };
}
