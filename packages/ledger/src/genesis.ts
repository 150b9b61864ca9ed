/**
 * The document that a chain begins with, and the state that it describes.
 *
 * It has the shape of Shannon's, so a genesis of either software can be read by the other as far as it goes, with one
 * addition: `profile` chooses the rules. Everything in it is checked; a chain that starts wrong cannot be mended.
 *
 * Source: pokt-network/poktroll `x/<module>/module/genesis.go`; cosmos/cosmos-sdk `types/module`; CometBFT `types/genesis.go`.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { fromHex } from '@decai/protocol/bytes';
import { Fault, isFault } from '@decai/protocol/fault';
import { parseTimestamp } from '@decai/protocol/time-text';
import type { Profile } from './chain-record.ts';

export type Genesis = {
  readonly chainId: string;
  readonly profile: Profile;
  /** Nanoseconds since the epoch. */
  readonly timeNs: bigint;
  /** Height of the first block; 1 unless the document says otherwise. */
  readonly initialHeight: number;
  /** Most gas that a block may use; −1: any amount. */
  readonly maxBlockGas: bigint;
  /** The root that the state must have; undefined where the document does not say. */
  readonly appHash?: Uint8Array;
  /** The state of each module, by its name. */
  readonly appState: Readonly<Record<string, JsonValue>>;
};

/** Heights, and periods added to them, stay exact numbers. */
export const HEIGHT_MAX: number = 2 ** 52;

type JsonObject = Readonly<Record<string, JsonValue>>;

/**
 * Reads a genesis document.
 *
 * @throws GENESIS_INVALID with what is wrong; PROFILE_UNSUPPORTED for rules that this ledger does not have.
 */
export function parseGenesis(document: JsonValue): Genesis {
  const root = objectOf(document, 'the document');
  const chainId = root['chain_id'];
  if (typeof chainId !== 'string' || !/^[a-zA-Z0-9_.-]{1,50}$/.test(chainId)) {
    throw invalidGenesis('chain_id is 1 to 50 letters, digits or any of _ . -');
  }
  const initialHeight = Number(root['initial_height'] ?? 1) || 1;
  if (!Number.isSafeInteger(initialHeight) || initialHeight < 1 || initialHeight > HEIGHT_MAX) {
    throw invalidGenesis(`initial_height is a height from 1 to ${HEIGHT_MAX}`);
  }
  return {
    chainId,
    profile: parseProfile(root['profile']),
    timeNs: parseTime(root['genesis_time']),
    initialHeight,
    maxBlockGas: parseMaxGas(root['consensus']),
    ...parseAppHash(root['app_hash']),
    appState: objectOf(root['app_state'] ?? null, 'app_state'),
  };
}

/** A document without a profile is one of Shannon's. */
function parseProfile(profile: JsonValue = 'pocket'): Profile {
  if (profile === 'pocket') return profile;
  if (profile === 'decai') {
    throw new Fault('PROFILE_UNSUPPORTED', 'the rules of profile decai are not built yet; use pocket', { profile });
  }
  throw invalidGenesis('profile is pocket or decai');
}

function parseTime(text: JsonValue | undefined): bigint {
  if (typeof text !== 'string') throw invalidGenesis('genesis_time is missing');
  try {
    const { seconds, nanos } = parseTimestamp(text);
    return seconds * 1_000_000_000n + BigInt(nanos);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    throw invalidGenesis(`genesis_time: ${thrown.message}`, thrown);
  }
}

/** Empty, or left out, says nothing. */
function parseAppHash(appHash: JsonValue = null): Pick<Genesis, 'appHash'> {
  if (appHash === null || appHash === '') return {};
  if (typeof appHash !== 'string' || !/^[0-9a-f]{64}$/i.test(appHash)) {
    throw invalidGenesis('app_hash is 32 bytes in hexadecimal');
  }
  return { appHash: fromHex(appHash) };
}

function parseMaxGas(consensus: JsonValue | undefined): bigint {
  if (consensus === undefined || consensus === null) return -1n;
  const params = objectOf(objectOf(consensus, 'consensus')['params'] ?? {}, 'consensus.params');
  const maxGas = objectOf(params['block'] ?? {}, 'consensus.params.block')['max_gas'] ?? '-1';
  if (!/^-?[0-9]{1,18}$/.test(String(maxGas))) throw invalidGenesis('consensus.params.block.max_gas is an integer');
  return BigInt(String(maxGas));
}

/** @throws GENESIS_INVALID unless the value is an object. */
export function objectOf(value: JsonValue, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidGenesis(`${name} is an object`);
  return value;
}

export function invalidGenesis(message: string, cause?: unknown): Fault<'GENESIS_INVALID'> {
  return new Fault('GENESIS_INVALID', message, {}, cause);
}
