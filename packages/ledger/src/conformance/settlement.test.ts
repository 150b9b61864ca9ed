import { expect, test } from 'vitest';
import { committedVectors, failuresOf } from '@decai/protocol/testing/committed-vectors';
import { settlementChecker } from './settlement.ts';

const document = committedVectors('settlement.json');

test('every block that the reference keepers settled is settled alike', () => {
  expect(settlementChecker.recognises(document)).toBe(true);
  expect(failuresOf(settlementChecker, document)).toEqual({ checked: 160, failures: [] });
});

type Case = {
  name: string;
  priced: { claimed: string }[];
  result: {
    events: unknown[];
    batches: unknown[][];
    accountBalances: Record<string, string>;
    settled: { burns: unknown[][] }[];
  };
};

test.each<[string, (changed: Case) => void]>([
  ['price', ({ priced }) => void (priced[0]!.claimed += '0')],
  ['event', ({ result }) => void result.events.pop()],
  ['operation', ({ result }) => void (result.settled[0]!.burns[0]![2] = '1')],
  ['batch', ({ result }) => void result.batches.reverse()],
  ['balance', ({ result }) => void (result.accountBalances[Object.keys(result.accountBalances)[0]!] = '1')],
])('a changed %s is noticed', (_what, change) => {
  const { cases } = document as { cases: Case[] };
  const changed = structuredClone(cases.find(({ result }) => result.batches.length > 1 && result.settled.length > 1)!);
  expect(failuresOf(settlementChecker, { cases: [changed] }).failures).toEqual([]);
  change(changed);
  expect(failuresOf(settlementChecker, { cases: [changed] }).failures).toHaveLength(1);
});
