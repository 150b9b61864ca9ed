/**
 * Many towns, each from its own seed, with killed miners and gateways, isolated miners, and a network that delays and loses.
 * Money is conserved in every block, and every mined relay is settled or explained.
 *
 * One seed alone: SWARM_SEED=swarm-17 npx vitest run packages/sim/src/swarm
 */
import { expect, test } from 'vitest';
import { liveThrough, type SwarmReport } from './swarm.ts';

const only = process.env.SWARM_SEED;
const seeds = only === undefined ? Array.from({ length: 200 }, (_unused, index) => `swarm-${index}`) : [only];

async function verdictOn(seed: string): Promise<SwarmReport> {
  const report = await liveThrough(seed).catch((thrown: unknown) => {
    throw new Error(`seed ${seed} failed: SWARM_SEED=${seed} npx vitest run packages/sim/src/swarm`, { cause: thrown });
  });
  expect(report.findings, `SWARM_SEED=${seed} npx vitest run packages/sim/src/swarm`).toEqual([]);
  return report;
}

test(
  `${seeds.length} towns: money is conserved, every mined relay is settled or explained`,
  async () => {
    const total = { answered: 0, failed: 0, settled: 0, aside: 0 };
    for (const seed of seeds) {
      const { answered, failed, fates, blocks } = await verdictOn(seed);
      expect(blocks).toBeGreaterThan(30);
      total.answered += answered;
      total.failed += failed;
      total.settled += fates.filter(({ state }) => state === 'settled').length;
      total.aside += fates.filter(({ state, mined }) => state !== 'settled' && mined > 0).length;
    }
    if (only !== undefined) return;
    // A swarm in which nothing is answered, or nothing ever goes wrong, proves nothing.
    expect(total.answered).toBeGreaterThan(seeds.length);
    expect(total.settled).toBeGreaterThan(seeds.length);
    expect(total.failed).toBeGreaterThan(0);
    expect(total.aside).toBeGreaterThan(0);
  },
  15 * 60_000,
);
