/**
 * The group secp256k1 as bytes: its order and field, scalars modulo the order, and how points are written.
 *
 * Scalars are 32 bytes, big-endian. Points are 33 bytes compressed on the wire; between two operations they stay 65 bytes
 * uncompressed, because reading a compressed point costs a square root.
 *
 * Source: SEC 2 §2.4.1; encodings SEC 1 §2.3.
 */
import { compareBytes, fromBigInt, toBigInt } from './bytes.ts';
import { Fault } from './fault.ts';

/** The number of points, a prime; scalars count modulo it. */
export const GROUP_ORDER: bigint = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The prime of the coordinates: 2^256 − 2^32 − 977. */
export const FIELD_PRIME: bigint = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

export const SCALAR_LENGTH = 32;
export const POINT_LENGTH = 33;
export const UNCOMPRESSED_LENGTH = 65;

const ORDER_BYTES = fromBigInt(GROUP_ORDER, SCALAR_LENGTH);

/**
 * The scalar that 32 bytes denote, below the order. Returns the argument itself when it already is.
 *
 * @throws SCALAR_INVALID when there are not 32 bytes.
 */
export function reduceScalar(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== SCALAR_LENGTH) {
    throw new Fault('SCALAR_INVALID', 'a scalar has 32 bytes', { expected: SCALAR_LENGTH, actual: bytes.length });
  }
  if (compareBytes(bytes, ORDER_BYTES) < 0) return bytes;
  return fromBigInt(toBigInt(bytes) - GROUP_ORDER, SCALAR_LENGTH);
}

export function scalarFromBigInt(value: bigint): Uint8Array {
  const remainder = value % GROUP_ORDER;
  return fromBigInt(remainder < 0n ? remainder + GROUP_ORDER : remainder, SCALAR_LENGTH);
}

export function isZeroScalar(reduced: Uint8Array): boolean {
  let bits = 0;
  for (const byte of reduced) bits |= byte;
  return bits === 0;
}

/** Whether a key has 32 bytes and lies between 1 and the order − 1. */
export function isPrivateKey(bytes: Uint8Array): boolean {
  return bytes.length === SCALAR_LENGTH && compareBytes(bytes, ORDER_BYTES) < 0 && !isZeroScalar(bytes);
}

/** @throws PRIVATE_KEY_INVALID unless `isPrivateKey`. */
export function checkPrivateKey(bytes: Uint8Array): void {
  if (isPrivateKey(bytes)) return;
  throw new Fault('PRIVATE_KEY_INVALID', 'a private key is 32 bytes between 1 and n − 1', {
    expected: SCALAR_LENGTH,
    actual: bytes.length,
  });
}

/**
 * The point at infinity, compressed: `02` and 32 zero bytes, as Go writes its coordinates (0, 0).
 *
 * It appears in what is hashed, never as input: no point of the curve has x = 0.
 */
export function infinity(): Uint8Array {
  const bytes = new Uint8Array(POINT_LENGTH);
  bytes[0] = 2;
  return bytes;
}

/** Writes an uncompressed point compressed, into `out` where given. */
export function compressPoint(point: Uint8Array, out: Uint8Array = new Uint8Array(POINT_LENGTH)): Uint8Array {
  out.set(point.subarray(1, POINT_LENGTH), 1);
  out[0] = 2 | ((point[UNCOMPRESSED_LENGTH - 1] ?? 0) & 1);
  return out;
}
