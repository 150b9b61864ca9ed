/**
 * Ring signatures on relay requests: some member of a ring signed 32 bytes, and nobody learns which.
 *
 * Back's linkable scheme on secp256k1. Each member i contributes L = s·G + c·P and R = s·H(P) + c·I; the hash of the message
 * with L and R is the next member's challenge, and a signature holds iff the chain returns to where it began. I, the key
 * image, is the signer's key times H of its public key: one for all signatures of that key.
 *
 * Verification is total, and it looks at no more than `RING_SIZE_MAX` members.
 *
 * Source: pokt-network/ring-go `ring.go`, `serde.go` (v0.2.0); the layout is documented at `decodeRing`.
 */
import { concat, EMPTY, equalBytes } from './bytes.ts';
import { activeCurve } from './curve.ts';
import { Fault, isFault } from './fault.ts';
import { checkPrivateKey, compressPoint, POINT_LENGTH, reduceScalar, SCALAR_LENGTH } from './group.ts';
import { hashKey, isHashedKey, type HashedKey } from './hash-to-curve.ts';
import { hashToScalar } from './hash-to-scalar.ts';
import { LruCache } from './lru-cache.ts';

/** A parsed signature. Scalars are below the group order; the arrays are views of the parsed bytes where possible. */
export type RingSignature = {
  /** c₀, 32 bytes. */
  readonly challenge: Uint8Array;
  /** I, 33 bytes. */
  readonly keyImage: Uint8Array;
  /** sᵢ, 32 bytes each, one per member. */
  readonly responses: readonly Uint8Array[];
  /** Pᵢ, 33 bytes each, in the order of signing. */
  readonly members: readonly Uint8Array[];
};

export type RingSigning = {
  /** 32 bytes. */
  readonly message: Uint8Array;
  /** Compressed public keys; the order is part of the signature. */
  readonly ring: readonly Uint8Array[];
  readonly signerIndex: number;
  readonly privateKey: Uint8Array;
  /** Fresh and unpredictable: a nonce used for two messages reveals the key. */
  readonly randomBytes: (length: number) => Uint8Array;
};

export const MESSAGE_LENGTH = 32;

/** A full ring of Shannon has 8 members and those that are leaving; more than this is not looked at. */
export const RING_SIZE_MAX = 64;

/** Key images by public key, uncompressed: the same in every signature, and a sixth of the work of a ring of two. */
const keyImages = new LruCache<Uint8Array>(256);

const HEADER_LENGTH = 4 + SCALAR_LENGTH + POINT_LENGTH;
const MEMBER_LENGTH = SCALAR_LENGTH + POINT_LENGTH;

/**
 * Signs a message as member `signerIndex` of a ring; returns the serialized signature, 69 + 65 bytes per member.
 *
 * Draws 32 bytes per member: the nonce first, then the responses of the members after the signer, in order.
 *
 * @throws RING_MESSAGE_LENGTH, RING_SIZE, PRIVATE_KEY_INVALID, RING_SIGNER (no such member, or not with this key),
 * POINT_INVALID for a member that is no key.
 */
export function signRing({ message, ring, signerIndex, privateKey, randomBytes }: RingSigning): Uint8Array {
  checkMessage(message);
  checkSize(ring.length);
  checkPrivateKey(privateKey);
  const curve = activeCurve();
  const signer = ring[signerIndex];
  if (signer === undefined || !equalBytes(curve.mulBase(privateKey), signer)) {
    throw new Fault('RING_SIGNER', 'the key is not that of the ring member it signs as', {
      signerIndex,
      size: ring.length,
    });
  }
  const size = ring.length;
  const keys = ring.map(hashKey);
  const { hashed } = keys[signerIndex] as HashedKey;
  const image = keyImages.getOrMake(signer, () => curve.mul(hashed, privateKey));
  const chain = new ChallengeChain(message, image);

  const nonce = reduceScalar(randomBytes(SCALAR_LENGTH));
  let challenge = chain.begin(curve.mulBase(nonce), compressPoint(curve.mul(hashed, nonce)));
  let first = challenge;
  const responses = ring.map(() => EMPTY);
  for (let step = 1; step < size; step += 1) {
    const index = (signerIndex + step) % size;
    if (index === 0) first = challenge;
    const response = reduceScalar(randomBytes(SCALAR_LENGTH));
    responses[index] = response;
    challenge = chain.next(challenge, response, keys[index] as HashedKey);
  }
  if (signerIndex === 0) first = challenge;
  responses[signerIndex] = curve.subMulScalar(nonce, challenge, privateKey);
  return encodeRing({ challenge: first, keyImage: compressPoint(image), responses, members: ring });
}

/**
 * Whether some member of the signature's own ring signed this message. Total: anything malformed is false.
 *
 * Whether those members may sign is another question; `checkRingMembers` answers it and is cheaper, so ask it first.
 */
export function verifyRing(message: Uint8Array, signature: Uint8Array | RingSignature): boolean {
  if (message.length !== MESSAGE_LENGTH) return false;
  try {
    return closes(message, signature instanceof Uint8Array ? readLayout(signature) : signature);
  } catch (thrown) {
    if (isFault(thrown)) return false;
    throw thrown;
  }
}

function closes(message: Uint8Array, { challenge, keyImage, responses, members }: RingSignature): boolean {
  if (members.length === 0 || members.length > RING_SIZE_MAX || responses.length !== members.length) return false;
  const image = activeCurve().decompress(keyImage);
  if (image === undefined) return false;
  const keys = members.map(hashKey);
  const chain = new ChallengeChain(message, image);
  let current = challenge;
  for (const [index, key] of keys.entries()) current = chain.next(current, responses[index] as Uint8Array, key);
  return equalBytes(current, challenge);
}

/** The walk around the ring: each challenge is the hash of the message, L and R, 98 bytes in one reused buffer. */
class ChallengeChain {
  readonly #image: Uint8Array;
  readonly #preimage = new Uint8Array(MESSAGE_LENGTH + 2 * POINT_LENGTH);
  readonly #left = this.#preimage.subarray(MESSAGE_LENGTH, MESSAGE_LENGTH + POINT_LENGTH);
  readonly #right = this.#preimage.subarray(MESSAGE_LENGTH + POINT_LENGTH);

  constructor(message: Uint8Array, image: Uint8Array) {
    this.#image = image;
    this.#preimage.set(message);
  }

  /** The challenge after the signer, whose L and R come from the nonce. */
  begin(left: Uint8Array, right: Uint8Array): Uint8Array {
    this.#left.set(left);
    this.#right.set(right);
    return hashToScalar(this.#preimage);
  }

  /** The challenge after the member with this challenge, response and key. */
  next(challenge: Uint8Array, response: Uint8Array, { point, hashed }: HashedKey): Uint8Array {
    const curve = activeCurve();
    curve.mulAddBase(response, point, challenge, this.#left);
    curve.mulAdd2(response, hashed, challenge, this.#image, this.#right);
    return hashToScalar(this.#preimage);
  }
}

/**
 * Reads a serialized signature.
 *
 * Layout: `size (4, big-endian) | c₀ (32) | key image (33) | size × [ s (32) | public key (33) ]`.
 * As in Go, scalars count modulo the group order (s and s + n are one response) and bytes after the last member are not
 * looked at. Both make several byte strings of one signature, so never take the bytes for an identity of the request.
 *
 * @throws RING_TRUNCATED, RING_SIZE (no member, or more than `RING_SIZE_MAX`), RING_POINT (a point not on the curve).
 */
export function decodeRing(bytes: Uint8Array): RingSignature {
  const signature = readLayout(bytes);
  const curve = activeCurve();
  const isKey = (member: Uint8Array): boolean => isHashedKey(member) || curve.isPoint(member);
  if (!curve.isPoint(signature.keyImage) || !signature.members.every(isKey)) {
    throw new Fault('RING_POINT', 'a ring signature holds bytes that are no point of the curve');
  }
  return signature;
}

/** Reads everything but does not look whether points are on the curve. */
function readLayout(bytes: Uint8Array): RingSignature {
  if (bytes.length < 4) throw truncated(4, bytes);
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  checkSize(size);
  const length = HEADER_LENGTH + size * MEMBER_LENGTH;
  if (bytes.length < length) throw truncated(length, bytes);
  const responses: Uint8Array[] = [];
  const members: Uint8Array[] = [];
  for (let offset = HEADER_LENGTH; offset < length; offset += MEMBER_LENGTH) {
    responses.push(reduceScalar(bytes.subarray(offset, offset + SCALAR_LENGTH)));
    members.push(bytes.subarray(offset + SCALAR_LENGTH, offset + MEMBER_LENGTH));
  }
  return {
    challenge: reduceScalar(bytes.subarray(4, 4 + SCALAR_LENGTH)),
    keyImage: bytes.subarray(4 + SCALAR_LENGTH, HEADER_LENGTH),
    responses,
    members,
  };
}

/** Serializes a signature in the layout of `decodeRing`. @throws RING_SIZE */
export function encodeRing({ challenge, keyImage, responses, members }: RingSignature): Uint8Array {
  checkSize(members.length);
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, members.length);
  const body = members.flatMap((member, index) => [responses[index] as Uint8Array, member]);
  return concat(size, challenge, keyImage, ...body);
}

/** The public keys inside a serialized signature, in the order of signing. @throws as `decodeRing` */
export function ringMembersOf(signature: Uint8Array): readonly Uint8Array[] {
  return decodeRing(signature).members;
}

/**
 * The key image of a private key, 33 bytes: equal in all its signatures, whatever the ring and the message.
 *
 * @throws PRIVATE_KEY_INVALID
 */
export function keyImageOf(privateKey: Uint8Array): Uint8Array {
  checkPrivateKey(privateKey);
  const curve = activeCurve();
  return compressPoint(curve.mul(hashKey(curve.mulBase(privateKey)).hashed, privateKey));
}

/** Whether two signatures were made with one key. Says nothing about whether they hold. @throws as `decodeRing` */
export function linked(a: Uint8Array, b: Uint8Array): boolean {
  return equalBytes(decodeRing(a).keyImage, decodeRing(b).keyImage);
}

function checkMessage(message: Uint8Array): void {
  if (message.length === MESSAGE_LENGTH) return;
  throw new Fault('RING_MESSAGE_LENGTH', 'a ring signs 32 bytes', {
    expected: MESSAGE_LENGTH,
    actual: message.length,
  });
}

function checkSize(size: number): void {
  if (size >= 1 && size <= RING_SIZE_MAX) return;
  throw new Fault('RING_SIZE', 'a ring has at least one member and not too many', { max: RING_SIZE_MAX, actual: size });
}

function truncated(expected: number, bytes: Uint8Array): Fault {
  return new Fault('RING_TRUNCATED', 'a ring signature ends before its last member', {
    expected,
    actual: bytes.length,
  });
}
