/**
 * Claims, and the proofs that wait for the end of their block, each keyed by session id and operator.
 *
 * Source: pokt-network/poktroll `x/proof/keeper`, `x/proof/types/keys*.go`.
 */
import { ClaimSchema, ProofSchema, type Claim, type Proof } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import type { CollectionRange, ValueCodec } from './collection.ts';
import { IndexedCollection, indexedShape, type IndexedShape } from './indexed-collection.ts';
import { heightSegment, keyOf, textSegment } from './key.ts';
import { messageValue } from './message-value.ts';
import type { Store } from './store.ts';

/** What a claim and a proof have in common. */
type Keyed = { readonly supplierOperatorAddress: string; readonly sessionHeader?: SessionHeader | undefined };

type KeyedIndex = 'address' | 'height';

/** `<session id>/<operator>`, without a closing slash. */
function primaryKey(sessionId: string, operatorAddress: string): string {
  return `${textSegment(sessionId)}/${textSegment(operatorAddress)}`;
}

function keyedShape<V extends Keyed>(name: string, codec: ValueCodec<V>): IndexedShape<V, KeyedIndex> {
  const primary = (record: Keyed): string =>
    primaryKey(record.sessionHeader?.sessionId ?? '', record.supplierOperatorAddress);
  return indexedShape(`proof/${name}/primary_key/`, codec, primary, {
    address: {
      prefix: `proof/${name}/address/`,
      keysOf: (record) => [keyOf(textSegment(record.supplierOperatorAddress)) + primary(record)],
    },
    height: {
      prefix: `proof/${name}/height/`,
      keysOf: (record) => [
        keyOf(heightSegment(Number(record.sessionHeader?.sessionEndBlockHeight ?? 0n))) + primary(record),
      ],
    },
  });
}

const CLAIMS = keyedShape<Claim>('Claim', messageValue(ClaimSchema));
/** A proof is read once, at the end of its block: to remember thousands of them would only be work. */
const PROOFS = keyedShape<Proof>('Proof', { ...messageValue(ProofSchema), isRemembered: false });

class KeyedRecords<V extends Keyed> {
  private readonly records: IndexedCollection<V, KeyedIndex>;

  constructor(store: Store, shape: IndexedShape<V, KeyedIndex>) {
    this.records = new IndexedCollection(store, shape);
  }

  get(sessionId: string, operatorAddress: string): V | undefined {
    return this.records.get(primaryKey(sessionId, operatorAddress));
  }

  /** Replaces what stood under the same session and operator. */
  put(record: V): void {
    this.records.put(record);
  }

  delete(sessionId: string, operatorAddress: string): void {
    this.records.delete(primaryKey(sessionId, operatorAddress));
  }

  /** Deletes a record that was read from here. */
  remove(record: V): void {
    this.records.remove(record);
  }

  /** Puts a record that is new in nothing but its status. */
  replace(record: V): void {
    this.records.replace(record);
  }

  /** See `IndexedCollection.reindex`. */
  reindex(): void {
    this.records.reindex();
  }

  /** All with their key suffixes, by session id, then operator. */
  entries(range?: CollectionRange): Iterable<readonly [suffix: string, record: V]> {
    return this.records.records.entries(range);
  }

  /** Those of sessions that end at a height, by session id, then operator. */
  endingAt(sessionEndHeight: number): Iterable<V> {
    return this.records.by('height', { under: keyOf(heightSegment(sessionEndHeight)) });
  }

  /** Those of one session, with key suffixes below the session's id. */
  ofSession(sessionId: string, range: CollectionRange = {}): Iterable<readonly [suffix: string, record: V]> {
    return this.records.records.below(keyOf(textSegment(sessionId)), range);
  }

  /** Those of one operator, with key suffixes below his address. */
  ofOperator(operatorAddress: string, range: CollectionRange = {}): Iterable<readonly [suffix: string, record: V]> {
    return this.records.belowIndex('address', keyOf(textSegment(operatorAddress)), range);
  }

  /** Those of sessions that end at a height, with key suffixes below the height. */
  entriesEndingAt(
    sessionEndHeight: number,
    range: CollectionRange = {},
  ): Iterable<readonly [suffix: string, record: V]> {
    return this.records.belowIndex('height', keyOf(heightSegment(sessionEndHeight)), range);
  }
}

export class ClaimRecords extends KeyedRecords<Claim> {
  constructor(store: Store) {
    super(store, CLAIMS);
  }
}

export class ProofRecords extends KeyedRecords<Proof> {
  constructor(store: Store) {
    super(store, PROOFS);
  }
}
