/**
 * The indexer: brings the explorer's tables up to the node's last block and keeps them there.
 *
 * Each block is one transaction of the database, so a crash leaves whole blocks, and the next start goes on behind the last.
 * Work is done in pieces, and nothing that goes wrong here reaches the chain: it is told, and tried again with the next block.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { Fault, isFault } from '@decai/protocol/fault';
import { toHex } from '@decai/protocol/bytes';
import type { SqlDatabase } from '@decai/protocol/sql-database';
import type { World } from '@decai/protocol/world';
import type { BlockStore } from '../embedded/block-store.ts';
import type { Json } from '../rpc/block-json.ts';
import {
  beginTables,
  genesisHash,
  openExplorerDatabase,
  readProgress,
  rollBack,
  writeProgress,
  type Progress,
} from './explorer-database.ts';
import { firstDocument } from './first-document.ts';
import { recordBlock } from './record-block.ts';
import { writeChanges } from './write-changes.ts';

/** What the indexer reads; of a node that runs, or of its store alone. */
export type IndexedChain = {
  readonly chainId: string;
  readonly genesis: Json;
  readonly latestHeight: () => number;
  readonly blocks: Pick<BlockStore, 'block' | 'stateAt' | 'earliestStateHeight'>;
};

/** Somebody else, such as a rebuild in another process, may write a block of many claims meanwhile. */
const BUSY_PAUSE_MS = 50;
const BUSY_TRIES_MAX = 1_000;

export type IndexerOptions = {
  readonly world: Pick<World, 'sleep' | 'openDatabase'>;
  readonly chain: IndexedChain;
  /** Drops the tables first. */
  readonly rebuild?: boolean;
  /** Hears of what went wrong, once until it goes well again. */
  readonly onFault?: (thrown: unknown) => void;
};

export class Indexer {
  readonly #options: IndexerOptions;
  #database: SqlDatabase | undefined;
  #wanted = 0;
  /** The work under way; undefined while there is none. */
  #working: Promise<void> | undefined;
  /** The block that is being written. */
  #writing: Promise<void> | undefined;
  #failed = false;
  #closed = false;
  #rebuild: boolean;
  /** The file cannot be read: another one is made. */
  #broken = false;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#rebuild = options.rebuild ?? false;
  }

  /** Wants every block up to `height`. Returns at once. */
  follow(height: number): void {
    this.#wanted = Math.max(this.#wanted, height);
    if (this.#closed) return;
    this.#working ??= this.#work();
  }

  /** Resolves when there is nothing to do, or nothing that can be done. */
  async settled(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /**
   * Runs `look` in one go at a moment when no block is half in the tables.
   *
   * @throws EXPLORER_UNAVAILABLE while the database cannot be used; what `look` throws.
   */
  async read<T>(look: (database: SqlDatabase, progress: Progress) => T): Promise<T> {
    while (this.#writing !== undefined) await this.#writing.catch(() => undefined);
    const database = this.#database;
    const progress = database === undefined ? undefined : readProgress(database);
    if (database === undefined || progress === undefined) {
      throw new Fault('EXPLORER_UNAVAILABLE', 'the explorer has no tables to read now');
    }
    return look(database, progress);
  }

  /** Ends after the piece of work that is under way; what it had begun is taken back. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.settled();
    this.#database?.close();
    this.#database = undefined;
  }

  async #work(): Promise<void> {
    // Whoever made the block has his turn first.
    await this.#pause();
    try {
      let tries = 0;
      while (!this.#closed) {
        const wanted = this.#wanted;
        const step = await this.#step();
        // More may be wanted by now. If not, the `finally` below comes in this same turn, so nothing is lost in between.
        if (step === 'done' && wanted === this.#wanted) break;
        tries = step === 'busy' ? tries + 1 : 0;
        if (tries === BUSY_TRIES_MAX) throw new Fault('DATABASE_BUSY', 'another process never stops writing');
        await this.#options.world.sleep(step === 'busy' ? BUSY_PAUSE_MS : 0);
      }
      this.#failed = false;
    } catch (thrown) {
      this.#fail(thrown);
    } finally {
      this.#working = undefined;
    }
  }

  /** Puts the next block into the tables, if there is one and nobody else writes. */
  async #step(): Promise<'written' | 'busy' | 'done'> {
    try {
      const database = (this.#database ??= this.#open());
      const { height } = readProgress(database) ?? this.#begin(database);
      if (height >= this.#wanted) return 'done';
      this.#writing = this.#index(database, height + 1);
      await this.#writing;
      return 'written';
    } catch (thrown) {
      if (isFault(thrown, 'DATABASE_BUSY')) return 'busy';
      throw thrown;
    } finally {
      this.#writing = undefined;
    }
  }

  /** The database with tables of this chain; what is there is dropped when it is of another one. */
  #open(): SqlDatabase {
    const { world, chain } = this.#options;
    const database = openExplorerDatabase(world, this.#broken);
    this.#broken = false;
    try {
      const progress = this.#rebuild ? undefined : readProgress(database);
      if (progress === undefined || !isOf(progress, chain)) this.#begin(database);
      this.#rebuild = false;
      return database;
    } catch (thrown) {
      database.close();
      throw thrown;
    }
  }

  #begin(database: SqlDatabase): Progress {
    const { chain } = this.#options;
    return beginTables(database, chain.genesis as JsonValue, firstDocument(chain));
  }

  async #index(database: SqlDatabase, height: number): Promise<void> {
    database.run('BEGIN IMMEDIATE');
    try {
      const progress = readProgress(database);
      if (progress?.height === height - 1) await this.#write(database, progress, height);
      if (this.#closed) rollBack(database);
      else database.run('COMMIT');
    } catch (thrown) {
      rollBack(database);
      throw thrown;
    }
  }

  async #write(database: SqlDatabase, progress: Progress, height: number): Promise<void> {
    // Pruned, or never there: a chain can begin with a snapshot.
    let [at, stored] = [height, this.#options.chain.blocks.block(height)];
    while (stored === undefined && at < this.#wanted) stored = this.#options.chain.blocks.block((at += 1));
    const missingBlocks = progress.missingBlocks + (at - height) + (stored === undefined ? 1 : 0);
    if (stored === undefined) {
      writeProgress(database, { height: at, blockHash: '', missingBlocks });
      return;
    }
    const recording = recordBlock(stored, progress.supplyUpokt);
    let recorded = recording.next();
    while (recorded.done !== true && !this.#closed) {
      await this.#pause();
      recorded = recording.next();
    }
    if (recorded.done !== true) return;
    for (const _ of writeChanges(database, recorded.value)) {
      await this.#pause();
      if (this.#closed) return;
    }
    const { mintedUpokt, burnedUpokt } = recorded.value;
    writeProgress(database, {
      height: at,
      blockHash: toHex(stored.commit.blockId!.hash),
      missingBlocks,
      supplyUpokt: progress.supplyUpokt + mintedUpokt - burnedUpokt,
    });
  }

  #pause(): Promise<void> {
    return this.#options.world.sleep(0);
  }

  #fail(thrown: unknown): void {
    // Opened anew when the next block comes.
    this.#database?.close();
    this.#database = undefined;
    this.#broken = isFault(thrown, 'DATABASE_BROKEN');
    if (!this.#failed) this.#options.onFault?.(thrown);
    this.#failed = true;
  }
}

/** Whether the tables tell of this chain as it is now. */
function isOf(progress: Progress, chain: IndexedChain): boolean {
  if (progress.chainId !== chain.chainId || progress.genesisHash !== genesisHash(chain.genesis as JsonValue))
    return false;
  if (progress.blockHash === '') return true;
  const stored = chain.blocks.block(progress.height);
  if (stored !== undefined) return toHex(stored.commit.blockId!.hash) === progress.blockHash;
  // Too old to be kept by the node is well; newer than its newest is another history.
  return progress.height <= chain.latestHeight();
}
