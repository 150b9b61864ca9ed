/**
 * The hash that a ledger agrees on after a block: a chain over everything that was written.
 *
 * Two ledgers with the same hash have seen the same writes in every block. It proves no single record.
 */
import { concat, EMPTY, u64be } from '@decai/protocol/bytes';
import { sha256 } from '@decai/protocol/hash';
import type { KeyValueWrite } from '@decai/protocol/key-value-store';

const REMOVED = Uint8Array.of(0);
const PRESENT = Uint8Array.of(1);

/**
 * SHA-256 over the previous hash and the writes in byte order of their keys, each as: length of the key (8 bytes), key,
 * 0 for a removal, or 1, length of the value (8 bytes), value.
 */
export function nextAppHash(previous: Uint8Array, writes: readonly KeyValueWrite[]): Uint8Array {
  const parts = [previous];
  for (const { key, value } of writes) {
    parts.push(u64be(BigInt(key.length)), key, value === null ? REMOVED : PRESENT);
    if (value !== null) parts.push(u64be(BigInt(value.length)), value);
  }
  return sha256(concat(...parts));
}

/** What the first hash stands on. */
export const NO_APP_HASH: Uint8Array = EMPTY;
