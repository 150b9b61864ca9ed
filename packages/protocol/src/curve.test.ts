import { createRequire } from 'node:module';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { fromHex, toBigInt, toHex } from './bytes.ts';
import { bindCurve } from './curve-native.ts';
import { activeCurve, availableCurves, curveName, useCurve, type Curve } from './curve.ts';
import { compressPoint, GROUP_ORDER, infinity, isPrivateKey, POINT_LENGTH, reduceScalar } from './group.ts';
import { scalarFromBigInt } from './group.ts';

const chosen = curveName();
afterEach(() => void useCurve(chosen));

const ZERO = '00'.repeat(32);
const ORDER = GROUP_ORDER.toString(16);
const EDGES = [
  ZERO,
  `${'00'.repeat(31)}01`,
  `${ORDER.slice(0, -1)}0`,
  ORDER,
  `${ORDER.slice(0, -1)}2`,
  'ff'.repeat(32),
];
const G = '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798';

const anyScalar = fc.oneof(
  fc.constantFrom(...EDGES).map(fromHex),
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  fc.bigInt(1n, 300n).map(scalarFromBigInt),
);
const anyPoint = fc
  .bigInt(1n, GROUP_ORDER - 1n)
  .map((exponent) => activeCurve().decompress(activeCurve().mulBase(scalarFromBigInt(exponent))) as Uint8Array);

/** The result of an operation on every implementation, as hexadecimal; none may write into what it is given. */
function onEach(inputs: readonly Uint8Array[], operation: (curve: Curve) => Uint8Array): string[] {
  const before = inputs.map(toHex);
  const results = availableCurves().map((name) => toHex(operation(useCurve(name))));
  useCurve(chosen);
  expect(inputs.map(toHex)).toEqual(before);
  return results;
}

function expectAgreement(inputs: readonly Uint8Array[], operation: (curve: Curve) => Uint8Array): string {
  const results = onEach(inputs, operation);
  expect(new Set(results).size).toBe(1);
  return results[0] as string;
}

const written = (write: (out: Uint8Array) => void): Uint8Array => {
  const out = new Uint8Array(POINT_LENGTH);
  write(out);
  return out;
};

describe('the two curves agree', () => {
  it('on products with secret scalars', () => {
    fc.assert(
      fc.property(anyPoint, anyScalar, (point, k) => {
        const product = expectAgreement([point, k], (curve) => compressPoint(curve.mul(point, k)));
        const base = expectAgreement([k], (curve) => curve.mulBase(k));
        expect(product.length).toBe(66);
        expect(base === toHex(infinity())).toBe(toBigInt(k) % GROUP_ORDER === 0n);
      }),
      { numRuns: 40 },
    );
  });

  it('on u − c·x', () => {
    fc.assert(
      fc.property(anyScalar, anyScalar, anyScalar, (u, c, x) => {
        const expected = scalarFromBigInt(toBigInt(u) - toBigInt(c) * toBigInt(x));
        expect(expectAgreement([u, c, x], (curve) => curve.subMulScalar(u, c, x))).toBe(toHex(expected));
      }),
    );
    const [two, three, six] = [2n, 3n, 6n].map(scalarFromBigInt) as [Uint8Array, Uint8Array, Uint8Array];
    expect(expectAgreement([], (curve) => curve.subMulScalar(six, two, three))).toBe(ZERO);
  });

  it('on sums with public scalars', () => {
    fc.assert(
      fc.property(anyPoint, anyPoint, anyScalar, anyScalar, (first, second, s, c) => {
        expectAgreement([first, s, c], (curve) => written((out) => curve.mulAddBase(s, first, c, out)));
        expectAgreement([first, second, s, c], (curve) => written((out) => curve.mulAdd2(s, first, c, second, out)));
      }),
      { numRuns: 60 },
    );
  });

  it('on sums at infinity, on doublings, and on points read compressed', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, GROUP_ORDER - 1n), fc.bigInt(1n, GROUP_ORDER - 1n), (x, k) => {
        const [scalar, opposite, product] = [k, -k, -k * x].map(scalarFromBigInt) as [
          Uint8Array,
          Uint8Array,
          Uint8Array,
        ];
        const compressed = activeCurve().mulBase(scalarFromBigInt(x));
        const point = activeCurve().decompress(compressed) as Uint8Array;
        const twice = toHex(activeCurve().mulBase(scalarFromBigInt(2n * k * x)));
        const none = toHex(infinity());
        for (const form of [point, compressed]) {
          expect(expectAgreement([], (curve) => written((out) => curve.mulAddBase(product, form, scalar, out)))).toBe(
            none,
          );
          const sum = (c: Uint8Array): string =>
            expectAgreement([], (curve) => written((out) => curve.mulAdd2(scalar, form, c, form, out)));
          expect([sum(opposite), sum(scalar)]).toEqual([none, twice]);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('on every pair of edge scalars', () => {
    const point = activeCurve().decompress(fromHex(G)) as Uint8Array;
    for (const s of EDGES) {
      for (const c of EDGES) {
        const sum = scalarFromBigInt(toBigInt(fromHex(s)) + toBigInt(fromHex(c)));
        const expected = toHex(activeCurve().mulBase(sum));
        const [a, b] = [fromHex(s), fromHex(c)];
        expect(expectAgreement([a, b], (curve) => written((out) => curve.mulAddBase(a, point, b, out)))).toBe(expected);
        expect(expectAgreement([a, b], (curve) => written((out) => curve.mulAdd2(a, point, b, point, out)))).toBe(
          expected,
        );
      }
    }
  });

  it('on what is a point', () => {
    const prefixed = fc
      .tuple(fc.integer({ min: 0, max: 7 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
      .map(([prefix, x]) => Uint8Array.of(prefix, ...x));
    fc.assert(
      fc.property(fc.oneof(prefixed, fc.uint8Array({ maxLength: 66 })), (bytes) => {
        const found = availableCurves().map((name) => {
          const point = useCurve(name).decompress(bytes);
          expect(activeCurve().isPoint(bytes)).toBe(point !== undefined);
          return point === undefined ? 'none' : toHex(point);
        });
        useCurve(chosen);
        expect(new Set(found).size).toBe(1);
      }),
    );
    expect(activeCurve().isPoint(infinity())).toBe(false);
  });
});

describe.each(availableCurves())('%s', (name) => {
  it('refuses points that are none and scalars that are not 32 bytes', () => {
    const curve = useCurve(name);
    const point = curve.decompress(fromHex(G)) as Uint8Array;
    const scalar = scalarFromBigInt(5n);
    const out = new Uint8Array(POINT_LENGTH);
    const noPoint = expect.objectContaining({ code: 'POINT_INVALID' });
    for (const wrong of [infinity(), new Uint8Array(65), new Uint8Array(0)]) {
      expect(() => curve.mul(wrong, scalar)).toThrowError(noPoint);
      expect(() => curve.mulAddBase(scalar, wrong, scalar, out)).toThrowError(noPoint);
      expect(() => curve.mulAdd2(scalar, point, scalar, wrong, out)).toThrowError(noPoint);
    }
    const noScalar = expect.objectContaining({ code: 'SCALAR_INVALID' });
    for (const wrong of [scalar.subarray(1), new Uint8Array(33)]) {
      expect(() => curve.mulBase(wrong)).toThrowError(noScalar);
      expect(() => curve.mul(point, wrong)).toThrowError(noScalar);
      expect(() => curve.mulAddBase(scalar, point, wrong, out)).toThrowError(noScalar);
    }
  });

  it('knows points it has seen often as well as others', () => {
    const curve = useCurve(name);
    const point = curve.decompress(curve.mulBase(scalarFromBigInt(77n))) as Uint8Array;
    const expected = toHex(curve.mulBase(scalarFromBigInt(1n + 3n * 77n)));
    for (let i = 0; i < 60; i += 1) {
      const sum = written((out) => curve.mulAddBase(scalarFromBigInt(1n), point, scalarFromBigInt(3n), out));
      expect(toHex(sum)).toBe(expected);
    }
  });
});

describe('the choice', () => {
  it('takes the native curve where it loads, and says which it took', () => {
    expect(chosen).toBe(availableCurves()[0]);
    expect(useCurve('noble').name).toBe('noble');
    expect(curveName()).toBe('noble');
  });

  it('does without a binary that does not load', () => {
    expect(bindCurve('secp256k1/no-such-binding.js')).toBeUndefined();
    expect(() => useCurve('native', () => undefined)).toThrowError(
      expect.objectContaining({ code: 'CURVE_UNAVAILABLE' }),
    );
    expect(curveName()).toBe(chosen);
  });

  it('never loads the entry that falls back to elliptic', () => {
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    expect(loaded.filter((path) => /secp256k1[\\/](index|elliptic)\.js$/.test(path))).toEqual([]);
  });
});

describe('scalars', () => {
  it('reduce once, and only what is not below the order', () => {
    const small = fromHex(EDGES[2] as string);
    expect(reduceScalar(small)).toBe(small);
    expect(toHex(reduceScalar(fromHex(ORDER)))).toBe(ZERO);
    expect(toBigInt(reduceScalar(fromHex('ff'.repeat(32))))).toBe(2n ** 256n - 1n - GROUP_ORDER);
    expect(() => reduceScalar(new Uint8Array(31))).toThrowError(expect.objectContaining({ code: 'SCALAR_INVALID' }));
  });

  it('are private keys between 1 and the order − 1', () => {
    expect(EDGES.map((edge) => isPrivateKey(fromHex(edge)))).toEqual([false, true, true, false, false, false]);
    expect(isPrivateKey(new Uint8Array(31).fill(1))).toBe(false);
  });
});
