/**
 * A transaction from its bytes to its result.
 *
 * Read, looked at, admitted, carried out, in this order; the first thing that is wrong decides. A transaction that is not
 * admitted leaves nothing. One whose messages fail leaves what admission wrote: its fee, its sequence.
 *
 * Source: cosmos/cosmos-sdk `baseapp/baseapp.go` (runTx); pokt-network/poktroll `app/ante.go`.
 */
import { create } from '@bufbuild/protobuf';
import { packAny } from '@decai/protocol/any';
import { encode } from '@decai/protocol/codec';
import { isFault } from '@decai/protocol/fault';
import { TxMsgDataSchema } from '@decai/protocol/gen/cosmos/base/abci/v1beta1/abci_pb';
import { decodeTransaction, type Transaction, type TransactionMessage } from '@decai/protocol/transaction';
import { admitTransaction, checkGas, type AdmissionMode, type TransactionPolicy } from './admission.ts';
import { reasonOf } from './fault-reason.ts';
import { chargeDispatch } from './gas.ts';
import type { MessageRule } from './message-rule.ts';
import { ruleFor } from './message-rules.ts';
import { ACCEPTED, refusalText, refuse, type Outcome, type Refusal, type Verdict } from './refusal.ts';
import { PANIC, SDK } from './registered-error.ts';
import type { State } from './state.ts';
import { failedResult, type TransactionResult } from './transaction-result.ts';

/** The result of a transaction. A fault inside it undoes it and has a code of its own. @throws when this machine fails. */
export function runTransaction(
  state: State,
  bytes: Uint8Array,
  mode: AdmissionMode,
  policy: TransactionPolicy = {},
): TransactionResult {
  const read = readTransaction(bytes, mode);
  if (!read.ok) return failedResult(read, { gasWanted: 0n, gasUsed: 0n }, []);
  const transaction = read.value;
  const mark = state.journal.mark();
  try {
    return runRead(state, transaction, mode, policy);
  } finally {
    state.store.meter = undefined;
    state.journal.rollback(mark);
  }
}

function runRead(
  state: State,
  transaction: Transaction,
  mode: AdmissionMode,
  policy: TransactionPolicy,
): TransactionResult {
  const mark = state.journal.mark();
  const gasLimit = transaction.authInfo.fee?.gasLimit ?? 0n;
  const gasWanted = mode === 'simulate' && gasLimit === 0n ? 2n ** 64n - 1n : gasLimit;
  const gas = () => ({ gasWanted, gasUsed: state.store.meter?.used ?? 0n });

  const looked = checkMessages(transaction);
  if (looked !== undefined) return failedResult(looked, gas(), []);
  const admitted = undoneByFault(state, () => admitTransaction({ state, transaction, mode, policy }));
  if (!admitted.ok) return failedResult(admitted, gas(), []);
  if (mode === 'check' || mode === 'recheck') return succeeded([], gas(), state, mark);

  const admissionEvents = state.journal.since(mark);
  const carriedOut = undoneByFault(state, () => carryOut(state, transaction));
  if (!carriedOut.ok) return failedResult(carriedOut, gas(), admissionEvents);
  return succeeded(transaction.messages, gas(), state, mark);
}

/** Refuses bytes that are no transaction (sdk 2). A pool tells its sender why; a block tells everybody the same. */
function readTransaction(bytes: Uint8Array, mode: AdmissionMode): Outcome<Transaction> {
  try {
    return { ok: true, value: decodeTransaction(bytes) };
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return refuse(SDK.TX_DECODE, mode === 'execute' ? '' : `${thrown.message}: tx parse error`);
  }
}

/** Refuses, in this order: no message (sdk 18), the first message that no state could accept, the first that nobody handles (sdk 6). */
function checkMessages({ messages }: Transaction): Refusal | undefined {
  if (messages.length === 0) return refuse(SDK.INVALID_REQUEST, 'must contain at least one message');
  for (const { typeUrl, message } of messages) {
    const refusal = ruleFor(typeUrl)?.check(message);
    if (refusal !== undefined) return refusal;
  }
  const unknown = messages.find(({ typeUrl }) => ruleFor(typeUrl) === undefined);
  return unknown === undefined
    ? undefined
    : refuse(SDK.UNKNOWN_REQUEST, `no message handler found for ${unknown.typeUrl}`);
}

/** Carries out all messages, or none. */
function carryOut(state: State, { messages }: Transaction): Verdict {
  for (const [index, { typeUrl, signers, message }] of messages.entries()) {
    const mark = state.journal.mark();
    const [, module = ''] = typeUrl.slice(1).split('.');
    state.journal.emitPlain('message', { action: typeUrl, sender: signers[0] ?? '', module });
    chargeDispatch(state.store.meter);
    const verdict = rule(typeUrl).apply(state, message);
    if (!verdict.ok) return atMessage(index, verdict);
    const spent = state.store.meter === undefined ? undefined : checkGas(state.store.meter, `message ${index}`);
    if (spent !== undefined) return spent;
    state.journal.stamp(mark, 'msg_index', String(index));
  }
  return ACCEPTED;
}

function atMessage(index: number, refusal: Refusal): Refusal {
  const { codespace, code } = refusal;
  const message = `failed to execute message; message index: ${index}: ${refusalText(refusal)}`;
  return { ok: false, codespace, code, message };
}

function rule(typeUrl: string): MessageRule {
  return ruleFor(typeUrl)!;
}

/**
 * Runs `act` as a whole: a refusal or a throw leaves nothing of it, and a throw becomes a refusal of its own.
 *
 * @throws what only this machine has (`reasonOf`).
 */
function undoneByFault(state: State, act: () => Verdict): Verdict {
  try {
    return state.atomically(act);
  } catch (thrown) {
    const reason = reasonOf(thrown);
    if (reason === undefined) throw thrown;
    return refuse(PANIC, `recovered: ${reason}`);
  }
}

function succeeded(
  messages: readonly TransactionMessage[],
  gas: { readonly gasWanted: bigint; readonly gasUsed: bigint },
  state: State,
  mark: number,
): TransactionResult {
  const msgResponses = messages.map(({ typeUrl, message }) => {
    const { responseSchema, respond } = rule(typeUrl);
    return packAny(responseSchema, respond?.(message) ?? create(responseSchema));
  });
  const data = encode(TxMsgDataSchema, create(TxMsgDataSchema, { msgResponses }));
  return { code: 0, codespace: '', data, log: '', ...gas, events: state.journal.since(mark) };
}
