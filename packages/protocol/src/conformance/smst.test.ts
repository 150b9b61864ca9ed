import { expect, test } from 'vitest';
import { committedVectors, failuresOf } from '../testing/committed-vectors.ts';
import { smallTriesChecker } from './smst.ts';
import { largeTriesChecker } from './smst-large.ts';

const small = committedVectors('smst.json');
const large = committedVectors('smst-large.json');

test('smst.json: every root, node, proof and verdict agrees', () => {
  expect(smallTriesChecker.recognises(small)).toBe(true);
  expect(smallTriesChecker.recognises(large)).toBe(false);
  const { checked, failures } = failuresOf(smallTriesChecker, small);
  expect(failures).toEqual([]);
  expect(checked).toBeGreaterThan(900);
});

test('smst-large.json: trees of up to 100,000 leaves agree', () => {
  expect(largeTriesChecker.recognises(large)).toBe(true);
  expect(largeTriesChecker.recognises(small)).toBe(false);
  const { checked, failures } = failuresOf(largeTriesChecker, large);
  expect(failures).toEqual([]);
  expect(checked).toBeGreaterThan(1000);
});

test('a changed vector is noticed and named', () => {
  const changed = structuredClone(small) as {
    verdicts: { name: string; result: string }[];
    cases: { name: string; sum: string }[];
  };
  changed.verdicts[0]!.result = 'false';
  changed.cases[1]!.sum = '6';
  expect(failuresOf(smallTriesChecker, changed).failures).toMatchObject([
    { name: 'single-leaf: sum and count', expected: '6 1', actual: '5 1' },
    { name: 'verdict: untouched', expected: 'false', actual: 'true' },
  ]);
});
