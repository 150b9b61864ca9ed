/**
 * The answers of CometBFT's RPC, read into the shapes of `ledger-transport.ts`.
 *
 * Source: cometbft/cometbft v0.38 `rpc/core/types/responses.go`.
 */
import { fromUtf8 } from '@decai/protocol/bytes';
import type { ChainEvent } from '@decai/protocol/typed-event';
import type {
  BlockReference,
  BroadcastAnswer,
  IncludedTransaction,
  LedgerBlock,
  LedgerBlockResults,
  LedgerStatus,
  QueryAnswer,
  TransactionPage,
  TransactionResult,
} from './ledger-transport.ts';
import {
  asBase64,
  asObject,
  base64Field,
  bigintField,
  booleanField,
  hexField,
  listField,
  numberField,
  objectField,
  textField,
  type JsonObject,
} from './rpc-fields.ts';

export function readStatus(result: JsonObject): LedgerStatus {
  const node = objectField(result, 'node_info');
  const sync = objectField(result, 'sync_info');
  return {
    chainId: textField(node, 'network'),
    nodeVersion: textField(node, 'version'),
    latestHeight: numberField(sync, 'latest_block_height'),
    latestBlockHash: hexField(sync, 'latest_block_hash'),
    latestBlockTime: textField(sync, 'latest_block_time'),
    earliestHeight: numberField(sync, 'earliest_block_height'),
    catchingUp: booleanField(sync, 'catching_up'),
  };
}

export function readBlock(result: JsonObject): LedgerBlock {
  const block = objectField(result, 'block');
  const header = objectField(block, 'header');
  return {
    ...readReference(result),
    chainId: textField(header, 'chain_id'),
    proposerAddress: hexField(header, 'proposer_address'),
    appHash: hexField(header, 'app_hash'),
    transactions: listField(objectField(block, 'data'), 'txs').map((tx) => asBase64(tx, 'txs')),
  };
}

/** Of a `block` answer, and of the value of a NewBlock event, which has the same fields. */
export function readReference(result: JsonObject): BlockReference {
  const header = objectField(objectField(result, 'block'), 'header');
  return {
    height: numberField(header, 'height'),
    hash: hexField(objectField(result, 'block_id'), 'hash'),
    time: textField(header, 'time'),
  };
}

export function readBlockResults(result: JsonObject): LedgerBlockResults {
  return {
    height: numberField(result, 'height'),
    transactionResults: listField(result, 'txs_results').map((entry) => readResult(asObject(entry, 'txs_results'))),
    blockEvents: readEvents(result, 'finalize_block_events'),
    appHash: base64Field(result, 'app_hash'),
  };
}

export function readQuery(result: JsonObject): QueryAnswer {
  const response = objectField(result, 'response');
  const [operation, ...more] = response['proofOps'] ? listField(objectField(response, 'proofOps'), 'ops') : [];
  const proof = more.length > 0 ? undefined : operation;
  return {
    ...(proof !== undefined && { proof: base64Field(asObject(proof, 'ops'), 'data') }),
    code: numberField(response, 'code'),
    codespace: textField(response, 'codespace'),
    log: textField(response, 'log'),
    value: base64Field(response, 'value'),
    height: numberField(response, 'height'),
  };
}

export function readBroadcast(result: JsonObject): BroadcastAnswer {
  return {
    code: numberField(result, 'code'),
    codespace: textField(result, 'codespace'),
    log: textField(result, 'log'),
    hash: textField(result, 'hash').toUpperCase(),
  };
}

export function readTransaction(result: JsonObject): IncludedTransaction {
  return {
    hash: textField(result, 'hash').toUpperCase(),
    height: numberField(result, 'height'),
    index: numberField(result, 'index'),
    transaction: base64Field(result, 'tx'),
    result: readResult(objectField(result, 'tx_result')),
  };
}

export function readTransactionPage(result: JsonObject): TransactionPage {
  return {
    transactions: listField(result, 'txs').map((entry) => readTransaction(asObject(entry, 'txs'))),
    total: numberField(result, 'total_count'),
  };
}

function readResult(result: JsonObject): TransactionResult {
  return {
    code: numberField(result, 'code'),
    codespace: textField(result, 'codespace'),
    log: textField(result, 'log'),
    data: base64Field(result, 'data'),
    gasWanted: bigintField(result, 'gas_wanted'),
    gasUsed: bigintField(result, 'gas_used'),
    events: readEvents(result, 'events'),
  };
}

function readEvents(parent: JsonObject, name: string): ChainEvent[] {
  return listField(parent, name).map((entry) => {
    const event = asObject(entry, name);
    return {
      type: textField(event, 'type'),
      attributes: listField(event, 'attributes').map((item) => {
        const attribute = asObject(item, 'attributes');
        return { key: textField(attribute, 'key'), value: textField(attribute, 'value') };
      }),
    };
  });
}

/** Parses the bytes of an answer. @throws SyntaxError or UTF8_INVALID */
export function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(fromUtf8(bytes));
}
