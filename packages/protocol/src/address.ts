/**
 * Addresses: 20 bytes of a hash, written in bech32 with a prefix that says what they name.
 *
 * One address has one text. Ours is lower case and holds exactly 20 bytes, so comparing texts compares addresses; upper
 * case and other lengths, which bech32 and Go's decoder let through, are malformed here.
 *
 * Source: BIP-173; cosmos/cosmos-sdk `types/address.go`, `crypto/keys/secp256k1`; pokt-network/poktroll `app/config.go`.
 */
import { bech32 } from '@scure/base';
import { utf8 } from './bytes.ts';
import { Fault } from './fault.ts';
import { ripemd160, sha256 } from './hash.ts';

/** What an address names: an account (also of a module), a validator's operator, a validator's consensus key. */
export type AddressPrefix = 'pokt' | 'poktvaloper' | 'poktvalcons';

export const ADDRESS_LENGTH = 20;

/** Longest text that is looked at; bech32 itself ends at 90 characters. */
const TEXT_LENGTH_MAX = 90;

/** @throws ADDRESS_INVALID unless there are 20 bytes. */
export function encodeAddress(bytes: Uint8Array, prefix: AddressPrefix = 'pokt'): string {
  if (bytes.length !== ADDRESS_LENGTH) {
    throw new Fault('ADDRESS_INVALID', `an address has ${ADDRESS_LENGTH} bytes, not ${bytes.length}`, { prefix });
  }
  return bech32.encodeFromBytes(prefix, bytes);
}

/**
 * The 20 bytes of an address.
 *
 * @throws ADDRESS_INVALID with the sentence of `addressProblem`.
 */
export function decodeAddress(text: string, prefix: AddressPrefix = 'pokt'): Uint8Array {
  const read = readAddress(text, prefix);
  if (typeof read === 'string') throw new Fault('ADDRESS_INVALID', read, { prefix });
  return read;
}

export function isAddress(text: string, prefix: AddressPrefix = 'pokt'): boolean {
  return typeof readAddress(text, prefix) !== 'string';
}

/**
 * Why a text is not an address, as a sentence, or undefined when it is one.
 *
 * Checked in this order: empty, too long, upper case, bech32 (alphabet, checksum), prefix, 20 bytes.
 */
export function addressProblem(text: string, prefix: AddressPrefix = 'pokt'): string | undefined {
  const read = readAddress(text, prefix);
  return typeof read === 'string' ? read : undefined;
}

function readAddress(text: string, prefix: AddressPrefix): Uint8Array | string {
  if (text === '') return 'address is empty';
  if (text.length > TEXT_LENGTH_MAX)
    return `address has ${text.length} characters, at most ${TEXT_LENGTH_MAX} are read`;
  if (/[A-Z]/.test(text)) return 'address has upper-case letters';
  const decoded = bech32.decodeUnsafe(text);
  if (decoded === undefined) return 'address is not bech32, or its checksum fails';
  if (decoded.prefix !== prefix) return `address has prefix ${decoded.prefix}, expected ${prefix}`;
  const bytes = bech32.fromWordsUnsafe(decoded.words);
  if (!(bytes instanceof Uint8Array)) return 'address has padding that is not zero';
  if (bytes.length !== ADDRESS_LENGTH) return `address has ${bytes.length} bytes, expected ${ADDRESS_LENGTH}`;
  return bytes;
}

/** The 20 bytes of a key's address: RIPEMD-160 of SHA-256 of its 33 bytes. */
export function addressBytesOf(publicKey: Uint8Array): Uint8Array {
  return ripemd160(sha256(publicKey));
}

/** The address of a compressed secp256k1 public key. */
export function addressOf(publicKey: Uint8Array, prefix: AddressPrefix = 'pokt'): string {
  return encodeAddress(addressBytesOf(publicKey), prefix);
}

/** The account of a module, which has no key: the first 20 bytes of SHA-256 of its name. */
export function moduleAddress(name: string): string {
  return encodeAddress(sha256(utf8(name)).subarray(0, ADDRESS_LENGTH));
}

/** The same 20 bytes under another prefix, such as the account of a validator's operator. @throws ADDRESS_INVALID */
export function withPrefix(address: string, from: AddressPrefix, to: AddressPrefix): string {
  return encodeAddress(decodeAddress(address, from), to);
}
