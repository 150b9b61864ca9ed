import { expect, test } from 'vitest';
import { BackendGate, type GateVerdict } from './backend-gate.ts';
import { manualClock } from '@decai/client/testing/manual-clock';

const LIMITS = { inflightMax: 1, queueMax: 3, queueTimeoutMs: 100 };
const never = new AbortController().signal;

function leave(verdict: GateVerdict): void {
  if (verdict.kind !== 'pass') throw new Error(`expected a pass, got ${verdict.kind}`);
  verdict.leave();
}

test('there is room for so many, then a queue for so many, then none', async () => {
  const gate = new BackendGate(LIMITS, manualClock(1_700_000_000_000).sleep);
  expect((await gate.enter('a', never)).kind).toBe('pass');
  void gate.enter('a', never);
  void gate.enter('a', never);
  void gate.enter('a', never);
  expect(await gate.enter('b', never)).toEqual({ kind: 'full' });
  expect([gate.inflight, gate.queued]).toEqual([1, 3]);
});

test('applications take turns however many requests one of them has', async () => {
  const gate = new BackendGate(LIMITS, manualClock(1_700_000_000_000).sleep);
  const order: string[] = [];
  const first = await gate.enter('x', never);
  const rest = ['a', 'a', 'b'].map(async (application, index) => {
    const verdict = await gate.enter(application, never);
    order.push(`${application}${index}`);
    leave(verdict);
  });
  leave(first);
  await Promise.all(rest);
  expect(order).toEqual(['a0', 'b2', 'a1']);
  expect([gate.inflight, gate.queued]).toEqual([0, 0]);
});

test('nobody waits beyond the deadline', async () => {
  const clock = manualClock(1_700_000_000_000);
  const gate = new BackendGate(LIMITS, clock.sleep);
  const inside = await gate.enter('a', never);
  const waiting = gate.enter('b', never);
  await clock.advance(100);
  expect(await waiting).toEqual({ kind: 'timeout' });
  expect(gate.queued).toBe(0);
  leave(inside);
  expect(gate.inflight).toBe(0);
});

test('who hangs up leaves the queue', async () => {
  const gate = new BackendGate(LIMITS, manualClock(1_700_000_000_000).sleep);
  const inside = await gate.enter('a', never);
  const hangUp = new AbortController();
  const waiting = gate.enter('b', hangUp.signal);
  hangUp.abort();
  expect(await waiting).toEqual({ kind: 'gone' });
  expect(await gate.enter('b', hangUp.signal)).toEqual({ kind: 'gone' });
  leave(inside);
  expect([gate.inflight, gate.queued]).toEqual([0, 0]);
});

test('a place given in the instant of the timeout is not lost', async () => {
  const clock = manualClock(1_700_000_000_000);
  const gate = new BackendGate(LIMITS, clock.sleep);
  const inside = await gate.enter('a', never);
  const waiting = gate.enter('b', never);
  const advanced = clock.advance(100);
  leave(inside);
  await advanced;
  const verdict = await waiting;
  if (verdict.kind === 'pass') verdict.leave();
  expect([gate.inflight, gate.queued]).toEqual([0, 0]);
});

test('leaving twice gives back one place', async () => {
  const gate = new BackendGate(LIMITS, manualClock(1_700_000_000_000).sleep);
  const inside = await gate.enter('a', never);
  leave(inside);
  leave(inside);
  expect(gate.inflight).toBe(0);
});
