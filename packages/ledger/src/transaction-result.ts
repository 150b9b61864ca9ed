/**
 * What became of a transaction, in the words of ABCI.
 *
 * Source: CometBFT `proto/tendermint/abci/types.proto` (ExecTxResult, ResponseCheckTx).
 */
import { EMPTY } from '@decai/protocol/bytes';
import type { ChainEvent } from '@decai/protocol/typed-event';
import { refusalText, type Refusal } from './refusal.ts';

export type TransactionResult = {
  /** 0 for success. */
  readonly code: number;
  /** Whose code it is; empty for success. */
  readonly codespace: string;
  /** TxMsgData with one response a message; empty for a failure. */
  readonly data: Uint8Array;
  /** Empty for success. */
  readonly log: string;
  readonly gasWanted: bigint;
  readonly gasUsed: bigint;
  /** In order: what fees and signatures raised, then, if all messages succeeded, what they raised. */
  readonly events: readonly ChainEvent[];
};

export function failedResult(
  refusal: Refusal,
  gas: { readonly gasWanted: bigint; readonly gasUsed: bigint },
  events: readonly ChainEvent[],
  prefix = '',
): TransactionResult {
  const { code, codespace } = refusal;
  return { code, codespace, data: EMPTY, log: prefix + refusalText(refusal), ...gas, events };
}
