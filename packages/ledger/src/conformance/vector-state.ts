/**
 * Builds the state that a vector describes: parameters, actors, hashes and balances in the chain's own JSON.
 */
import { fromJson, type DescMessage, type JsonValue, type MessageShape } from '@bufbuild/protobuf';
import { fromHex } from '@decai/protocol/bytes';
import { ParamsSchema as SharedParamsSchema } from '@decai/protocol/gen/pocket/shared/params_pb';
import type { KeyValueReader } from '@decai/protocol/key-value-store';
import { State } from '../state.ts';
import { Store } from '../store.ts';

const NOTHING: KeyValueReader = { get: () => undefined, range: () => [] };

export type BlockHash = { readonly height: number; readonly hash: string };

export type SharedParamsUpdate = { readonly effectiveHeight: number; readonly params: JsonValue };

/** A store without any record. */
export function emptyStore(): Store {
  return new Store(NOTHING);
}

/** The state of the block at `height`, over records of earlier blocks if a store is given. */
export function stateAt(height: number, store: Store = emptyStore()): State {
  return new State(store, { chainId: 'vectors', profile: 'pocket', height, timeNs: 0n, hash: new Uint8Array(32) });
}

/** Reads the chain's JSON: proto field names, 64-bit integers as texts. A field that is not known is an error. */
export function read<Desc extends DescMessage>(schema: Desc, json: JsonValue): MessageShape<Desc> {
  return fromJson(schema, json);
}

export function setSharedParams(state: State, live: JsonValue, history: readonly SharedParamsUpdate[] = []): void {
  state.params.shared.setLive(read(SharedParamsSchema, live));
  for (const { effectiveHeight, params } of history) {
    state.params.shared.history.put('', effectiveHeight, read(SharedParamsSchema, params));
  }
}

export function setBlockHashes(state: State, hashes: readonly BlockHash[]): void {
  for (const { height, hash } of hashes) state.blockHashes.put(height, fromHex(hash));
}

/** An event of a vector: its type, and its message in the chain's JSON. */
export type VectorEvent = { readonly type: string; readonly data: JsonValue };

/** The typed events raised since the mark, as vectors write them; those of the bank are not in the vectors. */
export function typedEvents(state: State, mark = 0): VectorEvent[] {
  return state.journal
    .since(mark)
    .filter(({ type }) => type.startsWith('pocket.'))
    .map(({ type, attributes }) => ({
      type,
      data: Object.fromEntries(attributes.map(({ key, value }) => [key, JSON.parse(value) as JsonValue])),
    }));
}
