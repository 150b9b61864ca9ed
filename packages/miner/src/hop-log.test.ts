import type { Hop, HopName } from '@decai/protocol/hop';
import { createMemoryDisk } from '@decai/protocol/memory-store';
import { expect, test } from 'vitest';
import { HopLog } from './hop-log.ts';

const SESSION = { session: 's1', supplier: 'pokt1a' };

function hop(name: HopName, at: number, facts: Hop['facts']): Hop {
  return { hop: name, at, role: 'miner', facts };
}

function names(log: HopLog, request: string): string[] {
  return log.hopsOf(request).map((found) => found.hop);
}

test('a relay’s hops and those of its session, in order of time', () => {
  const log = new HopLog(createMemoryDisk().openStore('trace'), 10);
  log.record(hop('relay.received', 1, { request: 'aa', ...SESSION }));
  log.record(hop('relay.received', 1, { request: 'bb', ...SESSION, session: 'other' }));
  log.record(hop('relay.mined', 2, { request: 'aa', ...SESSION }));
  log.record(hop('claim.submitted', 9, { ...SESSION, transaction: 'T' }));
  expect(names(log, 'aa')).toEqual(['relay.received', 'relay.mined', 'claim.submitted']);
  expect(names(log, 'bb')).toEqual(['relay.received']);
  expect(names(log, 'cc')).toEqual([]);
});

test('what was served survives a restart, what was under way does not', async () => {
  const disk = createMemoryDisk();
  const store = disk.openStore('trace');
  const log = new HopLog(store, 10);
  log.record(hop('relay.received', 1, { request: 'aa', ...SESSION }));
  log.record(hop('relay.received', 2, { request: 'bb', ...SESSION }));
  log.record(hop('relay.served', 3, { request: 'aa', ...SESSION }));
  log.record(hop('proof.submitted', 9, SESSION));
  await store.close();
  const again = new HopLog(disk.openStore('trace'), 10);
  expect(again.hopsOf('aa')).toEqual(log.hopsOf('aa'));
  expect(names(again, 'aa')).toEqual(['relay.received', 'relay.served', 'proof.submitted']);
  expect(names(again, 'bb')).toEqual([]);
});

test('the oldest is forgotten first, on the disk too', async () => {
  const disk = createMemoryDisk();
  const store = disk.openStore('trace');
  const log = new HopLog(store, 2);
  for (const [index, request] of ['aa', 'bb', 'cc'].entries()) {
    log.record(hop('relay.served', index, { request, ...SESSION }));
  }
  expect([names(log, 'aa'), names(log, 'cc')]).toEqual([[], ['relay.served']]);
  await store.close();
  expect(names(new HopLog(disk.openStore('trace'), 1), 'cc')).toEqual(['relay.served']);
});
