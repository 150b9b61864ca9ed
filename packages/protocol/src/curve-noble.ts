/**
 * secp256k1 in JavaScript, on `@noble/curves`: where the native binary does not load, and wherever it gives no answer.
 *
 * Zero scalars and sums at infinity are ordinary inputs here. Points that keep coming back (a gateway, its hash to curve,
 * its key image) get a multiplication table, which makes a verification about three times as fast.
 */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { toBigInt } from './bytes.ts';
import type { Curve } from './curve.ts';
import { Fault } from './fault.ts';
import { compressPoint, checkPrivateKey, isZeroScalar, POINT_LENGTH, reduceScalar, scalarFromBigInt } from './group.ts';
import { UNCOMPRESSED_LENGTH } from './group.ts';
import { LruCache } from './lru-cache.ts';

const Point = secp256k1.Point;
type NoblePoint = InstanceType<typeof Point>;

/** A table takes about a megabyte and 35 ms, so it must pay for itself. */
const USES_BEFORE_TABLE = 50;
const HOT_POINTS_MAX = 64;

const hotPoints = new LruCache<{ readonly point: NoblePoint; uses: number }>(HOT_POINTS_MAX);

function readPoint(bytes: Uint8Array): NoblePoint {
  try {
    return Point.fromBytes(bytes);
  } catch (cause) {
    throw new Fault('POINT_INVALID', 'bytes are not a point of secp256k1', { length: bytes.length }, cause);
  }
}

/** The point of a public product, with its table once it has been asked for often enough. */
function hotPoint(bytes: Uint8Array): NoblePoint {
  const known = hotPoints.getOrMake(bytes, () => ({ point: readPoint(bytes), uses: 0 }));
  known.uses += 1;
  if (known.uses === USES_BEFORE_TABLE) known.point.precompute(8, false);
  return known.point;
}

function mulPublic(point: NoblePoint, scalar: Uint8Array): NoblePoint {
  return point.multiplyUnsafe(toBigInt(reduceScalar(scalar)));
}

/** 65 bytes; the point at infinity as `04` and zeros, which compresses to the form that is hashed. */
function writePoint(point: NoblePoint): Uint8Array {
  if (!point.is0()) return point.toBytes(false);
  const bytes = new Uint8Array(UNCOMPRESSED_LENGTH);
  bytes[0] = 4;
  return bytes;
}

/** noble refuses a zero scalar in its constant-time product, which a random nonce may in principle be. */
function mulSecret(point: NoblePoint, scalar: Uint8Array): NoblePoint {
  const reduced = reduceScalar(scalar);
  return isZeroScalar(reduced) ? Point.ZERO : point.multiply(toBigInt(reduced));
}

export const nobleCurve: Curve = {
  name: 'noble',

  isPoint(bytes) {
    return nobleCurve.decompress(bytes) !== undefined;
  },

  decompress(point) {
    if (point.length !== POINT_LENGTH) return undefined;
    try {
      return Point.fromBytes(point).toBytes(false);
    } catch {
      return undefined;
    }
  },

  mulBase(scalar) {
    return compressPoint(writePoint(mulSecret(Point.BASE, scalar)));
  },

  mul(point, scalar) {
    return writePoint(mulSecret(readPoint(point), scalar));
  },

  subMulScalar(u, c, x) {
    return scalarFromBigInt(toBigInt(u) - toBigInt(c) * toBigInt(x));
  },

  mulAddBase(s, point, c, out) {
    compressPoint(writePoint(mulPublic(Point.BASE, s).add(mulPublic(hotPoint(point), c))), out);
  },

  mulAdd2(s, first, c, second, out) {
    compressPoint(writePoint(mulPublic(hotPoint(first), s).add(mulPublic(hotPoint(second), c))), out);
  },

  sign(digest, privateKey) {
    checkPrivateKey(privateKey);
    return secp256k1.sign(digest, privateKey, { prehash: false });
  },

  verify(signature, digest, publicKey) {
    if (signature.length !== 64 || digest.length !== 32 || !nobleCurve.isPoint(publicKey)) return false;
    try {
      return secp256k1.verify(signature, digest, publicKey, { prehash: false });
    } catch {
      return false;
    }
  },
};
