/**
 * Sends transactions of one account: signs, broadcasts, and waits until a block has them or none ever will.
 *
 * Passing CheckTx is not being in a block, and a mempool dies with its process; so the same bytes are sent again with each
 * block that lacks them, and every transaction names the last height that may have it. After that height, or once its
 * sequence is spent by another, "lost" is a fact and no guess, and sending anew cannot pay twice.
 *
 * Source: cosmos/cosmos-sdk `x/auth/ante/sigverify.go` (sequence), `types/errors/errors.go`; cometbft/cometbft
 * `mempool/errors.go`.
 */
import type { TypedMessage } from '@decai/protocol/any';
import { coin, UPOKT } from '@decai/protocol/coin';
import { Fault, isFault } from '@decai/protocol/fault';
import { Service } from '@decai/protocol/gen/cosmos/tx/v1beta1/service_pb';
import type { Key } from '@decai/protocol/keys';
import {
  assembleTransaction,
  encodeDraft,
  signTransaction,
  type SignedTransaction,
  type TransactionDraft,
} from '@decai/protocol/sign-transaction';
import { signMessage } from '@decai/protocol/signature';
import type { World } from '@decai/protocol/world';
import type { LedgerClient } from './ledger-client.ts';
import { ask } from './ledger-query.ts';
import type { BroadcastAnswer, TransactionResult } from './ledger-transport.ts';
import { estimateGas, feeFor } from './transaction-fee.ts';

export type TransactionSenderOptions = {
  readonly world: Pick<World, 'sleep'>;
  readonly ledger: LedgerClient;
  readonly key: Key;
  /** uPOKT for one unit of gas, as decimal text such as `0.001`; `0` if absent. */
  readonly gasPriceUpokt?: string;
  /** How often to look whether a block has it. */
  readonly pollMs?: number;
  /** How many blocks may pass until it is lost. */
  readonly patienceBlocks?: number;
};

export type SendOptions = {
  /** Counted by `estimateGas` if absent; `simulate` asks the ledger and adds two fifths. */
  readonly gas?: bigint | 'simulate';
  readonly memo?: string;
  /** The last block that may have it; the sender's patience decides if absent. */
  readonly lastHeight?: number;
  readonly signal?: AbortSignal;
};

export type TransactionOutcome =
  | { readonly ok: true; readonly hash: string; readonly height: number; readonly result: TransactionResult }
  | { readonly ok: false; readonly refusal: TransactionRefusal };

export type TransactionRefusal = {
  readonly stage:
    | /** Simulation refused it; nothing was sent. */ 'simulate'
    | /** CheckTx refused it; no block will have it. */ 'check'
    | /** A block has it, and it failed there: the fee is paid, nothing else happened. */ 'block'
    | /** No block has it, and none can have it any more. */ 'lost';
  readonly codespace: string;
  readonly code: number;
  readonly log: string;
  readonly hash: string;
  /** Of the block that has it, at stage `block`. */
  readonly height?: number;
};

export type TransactionSender = {
  readonly address: string;
  /**
   * Sends the messages in one transaction and tells what became of it. Calls may overlap; they are broadcast in order.
   *
   * @throws ACCOUNT_UNKNOWN while the ledger has no such account; LEDGER_UNREACHABLE when the node stays away before the
   * transaction was taken; the signal's reason, which leaves open whether a block will have it.
   */
  send(messages: readonly TypedMessage[], options?: SendOptions): Promise<TransactionOutcome>;
};

const POLL_MS = 500;
const PATIENCE_BLOCKS = 30;
const ATTEMPTS = 4;
const WRONG_SEQUENCE = 32;

type Account = { chainId: string; accountNumber: bigint; sequence: bigint };
type Prepared = SignedTransaction & { readonly lastHeight: number; readonly sequence: bigint };

export function createTransactionSender(options: TransactionSenderOptions): TransactionSender {
  const { world, ledger, key, gasPriceUpokt = '0', pollMs = POLL_MS, patienceBlocks = PATIENCE_BLOCKS } = options;
  const { transport } = ledger;
  let known: Account | undefined;
  /** Broadcasts stand in line: the sequence of one is known only when the one before it was taken. */
  let line: Promise<unknown> = Promise.resolve();

  const account = async (signal?: AbortSignal): Promise<Account> => {
    if (known !== undefined) return known;
    const [record, chainId] = await Promise.all([
      ledger.account(key.address, signal === undefined ? {} : { signal }),
      ledger.chainId(signal),
    ]);
    if (record === undefined) {
      throw new Fault('ACCOUNT_UNKNOWN', 'the account does not exist until it has received something', {
        address: key.address,
      });
    }
    known = { chainId, accountNumber: record.accountNumber, sequence: record.sequence };
    return known;
  };

  const prepare = async (messages: readonly TypedMessage[], send: SendOptions): Promise<Prepared> => {
    const { chainId, accountNumber, sequence } = await account(send.signal);
    const lastHeight = send.lastHeight ?? (await transport.status(send.signal)).latestHeight + patienceBlocks;
    const draft = {
      messages,
      signers: [{ publicKey: key.publicKey, sequence }],
      fee: [],
      gasLimit: 0n,
      timeoutHeight: BigInt(lastHeight),
      ...(send.memo !== undefined && { memo: send.memo }),
    };
    const gasLimit = await gasFor(draft, sequence, send);
    const feeUpokt = feeFor(gasLimit, gasPriceUpokt);
    const fee = feeUpokt === 0n ? [] : [coin(feeUpokt, UPOKT)];
    const signed = signTransaction({ ...draft, gasLimit, fee }, { chainId, accountNumber }, (bytes) =>
      signMessage(bytes, key.privateKey),
    );
    return { ...signed, lastHeight, sequence };
  };

  const gasFor = async (draft: TransactionDraft, sequence: bigint, { gas, signal }: SendOptions): Promise<bigint> => {
    if (typeof gas === 'bigint') return gas;
    if (gas === undefined) return estimateGas(unsigned(draft, sequence).length, draft.messages.length);
    const simulate = async (at: bigint): Promise<bigint> => {
      const request = { txBytes: unsigned(draft, at) };
      const answer = await ask(transport, Service.method.simulate, request, signal === undefined ? {} : { signal });
      return ((answer.gasInfo?.gasUsed ?? 0n) * 14n) / 10n;
    };
    // A simulation stands on the last block, which does not know of what waits before this and may move on meanwhile.
    let committed = sequence;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await simulate(committed);
      } catch (thrown) {
        const expected = isFault(thrown, 'LEDGER_QUERY_REFUSED') ? expectedSequence(thrown.message) : undefined;
        if (expected === undefined || expected === committed || attempt === ATTEMPTS) throw thrown;
        committed = expected;
      }
    }
  };

  const unsigned = (draft: TransactionDraft, sequence: bigint): Uint8Array => {
    const signers = [{ publicKey: key.publicKey, sequence }];
    return assembleTransaction(encodeDraft({ ...draft, signers }), [new Uint8Array(0)]).bytes;
  };

  /** Signs and broadcasts; a sequence that has moved on is signed anew, a node that is away is asked again. */
  const broadcast = async (
    messages: readonly TypedMessage[],
    send: SendOptions,
  ): Promise<{ readonly taken: Prepared } | TransactionRefusal> => {
    for (let attempt = 1; ; attempt += 1) {
      let prepared: Prepared;
      try {
        prepared = await prepare(messages, send);
      } catch (thrown) {
        if (send.gas !== 'simulate' || !isFault(thrown, 'LEDGER_QUERY_REFUSED')) throw thrown;
        known = undefined;
        const { code, codespace } = thrown.details;
        return { stage: 'simulate', code: Number(code), codespace: `${codespace}`, log: thrown.message, hash: '' };
      }
      const answer = await offer(prepared, send.signal);
      if (answer === 'taken') {
        if (known !== undefined) known.sequence += 1n;
        return { taken: prepared };
      }
      if (attempt < ATTEMPTS && isWrongSequence(answer)) {
        await correctSequence(answer.log, send.signal);
        continue;
      }
      known = undefined;
      return { stage: 'check', ...answer };
    }
  };

  const offer = async (prepared: Prepared, signal?: AbortSignal): Promise<BroadcastAnswer | 'taken'> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await transport.broadcastTxSync(prepared.bytes, signal);
        return answer.code === 0 ? 'taken' : answer;
      } catch (thrown) {
        if (isAlreadyThere(thrown)) return 'taken';
        if (!isFault(thrown, 'LEDGER_UNREACHABLE') || attempt === ATTEMPTS) {
          // It may have been taken: the sequence is asked for anew.
          known = undefined;
          throw thrown;
        }
        await world.sleep(pollMs, signal);
      }
    }
  };

  /** The text names the sequence that the mempool expects, which the ledger's state does not know yet. */
  const correctSequence = async (log: string, signal?: AbortSignal): Promise<void> => {
    known = undefined;
    const current = await account(signal);
    current.sequence = expectedSequence(log) ?? current.sequence;
  };

  /** Looks for it block after block, until the last height that may have it has passed. */
  const settle = async (prepared: Prepared, signal?: AbortSignal): Promise<TransactionOutcome> => {
    const { hash, bytes, lastHeight } = prepared;
    let seenHeight = 0;
    for (;;) {
      await world.sleep(pollMs, signal);
      try {
        // What could make it look lost comes first: a block between two questions must not decide.
        const { latestHeight } = await transport.status(signal);
        const isSpent = latestHeight > seenHeight && (await committedSequence(signal)) > prepared.sequence;
        const included = await transport.tx(hash, signal);
        if (included !== undefined) return outcomeOf(included);
        if (latestHeight > lastHeight) return lost(hash, `no block up to ${lastHeight} has it`);
        if (isSpent) return lost(hash, `another transaction has its sequence, ${prepared.sequence}`);
        if (seenHeight > 0 && latestHeight > seenHeight) await transport.broadcastTxSync(bytes, signal);
        seenHeight = latestHeight;
      } catch (thrown) {
        // Nothing is decided by a node that is away.
        if (!isFault(thrown, 'LEDGER_UNREACHABLE') && !isFault(thrown, 'LEDGER_RPC_ERROR')) throw thrown;
      }
    }
  };

  const committedSequence = async (signal?: AbortSignal): Promise<bigint> =>
    (await ledger.account(key.address, signal === undefined ? {} : { signal }))?.sequence ?? 0n;

  const lost = (hash: string, log: string): TransactionOutcome => {
    known = undefined;
    return { ok: false, refusal: { stage: 'lost', code: 0, codespace: '', log, hash } };
  };

  return {
    address: key.address,
    async send(messages, send = {}) {
      const turn = line.then(() => broadcast(messages, send));
      line = turn.catch(() => undefined);
      const result = await turn;
      return 'taken' in result ? await settle(result.taken, send.signal) : { ok: false, refusal: result };
    },
  };
}

function outcomeOf(included: { hash: string; height: number; result: TransactionResult }): TransactionOutcome {
  const { hash, height, result } = included;
  if (result.code === 0) return { ok: true, hash, height, result };
  const { code, codespace, log } = result;
  return { ok: false, refusal: { stage: 'block', code, codespace, log, hash, height } };
}

function isWrongSequence({ code, codespace }: BroadcastAnswer): boolean {
  return code === WRONG_SEQUENCE && codespace === 'sdk';
}

/** The sequence that the text of a mismatch says is due. */
function expectedSequence(log: string): bigint | undefined {
  const expected = /account sequence mismatch, expected (\d+)/.exec(log)?.[1];
  return expected === undefined ? undefined : BigInt(expected);
}

/** CometBFT answers with an error when it has just seen the same bytes. */
function isAlreadyThere(thrown: unknown): boolean {
  return isFault(thrown, 'LEDGER_RPC_ERROR') && `${thrown.details['data']}`.includes('already exists in cache');
}
