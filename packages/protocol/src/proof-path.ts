/**
 * The place in the tree that a proof must come near: unknown while claims are still accepted.
 *
 * Source: pokt-network/poktroll `pkg/crypto/protocol/proof_path.go`, `x/proof/keeper/proof_validation.go`.
 */
import { concat, utf8 } from './bytes.ts';
import { sha256 } from './hash.ts';

/**
 * The 32-byte path that the proof of a session's claim is made for.
 *
 * @param seedHash hash of the block before the proof window, `sessionWindows().proofSeed`.
 * @param sessionId enters as its 64 hexadecimal digits, not as the 32 bytes they spell.
 */
export function proofPath(seedHash: Uint8Array, sessionId: string): Uint8Array {
  return sha256(concat(seedHash, utf8(sessionId)));
}
