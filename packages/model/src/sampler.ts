/**
 * Chooses the next token from the model's distribution.
 *
 * The choice is made here and not in llama.cpp, so that it follows from the seed in every version of the engine, and the
 * reported log-probabilities stay those of the plain model, whatever the temperature.
 */
import type { Sampling } from './engine.ts';
import { seededRandom } from './seeded-random.ts';

/** Log-probabilities by token id, likeliest first. */
export type Distribution = ReadonlyMap<number, number>;

export type Sampler = {
  /** The next token. Remembers what it chose, for the penalties. */
  choose(distribution: Distribution): number;
};

export function createSampler(sampling: Sampling): Sampler {
  const random = seededRandom(sampling.seed);
  const counts = new Map<number, number>();
  return {
    choose(distribution) {
      const ranked = adjust(distribution, sampling, counts);
      const chosen = sampling.temperature === 0 ? ranked[0]![0] : draw(ranked, sampling, random());
      counts.set(chosen, (counts.get(chosen) ?? 0) + 1);
      return chosen;
    },
  };
}

type Ranked = readonly (readonly [id: number, score: number])[];

/** Adds bias and takes off penalties; likeliest first again. Ties go to the lower id, so that order never depends on the engine. */
function adjust(distribution: Distribution, sampling: Sampling, counts: ReadonlyMap<number, number>): Ranked {
  const isPlain = sampling.bias.size === 0 && sampling.presencePenalty === 0 && sampling.frequencyPenalty === 0;
  const entries = [...distribution];
  const scored = isPlain
    ? entries
    : entries.map(([id, logProbability]): [number, number] => {
        const count = counts.get(id) ?? 0;
        const penalty = (count > 0 ? sampling.presencePenalty : 0) + count * sampling.frequencyPenalty;
        return [id, logProbability + (sampling.bias.get(id) ?? 0) - penalty];
      });
  return scored.sort((one, other) => other[1] - one[1] || one[0] - other[0]);
}

/** The token at `at` (in [0, 1)) of the distribution after temperature and top-p. */
function draw(ranked: Ranked, sampling: Sampling, at: number): number {
  const best = ranked[0]![1];
  const weights = ranked.map(([, score]) => Math.exp((score - best) / sampling.temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let kept = 0;
  let keptWeight = 0;
  while (kept < weights.length && (kept === 0 || keptWeight < sampling.topP * total)) {
    keptWeight += weights[kept]!;
    kept += 1;
  }
  let rest = at * keptWeight;
  for (let index = 0; index < kept; index += 1) {
    rest -= weights[index]!;
    if (rest < 0) return ranked[index]![0];
  }
  return ranked[kept - 1]![0];
}
