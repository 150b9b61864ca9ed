/**
 * The memory of unordered transactions: which (timeout, signer) pairs have been used and could still be used again.
 *
 * Such a transaction has no sequence; its timeout tells it apart. A pair is kept until the timeout has passed, when the
 * transaction can no longer be executed anyway.
 *
 * Source: cosmos/cosmos-sdk `x/auth/keeper/unordered_tx.go`.
 */
import { u64be } from '@decai/protocol/bytes';
import { CollectionShape, type Collection } from './collection.ts';
import { textSegment } from './key.ts';
import { BYTES_VALUE } from './message-value.ts';
import { keyText, type Store } from './store.ts';

/** There a byte, eight of the time and the bare address are the key, and there is no value. */
const NONCES = new CollectionShape('auth/unordered_nonce/', BYTES_VALUE, { keyBytes: 29, valueBytes: 0 });
const PRESENT = Uint8Array.of(1);

export class UnorderedNonces {
  private readonly nonces: Collection<Uint8Array>;

  constructor(store: Store) {
    this.nonces = NONCES.in(store);
  }

  has(timeoutNs: bigint, address: string): boolean {
    return this.nonces.has(nonceKey(timeoutNs, address));
  }

  add(timeoutNs: bigint, address: string): void {
    this.nonces.put(nonceKey(timeoutNs, address), PRESENT);
  }

  /** Forgets every pair whose timeout is not after `timeNs`. */
  purge(timeNs: bigint): void {
    const passed = [...this.nonces.keys({ end: keyText(u64be(timeNs + 1n)) })];
    for (const key of passed) this.nonces.delete(key);
  }
}

function nonceKey(timeoutNs: bigint, address: string): string {
  return `${keyText(u64be(timeoutNs))}/${textSegment(address)}/`;
}
