/**
 * The identity of a session: bound to the block that opened it, so that nobody knows it before.
 *
 * The start height is the one little-endian integer of the protocol.
 * Source: pokt-network/poktroll `x/session/keeper/session_hydrator.go`.
 */
import { concat, toHex, u64le, utf8 } from './bytes.ts';
import { sha3_256 } from './hash.ts';

/** What a session is identified by. */
export type SessionKey = {
  /** Hash of the block at `startHeight` itself, 32 bytes; empty for heights below 1. */
  readonly blockHash: Uint8Array;
  readonly serviceId: string;
  /** bech32. */
  readonly applicationAddress: string;
  readonly startHeight: number;
};

const DOT = utf8('.');

/**
 * The bytes that a session's id and the draw of its suppliers are hashed from.
 *
 * Layout: `block hash "." service id "." application address "." start height (8, little-endian)`.
 */
export function sessionPreimage(key: SessionKey): Uint8Array {
  const start = u64le(BigInt(key.startHeight));
  return concat(key.blockHash, DOT, utf8(key.serviceId), DOT, utf8(key.applicationAddress), DOT, start);
}

/** 64 lower-case hexadecimal digits: SHA3-256 of the preimage. */
export function sessionId(preimage: Uint8Array): string {
  return toHex(sha3_256(preimage));
}
