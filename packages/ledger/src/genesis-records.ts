/**
 * What a state holds and Shannon's genesis cannot say, record by record: hashes of past blocks, histories, used nonces.
 *
 * An export writes the document in Shannon's form, reads it as an import would, and lists here what then differs; so an
 * import has every record of the export, and its root, whatever the form leaves out. A document with such records names
 * the root that it leads to: they are taken as they are, and only the root shows that they are a real state's.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { equalBytes, fromBase64, toBase64 } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import { KEY_BYTES_MAX } from '@decai/protocol/key-value-store';
import { invalidGenesis, objectOf, type Genesis } from './genesis.ts';
import { INDEX_PREFIX } from './indexed-collection.ts';
import { isRecordKey, recordsOf } from './state-root.ts';
import type { State } from './state.ts';
import { keyBytes, keyText, prefixEnd, type Store } from './store.ts';

/** Its part of `app_state`: `{ records: [{ key, value }] }`, both base64; a null value removes what the rest made. */
export const RECORDS_MODULE = 'decai';

const NAME = `app_state.${RECORDS_MODULE}.records`;

/** @throws GENESIS_INVALID */
export function readRecords(state: State, { appState, appHash }: Genesis): void {
  const part = appState[RECORDS_MODULE];
  if (part === undefined) return;
  if (appHash === undefined) throw invalidGenesis(`${NAME}: app_hash must say which state they make`);
  const { records } = objectOf(part, `app_state.${RECORDS_MODULE}`);
  if (!Array.isArray(records)) throw invalidGenesis(`${NAME} is a list`);
  const { store } = state;
  for (const item of records) {
    const { key: keyBase64, value } = objectOf(item, NAME);
    const key = keyText(bytesOf(keyBase64 ?? null, 'key'));
    if (key === '' || key.length > KEY_BYTES_MAX || !isRecordKey(key))
      throw invalidGenesis(`${NAME}: a key of no record`);
    if (value === null) store.delete(key);
    else store.put(key, bytesOf(value ?? null, 'value'));
  }
  // Records that were put past their collections are not in the indexes yet.
  const stale = [...store.range({ start: INDEX_PREFIX, end: prefixEnd(INDEX_PREFIX) })];
  for (const [key] of stale) store.delete(key);
  state.reindex();
}

/** What must be put and removed to make the records of one state out of another's. */
export function recordsBetween(made: Store, wanted: Store): JsonValue[] {
  const missing = new Map(recordsOf(made));
  const records: JsonValue[] = [];
  const note = (key: string, value: Uint8Array | null): void => {
    records.push({ key: toBase64(keyBytes(key)), value: value === null ? null : toBase64(value) });
  };
  for (const [key, value] of recordsOf(wanted)) {
    const before = missing.get(key);
    missing.delete(key);
    if (before === undefined || !equalBytes(before, value)) note(key, value);
  }
  for (const key of missing.keys()) note(key, null);
  return records;
}

function bytesOf(text: JsonValue, name: string): Uint8Array {
  if (typeof text !== 'string') throw invalidGenesis(`${NAME}: a ${name} is base64`);
  try {
    return fromBase64(text);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    throw invalidGenesis(`${NAME}: a ${name} is base64`, thrown);
  }
}
