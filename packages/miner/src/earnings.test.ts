import { expect, test } from 'vitest';
import { earningsOf } from './earnings.ts';
import type { SessionRecord } from './session-record.ts';

function record(state: SessionRecord['state'], amounts: Partial<SessionRecord> = {}): SessionRecord {
  return {
    sessionId: 's',
    supplier: 'pokt1a',
    applicationAddress: 'pokt1b',
    serviceId: 'tiny',
    startHeight: 1,
    endHeight: 10,
    computeUnitsPerRelay: '1',
    target: 'ff'.repeat(32),
    computeUnitsToTokensMultiplier: '1',
    computeUnitCostGranularity: '1',
    transactions: [],
    state,
    ...amounts,
  };
}

test('paid, pending and lost, by service', () => {
  expect(
    earningsOf([
      record('settled', { claimedUpokt: '100', settledUpokt: '90' }),
      record('settled', { claimedUpokt: '10', settledUpokt: '10' }),
      record('claimed', { claimedUpokt: '7' }),
      record('claim-missed', { claimedUpokt: '5' }),
      record('active'),
      record('empty', { serviceId: 'eth' }),
    ]),
  ).toEqual([
    { serviceId: 'eth', sessions: 1, pendingUpokt: 0n, settledUpokt: 0n, lostUpokt: {} },
    {
      serviceId: 'tiny',
      sessions: 5,
      pendingUpokt: 7n,
      settledUpokt: 100n,
      lostUpokt: { settled: 10n, 'claim-missed': 5n },
    },
  ]);
});
