/**
 * The model's ledger: the book, and the block that is being entered in it.
 *
 * It is written from the rules and not from the ledger: it imports only what the rules are made of (addresses, digests,
 * draws, the session grid), keeps plain rows instead of a store, and does everything in the most obvious way.
 */
import { Book } from './book.ts';
import type { ParamsModule, ParamsOf } from './params-of-modules.ts';

export const SECOND_NS = 1_000_000_000n;

export class Model {
  readonly book: Book = new Book();
  /** Of the block that is being entered. */
  height = 0;
  hash: Uint8Array = new Uint8Array(0);
  /** The account that all validators' rewards go to; undefined without validators. */
  validator: string | undefined;
  /** Who could sign for an application when a block had ended: by `<application>@<height>`. No rule looks at it. */
  readonly delegateesAt: Map<string, readonly string[]> = new Map();
  /** What became of messages and claims, for a test to see that everything has happened. */
  readonly counts: Map<string, number> = new Map();

  /** A second for every block. */
  get timeNs(): bigint {
    return BigInt(this.height) * SECOND_NS;
  }

  live<M extends ParamsModule>(module: M): ParamsOf<M> {
    return this.book.liveParams.get(module)!.params as ParamsOf<M>;
  }

  setLive<M extends ParamsModule>(module: M, params: ParamsOf<M>): void {
    this.book.liveParams.set(module, { module, params });
  }

  /** The newest set that has come into force by a height, or the live one. */
  at<M extends 'shared' | 'session'>(module: M, height: number): ParamsOf<M> {
    let found: ParamsOf<M> | undefined;
    let foundAt = -1;
    for (const row of this.book.pastParams.values()) {
      if (row.module !== module || row.height > height || row.height < foundAt) continue;
      [found, foundAt] = [row.params as ParamsOf<M>, row.height];
    }
    return found ?? this.live(module);
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
