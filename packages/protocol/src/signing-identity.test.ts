import { expect, test } from 'vitest';
import { concat, fromBigInt, toBigInt, toHex, utf8 } from './bytes.ts';
import { GROUP_ORDER } from './group.ts';
import { sha256 } from './hash.ts';
import { keyFromPrivateKey } from './keys.ts';
import { decodeRing, encodeRing, signRing, verifyRing } from './ring.ts';
import { signingIdentity } from './signing-identity.ts';

let drawn = 0;
const randomBytes = (length: number) => sha256(utf8(`draw ${(drawn += 1)}`)).subarray(0, length);
const keys = ['a', 'b', 'c'].map((name) => keyFromPrivateKey(sha256(utf8(name))));
const message = sha256(utf8('message'));
const sign = (of = message) =>
  signRing({
    message: of,
    ring: keys.map((k) => k.publicKey),
    signerIndex: 1,
    privateKey: keys[1]!.privateKey,
    randomBytes,
  });
const identity = (signature: Uint8Array, of = message) => toHex(signingIdentity(of, signature));

test('the same for every way to write a signature', () => {
  const signature = sign();
  const read = decodeRing(signature);
  expect(identity(concat(signature, utf8('trailing')))).toBe(identity(signature));
  // Members and responses turned together belong to the same chain of challenges, begun elsewhere.
  const turned = encodeRing({
    ...read,
    members: [...read.members.slice(1), read.members[0]!],
    responses: [...read.responses.slice(1), read.responses[0]!],
  });
  expect(identity(turned)).toBe(identity(signature));
});

test('a response written with the order added is the same response', () => {
  for (let i = 0; i < 4; i += 1) {
    const signature = sign();
    const read = decodeRing(signature);
    const small = read.responses.findIndex((response) => toBigInt(response) + GROUP_ORDER < 1n << 256n);
    if (small < 0) continue;
    const written = signature.slice();
    written.set(fromBigInt(toBigInt(read.responses[small]!) + GROUP_ORDER, 32), 69 + 65 * small);
    expect(verifyRing(message, written)).toBe(true);
    expect(identity(written)).toBe(identity(signature));
  }
});

test('different for a fresh signature of the same message, and for another message', () => {
  const signature = sign();
  expect(verifyRing(message, signature)).toBe(true);
  expect(identity(sign())).not.toBe(identity(signature));
  expect(identity(signature, sha256(message))).not.toBe(identity(signature));
});

test('a signature that cannot be read is a fault', () => {
  expect(() => signingIdentity(message, utf8('short'))).toThrow();
});
