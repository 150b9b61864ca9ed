import { sessionWindows } from '@decai/protocol/session-grid';
import { createMemoryDisk } from '@decai/protocol/memory-store';
import { baseTarget } from '@decai/protocol/difficulty';
import { decode } from '@decai/protocol/codec';
import { RelayRequestSchema, RelayResponseSchema } from '@decai/protocol/gen/pocket/service/relay_pb';
import { utf8 } from '@decai/protocol/bytes';
import { sha256 } from '@decai/protocol/hash';
import { relayBytes, relayHash } from '@decai/protocol/relay';
import { expect, test } from 'vitest';
import { GroupCommit } from './group-commit.ts';
import { mineRelay, type Evidence } from './mine-relay.ts';
import { OpenSession } from './open-session.ts';
import { RelayJournal } from './relay-journal.ts';
import { RelayMeter } from './relay-meter.ts';
import { SessionRecords } from './session-record.ts';
import type { SessionTerms } from './session-terms.ts';

const NAME = { sessionId: 'aa', supplier: 'pokt1a' };
const request = decode(RelayRequestSchema, new Uint8Array(0));
const response = decode(RelayResponseSchema, new Uint8Array(0));
response.payload = utf8('not part of the leaf');
const ticket = { relay: { request }, signing: sha256(utf8('signing')) } as never;

function setUp(target: Uint8Array): { evidence: Evidence; session: OpenSession } {
  const store = createMemoryDisk().openStore('miner');
  const commit = new GroupCommit(store);
  const budget = {
    applicationStakeUpokt: 1n,
    suppliers: 1n,
    pendingSessions: 1n,
    computeUnitsToTokensMultiplier: 1n,
    computeUnitCostGranularity: 1n,
  };
  const terms = {
    session: { id: NAME.sessionId, applicationAddress: 'pokt1b', serviceId: 'tiny', startHeight: 1, endHeight: 10 },
    windows: sessionWindows({ numBlocksPerSession: 10 } as never, 1),
    computeUnitsPerRelay: 7n,
    target,
    price: budget,
    budget,
  } as unknown as SessionTerms;
  return {
    evidence: { journal: new RelayJournal(store, commit, 10), records: new SessionRecords(store, commit) },
    session: new OpenSession(NAME, terms, new RelayMeter(budget), new Set()),
  };
}

test('a relay below the target is a leaf: its bytes without the payload, under their hash', async () => {
  const { evidence, session } = setUp(baseTarget());
  const value = relayBytes(request, response);
  const leaf = { key: relayHash(value), value, weight: 7n };
  expect(await mineRelay(evidence, session, ticket, response)).toEqual({ kind: 'mined', leaf });
  expect([...evidence.journal.leaves(NAME)]).toEqual([leaf]);
  expect(Buffer.from(value).includes('not part of the leaf')).toBe(false);
  expect(evidence.records.get(NAME)).toMatchObject({ state: 'active', serviceId: 'tiny', computeUnitsPerRelay: '7' });
});

test('a relay at the target or above is remembered as served and is no leaf', async () => {
  const { evidence, session } = setUp(relayHash(relayBytes(request, response)));
  expect(await mineRelay(evidence, session, ticket, response)).toEqual({ kind: 'missed' });
  expect([...evidence.journal.leaves(NAME)]).toEqual([]);
  expect([...evidence.journal.served(NAME)]).toEqual([{ signing: sha256(utf8('signing')), computeUnits: 7n }]);
});

test('nothing is added to a sealed tree', async () => {
  const { evidence, session } = setUp(baseTarget());
  session.seal();
  expect(await mineRelay(evidence, session, ticket, response)).toEqual({ kind: 'late' });
  expect([...evidence.journal.served(NAME)]).toEqual([]);
});
