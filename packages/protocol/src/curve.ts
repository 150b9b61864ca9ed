/**
 * Point arithmetic on secp256k1 behind one interface, and the choice between its two implementations.
 *
 * `native` is libsecp256k1 and is taken whenever its binary loads; `noble` is JavaScript, the same results about fifteen
 * times slower. Both agree on every input, so the choice never changes a verdict. Programs print `curveName()` at start.
 */
import { loadNativeCurve } from './curve-native.ts';
import { nobleCurve } from './curve-noble.ts';
import { Fault } from './fault.ts';

export type CurveName = 'native' | 'noble';

/**
 * Scalars are any 32 bytes and count modulo the group order; zero is allowed and leads to the point at infinity.
 * Points come in either encoding and were checked by `isPoint` or `decompress`; others may be a Fault `POINT_INVALID`.
 */
export type Curve = {
  readonly name: CurveName;

  /** Whether 33 bytes are a point. Total. */
  isPoint(bytes: Uint8Array): boolean;
  /** The 65-byte form of a 33-byte point, or undefined when it is none. Total. */
  decompress(point: Uint8Array): Uint8Array | undefined;

  /** scalar · G, compressed, in constant time. */
  mulBase(scalar: Uint8Array): Uint8Array;
  /** scalar · point, uncompressed, in constant time: for secret scalars. */
  mul(point: Uint8Array, scalar: Uint8Array): Uint8Array;
  /** u − c · x modulo the order, for a secret u and x. */
  subMulScalar(u: Uint8Array, c: Uint8Array, x: Uint8Array): Uint8Array;

  /** s · G + c · point, compressed, into `out`. In variable time: for public scalars. */
  mulAddBase(s: Uint8Array, point: Uint8Array, c: Uint8Array, out: Uint8Array): void;
  /** s · first + c · second, compressed, into `out`. In variable time: for public scalars. */
  mulAdd2(s: Uint8Array, first: Uint8Array, c: Uint8Array, second: Uint8Array, out: Uint8Array): void;

  /** ECDSA: 64 bytes r ‖ s, low s, nonce by RFC 6979. The key must be valid (`isPrivateKey`). */
  sign(digest: Uint8Array, privateKey: Uint8Array): Uint8Array;
  /** ECDSA over a 32-byte digest; false also for a high s, r or s outside 1 … n − 1, and a key that is none. Total. */
  verify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
};

let active: Curve | undefined;

/** The implementation in use; the first call looks for the native one. */
export function activeCurve(): Curve {
  active ??= loadNativeCurve() ?? nobleCurve;
  return active;
}

export function curveName(): CurveName {
  return activeCurve().name;
}

/** What this machine can use, the fastest first. */
export function availableCurves(): readonly CurveName[] {
  return loadNativeCurve() === undefined ? ['noble'] : ['native', 'noble'];
}

/**
 * Replaces the implementation in use, for tests and benchmarks; returns it. `loadNative` is where the native one is from.
 *
 * @throws CURVE_UNAVAILABLE when the native binary does not load on this machine.
 */
export function useCurve(name: CurveName, loadNative: () => Curve | undefined = loadNativeCurve): Curve {
  const wanted = name === 'noble' ? nobleCurve : loadNative();
  if (wanted === undefined) throw new Fault('CURVE_UNAVAILABLE', 'the native binary of secp256k1 does not load');
  active = wanted;
  return wanted;
}
