/**
 * A name for one act of ring signing: the same however its signature is written, different for every fresh one.
 *
 * A ring signature can be turned, member by member, into another valid one, and its scalars can be written with the group
 * order added, both without any key. Neither is a new signature. Signing the same message again is: its scalars are random.
 * So whoever must recognise a copy compares this, and not the bytes.
 *
 * Source: pokt-network/ring-go `ring.go` (the challenge chain has no beginning; scalars are reduced when read).
 */
import { compareBytes, concat } from './bytes.ts';
import { sha256 } from './hash.ts';
import { decodeRing, type RingSignature } from './ring.ts';

/**
 * 32 bytes.
 *
 * @throws a Fault with a `RING_…` code when the signature cannot be read.
 */
export function signingIdentity(message: Uint8Array, signature: Uint8Array | RingSignature): Uint8Array {
  const { keyImage, members, responses } = signature instanceof Uint8Array ? decodeRing(signature) : signature;
  const links = members.map((member, index) => concat(member, responses[index]!)).sort(compareBytes);
  return sha256(concat(message, keyImage, ...links));
}
