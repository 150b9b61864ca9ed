/**
 * Keys of accounts: one secp256k1 key, or a threshold key, which speaks once enough of its members have signed.
 *
 * A threshold key is not one point but a rule, and its address is a hash of the whole rule: how many, of whom, in which
 * order. Members may be threshold keys themselves. An ed25519 key can be a member, because addresses were made with such,
 * but signs nothing here.
 *
 * Source: cosmos/cosmos-sdk `crypto/keys/multisig/multisig.go`, `crypto/keys/secp256k1`; tendermint/go-amino `encoder.go`.
 */
import { create, type DescMessage } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import { ADDRESS_LENGTH, addressBytesOf, encodeAddress, type AddressPrefix } from './address.ts';
import { packAny, typeUrlOf } from './any.ts';
import { concat, fromHex } from './bytes.ts';
import { decode } from './codec.ts';
import { Fault, isFault } from './fault.ts';
import { PubKeySchema as Ed25519KeySchema } from './gen/cosmos/crypto/ed25519/keys_pb.ts';
import { LegacyAminoPubKeySchema } from './gen/cosmos/crypto/multisig/keys_pb.ts';
import { PubKeySchema } from './gen/cosmos/crypto/secp256k1/keys_pb.ts';
import { sha256 } from './hash.ts';

/** One key. */
export type PlainKey = { readonly kind: 'secp256k1' | 'ed25519'; readonly publicKey: Uint8Array };

/** `threshold` of the members must sign. The same member twice counts twice. */
export type ThresholdKey = {
  readonly kind: 'threshold';
  readonly threshold: number;
  readonly members: readonly AccountKey[];
};

export type AccountKey = PlainKey | ThresholdKey;

/** How each kind travels in an Any, and how many bytes a plain key has. */
const PLAIN: Readonly<
  Record<PlainKey['kind'], { schema: typeof PubKeySchema; length: number; aminoPrefix: Uint8Array }>
> = {
  secp256k1: { schema: PubKeySchema, length: 33, aminoPrefix: fromHex('eb5ae987') },
  ed25519: {
    schema: Ed25519KeySchema as DescMessage as typeof PubKeySchema,
    length: 32,
    aminoPrefix: fromHex('1624de64'),
  },
};

const THRESHOLD_AMINO_PREFIX = fromHex('22c1f7e2');

/** Threshold keys inside threshold keys end here; an Any of a transaction ends no sooner. */
const DEPTH_MAX = 10;

/**
 * The key in an Any.
 *
 * @throws ACCOUNT_KEY_INVALID for another kind of key, a plain key of another length, a threshold that is not between 1
 * and the number of members, or members that nest too deep.
 */
export function readAccountKey(any: Any): AccountKey {
  try {
    return readKey(any, 1);
  } catch (thrown) {
    if (!isFault(thrown) || thrown.code === 'ACCOUNT_KEY_INVALID') throw thrown;
    throw new Fault('ACCOUNT_KEY_INVALID', thrown.message, thrown.details, thrown);
  }
}

function readKey({ typeUrl, value }: Any, depth: number): AccountKey {
  for (const kind of ['secp256k1', 'ed25519'] as const) {
    const { schema, length } = PLAIN[kind];
    if (typeUrl !== typeUrlOf(schema)) continue;
    const { key: publicKey } = decode(schema, value);
    if (publicKey.length !== length) throw invalid(`a key of ${kind} has ${length} bytes, not ${publicKey.length}`);
    return { kind, publicKey };
  }
  if (typeUrl !== typeUrlOf(LegacyAminoPubKeySchema)) throw invalid('no kind of key that accounts have');
  if (depth > DEPTH_MAX) throw invalid(`threshold keys nest at most ${DEPTH_MAX} deep`);
  const { threshold, publicKeys } = decode(LegacyAminoPubKeySchema, value);
  if (threshold < 1 || threshold > publicKeys.length) {
    throw invalid(`the threshold of ${publicKeys.length} keys is not ${threshold}`);
  }
  return { kind: 'threshold', threshold, members: publicKeys.map((member) => readKey(member, depth + 1)) };
}

/** The key as an account keeps it; one key has one Any. */
export function packAccountKey(key: AccountKey): Any {
  if (key.kind !== 'threshold') {
    const { schema } = PLAIN[key.kind];
    return packAny(schema, create(schema, { key: key.publicKey }));
  }
  const { threshold, members } = key;
  return packAny(
    LegacyAminoPubKeySchema,
    create(LegacyAminoPubKeySchema, { threshold, publicKeys: members.map(packAccountKey) }),
  );
}

/**
 * The 20 bytes of a key's address in bech32: RIPEMD-160 of SHA-256 of a secp256k1 key, and for the others the first 20
 * bytes of SHA-256, of the key (ed25519) or of its amino encoding (threshold).
 */
export function accountKeyAddress(key: AccountKey, prefix: AddressPrefix = 'pokt'): string {
  switch (key.kind) {
    case 'secp256k1':
      return encodeAddress(addressBytesOf(key.publicKey), prefix);
    case 'ed25519':
      return encodeAddress(sha256(key.publicKey).subarray(0, ADDRESS_LENGTH), prefix);
    default:
      return encodeAddress(sha256(aminoBytesOf(key)).subarray(0, ADDRESS_LENGTH), prefix);
  }
}

/** The plain keys in it, from left to right. */
export function plainKeysOf(key: AccountKey): PlainKey[] {
  return key.kind === 'threshold' ? key.members.flatMap(plainKeysOf) : [key];
}

/**
 * The binary amino encoding of a key.
 *
 * Layout: `prefix (4) | length (varint) | key` of a plain one;
 * `prefix (4) | 08 | threshold (varint) | { 12 | length (varint) | member }` of a threshold key.
 */
export function aminoBytesOf(key: AccountKey): Uint8Array {
  if (key.kind !== 'threshold') {
    const { length, aminoPrefix } = PLAIN[key.kind];
    return concat(aminoPrefix, varint(length), key.publicKey);
  }
  const members = key.members
    .map(aminoBytesOf)
    .map((bytes) => concat(Uint8Array.of(0x12), varint(bytes.length), bytes));
  return concat(THRESHOLD_AMINO_PREFIX, Uint8Array.of(0x08), varint(key.threshold), ...members);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.of(...bytes, rest);
    bytes.push((rest % 128) + 128);
  }
}

function invalid(message: string): Fault<'ACCOUNT_KEY_INVALID'> {
  return new Fault('ACCOUNT_KEY_INVALID', message);
}
