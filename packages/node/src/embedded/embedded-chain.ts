/**
 * A chain in one process: the ledger, the store under it, the transactions that wait, and the block after the last one.
 *
 * A block, its results and the state after it are one batch. Only when that batch is on the disk does anybody hear of the
 * block, and no question is answered while one is on its way; so nobody ever saw what a crash can take back.
 */
import { create, type JsonValue } from '@bufbuild/protobuf';
import { equalBytes } from '@decai/protocol/bytes';
import { decimalFromWire } from '@decai/protocol/decimal-text';
import { Fault, isFault } from '@decai/protocol/fault';
import {
  EventSchema,
  ExecTxResultSchema,
  ResponseFinalizeBlockSchema,
  type Event,
  type ResponseFinalizeBlock,
} from '@decai/protocol/gen/tendermint/abci/types_pb';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import type { ChainEvent } from '@decai/protocol/typed-event';
import { parseGenesis, type Genesis } from '@decai/ledger/genesis';
import { Ledger, type BlockResult, type LedgerOptions } from '@decai/ledger/ledger';
import type { SequencerKey } from '../block/sequencer-key.ts';
import type { ConsensusLimits, LedgerNode, NodeIdentity, StateAnswer, StateQuery } from '../ledger-node.ts';
import type { Json } from '../rpc/block-json.ts';
import { BlockStore, type StoredBlock } from './block-store.ts';
import { consensusLimits, decodeGenesis, encodeGenesis } from './genesis-document.ts';
import { makeBlock } from './make-block.ts';
import { Mempool, MEMPOOL_LIMITS, type Admission, type MempoolLimits } from './mempool.ts';

export type EmbeddedChainOptions = {
  readonly store: KeyValueStore;
  /** Of the chain to begin, or of the one in the store; may be left out when the store has one. */
  readonly genesis?: JsonValue;
  readonly sequencer: SequencerKey;
  readonly moniker?: string;
  readonly votingPower?: bigint;
  readonly ledger?: Omit<LedgerOptions, 'history'>;
  readonly mempool?: Partial<MempoolLimits>;
  /** How many states before the last can be asked about; 10,000 unless given. */
  readonly historyBlocks?: number;
};

/** Room in a block for all that is not transactions. */
const BLOCK_OVERHEAD_BYTES = 2048;
/** CometBFT's block times grow by at least this much. */
const TIME_STEP_NS = 1_000_000n;

export class EmbeddedChain implements LedgerNode {
  readonly genesis: Json;
  readonly firstHeight: number;
  readonly identity: NodeIdentity;
  readonly limits: ConsensusLimits;
  readonly minGasPrice: string;
  readonly blocks: BlockStore;
  readonly #ledger: Ledger;
  readonly #mempool: Mempool;
  readonly #sequencer: SequencerKey;
  readonly #begin: Genesis;
  readonly #listeners = new Set<(height: number, block: StoredBlock) => void>();
  /** The flush that is under way. */
  #committing: Promise<void> | undefined;
  #failure: Fault | undefined;

  private constructor(options: EmbeddedChainOptions, blocks: BlockStore, genesis: JsonValue) {
    const { sequencer, moniker = 'decai', votingPower = 1n } = options;
    this.blocks = blocks;
    this.genesis = genesis;
    this.limits = consensusLimits(genesis);
    this.minGasPrice = gasPriceText(options.ledger);
    this.identity = { moniker, votingPower, publicKey: sequencer.publicKey, address: sequencer.address };
    this.#sequencer = sequencer;
    this.#begin = parseGenesis(genesis);
    this.firstHeight = blocks.earliestHeight() ?? this.#begin.initialHeight;
    this.#ledger = new Ledger(blocks.state, { ...options.ledger, history: (height) => blocks.stateAt(height) });
    this.#mempool = new Mempool((bytes, recheck) => this.#ledger.checkTx(bytes, { recheck }), {
      ...MEMPOOL_LIMITS,
      ...options.mempool,
    });
  }

  /**
   * Opens the chain of a store, or begins one there.
   *
   * @throws GENESIS_MISSING when there is neither; STORE_OUTDATED for a store of another version; GENESIS_MISMATCH when the store's chain began with another document;
   * GENESIS_INVALID; CHAIN_BROKEN when blocks and state in the store do not fit together.
   */
  static async open(options: EmbeddedChainOptions): Promise<EmbeddedChain> {
    const blocks = new BlockStore(options.store, options.historyBlocks);
    const kept = blocks.genesis();
    if (kept === undefined) {
      if (options.genesis === undefined) throw new Fault('GENESIS_MISSING', 'the store is empty: a genesis is needed');
      const chain = new EmbeddedChain(options, blocks, options.genesis);
      const { writes } = chain.#ledger.initChain(chain.#begin);
      blocks.begin(encodeGenesis(options.genesis), writes);
      await blocks.flush();
      return chain;
    }
    if (options.genesis !== undefined && !equalBytes(encodeGenesis(options.genesis), kept)) {
      throw new Fault('GENESIS_MISMATCH', 'the store holds a chain that began with another genesis');
    }
    if (!blocks.isOfThisForm()) {
      throw new Fault(
        'STORE_OUTDATED',
        'the store was written by another version of this software; begin a new chain in an empty folder',
      );
    }
    const chain = new EmbeddedChain(options, blocks, decodeGenesis(kept));
    chain.#checkWhole();
    return chain;
  }

  get chainId(): string {
    return this.#begin.chainId;
  }

  get failure(): Fault | undefined {
    return this.#failure;
  }

  get waiting(): LedgerNode['waiting'] {
    const { size: count, bytes } = this.#mempool;
    return { count, bytes, transactions: () => this.#mempool.transactions() };
  }

  async read<T>(look: () => T): Promise<T> {
    // Looked at again after each wait: the next block may have begun before this continues.
    while (this.#committing !== undefined) await this.#committing;
    return look();
  }

  latestHeight(): number {
    return this.blocks.latestHeight();
  }

  admit(transaction: Uint8Array): Admission {
    return this.#mempool.admit(transaction);
  }

  query(query: StateQuery): StateAnswer {
    return this.#ledger.query(query);
  }

  onBlock(listener: (height: number, block: StoredBlock) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Makes the next block of what waits, and resolves when it is on the disk and everyone has heard of it.
   *
   * `nowMs` is taken for its time unless the last block's is later; the first block has the genesis' time.
   *
   * @throws CHAIN_HALTED, then and ever after, when a rule of the ledger or the disk failed.
   */
  async produceBlock(nowMs: number): Promise<StoredBlock> {
    while (this.#committing !== undefined) await this.#committing;
    if (this.#failure !== undefined) throw this.#failure;
    let stored: StoredBlock;
    try {
      stored = this.#appendBlock(BigInt(nowMs) * 1_000_000n);
    } catch (cause) {
      throw this.#halt(cause);
    }
    this.#committing = this.blocks.flush().catch((cause: unknown) => {
      throw this.#halt(cause);
    });
    // After a failure it stays: what the disk has, nobody knows.
    await this.#committing;
    this.#committing = undefined;
    this.#mempool.update(stored.block.data?.txs ?? []);
    for (const listener of this.#listeners) listener(this.latestHeight(), stored);
    return stored;
  }

  async close(): Promise<void> {
    await this.#committing?.catch(() => undefined);
    await this.blocks.close();
  }

  #appendBlock(nowNs: bigint): StoredBlock {
    const { appHash, height: lastHeight, timeNs: lastTimeNs } = this.#ledger.lastBlock!;
    const height = lastHeight + 1;
    const first = height === this.#begin.initialHeight;
    const earliest = lastTimeNs + TIME_STEP_NS;
    const timeNs = first ? this.#begin.timeNs : nowNs > earliest ? nowNs : earliest;
    const transactions = this.#mempool.reap(this.limits.blockBytesMax - BLOCK_OVERHEAD_BYTES, this.limits.blockGasMax);
    const { block, commit, hash } = makeBlock({
      chainId: this.chainId,
      height,
      timeNs,
      transactions,
      appHash,
      previous: first ? undefined : this.blocks.block(lastHeight),
      key: this.#sequencer,
      votingPower: this.identity.votingPower,
      limits: this.limits,
    });
    const result = this.#ledger.finalizeBlock({ height, timeNs, hash, transactions });
    const stored = { block, commit, results: resultsOf(result) };
    this.blocks.append(hash, stored, result.writes);
    return stored;
  }

  #halt(cause: unknown): Fault {
    const reason = isFault(cause) ? `${cause.code}: ${cause.message}` : 'an unexpected error';
    const message = `the chain stands still: ${reason}`;
    this.#failure = new Fault('CHAIN_HALTED', message, { height: this.latestHeight() }, cause);
    return this.#failure;
  }

  /** Blocks and state are written together; if they ever disagree, nothing may be built on them. */
  #checkWhole(): void {
    const stateHeight = this.#ledger.lastBlock?.height;
    const height = this.latestHeight();
    const whole = height === 0 ? stateHeight === this.#begin.initialHeight - 1 : stateHeight === height;
    if (!whole || (height > 0 && this.blocks.block(height) === undefined)) {
      throw new Fault('CHAIN_BROKEN', 'blocks and state do not fit together', {
        height,
        stateHeight: stateHeight ?? -1,
      });
    }
  }
}

/** Eighteen digits after the point, rounded up: what is shown is enough. */
function gasPriceText({ minGasPrice }: LedgerOptions = {}): string {
  if (minGasPrice === undefined) return '';
  const { numerator, denominator } = minGasPrice;
  const scaled = (numerator * 10n ** 18n + denominator - 1n) / denominator;
  return `${decimalFromWire(`${scaled}`)}upokt`;
}

/** The ledger's results in the words of ABCI; every attribute can be searched for. */
function resultsOf({ results, events, appHash }: BlockResult): ResponseFinalizeBlock {
  return create(ResponseFinalizeBlockSchema, {
    txResults: results.map((result) => create(ExecTxResultSchema, { ...result, events: result.events.map(indexed) })),
    events: events.map(indexed),
    appHash,
  });
}

function indexed({ type, attributes }: ChainEvent): Event {
  return create(EventSchema, { type, attributes: attributes.map(({ key, value }) => ({ key, value, index: true })) });
}
