/**
 * Keys: from a mnemonic (BIP-39) down the path of Cosmos accounts (BIP-44, coin 118), or from 32 bytes.
 *
 * Nothing here prints a key or a word of a mnemonic, also not in an error.
 *
 * Source: BIP-32, BIP-39, BIP-44; cosmos/cosmos-sdk `crypto/hd`, `types/config.go` (coin type 118, which poktroll keeps).
 */
import { HDKey } from '@scure/bip32';
import { entropyToMnemonic, mnemonicToSeedSync, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { addressOf } from './address.ts';
import { activeCurve } from './curve.ts';
import { Fault } from './fault.ts';
import { checkPrivateKey } from './group.ts';

export type Key = {
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
  /** 33 bytes, compressed. */
  readonly publicKey: Uint8Array;
  /** `pokt1…`. */
  readonly address: string;
};

/** The first account of a wallet; later ones count up the last number. */
export const ACCOUNT_PATH = "m/44'/118'/0'/0/0";

/** @throws PRIVATE_KEY_INVALID unless there are 32 bytes between 1 and the group order − 1. */
export function keyFromPrivateKey(privateKey: Uint8Array): Key {
  checkPrivateKey(privateKey);
  const publicKey = activeCurve().mulBase(privateKey);
  return { privateKey, publicKey, address: addressOf(publicKey) };
}

/**
 * The key that a mnemonic leads to, along `path`. Space around and between the words does not matter.
 *
 * @throws MNEMONIC_INVALID for a word that is none, a wrong number of words or a wrong checksum; HD_PATH_INVALID.
 */
export function keyFromMnemonic(mnemonic: string, path: string = ACCOUNT_PATH): Key {
  const words = mnemonic.trim().split(/\s+/);
  const phrase = words.join(' ');
  if (!validateMnemonic(phrase, wordlist)) {
    throw new Fault('MNEMONIC_INVALID', 'not a BIP-39 mnemonic in English', { words: words.length });
  }
  const { privateKey } = derive(mnemonicToSeedSync(phrase), path);
  if (privateKey === null) throw new Fault('HD_PATH_INVALID', 'the path leads to no private key', { path });
  return keyFromPrivateKey(privateKey);
}

function derive(seed: Uint8Array, path: string): HDKey {
  try {
    return HDKey.fromMasterSeed(seed).derive(path);
  } catch (cause) {
    throw new Fault('HD_PATH_INVALID', 'not a BIP-32 path', { path }, cause);
  }
}

/** Twenty-four words over 32 fresh bytes. */
export function generateMnemonic(randomBytes: (length: number) => Uint8Array): string {
  return entropyToMnemonic(randomBytes(32), wordlist);
}

/**
 * A key that no mnemonic leads to, from fresh bytes.
 *
 * @throws PRIVATE_KEY_INVALID when they are no key: once in 2^127 draws, or because the source gives only zeros.
 */
export function generateKey(randomBytes: (length: number) => Uint8Array): Key {
  return keyFromPrivateKey(randomBytes(32));
}
