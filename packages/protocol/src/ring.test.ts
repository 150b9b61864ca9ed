import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { concat, fromBigInt, fromHex, toBigInt, toHex } from './bytes.ts';
import { availableCurves, curveName, useCurve } from './curve.ts';
import { isFault } from './fault.ts';
import { GROUP_ORDER, infinity, scalarFromBigInt } from './group.ts';
import { sha256 } from './hash.ts';
import { keyFromPrivateKey, type Key } from './keys.ts';
import { applicationRing } from './ring-members.ts';
import {
  decodeRing,
  encodeRing,
  keyImageOf,
  linked,
  RING_SIZE_MAX,
  ringMembersOf,
  signRing,
  verifyRing,
  type RingSignature,
  type RingSigning,
} from './ring.ts';

const chosen = curveName();
afterEach(() => void useCurve(chosen));

const KEYS = Array.from({ length: 8 }, (_, index) => keyFromPrivateKey(scalarFromBigInt(1_000n + BigInt(index))));
const MESSAGE = sha256(new Uint8Array(3));

/** Bytes that differ from draw to draw and from seed to seed. */
function source(seed: number): (length: number) => Uint8Array {
  let draws = 0;
  return (length) => sha256(fromBigInt(BigInt(seed) * 1_000n + BigInt((draws += 1)), 8)).subarray(0, length);
}

function sign(size: number, signerIndex: number, change: Partial<RingSigning> = {}): Uint8Array {
  const ring = KEYS.slice(0, size).map((key) => key.publicKey);
  const { privateKey } = KEYS[signerIndex] ?? (KEYS[0] as Key);
  return signRing({ message: MESSAGE, ring, signerIndex, privateKey, randomBytes: source(signerIndex), ...change });
}

/** The verdict, which is the same on every curve. */
function verdict(message: Uint8Array, signature: Uint8Array): boolean {
  const verdicts = availableCurves().map((name) => {
    useCurve(name);
    return verifyRing(message, signature);
  });
  useCurve(chosen);
  expect(new Set(verdicts).size).toBe(1);
  return verdicts[0] as boolean;
}

describe('signRing', () => {
  it('makes a signature that verifies for every place in rings of each size', () => {
    for (let size = 1; size <= KEYS.length; size += 1) {
      for (let signerIndex = 0; signerIndex < size; signerIndex += 1) {
        const signature = sign(size, signerIndex);
        expect(signature).toHaveLength(69 + 65 * size);
        expect(verifyRing(MESSAGE, signature)).toBe(true);
        expect(ringMembersOf(signature).map(toHex)).toEqual(KEYS.slice(0, size).map((key) => toHex(key.publicKey)));
      }
    }
  });

  it('makes the same bytes on either curve, which verify on either', () => {
    for (const [size, signerIndex] of [
      [1, 0],
      [2, 1],
      [3, 0],
    ] as const) {
      const made = availableCurves().map((name) => {
        useCurve(name);
        return toHex(sign(size, signerIndex));
      });
      expect(new Set(made).size).toBe(1);
      expect(verdict(MESSAGE, fromHex(made[0] as string))).toBe(true);
    }
  });

  it('differs from draw to draw, and verifies for an application that signs alone', () => {
    const { ring, signerIndex } = applicationRing((KEYS[0] as Key).publicKey);
    const [one, other] = [1, 2].map((seed) => sign(2, 0, { ring, signerIndex, randomBytes: source(seed) }));
    expect(toHex(one as Uint8Array)).not.toBe(toHex(other as Uint8Array));
    expect(verifyRing(MESSAGE, one as Uint8Array)).toBe(true);
  });

  it('survives draws of zero and beyond the order, where sums are at infinity', () => {
    for (const draw of ['00', 'ff'].map((byte) => fromHex(byte.repeat(32)))) {
      for (const [size, signerIndex] of [
        [1, 0],
        [2, 0],
        [3, 2],
      ] as const) {
        expect(verdict(MESSAGE, sign(size, signerIndex, { randomBytes: () => draw }))).toBe(true);
      }
    }
  });

  it('refuses in the documented order', () => {
    const code = (size: number, index: number, change: Partial<RingSigning>): unknown => {
      try {
        return sign(size, index, change);
      } catch (thrown) {
        return isFault(thrown) ? thrown.code : thrown;
      }
    };
    const member = (KEYS[0] as Key).publicKey;
    const zero = new Uint8Array(32);
    expect(code(2, 0, { message: MESSAGE.subarray(1), ring: [] })).toBe('RING_MESSAGE_LENGTH');
    expect(code(2, 0, { ring: [], privateKey: zero })).toBe('RING_SIZE');
    expect(code(2, 0, { ring: Array.from({ length: RING_SIZE_MAX + 1 }, () => member) })).toBe('RING_SIZE');
    expect(code(2, 0, { privateKey: zero, signerIndex: 5 })).toBe('PRIVATE_KEY_INVALID');
    expect(code(2, 0, { signerIndex: 2 })).toBe('RING_SIGNER');
    expect(code(2, 0, { signerIndex: -1 })).toBe('RING_SIGNER');
    expect(code(2, 0, { signerIndex: 1 })).toBe('RING_SIGNER');
    expect(code(2, 0, { ring: [member, infinity()] })).toBe('POINT_INVALID');
    expect(code(2, 0, { randomBytes: () => new Uint8Array(31) })).toBe('SCALAR_INVALID');
  });
});

describe('verifyRing', () => {
  it('rejects another message, and a message that is not 32 bytes', () => {
    const signature = sign(3, 1);
    expect(verifyRing(sha256(MESSAGE), signature)).toBe(false);
    expect(verifyRing(MESSAGE.subarray(1), signature)).toBe(false);
    expect(verifyRing(new Uint8Array(0), signature)).toBe(false);
  });

  it('rejects every signature with one bit changed', () => {
    const signature = sign(3, 2);
    fc.assert(
      fc.property(fc.nat({ max: signature.length * 8 - 1 }), (bit) => {
        const changed = Uint8Array.from(signature);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(verifyRing(MESSAGE, changed)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('rejects members in another order, exchanged, left out, added or put in the place of another', () => {
    const ring = decodeRing(sign(4, 1));
    const { members, responses } = ring;
    const turn = <Item>(items: readonly Item[]): Item[] => [...items.slice(1), items[0] as Item];
    const stranger = (KEYS[7] as Key).publicKey;
    const changed: RingSignature[] = [
      { ...ring, members: turn(members), responses: turn(responses) },
      { ...ring, members: turn(members) },
      { ...ring, responses: turn(responses) },
      { ...ring, members: members.slice(1), responses: responses.slice(1) },
      { ...ring, members: [...members, stranger], responses: [...responses, responses[0] as Uint8Array] },
      { ...ring, members: [stranger, ...members.slice(1)] },
      { ...ring, keyImage: stranger },
    ];
    expect(verifyRing(MESSAGE, encodeRing(ring))).toBe(true);
    for (const other of changed) expect(verifyRing(MESSAGE, encodeRing(other))).toBe(false);
  });

  it('rejects parsed signatures whose parts do not fit together', () => {
    const ring = decodeRing(sign(2, 0));
    expect(verifyRing(MESSAGE, ring)).toBe(true);
    expect(verifyRing(MESSAGE, { ...ring, members: [], responses: [] })).toBe(false);
    expect(verifyRing(MESSAGE, { ...ring, responses: ring.responses.slice(1) })).toBe(false);
    expect(verifyRing(MESSAGE, { ...ring, keyImage: infinity() })).toBe(false);
    const [member] = ring.members as [Uint8Array];
    const many = Array.from({ length: RING_SIZE_MAX + 1 }, () => member);
    expect(verifyRing(MESSAGE, { ...ring, members: many, responses: many })).toBe(false);
  });

  it('counts scalars modulo the order, on both curves alike', () => {
    const edges = [0n, 1n, GROUP_ORDER - 1n, GROUP_ORDER, GROUP_ORDER + 1n, 2n ** 256n - 1n];
    const scalar = fc.constantFrom(...edges).map((edge) => fromBigInt(edge, 32));
    const parts = fc.tuple(scalar, fc.array(scalar, { minLength: 2, maxLength: 2 }));
    const { keyImage, members } = decodeRing(sign(2, 0));
    fc.assert(
      fc.property(parts, ([challenge, responses]) => {
        expect(verdict(MESSAGE, encodeRing({ challenge, keyImage, responses, members }))).toBe(false);
      }),
      { numRuns: 20 },
    );

    const small = fromBigInt(5n, 32);
    const draws = [sha256(MESSAGE), small];
    const signature = decodeRing(sign(2, 0, { randomBytes: () => draws.shift() as Uint8Array }));
    const [own, other] = signature.responses as [Uint8Array, Uint8Array];
    expect(toHex(other)).toBe(toHex(small));
    const shifted = fromBigInt(toBigInt(small) + GROUP_ORDER, 32);
    expect(verdict(MESSAGE, encodeRing({ ...signature, responses: [own, shifted] }))).toBe(true);
  });

  it('is total, and reading throws nothing but faults', () => {
    const valid = sign(3, 0);
    const splices = fc
      .tuple(fc.nat({ max: valid.length }), fc.uint8Array({ maxLength: 40 }), fc.nat({ max: valid.length }))
      .map(([from, middle, to]) => concat(valid.subarray(0, from), middle, valid.subarray(to)));
    const counted = fc
      .tuple(fc.integer({ min: 0, max: 70 }), fc.uint8Array({ maxLength: 300 }))
      .map(([size, rest]) => concat(fromBigInt(BigInt(size), 4), rest));
    fc.assert(
      fc.property(fc.oneof(splices, counted, fc.uint8Array({ maxLength: 400 })), fc.uint8Array(), (bytes, message) => {
        verifyRing(message, bytes);
        const isRead = ((): boolean => {
          try {
            return decodeRing(bytes).members.length > 0;
          } catch (thrown) {
            if (!isFault(thrown)) throw thrown;
            return false;
          }
        })();
        if (verifyRing(MESSAGE, bytes)) expect(isRead).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('decodeRing', () => {
  const codeOf = (bytes: Uint8Array): unknown => {
    try {
      return decodeRing(bytes);
    } catch (thrown) {
      return isFault(thrown) ? thrown.code : thrown;
    }
  };

  it('reads back what encodeRing writes', () => {
    const signature = sign(5, 3);
    expect(toHex(encodeRing(decodeRing(signature)))).toBe(toHex(signature));
    expect(() => encodeRing({ ...decodeRing(signature), members: [] })).toThrowError(
      expect.objectContaining({ code: 'RING_SIZE' }),
    );
  });

  it('refuses every truncation, impossible sizes and points that are none', () => {
    const signature = sign(2, 0);
    for (let length = 0; length < signature.length; length += 1) {
      expect(codeOf(signature.subarray(0, length))).toBe('RING_TRUNCATED');
      expect(verifyRing(MESSAGE, signature.subarray(0, length))).toBe(false);
    }
    const sized = (size: bigint): Uint8Array => concat(fromBigInt(size, 4), signature.subarray(4));
    expect(codeOf(sized(0n))).toBe('RING_SIZE');
    expect(codeOf(sized(65n))).toBe('RING_SIZE');
    expect(codeOf(sized(2n ** 32n - 1n))).toBe('RING_SIZE');
    expect(codeOf(sized(3n))).toBe('RING_TRUNCATED');
    for (const offset of [36, 101, 166]) {
      for (const prefix of [0, 1, 4, 5, 6, 7]) {
        const changed = Uint8Array.from(signature);
        changed[offset] = prefix;
        expect(codeOf(changed)).toBe('RING_POINT');
      }
    }
  });

  it('looks at no byte after the last member, and at no memory before the first', () => {
    const signature = sign(2, 0);
    const padded = concat(Uint8Array.of(9, 9, 9), signature, Uint8Array.of(7, 7));
    expect(verifyRing(MESSAGE, padded.subarray(3))).toBe(true);
    expect(toHex(encodeRing(decodeRing(padded.subarray(3))))).toBe(toHex(signature));
  });
});

describe('linked', () => {
  it('is true for one key in whatever ring, and false for two keys', () => {
    const [first, again, other] = [sign(2, 1), sign(5, 1, { message: sha256(MESSAGE) }), sign(2, 0)];
    expect([linked(first, again), linked(first, other)]).toEqual([true, false]);
    expect(toHex(decodeRing(first).keyImage)).toBe(toHex(keyImageOf((KEYS[1] as Key).privateKey)));
    expect(() => linked(first, first.subarray(1))).toThrowError(expect.objectContaining({ code: expect.any(String) }));
  });
});
