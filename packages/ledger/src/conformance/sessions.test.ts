import { expect, test } from 'vitest';
import { committedVectors, failuresOf } from '@decai/protocol/testing/committed-vectors';
import { sessionsChecker } from './sessions.ts';

const document = committedVectors('sessions.json');

test('every hydration of the reference keepers is found again', () => {
  expect(sessionsChecker.recognises(document)).toBe(true);
  expect(failuresOf(sessionsChecker, document)).toEqual({ checked: 120, failures: [] });
});

test('a changed value is noticed', () => {
  type Case = { result?: { suppliers: string[]; windows: { claimOpen: number } }; error?: { code: number } };
  const { cases } = structuredClone(document) as { cases: Case[] };
  for (const { result, error } of cases) {
    if (error !== undefined) error.code += 1;
    else if (result!.suppliers.length > 1) result!.suppliers.reverse();
    else result!.windows.claimOpen += 1;
  }
  const { checked, failures } = failuresOf(sessionsChecker, { cases });
  expect(failures).toHaveLength(checked);
});
