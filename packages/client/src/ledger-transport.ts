/**
 * How a ledger is reached: the few questions of CometBFT's RPC that everything else is built on.
 *
 * Implemented over JSON-RPC (`rpc-transport.ts`) and, in one process, by the node itself. Every method throws the signal's
 * reason when aborted, LEDGER_UNREACHABLE when no answer comes, LEDGER_ANSWER_INVALID when the answer is not one, and
 * LEDGER_RPC_ERROR when the node answers with an error of JSON-RPC.
 *
 * Source: cometbft/cometbft v0.38 `rpc/core`, `rpc/openapi/openapi.yaml`.
 */

import type { ChainEvent } from '@decai/protocol/typed-event';

export type LedgerStatus = {
  readonly chainId: string;
  readonly nodeVersion: string;
  readonly latestHeight: number;
  /** 32 bytes; empty before the first block. */
  readonly latestBlockHash: Uint8Array;
  /** RFC 3339 with nanoseconds. */
  readonly latestBlockTime: string;
  readonly earliestHeight: number;
  readonly catchingUp: boolean;
};

/** What names a block: enough for sessions, seeds and clocks. */
export type BlockReference = {
  readonly height: number;
  /** The block's own hash, 32 bytes. */
  readonly hash: Uint8Array;
  /** RFC 3339 with nanoseconds. */
  readonly time: string;
};

export type LedgerBlock = BlockReference & {
  readonly chainId: string;
  /** 20 bytes. */
  readonly proposerAddress: Uint8Array;
  /** The state's hash after the block before this one. */
  readonly appHash: Uint8Array;
  readonly transactions: readonly Uint8Array[];
};

export type TransactionResult = {
  /** 0: executed. */
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly data: Uint8Array;
  readonly gasWanted: bigint;
  readonly gasUsed: bigint;
  readonly events: readonly ChainEvent[];
};

export type LedgerBlockResults = {
  readonly height: number;
  readonly transactionResults: readonly TransactionResult[];
  /** Events of the beginning and the end of the block. */
  readonly blockEvents: readonly ChainEvent[];
  /** The state's hash after this block. */
  readonly appHash: Uint8Array;
};

export type IncludedTransaction = {
  /** SHA-256 of the bytes, upper-case hexadecimal. */
  readonly hash: string;
  readonly height: number;
  readonly index: number;
  readonly transaction: Uint8Array;
  readonly result: TransactionResult;
};

export type BroadcastAnswer = {
  /** 0: passed CheckTx, which does not yet mean that a block will have it. */
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly hash: string;
};

export type QueryAnswer = {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly value: Uint8Array;
  /** The height whose state was asked. */
  readonly height: number;
  /** Where a proof was asked for and given: a `cosmos.ics23.v1.CommitmentProof`, encoded. */
  readonly proof?: Uint8Array;
};

export type TransactionPage = {
  readonly transactions: readonly IncludedTransaction[];
  /** All that match, over all pages. */
  readonly total: number;
};

export type TransactionSearch = {
  /** Such as `message.sender='pokt1…' AND tx.height>5`. */
  readonly query: string;
  /** From 1. */
  readonly page?: number;
  /** 1 to 100. */
  readonly perPage?: number;
  readonly order?: 'asc' | 'desc';
};

export type LedgerTransport = {
  status(signal?: AbortSignal): Promise<LedgerStatus>;
  /** The latest block when no height is given. */
  block(height?: number, signal?: AbortSignal): Promise<LedgerBlock>;
  blockResults(height: number, signal?: AbortSignal): Promise<LedgerBlockResults>;
  /** Asks for the state after the latest block, or after `height`. */
  abciQuery(
    path: string,
    data: Uint8Array,
    height?: number,
    signal?: AbortSignal,
    prove?: boolean,
  ): Promise<QueryAnswer>;
  broadcastTxSync(transaction: Uint8Array, signal?: AbortSignal): Promise<BroadcastAnswer>;
  /** Undefined while no block has it. */
  tx(hash: string, signal?: AbortSignal): Promise<IncludedTransaction | undefined>;
  txSearch(search: TransactionSearch, signal?: AbortSignal): Promise<TransactionPage>;
  /** New blocks as they are made, from whatever moment the subscription stands; ends or throws when it falls. */
  subscribeBlocks(signal: AbortSignal): AsyncIterable<BlockReference>;
};
