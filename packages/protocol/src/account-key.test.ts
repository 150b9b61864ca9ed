import { create } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import { createMultisigThresholdPubkey, encodeAminoPubkey, pubkeyToAddress, type Pubkey } from '@cosmjs/amino';
import { encodePubkey } from '@cosmjs/proto-signing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountKeyAddress,
  aminoBytesOf,
  packAccountKey,
  plainKeysOf,
  readAccountKey,
  type AccountKey,
} from './account-key.ts';
import { schemaOf } from './any.ts';
import { toBase64 } from './bytes.ts';
import { isFault } from './fault.ts';
import { LegacyAminoPubKeySchema } from './gen/cosmos/crypto/multisig/keys_pb.ts';
import { PubKeySchema } from './gen/cosmos/crypto/secp256k1/keys_pb.ts';
import { packAny } from './any.ts';

const plain = fc.oneof(
  fc.uint8Array({ minLength: 33, maxLength: 33 }).map((publicKey): AccountKey => {
    return {
      kind: 'secp256k1',
      publicKey: Uint8Array.from(publicKey, (byte, at) => (at === 0 ? 2 + (byte % 2) : byte)),
    };
  }),
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((publicKey): AccountKey => ({ kind: 'ed25519', publicKey })),
);

/** CosmJS writes lengths of one byte only, and no threshold inside a threshold. */
const threshold = (member: fc.Arbitrary<AccountKey>, most: number): fc.Arbitrary<AccountKey> =>
  fc
    .array(member, { minLength: 1, maxLength: most })
    .chain((members) =>
      fc.nat(members.length - 1).map((less): AccountKey => ({ kind: 'threshold', threshold: less + 1, members })),
    );

function cosmJsKey(key: AccountKey): Pubkey {
  if (key.kind === 'threshold') {
    return createMultisigThresholdPubkey(key.members.map(cosmJsKey) as never, key.threshold, true);
  }
  const type = key.kind === 'secp256k1' ? 'tendermint/PubKeySecp256k1' : 'tendermint/PubKeyEd25519';
  return { type, value: toBase64(key.publicKey) };
}

function codeOf(any: Any): string {
  try {
    readAccountKey(any);
    return 'none';
  } catch (thrown) {
    if (isFault(thrown)) return thrown.code;
    throw thrown;
  }
}

describe('the key of an account', () => {
  it('has the bytes, the Any and the address that CosmJS gives it', () => {
    fc.assert(
      fc.property(fc.oneof(plain, threshold(plain, 20)), (key) => {
        const theirs = cosmJsKey(key);
        expect(aminoBytesOf(key)).toEqual(encodeAminoPubkey(theirs));
        expect(accountKeyAddress(key)).toBe(pubkeyToAddress(theirs, 'pokt'));
        const { typeUrl, value } = packAccountKey(key);
        expect({ typeUrl, value }).toEqual({ ...encodePubkey(theirs) });
      }),
    );
  });

  it('comes back from its Any, also with thresholds inside', () => {
    const nested = threshold(fc.oneof(plain, threshold(plain, 3)), 4);
    fc.assert(
      fc.property(nested, (key) => {
        expect(readAccountKey(packAccountKey(key))).toEqual(key);
        expect(plainKeysOf(key).length).toBeGreaterThan(0);
      }),
    );
  });

  it('writes lengths above 127 in two bytes', () => {
    const member: AccountKey = { kind: 'secp256k1', publicKey: new Uint8Array(33).fill(2) };
    const members = Array<AccountKey>(200).fill(member);
    const bytes = aminoBytesOf({
      kind: 'threshold',
      threshold: 200,
      members: [{ kind: 'threshold', threshold: 1, members }],
    });
    expect([...bytes.subarray(4, 8)]).toEqual([0x08, 200 - 128 + 128, 1, 0x12]);
    expect(bytes.subarray(8, 11)).toEqual(Uint8Array.of(((200 * 40 + 6) % 128) + 128, (200 * 40 + 6) >> 7, 0x22));
  });
});

describe('a key is refused', () => {
  const good = { publicKeys: [packAccountKey({ kind: 'secp256k1', publicKey: new Uint8Array(33).fill(2) })] };
  const ruled = (init: { threshold?: number; publicKeys?: Any[] }): Any =>
    packAny(LegacyAminoPubKeySchema, create(LegacyAminoPubKeySchema, init));
  const cases: [what: string, any: Any][] = [
    ['of another kind', { ...ruled({}), typeUrl: '/cosmos.bank.v1beta1.MsgSend' }],
    ['of another length', packAny(PubKeySchema, create(PubKeySchema, { key: new Uint8Array(32) }))],
    ['that is no message', { ...ruled({}), value: Uint8Array.of(0xff) }],
    ['of nobody', ruled({ threshold: 1 })],
    ['with a threshold of nothing', ruled({ threshold: 0, ...good })],
    ['with a threshold above its members', ruled({ threshold: 2, ...good })],
    ['with a member that is none', ruled({ threshold: 1, publicKeys: [{ ...ruled({}), value: new Uint8Array(0) }] })],
  ];
  it.each(cases)('%s', (_what, any) => {
    expect(codeOf(any)).toBe('ACCOUNT_KEY_INVALID');
  });

  it('that nests more than ten thresholds', () => {
    const nested = (depth: number): Any =>
      depth === 0 ? good.publicKeys[0]! : ruled({ threshold: 1, publicKeys: [nested(depth - 1)] });
    expect(codeOf(nested(10))).toBe('none');
    expect(codeOf(nested(11))).toBe('ACCOUNT_KEY_INVALID');
  });

  it('or read, whatever the bytes', () => {
    const types = ['cosmos.crypto.multisig.LegacyAminoPubKey', 'cosmos.crypto.secp256k1.PubKey', 'x'].map(
      (name) => `/${name}`,
    );
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 80 }), (typeUrl, value) => {
        expect(['none', 'ACCOUNT_KEY_INVALID']).toContain(codeOf({ ...ruled({}), typeUrl, value }));
      }),
    );
    expect(schemaOf('/x')).toBeUndefined();
  });
});
