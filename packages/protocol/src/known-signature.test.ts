import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8 } from './bytes.ts';
import { sha256 } from './hash.ts';
import { keyFromPrivateKey } from './keys.ts';
import { verifyMessageOnce } from './known-signature.ts';
import { signMessage, verifyMessage } from './signature.ts';

const keys = ['a', 'b'].map((name) => keyFromPrivateKey(sha256(utf8(name))));

test('says what the verifier says, the first time and every other', () => {
  const index = fc.nat(1);
  const byte = fc.option(fc.nat(96), { nil: undefined });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4 }), index, index, byte, (message, signer, claimed, flipped) => {
      const signed = signMessage(message, keys[signer]!.privateKey);
      const { publicKey } = keys[claimed]!;
      const both = Uint8Array.of(...signed, ...publicKey);
      if (flipped !== undefined) both[flipped]! ^= 1;
      const [signature, key] = [both.subarray(0, 64), both.subarray(64)];
      const expected = verifyMessage(message, signature, key);
      expect([1, 2, 3].map(() => verifyMessageOnce(message, signature, key))).toEqual([expected, expected, expected]);
      expect(verifyMessageOnce(Uint8Array.of(...message, 0), signature, key)).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test('refuses signatures and keys of other lengths, as the verifier does', () => {
  const message = utf8('message');
  const signature = signMessage(message, keys[0]!.privateKey);
  const { publicKey } = keys[0]!;
  const others: [Uint8Array, Uint8Array][] = [
    [signature.subarray(1), publicKey],
    [Uint8Array.of(...signature, 0), publicKey],
    [signature, publicKey.subarray(1)],
    [Uint8Array.of(...signature, publicKey[0]!), publicKey.subarray(1)],
    [new Uint8Array(), new Uint8Array()],
  ];
  for (const [bytes, key] of others) {
    expect(verifyMessage(message, bytes, key)).toBe(false);
    expect(verifyMessageOnce(message, bytes, key)).toBe(false);
  }
});
