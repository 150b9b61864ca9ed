/** `decai query status | block | tx`: the chain itself, its transactions and events in words. */
import type { JsonValue } from '@bufbuild/protobuf';
import { provenRecord } from '@decai/client/proven-record';
import { createRpcTransport } from '@decai/client/rpc-transport';
import type { IncludedTransaction, TransactionResult } from '@decai/client/ledger-transport';
import { toChainJson } from '@decai/protocol/chain-json';
import { fromHex, toBase64, toHex, utf8 } from '@decai/protocol/bytes';
import type { ChainEvent } from '@decai/protocol/typed-event';
import { decodeTransaction, transactionHash } from '@decai/protocol/transaction';
import { type Command, numberOption, urlOption, UsageError } from '../../command.ts';
import { queryCommand } from './query-command.ts';
import { recordInWords } from './record-in-words.ts';

export const CHAIN_QUERIES: readonly Command[] = [
  queryCommand({
    name: 'status',
    summary: 'The chain, its latest block and its age.',
    examples: ['decai query status', 'decai query status --rpc https://node.example'],
    async ask({ ledger, invocation }) {
      const status = await ledger.transport.status(invocation.signal);
      return { ...status, latestBlockHash: toHex(status.latestBlockHash) };
    },
  }),
  queryCommand({
    name: 'block',
    summary: 'A block: hash, time, transactions, and what happened at its end.',
    arguments: [{ name: '[height]', help: 'absent: the latest block' }],
    examples: ['decai query block', 'decai query block 42'],
    async ask({ ledger, invocation }) {
      const [text] = invocation.arguments;
      if (text !== undefined && !/^[1-9]\d{0,14}$/.test(text)) throw new UsageError(`"${text}" is no height`);
      const block = await ledger.transport.block(text === undefined ? undefined : Number(text), invocation.signal);
      const results = await ledger.transport.blockResults(block.height, invocation.signal);
      return {
        height: block.height,
        hash: toHex(block.hash).toUpperCase(),
        time: block.time,
        chainId: block.chainId,
        appHash: toHex(results.appHash),
        transactions: block.transactions.map((bytes, index) => ({
          hash: transactionHash(bytes),
          ...inWords(bytes),
          ...resultInWords(results.transactionResults[index]),
        })),
        events: results.blockEvents.map(eventInWords),
      };
    },
  }),
  queryCommand({
    name: 'tx',
    summary: 'A transaction: what it says and what came of it.',
    arguments: [{ name: '<hash>', help: '64 hexadecimal digits' }],
    examples: ['decai query tx 5B4F…'],
    async ask({ ledger, argument, invocation }) {
      const hash = argument(0, 'the hash');
      if (!/^[0-9a-fA-F]{64}$/.test(hash)) throw new UsageError('a transaction hash has 64 hexadecimal digits');
      const included = await ledger.transport.tx(hash, invocation.signal);
      return included === undefined ? undefined : transactionInWords(included);
    },
  }),
  queryCommand({
    name: 'record',
    summary: 'A record of the state with a proof, checked here against a block header. docs/state.md lists the keys.',
    arguments: [{ name: '<key>', help: 'such as application/Application/address/<address>/' }],
    options: [
      { flags: '--height <number>', help: 'as of this block; absent: the one before the latest' },
      { flags: '--headers <url>', help: 'believe the headers of this ledger instead of the one that is asked' },
    ],
    examples: ['decai query record bank/balance/pokt1…/upokt/', 'decai query record --height 42 bank/supply/upokt/'],
    async ask({ ledger, world, argument, invocation }) {
      const height = numberOption(invocation, 'height', 1, Number.MAX_SAFE_INTEGER);
      const url = urlOption(invocation, 'headers');
      const key = recordKey(argument(0, 'the key'));
      const { value, ...proven } = await provenRecord(ledger.transport, {
        key,
        signal: invocation.signal,
        ...(url !== undefined && { headers: createRpcTransport(world, { url }) }),
        ...(height !== undefined && { height }),
      });
      const says = value === undefined ? undefined : recordInWords(key, value);
      return {
        height: proven.height,
        appHash: toHex(proven.root).toUpperCase(),
        ...(value === undefined ? { absent: true } : { value: toBase64(value) }),
        ...(says !== undefined && { says }),
      };
    },
  }),
];

/** Text, or bytes in hexadecimal after `0x`: heights inside keys are eight bytes. */
function recordKey(text: string): Uint8Array {
  return /^0x([0-9a-f]{2})+$/i.test(text) ? fromHex(text.slice(2)) : utf8(text);
}

function transactionInWords({ hash, height, index, transaction, result }: IncludedTransaction): JsonValue {
  return { hash, height, index, ...inWords(transaction), ...resultInWords(result) };
}

function inWords(bytes: Uint8Array): Record<string, JsonValue> {
  const { messages, body, signers } = decodeTransaction(bytes);
  return {
    messages: messages.map(({ typeUrl, schema, message }) => ({
      '@type': typeUrl,
      ...(toChainJson(schema, message) as Record<string, JsonValue>),
    })),
    memo: body.memo,
    signers: [...signers],
  };
}

function resultInWords(result: TransactionResult | undefined): Record<string, JsonValue> {
  if (result === undefined) return {};
  const { code, codespace, log, gasWanted, gasUsed, events } = result;
  return {
    code,
    codespace,
    log,
    gasWanted: String(gasWanted),
    gasUsed: String(gasUsed),
    events: events.map(eventInWords),
  };
}

function eventInWords({ type, attributes }: ChainEvent): JsonValue {
  return { type, attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, value])) };
}
