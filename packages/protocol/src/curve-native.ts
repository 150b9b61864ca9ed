/**
 * secp256k1 on libsecp256k1, through the binary of the `secp256k1` package.
 *
 * The package's main entry is never loaded: without a binary it falls back to `elliptic` and says nothing. The binary
 * throws where a scalar is zero or a sum is at infinity, which are ordinary inputs here; so a throw is never an answer,
 * it sends the operation to the JavaScript implementation.
 */
import { createRequire } from 'node:module';
import type { Curve } from './curve.ts';
import { nobleCurve } from './curve-noble.ts';
import { infinity, checkPrivateKey, isZeroScalar, POINT_LENGTH, reduceScalar, UNCOMPRESSED_LENGTH } from './group.ts';

type Binding = Pick<
  typeof import('secp256k1'),
  | 'ecdh'
  | 'ecdsaRecover'
  | 'ecdsaSign'
  | 'ecdsaVerify'
  | 'privateKeyNegate'
  | 'privateKeyTweakAdd'
  | 'privateKeyTweakMul'
  | 'publicKeyCombine'
  | 'publicKeyConvert'
  | 'publicKeyCreate'
  | 'publicKeyTweakAdd'
  | 'publicKeyTweakMul'
  | 'publicKeyVerify'
>;

let loaded: Curve | null | undefined;

/** The native implementation, or undefined where its binary does not load. Asks the disk once. */
export function loadNativeCurve(): Curve | undefined {
  if (loaded === undefined) loaded = bindCurve('secp256k1/bindings.js') ?? null;
  return loaded ?? undefined;
}

/** The implementation on the binding that a CommonJS module exports, or undefined when that does not load. */
export function bindCurve(module: string): Curve | undefined {
  try {
    return nativeCurve(createRequire(import.meta.url)(module) as Binding);
  } catch {
    return undefined;
  }
}

function nativeCurve(binding: Binding): Curve {
  // Results between two calls; allocating them anew costs more than the call's own overhead.
  const left = new Uint8Array(UNCOMPRESSED_LENGTH);
  const right = new Uint8Array(UNCOMPRESSED_LENGTH);
  const recovered = new Uint8Array(64);
  const recoveredS = recovered.subarray(32);
  const recoveredMessage = new Uint8Array(32);
  const ecdhOptions = {
    xbuf: new Uint8Array(32),
    ybuf: new Uint8Array(32),
    hashfn(x: Uint8Array, y: Uint8Array): Uint8Array {
      const point = new Uint8Array(UNCOMPRESSED_LENGTH);
      point[0] = 4;
      point.set(x, 1);
      point.set(y, POINT_LENGTH);
      return point;
    },
  };

  /**
   * s·G + c·P in one pass, by public key recovery: from a signature (r, s') of z, recovery computes (s'·R − z·G) / r, where
   * R has x coordinate r. With R = P, s' = c·r and z = −s·r that is the sum. Faster by a sixth than a product and an addition.
   *
   * Throws for c = 0, for a sum at infinity, and for a point whose x is not below the group order.
   */
  function recoverSum(s: Uint8Array, point: Uint8Array, c: Uint8Array, out: Uint8Array): void {
    const x = point.subarray(1, POINT_LENGTH);
    const yIsOdd = (point[UNCOMPRESSED_LENGTH - 1] as number) & 1;
    recovered.set(x);
    recoveredS.set(c);
    binding.privateKeyTweakMul(recoveredS, x);
    recoveredMessage.set(s);
    if (!isZeroScalar(s)) {
      binding.privateKeyTweakMul(recoveredMessage, x);
      binding.privateKeyNegate(recoveredMessage);
    }
    binding.ecdsaRecover(recovered, yIsOdd, recoveredMessage, true, out);
  }

  /** s·G + c·P the plain way, for what recovery refuses; at last in JavaScript. */
  function addSum(s: Uint8Array, point: Uint8Array, c: Uint8Array, out: Uint8Array): void {
    try {
      binding.publicKeyTweakMul(point, c, false, left);
      try {
        binding.publicKeyTweakAdd(left, s, true, out);
      } catch (thrown) {
        // The sum is at infinity. Shown here and not in JavaScript, because a signer can make it happen for every member.
        binding.publicKeyCreate(s, false, right);
        if (!areOpposite(left, right)) throw thrown;
        out.set(infinity());
      }
    } catch {
      nobleCurve.mulAddBase(s, point, c, out);
    }
  }

  return {
    name: 'native',

    isPoint(bytes) {
      return bytes.length === POINT_LENGTH && binding.publicKeyVerify(bytes);
    },

    decompress(point) {
      if (point.length !== POINT_LENGTH) return undefined;
      try {
        return binding.publicKeyConvert(point, false);
      } catch {
        return nobleCurve.decompress(point);
      }
    },

    mulBase(scalar) {
      const reduced = reduceScalar(scalar);
      return isZeroScalar(reduced) ? infinity() : binding.publicKeyCreate(reduced, true);
    },

    mul(point, scalar) {
      const reduced = reduceScalar(scalar);
      if (isZeroScalar(reduced)) return nobleCurve.mul(point, reduced);
      try {
        // publicKeyTweakMul takes variable time and would let a clock read the scalar; ecdh does not.
        return binding.ecdh(point, reduced, ecdhOptions, new Uint8Array(UNCOMPRESSED_LENGTH));
      } catch {
        return nobleCurve.mul(point, reduced);
      }
    },

    subMulScalar(u, c, x) {
      const factor = reduceScalar(c);
      const difference = Uint8Array.from(reduceScalar(x)); // The next three calls write into their argument.
      try {
        binding.privateKeyTweakMul(difference, factor);
        binding.privateKeyNegate(difference);
        return binding.privateKeyTweakAdd(difference, reduceScalar(u));
      } catch {
        return nobleCurve.subMulScalar(u, c, x);
      }
    },

    mulAddBase(s, point, c, out) {
      const [baseFactor, pointFactor] = [reduceScalar(s), reduceScalar(c)];
      try {
        if (point.length === UNCOMPRESSED_LENGTH) recoverSum(baseFactor, point, pointFactor, out);
        else addSum(baseFactor, point, pointFactor, out);
      } catch {
        addSum(baseFactor, point, pointFactor, out);
      }
    },

    mulAdd2(s, first, c, second, out) {
      const [firstFactor, secondFactor] = [reduceScalar(s), reduceScalar(c)];
      try {
        if (isZeroScalar(firstFactor)) {
          binding.publicKeyTweakMul(second, secondFactor, true, out);
          return;
        }
        binding.publicKeyTweakMul(first, firstFactor, false, left);
        binding.publicKeyTweakMul(second, secondFactor, false, right);
        if (areOpposite(left, right)) out.set(infinity());
        else binding.publicKeyCombine([right, left], true, out);
      } catch {
        nobleCurve.mulAdd2(firstFactor, first, secondFactor, second, out);
      }
    },

    sign(digest, privateKey) {
      checkPrivateKey(privateKey);
      return binding.ecdsaSign(digest, privateKey).signature;
    },

    verify(signature, digest, publicKey) {
      if (signature.length !== 64 || digest.length !== 32 || publicKey.length !== POINT_LENGTH) return false;
      try {
        return binding.ecdsaVerify(signature, digest, publicKey);
      } catch {
        return nobleCurve.verify(signature, digest, publicKey);
      }
    },
  };
}

/** Whether two uncompressed points have one x and different y: whether their sum is at infinity. */
function areOpposite(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 1; i < POINT_LENGTH; i++) if (a[i] !== b[i]) return false;
  for (let i = POINT_LENGTH; i < UNCOMPRESSED_LENGTH; i++) if (a[i] !== b[i]) return true;
  return false;
}
