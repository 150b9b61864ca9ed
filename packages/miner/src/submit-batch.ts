/**
 * Claims and proofs of one supplier, several in a transaction, sent until the ledger has them.
 *
 * That a node took a transaction does not mean that a block has it, and that a block has it does not mean that it worked:
 * what counts is what the ledger answers when it is asked for the claim. A message that failed in company goes alone the
 * next time, so that one bad message cannot sink the others.
 *
 * Source: pokt-network/poktroll `pkg/client/supplier/client.go`; the resending is ours.
 */
import type { TransactionOutcome, TransactionSender } from '@decai/client/transaction-sender';
import type { TypedMessage } from '@decai/protocol/any';
import { Fault } from '@decai/protocol/fault';
import type { TreeName } from './relay-journal.ts';

export type Submission<Item extends TreeName> = {
  readonly item: Item;
  readonly message: TypedMessage;
  /** The last block in which it is of use. */
  readonly lastHeight: number;
};

export type SubmissionResult<Item extends TreeName> = {
  readonly items: readonly Item[];
  readonly outcome: TransactionOutcome;
};

export class BatchSubmitter {
  readonly #senders: ReadonlyMap<string, TransactionSender>;
  readonly #messagesMax: number;
  readonly #signal: AbortSignal;
  readonly #running = new Set<string>();
  /** How often each has failed. */
  readonly #failures = new Map<string, number>();

  /** `senders`: by operator address. */
  constructor(senders: ReadonlyMap<string, TransactionSender>, messagesMax: number, signal: AbortSignal) {
    this.#senders = senders;
    this.#messagesMax = messagesMax;
    this.#signal = signal;
  }

  isRunning(name: TreeName): boolean {
    return this.#running.has(keyOf(name));
  }

  /** How often a transaction with this one was refused. */
  failures(name: TreeName): number {
    return this.#failures.get(keyOf(name)) ?? 0;
  }

  forget(name: TreeName): void {
    this.#failures.delete(keyOf(name));
  }

  /**
   * Sends what is not under way yet, in one transaction for each supplier and batch. Each transaction is told to `onResult`
   * when its fate is known, or to `onTrouble` when it cannot be known; by then nothing of it is under way any more.
   */
  submit<Item extends TreeName>(
    submissions: readonly Submission<Item>[],
    onResult: (result: SubmissionResult<Item>) => Promise<void>,
    onTrouble: (trouble: unknown) => void,
  ): void {
    for (const batch of this.#batchesOf(submissions.filter(({ item }) => !this.isRunning(item)))) {
      const keys = batch.map(({ item }) => keyOf(item));
      for (const key of keys) this.#running.add(key);
      void this.#send(batch)
        .finally(() => keys.forEach((key) => this.#running.delete(key)))
        .then(onResult)
        .catch(onTrouble);
    }
  }

  async #send<Item extends TreeName>(batch: readonly Submission<Item>[]): Promise<SubmissionResult<Item>> {
    const { supplier } = batch[0]!.item;
    const sender = this.#senders.get(supplier);
    if (sender === undefined) {
      throw new Fault('SUPPLIER_KEY_MISSING', 'relays were mined for a supplier whose key is not here', { supplier });
    }
    const items = batch.map(({ item }) => item);
    const messages = batch.map(({ message }) => message);
    const lastHeight = Math.min(...batch.map((submission) => submission.lastHeight));
    const outcome = await sender.send(messages, { lastHeight, signal: this.#signal });
    // A transaction that no block took says nothing about its messages.
    const failed = !outcome.ok && outcome.refusal.stage !== 'lost';
    if (failed) for (const item of items) this.#failures.set(keyOf(item), this.failures(item) + 1);
    return { items, outcome };
  }

  #batchesOf<Item extends TreeName>(submissions: readonly Submission<Item>[]): Submission<Item>[][] {
    const batches: Submission<Item>[][] = [];
    const open = new Map<string, Submission<Item>[]>();
    for (const submission of submissions) {
      const { supplier } = submission.item;
      const batch = open.get(supplier);
      if (this.failures(submission.item) > 0) batches.push([submission]);
      else if (batch === undefined || batch.length >= this.#messagesMax) {
        const begun = [submission];
        open.set(supplier, begun);
        batches.push(begun);
      } else batch.push(submission);
    }
    return batches;
  }
}

function keyOf({ sessionId, supplier }: TreeName): string {
  return `${sessionId}/${supplier}`;
}
