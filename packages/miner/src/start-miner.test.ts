import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import type { HttpHandler } from '@decai/protocol/http';
import { afterEach, expect, test } from 'vitest';
import { openTown, type Town } from './testing/test-town.ts';

const answers =
  (text: string, status = 200): HttpHandler =>
  () =>
    Promise.resolve({ status, headers: { 'content-type': 'application/json' }, body: utf8(text) });

let town: Town;
afterEach(() => town.stop());

test('one relay is served, mined, claimed, proven and paid', async () => {
  town = await openTown(answers('{"ok":true}'));
  const answer = await town.send(await town.sign());
  expect(answer.ok && answer.kind === 'whole' && fromUtf8(answer.body)).toBe('{"ok":true}');
  await town.tickTo(24);
  expect(town.troubles).toEqual([]);
  expect(town.hops.map(({ hop }) => hop)).toEqual([
    'relay.received',
    'relay.admitted',
    'backend.called',
    'backend.answered',
    'relay.served',
    'relay.mined',
    'claim.submitted',
    'proof.submitted',
  ]);
  expect(town.miner.records()).toMatchObject([{ state: 'settled', claimedUpokt: '1000', settledUpokt: '1000' }]);
});
