/**
 * Hash to scalar, with the shift that makes it agree with Shannon's.
 *
 * The hash modulo the group order is written without leading zeros and aligned to the left of 32 bytes. Once in 256 hashes
 * it is short, and the scalar is the hash times 256 for each missing byte; aligned to the right, as anyone would, the
 * signatures with such a challenge fail: 0.8 % of rings of two.
 *
 * Source: pokt-network/go-dleq `secp256k1/curve.go` (the backend without build tags).
 */
import { toBigInt } from './bytes.ts';
import { GROUP_ORDER, SCALAR_LENGTH, scalarFromBigInt } from './group.ts';
import { sha3_512 } from './hash.ts';

/** 32 bytes, big-endian, below the group order. */
export function hashToScalar(message: Uint8Array): Uint8Array {
  return alignLeft(toBigInt(sha3_512(message)) % GROUP_ORDER);
}

/** The scalar that a hash below the group order becomes. */
export function alignLeft(hash: bigint): Uint8Array {
  const byteLength = hash === 0n ? 0 : Math.ceil(hash.toString(16).length / 2);
  return scalarFromBigInt(hash << BigInt(8 * (SCALAR_LENGTH - byteLength)));
}
