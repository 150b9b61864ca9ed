/**
 * A ledger for tests: accounts with keys and coins, default parameters, and blocks on demand, all in memory.
 */
import { create, type MessageInitShape, type DescMessage, type JsonValue } from '@bufbuild/protobuf';
import { encodeAddress } from '@decai/protocol/address';
import { utf8 } from '@decai/protocol/bytes';
import { coin } from '@decai/protocol/coin';
import { sha256 } from '@decai/protocol/hash';
import { keyFromPrivateKey, type Key } from '@decai/protocol/keys';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { signTransaction, type TransactionDraft } from '@decai/protocol/sign-transaction';
import { signMessage } from '@decai/protocol/signature';
import type { Profile } from './chain-record.ts';
import { defaultAppState } from './default-app-state.ts';
import type { Genesis } from './genesis.ts';
import { readGenesisState } from './genesis-state.ts';
import { Ledger, type BlockResult } from './ledger.ts';
import { putLastBlock } from './chain-record.ts';
import { sealState } from './state-root.ts';
import { State } from './state.ts';
import { Store } from './store.ts';

export const CHAIN_ID = 'test-chain';

const SECOND_NS = 1_000_000_000n;

/** An address that nobody has the key of, the same for the same name. */
export function addressNamed(name: string): string {
  return encodeAddress(sha256(utf8(`address of ${name}`)).subarray(0, 20));
}

/** A key, the same for the same name. */
export function keyNamed(name: string): Key {
  return keyFromPrivateKey(sha256(utf8(`key of ${name}`)));
}

/** A state with default parameters and nothing else, at a height. */
export function emptyState(
  height = 1,
  store: Store = new Store(createMemoryStore()),
  profile: Profile = 'pocket',
): State {
  const state = new State(store, {
    chainId: CHAIN_ID,
    profile,
    height,
    timeNs: BigInt(height) * SECOND_NS,
    hash: hashOf(height),
  });
  if (state.params.shared.live().numBlocksPerSession === 0n) readGenesisState(state, emptyGenesis());
  return state;
}

/** The same records, seen from a block at another height. */
export function atHeight(state: State, height: number): State {
  return emptyState(height, state.store, state.block.profile);
}

/** Gives coins out of nothing. */
export function endow(state: State, address: string, amountUpokt: bigint): void {
  state.accounts.ensure(address);
  state.bank.endow(address, [coin(amountUpokt)]);
}

/** Events raised so far as `type` with the values of typed ones read back from JSON. */
export function eventsOf(state: State): { type: string; data: Record<string, JsonValue> }[] {
  return state.journal.since(0).map(({ type, attributes }) => ({
    type,
    data: Object.fromEntries(
      attributes.map(({ key, value }) => [key, type.startsWith('pocket.') ? (JSON.parse(value) as JsonValue) : value]),
    ),
  }));
}

export function hashOf(height: number): Uint8Array {
  return sha256(utf8(`block ${height}`));
}

type Sent = { readonly schema: DescMessage; readonly message: ReturnType<typeof create> };

/** A message with its schema, to be put into a transaction. */
export function sent<Desc extends DescMessage>(schema: Desc, fields: MessageInitShape<Desc>): Sent {
  return { schema, message: create(schema, fields) };
}

/** One ledger on one disk. */
export class TestChain {
  readonly disk: KeyValueStore;
  readonly ledger: Ledger;
  private readonly profile: Profile;

  /** `prepare` writes what the first block finds. */
  constructor(
    prepare: (state: State) => void = () => undefined,
    profile: Profile = 'pocket',
    disk: KeyValueStore = createMemoryStore(),
  ) {
    this.profile = profile;
    this.disk = disk;
    this.ledger = new Ledger(disk);
    if (this.ledger.chain === undefined) disk.write(this.ledger.initChain({ ...emptyGenesis(), profile }).writes);
    this.patch(prepare);
  }

  get height(): number {
    return this.ledger.lastBlock!.height;
  }

  /** Executes and commits one block. */
  block(...transactions: Uint8Array[]): BlockResult {
    const height = this.height + 1;
    const result = this.ledger.finalizeBlock({
      height,
      timeNs: BigInt(height) * SECOND_NS,
      hash: hashOf(height),
      transactions,
    });
    this.disk.write(result.writes);
    return result;
  }

  /** Empty blocks up to and including a height. */
  blocksTo(height: number): void {
    while (this.height < height) this.block();
  }

  /** What is committed now. */
  state(): State {
    return emptyState(this.height, new Store(this.disk), this.profile);
  }

  /** Changes the committed state from outside. */
  patch(change: (state: State) => void): void {
    const store = new Store(this.disk);
    const { height, profile } = this;
    change(new State(store, { chainId: CHAIN_ID, profile, height, timeNs: 0n, hash: hashOf(0) }));
    putLastBlock(store, { ...this.ledger.lastBlock!, appHash: sealState(store) });
    this.disk.write(store.writes());
  }

  /** A transaction of one signer, with the sequence that his account expects, unless the draft says otherwise. */
  sign(key: Key, messages: readonly Sent[], draft: Partial<TransactionDraft> = {}, sequenceAhead = 0n): Uint8Array {
    const account = this.state().accounts.get(key.address);
    const sequence = draft.unordered === true ? 0n : (account?.sequence ?? 0n) + sequenceAhead;
    const filled = {
      messages,
      signers: [{ publicKey: key.publicKey, sequence }],
      fee: [],
      gasLimit: 1_000_000n,
      ...draft,
    };
    const signer = { chainId: CHAIN_ID, accountNumber: account?.accountNumber ?? 0n };
    return signTransaction(filled, signer, (bytes) => signMessage(bytes, key.privateKey)).bytes;
  }
}

/** Shannon's defaults and nobody. */
export function emptyGenesis(): Genesis {
  return {
    chainId: CHAIN_ID,
    profile: 'pocket',
    timeNs: 0n,
    initialHeight: 1,
    maxBlockGas: -1n,
    appState: defaultAppState(),
  };
}
