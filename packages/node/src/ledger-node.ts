/**
 * What RPC and in-process clients see of a node, whatever makes its blocks.
 */
import type { Fault } from '@decai/protocol/fault';
import type { BlockStore, StoredBlock } from './embedded/block-store.ts';
import type { Admission } from './embedded/mempool.ts';
import type { Json } from './rpc/block-json.ts';

/** Clients choose how to read answers by it: this is the line whose forms are served. */
export const COMET_VERSION = '0.38.26';

export type NodeIdentity = {
  readonly moniker: string;
  /** ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 20 bytes. */
  readonly address: Uint8Array;
  readonly votingPower: bigint;
};

export type ConsensusLimits = {
  readonly blockBytesMax: number;
  /** −1: no limit. */
  readonly blockGasMax: bigint;
};

export type StateQuery = {
  readonly path: string;
  readonly data: Uint8Array;
  readonly height: number;
  readonly prove?: boolean;
};

export type ProofOp = { readonly type: string; readonly key: Uint8Array; readonly data: Uint8Array };

export type StateAnswer = {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly value: Uint8Array;
  /** Where a record of the store was asked for: its key, and what leads from it to the root of the state. */
  readonly record?: { readonly key: Uint8Array; readonly proofOps: readonly ProofOp[] };
  readonly height: number;
};

export type LedgerNode = {
  readonly chainId: string;
  /** The document that the chain began with. */
  readonly genesis: Json;
  readonly identity: NodeIdentity;
  readonly limits: ConsensusLimits;
  /** What a unit of gas must pay to be let in, such as `0.001000000000000000upokt`; empty when it need not. */
  readonly minGasPrice: string;
  /**
   * Runs `look` in one go at a moment when nothing is on its way to the disk; all that follows is to be used inside only.
   *
   * @throws what `look` throws; CHAIN_HALTED when the disk failed, because nobody knows then what it has.
   */
  read<T>(look: () => T): Promise<T>;
  /** Of the first block that is here: the chain's first, or the one that a snapshot began with. */
  readonly firstHeight: number;
  /** 0 before the first block. */
  latestHeight(): number;
  readonly blocks: Pick<
    BlockStore,
    'block' | 'heightOf' | 'placeOf' | 'placesByAttribute' | 'placesBetween' | 'stateAt' | 'earliestStateHeight'
  >;
  /** Checks a transaction and, if it passes, lets it wait for a block. */
  admit(transaction: Uint8Array): Admission;
  readonly waiting: { readonly count: number; readonly bytes: number; transactions(): readonly Uint8Array[] };
  query(query: StateQuery): StateAnswer;
  /** Hears of each block once it is on the disk. Returns the way to stop. */
  onBlock(listener: (height: number, block: StoredBlock) => void): () => void;
  /** Why no block follows any more; undefined while they do. */
  readonly failure: Fault | undefined;
};
