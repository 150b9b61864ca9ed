/**
 * A served relay becomes evidence: its bytes hashed, held against the difficulty, and on the disk before it is counted.
 *
 * Difficulty and weight are those of the session's start. The leaf holds the whole request, prompt included, and the
 * response without its payload.
 *
 * Source: pokt-network/poktroll `pkg/relayer/miner/miner.go`; arXiv 2305.10672 §6.
 */
import { isRelayApplicable } from '@decai/protocol/difficulty';
import type { RelayResponse } from '@decai/protocol/gen/pocket/service/relay_pb';
import { relayBytes, relayHash } from '@decai/protocol/relay';
import type { RelayTicket } from './admit-relay.ts';
import type { OpenSession } from './open-session.ts';
import type { Leaf, RelayJournal } from './relay-journal.ts';
import { newSessionRecord, type SessionRecords } from './session-record.ts';

export type Evidence = {
  readonly journal: RelayJournal;
  readonly records: SessionRecords;
};

export type MinedRelay =
  /** On the disk, and a leaf of the session's tree. */
  | { readonly kind: 'mined'; readonly leaf: Leaf }
  /** On the disk as served; its hash is not below the target, so it counts through others. */
  | { readonly kind: 'missed' }
  /** The tree was sealed before the relay ended: nothing can be added to it. */
  | { readonly kind: 'late' };

/**
 * Records a relay that was served. What it writes is written before the first wait; it resolves when that is on the disk.
 *
 * @throws what the store throws: then the relay is served and not counted.
 */
export async function mineRelay(
  { journal, records }: Evidence,
  session: OpenSession,
  { relay, signing }: Pick<RelayTicket, 'relay' | 'signing'>,
  response: RelayResponse,
): Promise<MinedRelay> {
  if (session.isSealed) return { kind: 'late' };
  const { target, computeUnitsPerRelay } = session.terms;
  const value = relayBytes(relay.request, response);
  const key = relayHash(value);
  const leaf = isRelayApplicable(key, target) ? { key, value, weight: computeUnitsPerRelay } : undefined;
  const writes: Promise<void>[] = [];
  // The record first: batches reach the disk in order, so there is never a leaf of a session that nobody knows.
  if (records.get(session.name) === undefined) writes.push(records.put(newSessionRecord(session.name, session.terms)));
  const served = { signing, computeUnits: computeUnitsPerRelay };
  writes.push(journal.append(session.name, leaf === undefined ? served : { ...served, leaf }));
  await Promise.all(writes);
  return leaf === undefined ? { kind: 'missed' } : { kind: 'mined', leaf };
}
