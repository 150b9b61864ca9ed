import { create, type MessageInitShape } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountKey, ThresholdKey } from './account-key.ts';
import {
  memberBits,
  readAccountSignature,
  shapeProblem,
  signatureProblem,
  signatureTexts,
  type AccountSignature,
  type MemberSignatures,
} from './account-signature.ts';
import { utf8 } from './bytes.ts';
import { encode } from './codec.ts';
import { isFault } from './fault.ts';
import { MultiSignatureSchema } from './gen/cosmos/crypto/multisig/v1beta1/multisig_pb.ts';
import { SignMode } from './gen/cosmos/tx/signing/v1beta1/signing_pb.ts';
import { ModeInfoSchema } from './gen/cosmos/tx/v1beta1/tx_pb.ts';
import { sha256 } from './hash.ts';
import { keyFromPrivateKey, type Key } from './keys.ts';
import { arbitraryMessage } from './message.arbitrary.ts';
import { signMessage } from './signature.ts';

const KEYS: readonly Key[] = ['a', 'b', 'c', 'd'].map((name) => keyFromPrivateKey(sha256(utf8(name))));
const BYTES = new Map<SignMode, Uint8Array>([
  [SignMode.DIRECT, utf8('direct')],
  [SignMode.LEGACY_AMINO_JSON, utf8('text')],
]);
const plainKey = ({ publicKey }: Key): AccountKey => ({ kind: 'secp256k1', publicKey });
const twoOfThree: ThresholdKey = { kind: 'threshold', threshold: 2, members: KEYS.slice(0, 3).map(plainKey) };

const signed = (key: Key, mode: SignMode = SignMode.LEGACY_AMINO_JSON, over = BYTES.get(mode)!): AccountSignature => ({
  kind: 'single',
  mode,
  bytes: signMessage(over, key.privateKey),
});
const by = (count: number, signing: readonly number[], signatures: readonly AccountSignature[]): MemberSignatures => ({
  kind: 'members',
  bits: memberBits(count, signing),
  signatures,
});
const problem = (key: AccountKey, signature: AccountSignature): string | undefined =>
  shapeProblem(key, signature) ?? signatureProblem(key, signature, (mode) => BYTES.get(mode));

describe('a threshold key has signed', () => {
  it('when enough members have, each in a mode of his own', () => {
    fc.assert(
      fc.property(fc.subarray([0, 1, 2]), fc.boolean(), (signing, isDirect) => {
        const mode = isDirect ? SignMode.DIRECT : SignMode.LEGACY_AMINO_JSON;
        const signatures = signing.map((index) => signed(KEYS[index]!, index === 1 ? SignMode.DIRECT : mode));
        const expected =
          signing.length < 2 ? `not enough signatures set, have ${signing.length}, expected 2` : undefined;
        expect(problem(twoOfThree, by(3, signing, signatures))).toBe(expected);
      }),
    );
  });

  it('through a member that is a threshold key itself', () => {
    const outer: ThresholdKey = { kind: 'threshold', threshold: 2, members: [plainKey(KEYS[3]!), twoOfThree] };
    const inner = by(3, [0, 2], [signed(KEYS[0]!), signed(KEYS[2]!)]);
    expect(problem(outer, by(2, [0, 1], [signed(KEYS[3]!), inner]))).toBeUndefined();
    const lacking = by(3, [0], [signed(KEYS[0]!)]);
    expect(problem(outer, by(2, [0, 1], [signed(KEYS[3]!), lacking]))).toMatch(/not enough/);
    expect(problem(outer, by(2, [0, 1], [signed(KEYS[3]!), signed(KEYS[0]!)]))).toMatch(/through its members/);
  });
});

describe('a threshold key has not signed', () => {
  const [a, b, c, d] = KEYS.map((key) => signed(key));
  const bits = (change: Partial<MemberSignatures['bits']>): MemberSignatures => {
    const good = by(3, [0, 1], [a!, b!]);
    return { ...good, bits: { ...good.bits, ...change } };
  };
  const cases: [what: string, signature: AccountSignature, problem: string][] = [
    ['when one signed alone', a!, 'a threshold key signs through its members'],
    ['when its members signed in another order', by(3, [0, 1], [b!, a!]), 'unable to verify signature at index 0'],
    ['when the bits name somebody else', by(3, [0, 2], [a!, b!]), 'unable to verify signature at index 2'],
    ['when a stranger signed', by(3, [0, 1], [a!, d!]), 'unable to verify signature at index 1'],
    ['when one member signed twice', by(3, [0, 1], [a!, a!]), 'unable to verify signature at index 1'],
    ['when one of three signatures is wrong', by(3, [0, 1, 2], [a!, b!, d!]), 'unable to verify signature at index 2'],
    ['when a signature belongs to nobody', by(3, [0, 1], [a!, b!, c!]), 'signature size is incorrect 3'],
    ['when a bit has no signature', by(3, [0, 1, 2], [a!, b!]), 'signature size is incorrect 2'],
    ['for fewer bits than members', by(2, [0, 1], [a!, b!]), 'bit array size is incorrect, expecting: 3'],
    ['for more bits than members', by(4, [0, 1], [a!, b!]), 'bit array size is incorrect, expecting: 3'],
    [
      'for more bytes than bits need',
      bits({ elems: Uint8Array.of(0b1100_0000, 0) }),
      'bit array size is incorrect, expecting: 3',
    ],
    [
      'for a bit beyond the last member',
      bits({ elems: Uint8Array.of(0b1101_0000) }),
      'bit array size is incorrect, expecting: 3',
    ],
    [
      'for no bits at all',
      bits({ elems: new Uint8Array(0), extraBitsStored: 11 }),
      'bit array size is incorrect, expecting: 3',
    ],
    [
      'in a mode that nobody knows',
      by(3, [0, 1], [a!, { ...b!, mode: SignMode.TEXTUAL } as AccountSignature]),
      'unable to verify signature at index 1',
    ],
    [
      'with a signature of 63 bytes',
      by(3, [0, 1], [a!, { kind: 'single', mode: 127, bytes: new Uint8Array(63) }]),
      'unable to verify signature at index 1',
    ],
  ];
  it.each(cases)('%s', (_what, signature, expected) => {
    expect(problem(twoOfThree, signature)).toBe(expected);
  });

  it('nor one key, through members', () => {
    expect(problem(plainKey(KEYS[0]!), by(1, [0], [a!]))).toMatch(/one key signs once/);
    expect(problem(plainKey(KEYS[0]!), d!)).toBe('unable to verify single signer signature');
    expect(problem(plainKey(KEYS[0]!), a!)).toBeUndefined();
  });
});

describe('what a transaction spells', () => {
  const multi = (modes: number[]): MessageInitShape<typeof ModeInfoSchema> => ({
    sum: {
      case: 'multi',
      value: {
        bitarray: memberBits(3, [0, 2]),
        modeInfos: modes.map((mode) => ({ sum: { case: 'single' as const, value: { mode: mode as SignMode } } })),
      },
    },
  });
  const listOf = (signatures: Uint8Array[]): Uint8Array =>
    encode(MultiSignatureSchema, create(MultiSignatureSchema, { signatures }));

  it('is one signature, or as many as there are modes', () => {
    const [first, second] = [Uint8Array.of(1), Uint8Array.of(2)];
    const read = readAccountSignature(create(ModeInfoSchema, multi([1, 127])), listOf([first, second]));
    expect(read).toMatchObject({
      kind: 'members',
      signatures: [
        { mode: 1, bytes: first },
        { mode: 127, bytes: second },
      ],
    });
    expect(signatureTexts(read)).toEqual([first, second, listOf([first, second])]);
    expect(readAccountSignature(undefined, first)).toEqual({ kind: 'single', mode: 0, bytes: first });
    expect(() => readAccountSignature(create(ModeInfoSchema, multi([1])), listOf([first, second]))).toThrow(
      expect.objectContaining({ code: 'SIGNATURE_MALFORMED' }),
    );
    const bloated = Uint8Array.of(...listOf([first, second]), 0x10, 1);
    expect(() => readAccountSignature(create(ModeInfoSchema, multi([1, 1])), bloated)).toThrow(
      expect.objectContaining({ code: 'WIRE_FIELD_UNKNOWN' }),
    );
  });

  it('gets a verdict or a fault, whatever the bytes', () => {
    fc.assert(
      fc.property(arbitraryMessage(ModeInfoSchema), fc.uint8Array({ maxLength: 64 }), (info, bytes) => {
        try {
          const read = readAccountSignature(info as never, bytes);
          expect(problem(twoOfThree, read)).toEqual(expect.any(String));
        } catch (thrown) {
          if (!isFault(thrown)) throw thrown;
        }
      }),
    );
  });
});
