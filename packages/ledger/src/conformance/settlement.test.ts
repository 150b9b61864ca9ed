import { expect, test } from 'vitest';
import { committedVectors, failuresOf } from '@decai/protocol/testing/committed-vectors';
import { settlementChecker } from './settlement.ts';

const document = committedVectors('settlement.json');

test('every block that the reference keepers settled is settled alike', () => {
  expect(settlementChecker.recognises(document)).toBe(true);
  expect(failuresOf(settlementChecker, document)).toEqual({ checked: 160, failures: [] });
});
