import { afterEach, describe, expect, it } from 'vitest';
import { fromBigInt, fromHex, toHex } from './bytes.ts';
import { activeCurve, availableCurves, curveName, useCurve } from './curve.ts';
import { compressPoint, FIELD_PRIME, infinity, scalarFromBigInt } from './group.ts';
import { evenPointAt, hashKey, hashToCurve, isHashedKey, tryAndIncrement } from './hash-to-curve.ts';
import { keyImageOf } from './ring.ts';

const chosen = curveName();
afterEach(() => void useCurve(chosen));

describe('hashToCurve', () => {
  it('gives the published points', () => {
    const published = {
      '0397896e9b106df70124a856861cc9be52fac9980e2c7a118a36c19d0198692cc5':
        '02f72a1f27fa696323f979f608a525372567ad7c532736465db78c7d7118ce46e0',
      '021066f293709356a33e9c13017867586baf52513e845bc4335233a15ed1e00baf':
        '0271a09f91c545489b1548dab73fdc8bf98e10bda644949d27036362e807bcec66',
    };
    for (const [key, point] of Object.entries(published)) {
      expect(toHex(compressPoint(hashToCurve(fromHex(key))))).toBe(point);
    }
  });

  it('gives one point on either curve, with even y', () => {
    for (let k = 1n; k <= 12n; k += 1n) {
      const key = activeCurve().mulBase(scalarFromBigInt(k));
      const points = availableCurves().map((name) => {
        useCurve(name);
        return toHex(tryAndIncrement(key));
      });
      expect(new Set(points).size).toBe(1);
      expect(Number.parseInt((points[0] as string).slice(-1), 16) % 2).toBe(0);
    }
  });

  it('is remembered beside the key', () => {
    const key = activeCurve().mulBase(scalarFromBigInt(8_000n));
    expect(isHashedKey(key)).toBe(false);
    const { point, hashed } = hashKey(key);
    expect(isHashedKey(key)).toBe(true);
    expect(hashKey(key).hashed).toBe(hashed);
    expect(toHex(compressPoint(point))).toBe(toHex(key));
    expect(toHex(hashed)).toBe(toHex(tryAndIncrement(key)));
  });

  it('refuses what is not a compressed public key', () => {
    const key = activeCurve().mulBase(scalarFromBigInt(9n));
    const uncompressed = activeCurve().decompress(key) as Uint8Array;
    for (const wrong of [uncompressed, key.subarray(1), infinity(), new Uint8Array(0)]) {
      expect(() => hashToCurve(wrong)).toThrowError(expect.objectContaining({ code: 'POINT_INVALID' }));
      expect(isHashedKey(wrong)).toBe(false);
    }
  });

  it('takes a digest modulo the prime of the field', () => {
    const beyond = fromBigInt(FIELD_PRIME + 1n, 32);
    expect(toHex(evenPointAt(beyond))).toBe(`02${'00'.repeat(31)}01`);
    expect(activeCurve().isPoint(evenPointAt(beyond))).toBe(true);
    expect(toHex(evenPointAt(fromBigInt(FIELD_PRIME - 1n, 32)))).toBe(`02${(FIELD_PRIME - 1n).toString(16)}`);
  });

  it('makes a key image that only the private key decides', () => {
    const images = availableCurves().map((name) => {
      useCurve(name);
      return toHex(keyImageOf(scalarFromBigInt(31n)));
    });
    expect(new Set(images).size).toBe(1);
    expect(images[0]).not.toBe(toHex(keyImageOf(scalarFromBigInt(32n))));
    expect(() => keyImageOf(new Uint8Array(32))).toThrowError(expect.objectContaining({ code: 'PRIVATE_KEY_INVALID' }));
  });
});
