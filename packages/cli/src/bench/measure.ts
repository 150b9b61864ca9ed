/**
 * Measures things against each other in one run: rounds in turn, so that whatever the machine does meanwhile is done to all.
 */

export type Candidate = {
  readonly name: string;
  /** Does the work `times` times. */
  readonly run: (times: number) => void | Promise<void>;
};

export type Measured = {
  readonly name: string;
  /** Microseconds of one time: the median over the rounds. */
  readonly usMedian: number;
};

const ROUND_MS = 120;

/**
 * The median time of each candidate over `rounds` rounds, in the order given.
 *
 * How often a candidate runs in a round is found in a first round, which does not count and warms it up.
 */
export async function measure(candidates: readonly Candidate[], rounds = 7): Promise<Measured[]> {
  const plans: { candidate: Candidate; times: number; samples: number[] }[] = [];
  for (const candidate of candidates) {
    let times = 1;
    for (;;) {
      const ms = await timed(candidate, times);
      if (ms >= ROUND_MS / 4) {
        plans.push({ candidate, times: Math.max(1, Math.round((times * ROUND_MS) / ms)), samples: [] });
        break;
      }
      times *= 4;
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const plan of plans) plan.samples.push((1_000 * (await timed(plan.candidate, plan.times))) / plan.times);
  }
  return plans.map(({ candidate: { name }, samples }) => ({ name, usMedian: median(samples) }));
}

async function timed({ run }: Candidate, times: number): Promise<number> {
  const started = performance.now();
  await run(times);
  return performance.now() - started;
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** The nearest-rank quantile of samples in any order. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
