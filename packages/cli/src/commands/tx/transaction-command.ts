/**
 * What every `decai tx …` command does alike: find the key and the ledger, sign, send, wait, and say what became of it.
 *
 * Each command is left with its own message. What is printed is one JSON object; a refusal shows the ledger's codespace,
 * code and text, and ends with exit code 1.
 */
import { readFile } from 'node:fs/promises';
import type { TypedMessage } from '@decai/protocol/any';
import { createTransactionSender, type TransactionOutcome } from '@decai/client/transaction-sender';
import { parse } from 'yaml';
import {
  type ArgumentSpec,
  type Command,
  flagOf,
  type Invocation,
  type OptionSpec,
  textOption,
  UsageError,
} from '../../command.ts';
import { HOME_OPTION, homeOf } from '../../home-option.ts';
import { addressFor, chosenKey, FROM_OPTION, KEY_FILE_OPTION } from '../../keys/chosen-key.ts';
import { RPC_OPTION, withLedger } from '../../ledger/ledger-at-hand.ts';
import { firstLine } from '../../yaml-fields.ts';

/** What was typed, with the look-ups that messages need. */
export type Typed = {
  readonly signer: string;
  /** The argument at `index`. @throws UsageError when it is missing. */
  argument(index: number, what: string): string;
  option(name: string): string | undefined;
  /** @throws UsageError when it is missing. */
  needOption(name: string): string;
  /** An address, or that of a key of the home. */
  address(addressOrName: string): Promise<string>;
  /** The document behind an option that names a YAML file. */
  document(optionName: string): Promise<unknown>;
};

export type TransactionSpec = {
  /** Behind `tx`. */
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly string[];
  readonly messages: (typed: Typed) => Promise<readonly TypedMessage[]> | readonly TypedMessage[];
};

const SENDING_OPTIONS: readonly OptionSpec[] = [
  FROM_OPTION,
  KEY_FILE_OPTION,
  { flags: '--gas <units>', help: 'gas limit, or "simulate" to ask the ledger; estimated if absent' },
  { flags: '--gas-price <upokt>', help: 'uPOKT for a unit of gas', default: '0' },
  { flags: '--memo <text>', help: 'kept with the transaction' },
  RPC_OPTION,
  HOME_OPTION,
];

export function transactionCommand(spec: TransactionSpec): Command {
  return {
    name: `tx ${spec.name}`,
    summary: spec.summary,
    ...(spec.arguments === undefined ? {} : { arguments: spec.arguments }),
    options: [...(spec.options ?? []), ...SENDING_OPTIONS],
    examples: spec.examples,
    async run(invocation) {
      const key = await chosenKey(invocation);
      const messages = await spec.messages(typedBy(invocation, key.address));
      const gasPriceUpokt = textOption(invocation, 'gasPrice') ?? '0';
      const memo = textOption(invocation, 'memo');
      const gas = gasOf(invocation);
      const outcome = await withLedger(invocation, ({ world, ledger }) =>
        createTransactionSender({ world, ledger, key, gasPriceUpokt }).send(messages, {
          signal: invocation.signal,
          ...(gas === undefined ? {} : { gas }),
          ...(memo === undefined ? {} : { memo }),
        }),
      );
      invocation.print(JSON.stringify(describe(outcome)));
      return outcome.ok ? 0 : 1;
    },
  };
}

function describe(outcome: TransactionOutcome): Record<string, string | number> {
  if (outcome.ok) return { hash: outcome.hash, height: outcome.height, code: 0 };
  const { hash, height, code, codespace, log, stage } = outcome.refusal;
  return { hash, ...(height === undefined ? {} : { height }), code, codespace, stage, log };
}

function gasOf(invocation: Invocation): bigint | 'simulate' | undefined {
  const text = textOption(invocation, 'gas');
  if (text === undefined || text === 'simulate') return text;
  if (!/^[1-9]\d{0,17}$/.test(text)) throw new UsageError(`--gas takes a number of units or "simulate", not "${text}"`);
  return BigInt(text);
}

function typedBy(invocation: Invocation, signer: string): Typed {
  return {
    signer,
    argument(index, what) {
      const value = invocation.arguments[index];
      if (value === undefined) throw new UsageError(`${what} is missing`);
      return value;
    },
    option: (name) => textOption(invocation, name),
    needOption(name) {
      const value = textOption(invocation, name);
      if (value === undefined) throw new UsageError(`${flagOf(name)} is missing`);
      return value;
    },
    address: (addressOrName) => addressFor(homeOf(invocation), addressOrName),
    async document(optionName) {
      const path = textOption(invocation, optionName)!;
      const text = await readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
        throw new UsageError(`cannot read ${path} (${thrown.code})`);
      });
      try {
        return parse(text) as unknown;
      } catch (thrown) {
        throw new UsageError(`${path} is not YAML: ${firstLine(thrown)}`);
      }
    },
  };
}
