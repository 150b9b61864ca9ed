/**
 * Transactions in the model: what must be true before their messages count, and what stays whatever becomes of those.
 *
 * Source: cosmos/cosmos-sdk `x/auth/ante`, `baseapp/baseapp.go`.
 */
import type { Any } from '@bufbuild/protobuf/wkt';
import { moduleAddress } from '@decai/protocol/address';
import type { Coin } from '@decai/protocol/coin';
import { applyMessage, checkMessage, type BlockInProgress } from './messages.ts';
import type { Model } from './model.ts';
import { sendCoins } from './money.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

/** A transaction of one signer as its sender means it; signatures are told, not verified. */
export type SentTransaction = {
  readonly bytes: Uint8Array;
  /** Absent where the bytes are no transaction. */
  readonly content?: {
    readonly messages: readonly Any[];
    /** Whom the messages name. */
    readonly signer: string;
    readonly publicKey: Uint8Array;
    /** Whether the public key is the signer's, and whether its owner has signed. */
    readonly isOwnKey: boolean;
    readonly isSigned: boolean;
    /** Signed with the rest; a sender may be wrong about it. */
    readonly accountNumber: bigint;
    readonly sequence: bigint;
    readonly fee: readonly Coin[];
    readonly gasLimit: bigint;
    readonly timeoutHeight: number;
    /** Absent in a transaction with a sequence. */
    readonly timeoutNs?: bigint;
  };
};

/** How long a nonce may be kept. */
const UNORDERED_NS_MAX = 600_000_000_000n;

/** Less gas than this is gone before the fee is taken; more is enough for whatever members send, except `SCARCE_GAS`. */
const NO_GAS = 1000n;

/** The verdict on a transaction. `isOutOfGas`: what the ledger says, since the model counts none; `isAdmitted`: with which admission. */
export function enterTransaction(
  model: Model,
  { content }: SentTransaction,
  block: BlockInProgress,
  ended: { readonly isOutOfGas: boolean; readonly isAdmitted: boolean },
): Verdict {
  if (content === undefined) return 'sdk/2';
  for (const any of content.messages) {
    const refusal = checkMessage(any);
    if (refusal !== ACCEPTED) return refusal;
  }
  const { log } = model.book;
  const accepted = (verdict: Verdict): boolean => verdict === ACCEPTED;
  const admitted = log.atomically(() => admit(model, content, ended), accepted);
  if (admitted !== ACCEPTED) return admitted;
  if (ended.isOutOfGas) return 'sdk/11';
  const waiting = new Map(block.waiting);
  const verdict = log.atomically(() => carryOut(model, content.messages, { ...block, waiting }), accepted);
  if (verdict === ACCEPTED) for (const [name, proof] of waiting) block.waiting.set(name, proof);
  return verdict;
}

type Content = NonNullable<SentTransaction['content']>;

function admit(model: Model, content: Content, ended: { isOutOfGas: boolean; isAdmitted: boolean }): Verdict {
  const { book, height } = model;
  const { signer, fee, gasLimit, timeoutHeight, timeoutNs } = content;
  if (timeoutHeight !== 0 && height > timeoutHeight) return 'sdk/30';
  if (timeoutNs !== undefined && timeoutNs < model.timeNs) return 'sdk/42';
  if (gasLimit < NO_GAS || (ended.isOutOfGas && !ended.isAdmitted)) return 'sdk/11';
  const account = book.accounts.get(signer);
  if (account === undefined) return 'sdk/9';
  const paid = fee.length === 0 ? ACCEPTED : sendCoins(model, signer, moduleAddress('fee_collector'), fee);
  if (paid !== ACCEPTED) return paid;
  if (!content.isOwnKey) return 'sdk/8';
  const { publicKey } = content;
  const nonce = timeoutNs === undefined ? ACCEPTED : useNonce(model, signer, timeoutNs);
  if (nonce !== ACCEPTED) return nonce;
  if (timeoutNs === undefined && content.sequence !== account.sequence) return 'sdk/32';
  if (!content.isSigned || content.accountNumber !== account.number) return 'sdk/4';
  const sequence = timeoutNs === undefined ? account.sequence + 1n : account.sequence;
  book.accounts.set(signer, { ...book.accounts.get(signer)!, publicKey, sequence });
  return ACCEPTED;
}

function useNonce(model: Model, signer: string, timeoutNs: bigint): Verdict {
  const { nonces } = model.book;
  const name = `${timeoutNs}/${signer}`;
  if (timeoutNs <= model.timeNs || timeoutNs > model.timeNs + UNORDERED_NS_MAX || nonces.has(name)) return 'sdk/18';
  nonces.set(name, [timeoutNs, signer]);
  return ACCEPTED;
}

/** Beginning of a block: what can never come again need not be remembered. */
export function forgetNonces({ book, timeNs }: Model): void {
  for (const [name, [timeoutNs]] of book.nonces.sorted()) if (timeoutNs <= timeNs) book.nonces.delete(name);
}

function carryOut(model: Model, messages: readonly Any[], block: BlockInProgress): Verdict {
  for (const any of messages) {
    const verdict = applyMessage(model, any, block);
    if (verdict !== ACCEPTED) return verdict;
  }
  return ACCEPTED;
}
