/**
 * Signatures of accounts: one signature in one sign mode, or those of some members of a threshold key.
 *
 * Who of the members has signed is a list of bits, one a member; the signatures follow in the order of the members. One
 * choice of signatures has one form here: no bit beyond the last member, no signature that belongs to nobody. Whatever does
 * not fit its key in shape is told before anything is verified.
 *
 * Source: cosmos/cosmos-sdk `x/auth/tx/sigs.go`, `x/auth/signing/verify.go`, `crypto/keys/multisig/multisig.go`,
 * `crypto/types/compact_bit_array.go`.
 */
import { create } from '@bufbuild/protobuf';
import type { AccountKey, ThresholdKey } from './account-key.ts';
import { decode, encode } from './codec.ts';
import { Fault } from './fault.ts';
import {
  CompactBitArraySchema,
  MultiSignatureSchema,
  type CompactBitArray,
} from './gen/cosmos/crypto/multisig/v1beta1/multisig_pb.ts';
import { SignMode } from './gen/cosmos/tx/signing/v1beta1/signing_pb.ts';
import type { ModeInfo } from './gen/cosmos/tx/v1beta1/tx_pb.ts';
import { verifyMessageOnce } from './known-signature.ts';

/** One signature and the mode that says over what it was made. */
export type SingleSignature = { readonly kind: 'single'; readonly mode: SignMode; readonly bytes: Uint8Array };

/** Some members' signatures, in the order of the members. */
export type MemberSignatures = {
  readonly kind: 'members';
  readonly bits: CompactBitArray;
  readonly signatures: readonly AccountSignature[];
};

export type AccountSignature = SingleSignature | MemberSignatures;

/** What is signed in a mode; undefined where a transaction has nothing to sign in it. */
export type SignBytesOf = (mode: SignMode) => Uint8Array | undefined;

/**
 * The signature that a signer's mode info and the bytes beside it spell. Without mode info it has no mode.
 *
 * @throws SIGNATURE_MALFORMED for members' signatures whose number is not that of their mode infos; a Fault with a
 * `WireFaultCode` when they are no list of signatures.
 */
export function readAccountSignature(modeInfo: ModeInfo | undefined, bytes: Uint8Array): AccountSignature {
  if (modeInfo?.sum.case !== 'multi') {
    const mode = modeInfo?.sum.case === 'single' ? modeInfo.sum.value.mode : SignMode.UNSPECIFIED;
    return { kind: 'single', mode, bytes };
  }
  const { bitarray, modeInfos } = modeInfo.sum.value;
  const { signatures } = decode(MultiSignatureSchema, bytes, { unknownFields: 'refuse' });
  if (signatures.length !== modeInfos.length) {
    const details = { signatures: signatures.length, modes: modeInfos.length };
    throw new Fault('SIGNATURE_MALFORMED', 'as many signatures as modes are expected', details);
  }
  return {
    kind: 'members',
    bits: bitarray ?? create(CompactBitArraySchema),
    signatures: modeInfos.map((info, index) => readAccountSignature(info, signatures[index]!)),
  };
}

/**
 * The signatures as events name them: each plain one in turn, and after those of a threshold key, all of them together as
 * one message. A signature inside `depth` threshold keys occurs 2^depth times, so check the shape first.
 */
export function signatureTexts(signature: AccountSignature): Uint8Array[] {
  if (signature.kind === 'single') return [signature.bytes];
  const signatures = signature.signatures.flatMap(signatureTexts);
  return [...signatures, encode(MultiSignatureSchema, create(MultiSignatureSchema, { signatures }))];
}

/** The members of a threshold key who have signed, by their index. */
export function signingMembers({ members }: ThresholdKey, { bits }: MemberSignatures): number[] {
  return [...members.keys()].filter((index) => isSet(bits, index));
}

/**
 * Why these signatures cannot be those of this key, whatever they sign; undefined where they can.
 *
 * Checked for a threshold key, from the outside inwards: signatures of members at all, one bit a member and none beyond, as
 * many signatures as bits that are set, not fewer than the threshold, 64 bytes each.
 */
export function shapeProblem(key: AccountKey, signature: AccountSignature): string | undefined {
  if (key.kind !== 'threshold') {
    return signature.kind === 'single' ? undefined : 'one key signs once, not as the members of a threshold key';
  }
  if (signature.kind !== 'members') return 'a threshold key signs through its members';
  const { members, threshold } = key;
  const { bits, signatures } = signature;
  if (!isCanonical(bits, members.length)) return `bit array size is incorrect, expecting: ${members.length}`;
  const signing = signingMembers(key, signature);
  if (signatures.length !== signing.length) return `signature size is incorrect ${signatures.length}`;
  if (signing.length < threshold) {
    return `not enough signatures set, have ${signing.length}, expected ${threshold}`;
  }
  return firstProblem(signing, (index, at) => {
    const part = signatures[at]!;
    const isSigned = part.kind === 'members' || part.bytes.length === SIGNATURE_BYTES;
    return isSigned ? shapeProblem(members[index]!, part) : `unable to verify signature at index ${index}`;
  });
}

const SIGNATURE_BYTES = 64;

/**
 * Why the holders of this key have not signed; undefined when they have. Every signature that is there must hold, also
 * beyond the threshold. Expects signatures of the key's shape (`shapeProblem`).
 */
export function signatureProblem(
  key: AccountKey,
  signature: AccountSignature,
  signBytesOf: SignBytesOf,
): string | undefined {
  if (key.kind === 'threshold' && signature.kind === 'members') {
    return firstProblem(signingMembers(key, signature), (index, at) => {
      const [member, part] = [key.members[index]!, signature.signatures[at]!];
      const problem = signatureProblem(member, part, signBytesOf);
      return problem === undefined || part.kind === 'members'
        ? problem
        : `unable to verify signature at index ${index}`;
    });
  }
  if (key.kind !== 'secp256k1' || signature.kind !== 'single') return UNVERIFIED;
  const signed = signBytesOf(signature.mode);
  return signed !== undefined && verifyMessageOnce(signed, signature.bytes, key.publicKey) ? undefined : UNVERIFIED;
}

const UNVERIFIED = 'unable to verify single signer signature';

function firstProblem(
  indices: readonly number[],
  problemOf: (index: number, at: number) => string | undefined,
): string | undefined {
  for (const [at, index] of indices.entries()) {
    const problem = problemOf(index, at);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Whether these are the bits of `count` members in their one form: whole bytes, and zero after the last member. */
function isCanonical({ extraBitsStored, elems }: CompactBitArray, count: number): boolean {
  if (extraBitsStored !== count % 8 || elems.length !== Math.ceil(count / 8)) return false;
  const unused = (8 - extraBitsStored) % 8;
  return (elems.at(-1)! & ((1 << unused) - 1)) === 0;
}

function isSet({ elems }: CompactBitArray, index: number): boolean {
  return ((elems[index >> 3]! >> (7 - (index % 8))) & 1) === 1;
}

/** The bits of `count` members of which these have signed. */
export function memberBits(count: number, signing: readonly number[]): CompactBitArray {
  const elems = new Uint8Array(Math.ceil(count / 8));
  for (const index of signing) elems[index >> 3]! |= 1 << (7 - (index % 8));
  return create(CompactBitArraySchema, { extraBitsStored: count % 8, elems });
}
