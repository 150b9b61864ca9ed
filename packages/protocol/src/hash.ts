/**
 * The hashes of the wire: SHA-256, SHA3-256 (FIPS 202, not Keccak), SHA3-512 and RIPEMD-160.
 *
 * A digest is taken as a latin1 string, in which each character is one byte, and copied into an array small enough to
 * live on the JavaScript heap: measured at 0.4 µs, against 0.7 with memory of its own and 1.0 asking for a Buffer.
 */
import { hash, type BinaryToTextEncoding } from 'node:crypto';

/** Node accepts it; the type definitions do not list it. */
const LATIN1 = 'latin1' as BinaryToTextEncoding;

function digest(algorithm: string, bytes: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  copyLatin1(hash(algorithm, bytes, LATIN1), out);
  return out;
}

function copyLatin1(text: string, out: Uint8Array): void {
  for (let index = 0; index < text.length; index++) out[index] = text.charCodeAt(index);
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return digest('sha256', bytes, 32);
}

/** Writes the SHA-256 of `bytes` into the first 32 bytes of `out`. */
export function sha256Into(bytes: Uint8Array, out: Uint8Array): void {
  copyLatin1(hash('sha256', bytes, LATIN1), out);
}

export function sha3_256(bytes: Uint8Array): Uint8Array {
  return digest('sha3-256', bytes, 32);
}

export function sha3_512(bytes: Uint8Array): Uint8Array {
  return digest('sha3-512', bytes, 64);
}

export function ripemd160(bytes: Uint8Array): Uint8Array {
  return digest('ripemd160', bytes, 20);
}
