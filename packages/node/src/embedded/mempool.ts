/**
 * Transactions that passed CheckTx and wait for a block, in the order in which they came.
 *
 * Bounded in number and bytes. The same bytes are taken once: also while a block has them, because a cache remembers what
 * was seen last. After each block what remains is checked again, and what does not pass any more is dropped.
 *
 * Source: cometbft/cometbft v0.38 `mempool/clist_mempool.go`, `mempool/errors.go` (texts).
 */
import { transactionHash } from '@decai/protocol/transaction';

export type CheckResult = {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly gasWanted: bigint;
};

export type MempoolLimits = {
  readonly transactionsMax: number;
  readonly bytesMax: number;
  readonly transactionBytesMax: number;
  /** How many transactions the cache remembers. */
  readonly cacheMax: number;
};

export const MEMPOOL_LIMITS: MempoolLimits = {
  transactionsMax: 5_000,
  bytesMax: 64 * 1024 * 1024,
  transactionBytesMax: 1024 * 1024,
  cacheMax: 20_000,
};

/** Not even checked: the mempool has no place for it. The text is CometBFT's. */
export type MempoolRefusal = {
  readonly code: 'MEMPOOL_TX_TOO_LARGE' | 'MEMPOOL_TX_SEEN' | 'MEMPOOL_FULL';
  readonly message: string;
};

export type Admission =
  | { readonly checked: true; readonly hash: string; readonly result: CheckResult }
  | { readonly checked: false; readonly hash: string; readonly refusal: MempoolRefusal };

type Waiting = { readonly bytes: Uint8Array; readonly gasWanted: bigint };

export class Mempool {
  readonly #check: (transaction: Uint8Array, recheck: boolean) => CheckResult;
  readonly #limits: MempoolLimits;
  /** By hash, in the order of arrival. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #seen = new Set<string>();
  #bytes = 0;

  /** @param check judges a transaction on top of those that wait; `recheck` says that it was judged before. */
  constructor(
    check: (transaction: Uint8Array, recheck: boolean) => CheckResult,
    limits: MempoolLimits = MEMPOOL_LIMITS,
  ) {
    this.#check = check;
    this.#limits = limits;
  }

  get size(): number {
    return this.#waiting.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a transaction that passes. Refuses, in this order: too large, no place, seen before. */
  admit(bytes: Uint8Array): Admission {
    const hash = transactionHash(bytes);
    const refusal = this.#refusal(hash, bytes);
    if (refusal !== undefined) return { checked: false, hash, refusal };
    const result = this.#check(bytes, false);
    if (result.code === 0) {
      this.#remember(hash);
      this.#waiting.set(hash, { bytes, gasWanted: result.gasWanted });
      this.#bytes += bytes.length;
    }
    return { checked: true, hash, result };
  }

  /** What the next block may hold, from the front; `gasMax` below zero is no limit. */
  reap(bytesMax: number, gasMax: bigint): Uint8Array[] {
    const chosen: Uint8Array[] = [];
    let bytes = 0;
    let gas = 0n;
    for (const { bytes: transaction, gasWanted } of this.#waiting.values()) {
      bytes += sizeInBlock(transaction);
      gas += gasWanted;
      if (bytes > bytesMax || (gasMax >= 0n && gas > gasMax)) break;
      chosen.push(transaction);
    }
    return chosen;
  }

  /** After a block: forgets what it has, and checks again what waits. */
  update(included: readonly Uint8Array[]): void {
    for (const bytes of included) {
      const hash = transactionHash(bytes);
      this.#remember(hash);
      this.#drop(hash);
    }
    for (const [hash, { bytes }] of this.#waiting) {
      if (this.#check(bytes, true).code === 0) continue;
      this.#drop(hash);
      // It may pass again later, after another transaction of its sender.
      this.#seen.delete(hash);
    }
  }

  /** The waiting transactions, in order. */
  transactions(): readonly Uint8Array[] {
    return [...this.#waiting.values()].map(({ bytes }) => bytes);
  }

  #refusal(hash: string, { length }: Uint8Array): MempoolRefusal | undefined {
    const { transactionsMax, bytesMax, transactionBytesMax } = this.#limits;
    if (length > transactionBytesMax) {
      const message = `Tx too large. Max size is ${transactionBytesMax}, but got ${length}`;
      return { code: 'MEMPOOL_TX_TOO_LARGE', message };
    }
    if (this.size >= transactionsMax || this.#bytes + length > bytesMax) {
      const message = `mempool is full: number of txs ${this.size} (max: ${transactionsMax}), total txs bytes ${this.#bytes} (max: ${bytesMax})`;
      return { code: 'MEMPOOL_FULL', message };
    }
    if (this.#seen.has(hash)) return { code: 'MEMPOOL_TX_SEEN', message: 'tx already exists in cache' };
    return undefined;
  }

  #remember(hash: string): void {
    this.#seen.delete(hash);
    this.#seen.add(hash);
    if (this.#seen.size > this.#limits.cacheMax) this.#seen.delete(this.#seen.values().next().value!);
  }

  #drop(hash: string): void {
    const dropped = this.#waiting.get(hash);
    if (dropped === undefined) return;
    this.#waiting.delete(hash);
    this.#bytes -= dropped.bytes.length;
  }
}

/** Bytes of a transaction as a repeated field of the block's data. */
function sizeInBlock({ length }: Uint8Array): number {
  let prefix = 2;
  for (let rest = length; rest >= 0x80; rest >>>= 7) prefix += 1;
  return prefix + length;
}
