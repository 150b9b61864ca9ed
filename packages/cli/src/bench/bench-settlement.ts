/**
 * Many sessions that end together: what it costs to verify the proofs of their claims, on one thread and on all, and how
 * the block in which they settle grows from a hundred claims to ten thousand.
 *
 * Twenty suppliers a session, three shares of revenue each, five validators, every claim proven and paid in full. The block
 * that settles is measured whole and runs on one thread: payments, events, the root of the state and the list of writes.
 */
import { availableParallelism } from 'node:os';
import { inlineProofJudges, PROOF_JUDGE, proofJudges, type ProofJudges } from '@decai/ledger/judge-proof';
import { Ledger, type BlockResult } from '@decai/ledger/ledger';
import { hashOf } from '@decai/ledger/test-chain';
import { createWorld } from '@decai/world';
import { DUE_HEIGHT, provenClaims, provenTown, type ProvenClaim } from './proven-town.ts';
import type { BenchLine } from './report.ts';

const SIZES = [100, 1_000, 3_000, 10_000];
/** How many claims show what threads are good for. */
const COMPARED = 1_000;

export async function benchSettlement(): Promise<BenchLine[]> {
  const proven = provenClaims(Math.max(...SIZES));
  const threads = availableParallelism() - 1;
  const judges = createWorld({ dataDirectory: '.' }).openJudges(PROOF_JUDGE, threads);
  const shared = proofJudges((tasks) => judges.judgeAll(tasks));
  try {
    // The first town also warms up, and wakes the threads.
    proveAndSettle(proven.slice(0, COMPARED), shared);
    const inline = proveAndSettle(proven.slice(0, COMPARED), inlineProofJudges);
    const towns = SIZES.map((claims) => ({ claims, ...proveAndSettle(proven.slice(0, claims), shared) }));
    const base = towns[0]!;
    const compared = towns.find(({ claims }) => claims === COMPARED)!;
    return [
      {
        what: `proofs of ${COMPARED} claims, verified`,
        ours: `${perClaim(compared.judgeMs)} on ${threads + 1} threads`,
        baseline: `${perClaim(inline.judgeMs)} on one`,
        ratio: inline.judgeMs / compared.judgeMs,
        ratioMeans: 'times faster',
      },
      ...towns.slice(1).map(({ claims, judgeMs, recordMs, settleMs }) => ({
        what: `block that settles ${claims} proven claims`,
        ours: `${settleMs.toFixed(0)} ms (proofs: ${judgeMs.toFixed(0)} + ${recordMs.toFixed(0)})`,
        baseline: `${base.claims} claims ${base.settleMs.toFixed(1)} ms`,
        ratio: settleMs / base.settleMs,
        ratioMeans: `times the cost for ${claims / base.claims} times the claims`,
      })),
    ];
  } finally {
    await judges.close();
  }
}

function perClaim(ms: number): string {
  return `${((1_000 * ms) / COMPARED).toFixed(0)} µs a claim`;
}

type Spent = {
  /** Until all proofs had their verdicts. */
  readonly judgeMs: number;
  /** The rest of the block that verified them. */
  readonly recordMs: number;
  /** The block that settled the claims. */
  readonly settleMs: number;
};

function proveAndSettle(proven: readonly ProvenClaim[], judges: ProofJudges): Spent {
  let judgeMs = 0;
  const disk = provenTown(proven);
  const ledger = new Ledger(disk, {
    proofJudges(cases) {
      const started = performance.now();
      const verdicts = judges(cases);
      judgeMs += performance.now() - started;
      return verdicts;
    },
  });
  const verified = timedBlock(ledger, DUE_HEIGHT - 1);
  disk.write(verified.block.writes);
  const settled = timedBlock(ledger, DUE_HEIGHT);
  const count = settled.block.events.filter(({ type }) => type.endsWith('.EventClaimSettled')).length;
  if (count !== proven.length) throw new Error(`${count} of ${proven.length} claims settled`);
  return { judgeMs, recordMs: verified.ms - judgeMs, settleMs: settled.ms };
}

function timedBlock(ledger: Ledger, height: number): { readonly block: BlockResult; readonly ms: number } {
  const started = performance.now();
  const timeNs = BigInt(height) * 1_000_000_000n;
  const block = ledger.finalizeBlock({ height, timeNs, hash: hashOf(height), transactions: [] });
  return { block, ms: performance.now() - started };
}
