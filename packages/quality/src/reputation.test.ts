import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SupplierOutcome } from '@decai/protocol/supplier-outcome';
import { observe, type Reputation, score, STRANGER } from './reputation.ts';

const MINUTE = 60_000;
const after = (outcomes: readonly SupplierOutcome[], from: Reputation = STRANGER) =>
  outcomes.reduce((reputation, outcome) => observe(reputation, outcome, MINUTE), from);
const times = (count: number, outcome: SupplierOutcome) => Array.from({ length: count }, () => outcome);

test('good answers raise the score of a stranger, failures lower it', () => {
  const stranger = score(STRANGER, MINUTE);
  expect(score(after(times(20, 'ok')), MINUTE)).toBeGreaterThan(stranger);
  expect(score(after(times(3, 'unreachable')), MINUTE)).toBeLessThan(stranger);
});

test('it is the rate that counts, not the traffic', () => {
  const small = after([...times(90, 'ok'), ...times(10, 'backend_error')]);
  const large = after([...times(900, 'ok'), ...times(100, 'backend_error')]);
  expect(Math.abs(score(small, MINUTE) - score(large, MINUTE))).toBeLessThan(5);
});

test('what says nothing about the supplier changes nothing', () => {
  const known = after(times(5, 'ok'));
  expect(after(['user_error', 'over_service'], known)).toBe(known);
});

test('the past fades: after a day a bad hour is forgotten', () => {
  const bad = after(times(50, 'truncated'));
  expect(score(bad, MINUTE)).toBeLessThan(25);
  expect(score(bad, 24 * 60 * MINUTE)).toBeCloseTo(score(STRANGER, 0), 0);
});

test('fraud is not forgotten', () => {
  const banned = after(['fraud', ...times(1_000, 'ok')]);
  expect(banned.banned).toBe(true);
  expect(score(banned, 48 * 60 * MINUTE)).toBe(0);
});

test('a score is a number from 0 to 100, and a worse outcome never scores higher', () => {
  const outcomes = fc.array(
    fc.constantFrom<SupplierOutcome>('ok', 'queue_full', 'timeout', 'malformed', 'truncated', 'user_error'),
  );
  fc.assert(
    fc.property(outcomes, (history) => {
      const reputation = after(history);
      const now = score(reputation, MINUTE);
      expect(now).toBeGreaterThanOrEqual(0);
      expect(now).toBeLessThanOrEqual(100);
      expect(score(observe(reputation, 'truncated', MINUTE), MINUTE)).toBeLessThanOrEqual(
        score(observe(reputation, 'ok', MINUTE), MINUTE),
      );
    }),
  );
});
