/**
 * The root of a session tree: what a claim commits to, in 48 bytes.
 *
 * The sum is the work of all leaves in compute units, the count is how many leaves there are. The sum stands first.
 * Source: pokt-network/smt `root.go`, `smst.go`; pokt-network/poktroll `x/proof/types/message_create_claim.go`.
 */
import { concat, readU64be, u64be } from './bytes.ts';
import { Fault } from './fault.ts';

export type Root = {
  /** SHA-256 of the top node, 32 bytes. */
  readonly digest: Uint8Array;
  /** Compute units, modulo 2^64. */
  readonly sum: bigint;
  /** Leaves, modulo 2^64. */
  readonly count: bigint;
};

export const ROOT_BYTES = 48;
const DIGEST_BYTES = 32;

/**
 * Splits a root into its parts.
 *
 * Layout: `digest (32) | sum (8, big-endian) | count (8, big-endian)`. The digest is a view of `bytes`, not a copy.
 *
 * @throws ROOT_LENGTH when `bytes` is not 48 bytes long.
 */
export function decodeRoot(bytes: Uint8Array): Root {
  if (bytes.length !== ROOT_BYTES) {
    throw new Fault('ROOT_LENGTH', `a root is ${ROOT_BYTES} bytes long`, {
      expected: ROOT_BYTES,
      actual: bytes.length,
    });
  }
  return {
    digest: bytes.subarray(0, DIGEST_BYTES),
    sum: readU64be(bytes, DIGEST_BYTES),
    count: readU64be(bytes, DIGEST_BYTES + 8),
  };
}

/**
 * The 48 bytes of a root; the inverse of `decodeRoot`.
 *
 * @throws ROOT_LENGTH when the digest is not 32 bytes long.
 */
export function encodeRoot(root: Root): Uint8Array {
  if (root.digest.length !== DIGEST_BYTES) {
    throw new Fault('ROOT_LENGTH', `the digest of a root is ${DIGEST_BYTES} bytes long`, {
      expected: DIGEST_BYTES,
      actual: root.digest.length,
    });
  }
  return concat(root.digest, u64be(root.sum), u64be(root.count));
}
