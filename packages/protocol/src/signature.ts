/**
 * The signatures of Cosmos accounts: ECDSA on secp256k1 over SHA-256 of the message, and the one on a relay's response.
 *
 * 64 bytes r ‖ s, low s, nonce by RFC 6979: one key and one message give one signature. A high s, which would be a second
 * valid signature of the same message, and any r or s outside 1 … n − 1 are refused.
 *
 * Source: cosmos/cosmos-sdk `crypto/keys/secp256k1/secp256k1_nocgo.go`; pokt-network/poktroll `pkg/signer`,
 * `x/service/types/relay.go`.
 */
import { activeCurve } from './curve.ts';
import { Fault } from './fault.ts';
import { sha256 } from './hash.ts';

/**
 * Signs 32 bytes that already are a digest.
 *
 * @throws DIGEST_LENGTH unless there are 32; PRIVATE_KEY_INVALID.
 */
export function signDigest(digest: Uint8Array, privateKey: Uint8Array): Uint8Array {
  if (digest.length !== 32) {
    throw new Fault('DIGEST_LENGTH', 'a digest has 32 bytes', { expected: 32, actual: digest.length });
  }
  return activeCurve().sign(digest, privateKey);
}

/** Signs SHA-256 of the message. @throws PRIVATE_KEY_INVALID */
export function signMessage(message: Uint8Array, privateKey: Uint8Array): Uint8Array {
  return signDigest(sha256(message), privateKey);
}

/** Whether the holder of `publicKey` (33 bytes) signed this digest. Total: anything malformed is false. */
export function verifyDigest(digest: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  return activeCurve().verify(signature, digest, publicKey);
}

/** Whether the holder of `publicKey` (33 bytes) signed this message. Total: anything malformed is false. */
export function verifyMessage(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  return verifyDigest(sha256(message), signature, publicKey);
}

/**
 * A supplier's signature on a response whose signable bytes hash to `responseHash`.
 *
 * The account's signer hashes what it is given, so the response's bytes are hashed twice.
 *
 * @throws DIGEST_LENGTH unless the hash has 32 bytes; PRIVATE_KEY_INVALID.
 */
export function signResponseHash(responseHash: Uint8Array, privateKey: Uint8Array): Uint8Array {
  if (responseHash.length !== 32) {
    throw new Fault('DIGEST_LENGTH', 'a response hash has 32 bytes', { expected: 32, actual: responseHash.length });
  }
  return signMessage(responseHash, privateKey);
}

/** Whether the supplier with `publicKey` signed the response of this hash. Total. */
export function verifyResponseHash(responseHash: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  return responseHash.length === 32 && verifyMessage(responseHash, signature, publicKey);
}
