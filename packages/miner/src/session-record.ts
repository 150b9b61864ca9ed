/**
 * How far one session tree has come, on the disk: from the first relay to the settled claim.
 *
 *     active → sealed → claimed → proof-not-required ──────────────→ settled
 *                               → proof-built → proof-accepted ────→ settled
 *     aside: empty · claim-missed · proof-missed · rejected
 *
 * Every step is written before it has an effect outside, so that a killed miner goes on where it was. The terms are kept
 * along with it: they must be known even when the application that paid is gone.
 */
import { toHex, fromUtf8, utf8 } from '@decai/protocol/bytes';
import type { ComputeUnitPrice } from '@decai/protocol/claim-amount';
import { decode } from '@decai/protocol/codec';
import { SessionHeaderSchema, type SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import type { GroupCommit } from './group-commit.ts';
import type { TreeName } from './relay-journal.ts';
import type { SessionTerms } from './session-terms.ts';

export type SessionState =
  | 'active'
  | 'sealed'
  | 'claimed'
  | 'proof-not-required'
  | 'proof-built'
  | 'proof-accepted'
  | 'settled'
  | 'empty'
  | 'claim-missed'
  | 'proof-missed'
  | 'rejected';

/** States in which nothing more will happen. */
export const FINAL_STATES: ReadonlySet<SessionState> = new Set([
  'settled',
  'empty',
  'claim-missed',
  'proof-missed',
  'rejected',
]);

/** Byte strings are hexadecimal and amounts decimal text, because a record is stored as JSON. */
export type SessionRecord = TreeName & {
  readonly state: SessionState;
  readonly applicationAddress: string;
  readonly serviceId: string;
  readonly startHeight: number;
  readonly endHeight: number;
  readonly computeUnitsPerRelay: string;
  readonly target: string;
  readonly computeUnitsToTokensMultiplier: string;
  readonly computeUnitCostGranularity: string;
  /** From the seal on. */
  readonly root?: string;
  /** What the claim amounts to, in uPOKT. */
  readonly claimedUpokt?: string;
  /** As submitted, once built. */
  readonly proof?: string;
  readonly transactions: readonly SubmittedTransaction[];
  /** What the ledger said was paid, in uPOKT; of the whole claim, before it is divided. */
  readonly settledUpokt?: string;
  /** Why it ended aside. */
  readonly reason?: string;
};

export type SubmittedTransaction = {
  readonly kind: 'claim' | 'proof';
  readonly hash: string;
  /** Block that has it. */
  readonly height: number;
};

export function newSessionRecord(
  name: TreeName,
  { session, computeUnitsPerRelay, target, price }: SessionTerms,
): SessionRecord {
  return {
    ...name,
    state: 'active',
    applicationAddress: session.applicationAddress,
    serviceId: session.serviceId,
    startHeight: session.startHeight,
    endHeight: session.endHeight,
    computeUnitsPerRelay: `${computeUnitsPerRelay}`,
    target: toHex(target),
    computeUnitsToTokensMultiplier: `${price.computeUnitsToTokensMultiplier}`,
    computeUnitCostGranularity: `${price.computeUnitCostGranularity}`,
    transactions: [],
  };
}

/** The header that stands in the claim and the proof. */
export function headerOf(record: SessionRecord): SessionHeader {
  const { applicationAddress, serviceId, sessionId, startHeight, endHeight } = record;
  return {
    ...decode(SessionHeaderSchema, new Uint8Array(0)),
    applicationAddress,
    serviceId,
    sessionId,
    sessionStartBlockHeight: BigInt(startHeight),
    sessionEndBlockHeight: BigInt(endHeight),
  };
}

/** The price of work at the session's start. */
export function priceOf(record: SessionRecord): ComputeUnitPrice {
  return {
    computeUnitsToTokensMultiplier: BigInt(record.computeUnitsToTokensMultiplier),
    computeUnitCostGranularity: BigInt(record.computeUnitCostGranularity),
  };
}

export class SessionRecords {
  readonly #commit: GroupCommit;
  readonly #records = new Map<string, SessionRecord>();

  /** Reads all records of the store. */
  constructor(store: KeyValueStore, commit: GroupCommit) {
    this.#commit = commit;
    for (const [, value] of store.range({ start: utf8('r/'), end: utf8('r0') })) {
      const record = JSON.parse(fromUtf8(value)) as SessionRecord;
      this.#records.set(keyOf(record), record);
    }
  }

  get(name: TreeName): SessionRecord | undefined {
    return this.#records.get(keyOf(name));
  }

  /** In no order. */
  values(): SessionRecord[] {
    return [...this.#records.values()];
  }

  /** Replaces the record; resolves when it is on the disk. */
  async put(record: SessionRecord): Promise<void> {
    this.#records.set(keyOf(record), record);
    await this.#commit.write([{ key: utf8(keyOf(record)), value: utf8(JSON.stringify(record)) }]);
  }

  /**
   * Changes a record as it is now, which may be later than `known`: between two questions to the ledger a transaction may
   * have been noted in it. A reason stays only when it is given again.
   */
  async change(known: SessionRecord, change: Partial<SessionRecord>): Promise<SessionRecord> {
    const { reason: _before, ...current } = this.get(known) ?? known;
    const next = { ...current, ...change };
    await this.put(next);
    return next;
  }

  async forget(name: TreeName): Promise<void> {
    this.#records.delete(keyOf(name));
    await this.#commit.write([{ key: utf8(keyOf(name)), value: null }]);
  }
}

function keyOf({ sessionId, supplier }: TreeName): string {
  return `r/${sessionId}/${supplier}`;
}
