/**
 * What a supplier's past says about the next request: rates of failure that fade, never sums that only grow.
 *
 * A sum measures how much traffic someone had; a rate measures how good he was. Speed is not part of it: a slow honest
 * answer is good. The score uses the pessimistic end of what the observations allow, so nobody is condemned, or trusted,
 * on a handful of them.
 */

import type { SupplierOutcome } from '@decai/protocol/supplier-outcome';

/** How bad one outcome is, from 0 to 1; outcomes without a number are not counted. */
const SEVERITY: Readonly<Partial<Record<SupplierOutcome, number>>> = {
  ok: 0,
  queue_full: 0.05,
  unreachable: 0.5,
  timeout: 0.5,
  backend_error: 0.5,
  malformed: 0.7,
  truncated: 0.8,
  fraud: 1,
};

const HALF_LIFE_MS = 30 * 60 * 1_000;
/** What is believed of a stranger, in observations. */
const PRIOR = { bad: 0.2, count: 2.2 };
/** One-sided 90 % of a normal distribution. */
const Z90 = 1.2816;

export type Reputation = {
  /** Sum of severities, faded. */
  readonly bad: number;
  /** Number of observations, faded. */
  readonly count: number;
  /** When the two were last faded, in milliseconds since the epoch. */
  readonly atMs: number;
  /** Set by one piece of fraud, and kept. */
  readonly banned: boolean;
};

export const STRANGER: Reputation = { bad: 0, count: 0, atMs: 0, banned: false };

/** The reputation after one more outcome. */
export function observe(reputation: Reputation, outcome: SupplierOutcome, nowMs: number): Reputation {
  const severity = SEVERITY[outcome];
  if (severity === undefined) return reputation;
  const fade = fading(reputation, nowMs);
  return {
    bad: reputation.bad * fade + severity,
    count: reputation.count * fade + 1,
    atMs: nowMs,
    banned: reputation.banned || outcome === 'fraud',
  };
}

/** From 0 (always fails) to 100 (never does); a stranger scores about 64. */
export function score(reputation: Reputation, nowMs: number): number {
  if (reputation.banned) return 0;
  const fade = fading(reputation, nowMs);
  const count = reputation.count * fade + PRIOR.count;
  const badness = (reputation.bad * fade + PRIOR.bad) / count;
  const spread = Math.sqrt((badness * (1 - badness)) / (count + 1));
  return 100 * (1 - Math.min(1, badness + Z90 * spread));
}

function fading(reputation: Reputation, nowMs: number): number {
  return 0.5 ** (Math.max(0, nowMs - reputation.atMs) / HALF_LIFE_MS);
}
