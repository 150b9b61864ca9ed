/**
 * What the embedded node keeps: blocks, their results, the signature on each, where each transaction is, and the ledger's
 * state, all in one store, so that a block and everything that follows from it land in one batch.
 *
 * Keys begin with one letter for their kind (`u` and `w` are the state's history); heights are eight bytes, so the order of
 * keys is the order of blocks.
 * Transactions are found by hash and by every attribute of their events. The attribute index holds the first 16 bytes of
 * SHA-256 of name and value: values may be longer than a key can be.
 */
import { concat, EMPTY, equalBytes, fromHex, readU64be, u64be, utf8 } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import { Fault } from '@decai/protocol/fault';
import { ResponseFinalizeBlockSchema, type ResponseFinalizeBlock } from '@decai/protocol/gen/tendermint/abci/types_pb';
import { BlockSchema, type Block } from '@decai/protocol/gen/tendermint/types/block_pb';
import { CommitSchema, type Commit } from '@decai/protocol/gen/tendermint/types/types_pb';
import { sha256 } from '@decai/protocol/hash';
import type { KeyValueReader, KeyValueStore, KeyValueWrite } from '@decai/protocol/key-value-store';
import { transactionHash } from '@decai/protocol/transaction';
import { keysUnder, readerBelow } from './key-range.ts';
import { StateHistory } from './state-history.ts';

/** Some three hours of one-second blocks, a week of minutes. */
const HISTORY_BLOCKS = 10_000;

export type StoredBlock = {
  readonly block: Block;
  readonly results: ResponseFinalizeBlock;
  /** The sequencer's signature on this block, with the block's id. */
  readonly commit: Commit;
};

/** A transaction's place: height and index within the block. */
export type Place = { readonly height: number; readonly index: number };

const KIND = {
  attribute: utf8('a'),
  block: utf8('b'),
  commit: utf8('c'),
  form: utf8('f'),
  genesis: utf8('g'),
  hash: utf8('h'),
  latest: utf8('l'),
  place: utf8('p'),
  results: utf8('r'),
  state: utf8('s'),
  transaction: utf8('t'),
} as const;

/** Grows when keys or values change so that an older store could not be gone on with. */
const FORM = utf8('2');

export class BlockStore {
  readonly #store: KeyValueStore;
  /** The ledger's state, under its own keys. */
  readonly state: KeyValueReader;
  readonly #history: StateHistory;

  /** `historyBlocks`: how many states before the last are kept. */
  constructor(store: KeyValueStore, historyBlocks: number = HISTORY_BLOCKS) {
    this.#store = store;
    this.state = readerBelow(store, KIND.state);
    this.#history = new StateHistory(store, this.state, historyBlocks);
  }

  /** The genesis that the chain began with, as it was written; undefined in an empty store. */
  genesis(): Uint8Array | undefined {
    return this.#store.get(KIND.genesis);
  }

  /** Whether what is here was written in the form that this software reads; an empty store is none. */
  isOfThisForm(): boolean {
    const form = this.#store.get(KIND.form);
    return form !== undefined && equalBytes(form, FORM);
  }

  /** Height of the last block; 0 before the first. */
  latestHeight(): number {
    const value = this.#store.get(KIND.latest);
    return value === undefined ? 0 : Number(readU64be(value));
  }

  /** The ledger's state after a block; undefined when it is not kept. */
  stateAt(height: number): KeyValueReader | undefined {
    return this.#history.at(height, this.latestHeight());
  }

  /** The same. @throws STATE_NOT_KEPT */
  expectStateAt(height: number): KeyValueReader {
    const state = this.stateAt(height);
    if (state !== undefined) return state;
    const [earliestHeight, latestHeight] = [this.earliestStateHeight(), this.latestHeight()];
    const kept = `there are those after ${earliestHeight} to ${latestHeight}`;
    const details = { height, earliestHeight, latestHeight };
    throw new Fault('STATE_NOT_KEPT', `the state after block ${height} is not kept; ${kept}`, details);
  }

  /** Height of the earliest state that is kept. */
  earliestStateHeight(): number {
    return this.#history.earliestHeight(this.latestHeight());
  }

  /** Height of the first block that is here; undefined before there is one. */
  earliestHeight(): number | undefined {
    for (const [key] of this.#store.range(keysUnder(KIND.block))) return Number(readU64be(key, KIND.block.length));
    return undefined;
  }

  block(height: number): StoredBlock | undefined {
    const bytes = this.#store.get(atHeight(KIND.block, height));
    const commit = this.#store.get(atHeight(KIND.commit, height));
    const results = this.#store.get(atHeight(KIND.results, height));
    if (bytes === undefined || commit === undefined || results === undefined) return undefined;
    return {
      block: decode(BlockSchema, bytes),
      commit: decode(CommitSchema, commit),
      results: decode(ResponseFinalizeBlockSchema, results),
    };
  }

  heightOf(blockHash: Uint8Array): number | undefined {
    const value = this.#store.get(concat(KIND.hash, blockHash));
    return value === undefined ? undefined : Number(readU64be(value));
  }

  /** Where the transaction with this hash (hexadecimal) is. */
  placeOf(hash: string): Place | undefined {
    const value = this.#store.get(concat(KIND.transaction, fromHex(hash)));
    return value === undefined ? undefined : readPlace(value, 0);
  }

  /** Places of the transactions with an event attribute of this name and value, in the order of blocks. */
  *placesByAttribute(name: string, value: string): Generator<Place, void> {
    const prefix = concat(KIND.attribute, attributeDigest(name, value));
    for (const [key] of this.#store.range(keysUnder(prefix))) yield readPlace(key, prefix.length);
  }

  /** Places of all transactions from a height to another, both included, in the order of blocks. */
  *placesBetween(from: number, to: number): Generator<Place, void> {
    if (from > to) return;
    const range = { start: atHeight(KIND.place, from), end: atHeight(KIND.place, to + 1) };
    for (const [key] of this.#store.range(range)) yield readPlace(key, KIND.place.length);
  }

  /** Begins the chain: genesis and the state it makes. Nothing may be there yet. */
  begin(genesis: Uint8Array, state: readonly KeyValueWrite[]): void {
    this.#store.write([...beginning(genesis), ...state.map(inState)]);
  }

  /** Begins in the middle: genesis, a block, and the state after it. Nothing may be there yet. */
  adopt(genesis: Uint8Array, blockHash: Uint8Array, block: StoredBlock, state: readonly KeyValueWrite[]): void {
    this.#store.write([...beginning(genesis), ...blockWrites(blockHash, block), ...state.map(inState)]);
  }

  /** Appends a block with the state after it, as one batch. */
  append(blockHash: Uint8Array, stored: StoredBlock, state: readonly KeyValueWrite[]): void {
    const history = this.#history.writes(Number(stored.block.header!.height), state);
    this.#store.write([...blockWrites(blockHash, stored), ...history, ...state.map(inState)]);
  }

  flush(): Promise<void> {
    return this.#store.flush();
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

function beginning(genesis: Uint8Array): KeyValueWrite[] {
  return [
    { key: KIND.genesis, value: genesis },
    { key: KIND.form, value: FORM },
  ];
}

/** The block and all that leads to it and to its transactions. */
function blockWrites(blockHash: Uint8Array, { block, results, commit }: StoredBlock): KeyValueWrite[] {
  const height = Number(block.header!.height);
  const writes: KeyValueWrite[] = [
    { key: atHeight(KIND.block, height), value: encode(BlockSchema, block) },
    { key: atHeight(KIND.results, height), value: encode(ResponseFinalizeBlockSchema, results) },
    { key: atHeight(KIND.commit, height), value: encode(CommitSchema, commit) },
    { key: concat(KIND.hash, blockHash), value: u64be(BigInt(height)) },
    { key: KIND.latest, value: u64be(BigInt(height)) },
  ];
  for (const [index, transaction] of (block.data?.txs ?? []).entries()) {
    const place = writePlace(height, index);
    writes.push({ key: concat(KIND.transaction, fromHex(transactionHash(transaction))), value: place });
    writes.push({ key: concat(KIND.place, place), value: EMPTY });
    for (const digest of attributeDigests(results.txResults[index]?.events ?? [])) {
      writes.push({ key: concat(KIND.attribute, digest, place), value: EMPTY });
    }
  }
  return writes;
}

type AttributedEvent = {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
};

function attributeDigests(events: readonly AttributedEvent[]): Iterable<Uint8Array> {
  const digests = new Map<string, Uint8Array>();
  for (const { type, attributes } of events) {
    for (const { key, value } of attributes) {
      const name = `${type}.${key}`;
      digests.set(`${name}=${value}`, attributeDigest(name, value));
    }
  }
  return digests.values();
}

function attributeDigest(name: string, value: string): Uint8Array {
  return sha256(utf8(`${name}\0${value}`)).subarray(0, 16);
}

function atHeight(kind: Uint8Array, height: number): Uint8Array {
  return concat(kind, u64be(BigInt(height)));
}

function writePlace(height: number, index: number): Uint8Array {
  return concat(u64be(BigInt(height)), u64be(BigInt(index)));
}

function readPlace(bytes: Uint8Array, offset: number): Place {
  return { height: Number(readU64be(bytes, offset)), index: Number(readU64be(bytes, offset + 8)) };
}

function inState({ key, value }: KeyValueWrite): KeyValueWrite {
  return { key: concat(KIND.state, key), value };
}
