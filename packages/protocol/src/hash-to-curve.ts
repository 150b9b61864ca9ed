/**
 * Hash to curve: a point that depends on a public key and whose logarithm nobody knows.
 *
 * SHA3-256 of the compressed key is tried as an x coordinate with even y, and hashed again until it is one: two tries on
 * average. Gateways and applications come back with every relay, so their points are kept.
 *
 * Source: pokt-network/go-dleq `secp256k1/curve.go`; pokt-network/ring-go `helpers.go`.
 */
import { compareBytes, fromBigInt, toBigInt } from './bytes.ts';
import { activeCurve } from './curve.ts';
import { Fault } from './fault.ts';
import { FIELD_PRIME, POINT_LENGTH } from './group.ts';
import { sha3_256 } from './hash.ts';
import { LruCache } from './lru-cache.ts';

/** A public key and its hash to curve, both uncompressed (65 bytes), ready for products. */
export type HashedKey = { readonly point: Uint8Array; readonly hashed: Uint8Array };

const TRIES_MAX = 128;
const HASHED_KEYS_MAX = 4096;

const FIELD_PRIME_BYTES = fromBigInt(FIELD_PRIME, 32);
const hashedKeys = new LruCache<HashedKey>(HASHED_KEYS_MAX);

/**
 * The hash to curve of a compressed public key, uncompressed.
 *
 * @throws POINT_INVALID unless the key is a point in 33 bytes; HASH_TO_CURVE_EXHAUSTED, once in 2^128 keys.
 */
export function hashToCurve(publicKey: Uint8Array): Uint8Array {
  return hashKey(publicKey).hashed;
}

/** A compressed public key beside its hash to curve. @throws POINT_INVALID, HASH_TO_CURVE_EXHAUSTED */
export function hashKey(publicKey: Uint8Array): HashedKey {
  return hashedKeys.getOrMake(publicKey, () => {
    const point = activeCurve().decompress(publicKey);
    if (point === undefined) {
      throw new Fault('POINT_INVALID', 'not a compressed public key', { length: publicKey.length });
    }
    return { point, hashed: tryAndIncrement(publicKey) };
  });
}

/** Whether bytes are known to be a public key without computing anything. */
export function isHashedKey(publicKey: Uint8Array): boolean {
  return hashedKeys.has(publicKey);
}

/** The hash to curve computed anew, on the curve in use; `hashToCurve` remembers it. @throws HASH_TO_CURVE_EXHAUSTED */
export function tryAndIncrement(publicKey: Uint8Array): Uint8Array {
  const curve = activeCurve();
  let digest = sha3_256(publicKey);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const candidate = evenPointAt(digest);
    // Asked first and only then decompressed: every second candidate is no point, and a throw costs more than a square root.
    if (curve.isPoint(candidate)) return curve.decompress(candidate) as Uint8Array;
    digest = sha3_256(digest);
  }
  throw new Fault('HASH_TO_CURVE_EXHAUSTED', 'no digest was the x coordinate of a point', { tries: TRIES_MAX });
}

/** A digest as a compressed point with even y, its x taken modulo the field's prime. */
export function evenPointAt(digest: Uint8Array): Uint8Array {
  const candidate = new Uint8Array(POINT_LENGTH);
  candidate[0] = 2;
  const overflows = compareBytes(digest, FIELD_PRIME_BYTES) >= 0;
  candidate.set(overflows ? fromBigInt(toBigInt(digest) - FIELD_PRIME, 32) : digest, 1);
  return candidate;
}
