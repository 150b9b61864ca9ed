/**
 * Transactions as REST shows them: what was sent, and what became of it, with what was sent inside once more.
 *
 * Source: cosmos/cosmos-sdk `x/auth/tx/query.go`, `types/result.go` (NewResponseResultTx).
 */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { toHex } from '@decai/protocol/bytes';
import { chainJsonText, fieldTexts } from '@decai/protocol/chain-json';
import { TxResponseSchema } from '@decai/protocol/gen/cosmos/base/abci/v1beta1/abci_pb';
import { TxSchema, type Tx } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import { formatTimestamp } from '@decai/protocol/time-text';
import { decodeTransaction } from '@decai/protocol/transaction';
import type { FoundTransaction } from '../search-transactions.ts';

/** Both texts of one transaction of a block. */
export type TransactionTexts = { readonly tx: string; readonly response: string };

/** A transaction in parts. @throws TX_UNDECODABLE. */
export function transactionParts(bytes: Uint8Array): Tx {
  const { body, authInfo, signatures } = decodeTransaction(bytes);
  return create(TxSchema, { body, authInfo, signatures: [...signatures] });
}

export function transactionTexts({ hash, height, bytes, result, block }: FoundTransaction): TransactionTexts {
  const { code, codespace, data, log, info, gasWanted, gasUsed, events } = result;
  const { seconds } = block.header!.time!;
  const tx = chainJsonText(TxSchema, transactionParts(bytes));
  const fields = {
    height: BigInt(height),
    txhash: hash,
    codespace,
    code,
    data: toHex(data).toUpperCase(),
    rawLog: log,
    info,
    gasWanted,
    gasUsed,
    timestamp: formatTimestamp({ $typeName: 'google.protobuf.Timestamp', seconds, nanos: 0 }),
    events,
  };
  return { tx, response: responseText(fields, `{"@type":"/${TxSchema.typeName}",${tx.slice(1)}`) };
}

/** @param tx the transaction itself as an Any, which may be no part of any other message. */
export function responseText(fields: MessageInitShape<typeof TxResponseSchema>, tx = 'null'): string {
  const texts = fieldTexts(TxResponseSchema, create(TxResponseSchema, fields));
  return `{${texts.map(([{ name }, text]) => `"${name}":${name === 'tx' ? tx : text}`).join(',')}}`;
}
