import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { fromBigInt, fromHex, toBigInt, toHex, utf8 } from './bytes.ts';
import { availableCurves, curveName, useCurve } from './curve.ts';
import { GROUP_ORDER } from './group.ts';
import { sha256 } from './hash.ts';
import { keyFromPrivateKey } from './keys.ts';
import {
  signDigest,
  signMessage,
  signResponseHash,
  verifyDigest,
  verifyMessage,
  verifyResponseHash,
} from './signature.ts';

const KEY = keyFromPrivateKey(fromHex('2d00ef074d9b51e46886dc9a1df11e7b986611d0f336bdcf1f0adce3e037ec0a'));
const MESSAGE = utf8('signable');
/** r ‖ s of the response whose signable bytes are the message above. */
const SIGNATURE =
  'aad09f6250b1627fcd772675a146ad055bfe4d8e623a71a7f74c38b62c73a2bb507d2f7e7de0e45332107b3e4d0e0734521c84dee73e0e804f836f930db0e2ca';

const chosen = curveName();
afterEach(() => void useCurve(chosen));

describe.each(availableCurves())('signature on %s', (name) => {
  it('of a response hashes twice, and equals the one made by Go', () => {
    useCurve(name);
    expect(toHex(signResponseHash(sha256(MESSAGE), KEY.privateKey))).toBe(SIGNATURE);
    expect(verifyResponseHash(sha256(MESSAGE), fromHex(SIGNATURE), KEY.publicKey)).toBe(true);
    expect(verifyMessage(sha256(MESSAGE), fromHex(SIGNATURE), KEY.publicKey)).toBe(true);
    expect(verifyMessage(MESSAGE, fromHex(SIGNATURE), KEY.publicKey)).toBe(false);
  });

  it('has one form: high s, overflowing r or s, zero, other lengths and DER are refused', () => {
    useCurve(name);
    const digest = sha256(MESSAGE);
    const good = signDigest(digest, KEY.privateKey);
    const [r, s] = [toBigInt(good.subarray(0, 32)), toBigInt(good.subarray(32))];
    const pair = (first: bigint, second: bigint): Uint8Array =>
      fromHex(toHex(fromBigInt(first, 32)) + toHex(fromBigInt(second, 32)));
    const last = 2n ** 256n - 1n;

    expect(verifyDigest(digest, pair(r, s), KEY.publicKey)).toBe(true);
    expect(s <= GROUP_ORDER / 2n).toBe(true);
    const others = [
      pair(r, GROUP_ORDER - s),
      pair(last, s),
      pair(r, last),
      pair(0n, s),
      pair(r, 0n),
      pair(GROUP_ORDER, s),
    ];
    others.push(good.subarray(0, 63), new Uint8Array(65), new Uint8Array(0));
    for (const other of others) expect(verifyDigest(digest, other, KEY.publicKey)).toBe(false);
  });

  it('refuses digests and keys that are none', () => {
    useCurve(name);
    const digest = sha256(MESSAGE);
    const good = signDigest(digest, KEY.privateKey);
    expect(verifyDigest(digest.subarray(1), good, KEY.publicKey)).toBe(false);
    expect(verifyResponseHash(digest.subarray(1), good, KEY.publicKey)).toBe(false);
    expect(verifyDigest(digest, good, KEY.publicKey.subarray(1))).toBe(false);
    expect(verifyDigest(digest, good, new Uint8Array(33))).toBe(false);
    expect(verifyDigest(digest, good, new Uint8Array(33).fill(4))).toBe(false);
    const digestLength = expect.objectContaining({ code: 'DIGEST_LENGTH' });
    expect(() => signDigest(MESSAGE, KEY.privateKey)).toThrowError(digestLength);
    expect(() => signResponseHash(MESSAGE, KEY.privateKey)).toThrowError(digestLength);
    for (const key of [new Uint8Array(32), new Uint8Array(32).fill(255), new Uint8Array(31).fill(1)]) {
      expect(() => signDigest(digest, key)).toThrowError(expect.objectContaining({ code: 'PRIVATE_KEY_INVALID' }));
    }
  });
});

describe('signatures', () => {
  it('are the same bytes on either curve, and verify on either', () => {
    const keys = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => bytes.some((byte) => byte !== 0));
    fc.assert(
      fc.property(fc.uint8Array(), keys, (message, seed) => {
        const { privateKey, publicKey } = keyFromPrivateKey(sha256(seed));
        useCurve(chosen);
        const native = signMessage(message, privateKey);
        useCurve('noble');
        expect(toHex(signMessage(message, privateKey))).toBe(toHex(native));
        expect(verifyMessage(message, native, publicKey)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('verify as nothing but true or false, the same on either curve', () => {
    const bytes = fc.uint8Array({ maxLength: 70 });
    const signature = fc.oneof(bytes, fc.uint8Array({ minLength: 64, maxLength: 64 }));
    const key = fc.oneof(bytes, fc.constant(KEY.publicKey));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), signature, key, (digest, signed, publicKey) => {
        useCurve(chosen);
        const native = verifyDigest(digest, signed, publicKey);
        useCurve('noble');
        expect(verifyDigest(digest, signed, publicKey)).toBe(native);
      }),
      { numRuns: 100 },
    );
  });
});
