/**
 * The ledger: a state machine without a world of its own.
 *
 * It is given committed state to read and a block to execute, and returns results and writes. Whoever runs it keeps the
 * disk, the clock and the agreement on blocks; the same block on the same state gives the same bytes everywhere.
 *
 * Source: CometBFT `proto/tendermint/abci/types.proto` (InitChain, CheckTx, FinalizeBlock, Query).
 */
import { EMPTY, equalBytes, toHex } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import type { KeyValueReader, KeyValueWrite } from '@decai/protocol/key-value-store';
import type { ChainEvent } from '@decai/protocol/typed-event';
import type { TransactionPolicy } from './admission.ts';
import { BLOCK_ORDER, type BlockPhase } from './block-order.ts';
import {
  chainRecord,
  lastBlock,
  putChainRecord,
  putLastBlock,
  type ChainRecord,
  type LastBlock,
} from './chain-record.ts';
import { invalidGenesis, type Genesis } from './genesis.ts';
import { readGenesisState } from './genesis-state.ts';
import type { ProofJudges } from './judge-proof.ts';
import { answerQuery, type QueryAnswer, type QueryRequest } from './query.ts';
import { runTransaction } from './run-transaction.ts';
import { sealState } from './state-root.ts';
import { State, type BlockContext } from './state.ts';
import { Store } from './store.ts';
import type { Relaxation } from './stricter-rule.ts';
import type { TransactionResult } from './transaction-result.ts';

/** A block as the agreement on blocks gives it. */
export type Block = {
  readonly height: number;
  /** Nanoseconds since the epoch; not before the previous block's. */
  readonly timeNs: bigint;
  /** The block's own hash, 32 bytes: session ids and draws are made of it. */
  readonly hash: Uint8Array;
  /** Who made it. No rule looks at it: validators share rewards by stake. */
  readonly proposerAddress?: string;
  readonly transactions: readonly Uint8Array[];
};

export type BlockResult = {
  /** One a transaction, in order. */
  readonly results: readonly TransactionResult[];
  /** Of the block itself, in order; each names its phase in a last attribute `mode`, except those of the first phase. */
  readonly events: readonly ChainEvent[];
  readonly appHash: Uint8Array;
  /** To be written whole, before the next call. In byte order of the keys. */
  readonly writes: readonly KeyValueWrite[];
};

export type LedgerOptions = Pick<TransactionPolicy, 'minGasPrice'> & {
  /** Who judges the proofs of a block; left out, the caller's own thread. Their verdicts are the same, whoever they are. */
  readonly proofJudges?: ProofJudges;
  /** The committed state after an earlier block; undefined for one that is not kept. Left out, none is. */
  readonly history?: (height: number) => KeyValueReader | undefined;
  /** Only for following a chain that was made without our stricter rules. */
  readonly relaxes?: Relaxation;
};

export class Ledger {
  private readonly committed: KeyValueReader;
  private readonly options: LedgerOptions;
  /** What transactions in the pool have done to the last committed state, and which state that was. */
  private pool: { readonly after: LastBlock; readonly state: State } | undefined;

  /** `committed` must show the writes of each call before the next one. */
  constructor(committed: KeyValueReader, options: LedgerOptions = {}) {
    this.committed = committed;
    this.options = options;
  }

  /** What genesis fixed; undefined before it. */
  get chain(): ChainRecord | undefined {
    return chainRecord(new Store(this.committed));
  }

  /** The last block whose writes are committed; undefined before genesis. */
  get lastBlock(): LastBlock | undefined {
    return lastBlock(new Store(this.committed));
  }

  /**
   * The first state.
   *
   * @throws GENESIS_INVALID; CHAIN_EXISTS where there is a state already.
   */
  initChain(genesis: Genesis): { readonly appHash: Uint8Array; readonly writes: readonly KeyValueWrite[] } {
    const store = new Store(this.committed);
    if (chainRecord(store) !== undefined) throw new Fault('CHAIN_EXISTS', 'the state has a chain already');
    const { chainId, profile, initialHeight, timeNs } = genesis;
    putChainRecord(store, genesis);
    readGenesisState(new State(store, { chainId, profile, height: 0, timeNs, hash: EMPTY }), genesis);
    const first = sealed(store, { height: initialHeight - 1, timeNs });
    if (genesis.appHash !== undefined && !equalBytes(genesis.appHash, first.appHash)) {
      throw invalidGenesis(`app_hash is ${toHex(genesis.appHash)}, the state has ${toHex(first.appHash)}`);
    }
    return first;
  }

  /**
   * Whether a transaction may enter the pool; it counts there until the next block is committed.
   *
   * `recheck`: it was there before the last block, so its signatures are known to be good.
   */
  checkTx(bytes: Uint8Array, { recheck = false }: { readonly recheck?: boolean } = {}): TransactionResult {
    const after = this.expectLastBlock();
    if (this.pool?.after.height !== after.height) this.pool = { after, state: this.committedState(after) };
    return runTransaction(this.pool.state, bytes, recheck ? 'recheck' : 'check', this.policy());
  }

  /**
   * Executes a block. Nothing is kept: the caller commits the writes.
   *
   * @throws BLOCK_OUT_OF_ORDER for a height that is not the next one or a time that goes back; whatever an end-of-block rule
   * throws when an invariant does not hold, upon which the chain must not go on.
   */
  finalizeBlock(block: Block): BlockResult {
    const previous = this.expectLastBlock();
    const { height, timeNs, hash, transactions } = block;
    if (height !== previous.height + 1 || timeNs < previous.timeNs) {
      throw new Fault('BLOCK_OUT_OF_ORDER', 'a block is one higher than the last and not earlier', {
        height,
        lastHeight: previous.height,
        timeNs,
        lastTimeNs: previous.timeNs,
      });
    }
    const store = new Store(this.committed);
    const state = new State(store, this.context({ height, timeNs, hash }));
    const policy = this.policy();
    runPhase(state, 'PreBlock');
    runPhase(state, 'BeginBlock');
    const results = transactions.map((bytes) => runTransaction(state, bytes, 'execute', policy));
    runPhase(state, 'EndBlock', this.options.proofJudges);
    return { results, events: state.journal.take(), ...sealed(store, { height, timeNs }) };
  }

  /** Answers a query from the last committed state, or an older one that is kept. Never throws for what a stranger asks. */
  query(request: QueryRequest): QueryAnswer {
    const last = this.expectLastBlock();
    const at = (height: number): State | undefined => {
      if (height === last.height) return this.committedState(last);
      const kept = this.options.history?.(height);
      return kept === undefined ? undefined : new Ledger(kept, this.options).state;
    };
    return answerQuery({ lastHeight: last.height, at }, request);
  }

  /** The last committed state, for reading: what is written to it goes nowhere. */
  get state(): State {
    return this.committedState(this.expectLastBlock());
  }

  private committedState({ height, timeNs }: LastBlock): State {
    return new State(new Store(this.committed), this.context({ height, timeNs, hash: EMPTY }));
  }

  private context(block: Pick<BlockContext, 'height' | 'timeNs' | 'hash'>): BlockContext {
    const { chainId, profile } = this.expectChain();
    const { relaxes } = this.options;
    return { chainId, profile, ...(relaxes && { relaxes }), ...block };
  }

  private policy(): TransactionPolicy {
    return { ...this.options, maxBlockGas: this.expectChain().maxBlockGas };
  }

  private expectChain(): ChainRecord {
    const { chain } = this;
    if (chain === undefined) throw new Fault('NO_CHAIN', 'the state has no chain yet');
    return chain;
  }

  private expectLastBlock(): LastBlock {
    const { lastBlock: block } = this;
    if (block === undefined) throw new Fault('NO_CHAIN', 'the state has no chain yet');
    return block;
  }
}

function runPhase(state: State, phase: BlockPhase, judges?: ProofJudges): void {
  const mark = state.journal.mark();
  for (const step of BLOCK_ORDER) if (step.phase === phase) step.run(state, judges);
  if (phase !== 'PreBlock') state.journal.stamp(mark, 'mode', phase);
}

/** The writes of a block, with the root of the state that they make and the record of the block itself. */
function sealed(
  store: Store,
  block: { readonly height: number; readonly timeNs: bigint },
): { readonly appHash: Uint8Array; readonly writes: readonly KeyValueWrite[] } {
  const appHash = sealState(store);
  putLastBlock(store, { ...block, appHash });
  return { appHash, writes: store.writes() };
}
