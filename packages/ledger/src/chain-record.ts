/**
 * What the ledger remembers about its own chain: what genesis fixed for good, and the last block.
 *
 * Both lie in the state itself, so a ledger that is opened again knows where it stands.
 */
import { fromHex, fromUtf8, toHex, utf8 } from '@decai/protocol/bytes';
import { CollectionShape, type ValueCodec } from './collection.ts';
import type { Store } from './store.ts';

/** The set of rules that a genesis chooses. */
export type Profile = 'pocket' | 'decai';

export type ChainRecord = {
  readonly chainId: string;
  readonly profile: Profile;
  readonly initialHeight: number;
  /** Most gas that a block may use; −1: any amount. */
  readonly maxBlockGas: bigint;
};

export type LastBlock = {
  /** One below the initial height before the first block. */
  readonly height: number;
  readonly timeNs: bigint;
  /** What all ledgers of this chain agree on after this block. */
  readonly appHash: Uint8Array;
};

/** What lies under it is about this chain, not part of what its ledgers agree on. */
export const CHAIN_PREFIX = 'chain/';

const CHAIN = new CollectionShape(`${CHAIN_PREFIX}genesis`, jsonValue(writeChain, readChain));
const LAST_BLOCK = new CollectionShape(`${CHAIN_PREFIX}last_block`, jsonValue(writeBlock, readBlock));

export function chainRecord(store: Store): ChainRecord | undefined {
  return CHAIN.in(store).get('');
}

export function putChainRecord(store: Store, record: ChainRecord): void {
  CHAIN.in(store).put('', record);
}

export function lastBlock(store: Store): LastBlock | undefined {
  return LAST_BLOCK.in(store).get('');
}

export function putLastBlock(store: Store, block: LastBlock): void {
  LAST_BLOCK.in(store).put('', block);
}

type Texts = Readonly<Record<string, string>>;

/** Texts in a fixed order, so that one record has one encoding. */
function jsonValue<V>(write: (value: V) => Texts, read: (texts: Texts) => V): ValueCodec<V> {
  return {
    encode: (value) => utf8(JSON.stringify(write(value))),
    decode: (bytes) => read(JSON.parse(fromUtf8(bytes)) as Texts),
  };
}

function writeChain({ chainId, profile, initialHeight, maxBlockGas }: ChainRecord): Texts {
  return { chainId, profile, initialHeight: String(initialHeight), maxBlockGas: String(maxBlockGas) };
}

function readChain(texts: Texts): ChainRecord {
  return {
    chainId: texts['chainId']!,
    profile: texts['profile'] as Profile,
    initialHeight: Number(texts['initialHeight']),
    maxBlockGas: BigInt(texts['maxBlockGas']!),
  };
}

function writeBlock({ height, timeNs, appHash }: LastBlock): Texts {
  return { height: String(height), timeNs: String(timeNs), appHash: toHex(appHash) };
}

function readBlock(texts: Texts): LastBlock {
  return {
    height: Number(texts['height']),
    timeNs: BigInt(texts['timeNs']!),
    appHash: fromHex(texts['appHash']!),
  };
}
