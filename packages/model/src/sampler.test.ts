import { describe, expect, test } from 'vitest';
import { GREEDY, type Sampling } from './engine.ts';
import { createSampler, type Distribution } from './sampler.ts';

const distribution: Distribution = new Map([
  [5, Math.log(0.5)],
  [9, Math.log(0.3)],
  [2, Math.log(0.2)],
]);

function shares(sampling: Partial<Sampling>, draws = 4000): Map<number, number> {
  const counts = new Map<number, number>();
  for (let seed = 0; seed < draws; seed += 1) {
    const id = createSampler({ ...GREEDY, temperature: 1, ...sampling, seed }).choose(distribution);
    counts.set(id, (counts.get(id) ?? 0) + 1 / draws);
  }
  return counts;
}

describe('temperature', () => {
  test('0 takes the likeliest, whatever the seed', () => {
    for (const seed of [0, 1, 99]) expect(createSampler({ ...GREEDY, seed }).choose(distribution)).toBe(5);
  });

  test('1 draws in proportion to the probabilities', () => {
    const drawn = shares({});
    expect(drawn.get(5)).toBeCloseTo(0.5, 1);
    expect(drawn.get(9)).toBeCloseTo(0.3, 1);
    expect(drawn.get(2)).toBeCloseTo(0.2, 1);
  });

  test('below 1 prefers the likely, above 1 the unlikely', () => {
    expect(shares({ temperature: 0.5 }).get(5)).toBeCloseTo(0.25 / 0.38, 1);
    expect(shares({ temperature: 2 }).get(5)!).toBeLessThan(0.45);
  });
});

test('top-p keeps the likeliest until their sum is reached, and at least one', () => {
  expect([...shares({ topP: 0.6 }).keys()].sort()).toEqual([5, 9]);
  expect([...shares({ topP: 0.5 }).keys()]).toEqual([5]);
  expect([...shares({ topP: 0 }).keys()]).toEqual([5]);
});

test('a bias can forbid a token or force it', () => {
  expect(createSampler({ ...GREEDY, bias: new Map([[5, -100]]) }).choose(distribution)).toBe(9);
  expect(createSampler({ ...GREEDY, bias: new Map([[2, 100]]) }).choose(distribution)).toBe(2);
});

test('penalties make what was chosen before less likely', () => {
  const frequency = createSampler({ ...GREEDY, frequencyPenalty: 0.6 });
  expect([1, 2, 3].map(() => frequency.choose(distribution))).toEqual([5, 9, 5]);
  const presence = createSampler({ ...GREEDY, presencePenalty: 2 });
  expect([1, 2, 3, 4].map(() => presence.choose(distribution))).toEqual([5, 9, 2, 5]);
});

test('a tie goes to the lower id, in whatever order the engine lists them', () => {
  const tie = new Map([
    [8, Math.log(0.5)],
    [3, Math.log(0.5)],
  ]);
  expect(createSampler(GREEDY).choose(tie)).toBe(3);
});
