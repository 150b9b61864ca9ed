/**
 * The end of a block in which many sessions settle at once: what it costs to verify their proofs, on one thread and on all,
 * and how the rest of the block grows from a hundred claims to ten thousand.
 *
 * Twenty suppliers a session, three shares of revenue each, five validators, every claim proven and paid in full. The
 * rest of the block is everything but the verdicts: events, payments, the root of the state and the list of writes.
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
    // The first block also warms up, and wakes the threads.
    settle(proven.slice(0, COMPARED), shared);
    const inline = settle(proven.slice(0, COMPARED), inlineProofJudges);
    const blocks = SIZES.map((claims) => ({ claims, ...settle(proven.slice(0, claims), shared) }));
    const base = blocks[0]!;
    const compared = blocks.find(({ claims }) => claims === COMPARED)!;
    return [
      {
        what: `proofs of ${COMPARED} claims, verified`,
        ours: `${perClaim(compared.verifyMs)} on ${threads + 1} threads`,
        baseline: `${perClaim(inline.verifyMs)} on one`,
        ratio: inline.verifyMs / compared.verifyMs,
        ratioMeans: 'times faster',
      },
      ...blocks.slice(1).map(({ claims, verifyMs, restMs }) => ({
        what: `block of ${claims} claims, after verification`,
        ours: `${restMs.toFixed(0)} ms (${verifyMs.toFixed(0)} before)`,
        baseline: `${base.claims} claims ${base.restMs.toFixed(1)} ms`,
        ratio: restMs / base.restMs,
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

/** One block: the time that the judges took, and the time of everything else. */
function settle(proven: readonly ProvenClaim[], judges: ProofJudges): { verifyMs: number; restMs: number } {
  let verifyMs = 0;
  const ledger = new Ledger(provenTown(proven), {
    proofJudges(cases) {
      const started = performance.now();
      const verdicts = judges(cases);
      verifyMs += performance.now() - started;
      return verdicts;
    },
  });
  const timeNs = BigInt(DUE_HEIGHT) * 1_000_000_000n;
  const started = performance.now();
  const block = ledger.finalizeBlock({ height: DUE_HEIGHT, timeNs, hash: hashOf(DUE_HEIGHT), transactions: [] });
  const blockMs = performance.now() - started;
  const settled = eventsNamed(block, 'EventClaimSettled');
  if (settled !== proven.length) throw new Error(`${settled} of ${proven.length} claims settled`);
  return { verifyMs, restMs: blockMs - verifyMs };
}

function eventsNamed({ events }: BlockResult, name: string): number {
  return events.filter(({ type }) => type.endsWith(`.${name}`)).length;
}
