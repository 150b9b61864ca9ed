/**
 * Signatures that were looked at before: a transaction is verified when it comes in, and again in its block.
 *
 * What is remembered is the verdict of a pure function under all that it depends on, so a verdict is the same whether it
 * was remembered or not. The least recent ones are forgotten.
 */
import { concat } from './bytes.ts';
import { sha256 } from './hash.ts';
import { LruCache } from './lru-cache.ts';
import { verifyDigest } from './signature.ts';

/** As many signatures as a full pool of transactions may bring along, at some 300 bytes each. */
const KNOWN_SIGNATURES_MAX = 16_384;

const SIGNATURE_LENGTH = 64;
const PUBLIC_KEY_LENGTH = 33;

/** By digest, signature and key. */
const verdicts = new LruCache<boolean>(KNOWN_SIGNATURES_MAX);

/** What `verifyMessage` says, for a message that is likely to be asked about twice. Total. */
export function verifyMessageOnce(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  // Other lengths are never valid, and with them one key could be made of two different triples.
  if (signature.length !== SIGNATURE_LENGTH || publicKey.length !== PUBLIC_KEY_LENGTH) return false;
  const digest = sha256(message);
  return verdicts.getOrMake(concat(digest, signature, publicKey), () => verifyDigest(digest, signature, publicKey));
}
