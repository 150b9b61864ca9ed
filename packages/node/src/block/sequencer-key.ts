/**
 * The key of the machine that makes the blocks: ed25519, as CometBFT's validators have it, and its signature on a block.
 *
 * With one sequencer a commit has one signature; a light client that knows the key can verify every block.
 *
 * Source: cometbft/cometbft v0.38 `types/canonical.go`, `types/vote.go` (`VoteSignBytes`), `crypto/ed25519`; RFC 8032.
 */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { concat, u64le, utf8 } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { Fault } from '@decai/protocol/fault';
import { BlockIDSchema, type BlockID } from '@decai/protocol/gen/tendermint/types/types_pb';
import { sha256 } from '@decai/protocol/hash';

export type SequencerKey = {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The first 20 bytes of SHA-256 of the public key. */
  readonly address: Uint8Array;
  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
};

/** A vote for one block, in the form that is signed. */
export type Precommit = {
  readonly height: bigint;
  readonly blockId: BlockID;
  readonly time: Timestamp;
  readonly chainId: string;
};

const SEED_LENGTH = 32;
const PRECOMMIT = 2;
/** DER before the 32 bytes of a private key (RFC 8410), and before those of a public key. */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** @throws SEQUENCER_KEY_INVALID unless the seed has 32 bytes. */
export function sequencerKey(seed: Uint8Array): SequencerKey {
  if (seed.length !== SEED_LENGTH) {
    throw new Fault('SEQUENCER_KEY_INVALID', 'a sequencer key is 32 bytes', { length: seed.length });
  }
  const privateKey = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const publicKey = new Uint8Array(spki.subarray(PUBLIC_PREFIX.length));
  return {
    publicKey,
    address: sequencerAddress(publicKey),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

export function sequencerAddress(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).subarray(0, 20);
}

export function verifySequencer(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, message, readPublicKey(publicKey), signature);
}

function readPublicKey(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, publicKey]), format: 'der', type: 'spki' });
}

/** Layout: the canonical vote, a protobuf message with fixed-width heights, behind its length. Round 0 is not written. */
export function precommitSignBytes({ height, blockId, time, chainId }: Precommit): Uint8Array {
  return delimited(
    concat(
      new Uint8Array([0x08, PRECOMMIT]),
      new Uint8Array([0x11]),
      u64le(height),
      new Uint8Array([0x22]),
      delimited(encode(BlockIDSchema, blockId)),
      new Uint8Array([0x2a]),
      delimited(encode(TimestampSchema, time)),
      new Uint8Array([0x32]),
      delimited(utf8(chainId)),
    ),
  );
}

/** The length as a varint, and the bytes; none of the parts here reaches 2^14. */
function delimited(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  return concat(new Uint8Array(length < 0x80 ? [length] : [(length & 0x7f) | 0x80, length >> 7]), bytes);
}
