import { expect, test } from 'vitest';
import { committedVectors, failuresOf } from '@decai/protocol/testing/committed-vectors';
import { difficultyChecker } from './difficulty.ts';

const document = committedVectors('difficulty.json');

test('every sequence of updates of the reference keepers is repeated', () => {
  expect(difficultyChecker.recognises(document)).toBe(true);
  expect(failuresOf(difficultyChecker, document)).toEqual({ checked: 16, failures: [] });
});

test('a changed value is noticed', () => {
  type Sequence = {
    history: { numRelaysEma: string }[];
    lookups: { targetHash: string }[];
    steps: { events: unknown[] }[];
  };
  const changes: ((sequence: Sequence) => void)[] = [
    ({ history }) => void (history.at(-1)!.numRelaysEma += '0'),
    ({ lookups }) => void (lookups[0]!.targetHash = lookups[0]!.targetHash.replace(/^./, '1')),
    ({ steps }) => void steps.find(({ events }) => events.length > 0)!.events.pop(),
    ({ history }) => void history.pop(),
  ];
  for (const change of changes) {
    const { sequences } = structuredClone(document) as { sequences: Sequence[] };
    change(sequences[1]!);
    expect(failuresOf(difficultyChecker, { sequences }).failures).toHaveLength(1);
  }
});
