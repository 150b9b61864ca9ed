import { expect, test } from 'vitest';
import { committedVectors, failuresOf } from '../testing/committed-vectors.ts';
import { protocolValuesChecker } from './protocol-values.ts';

const document = committedVectors('protocol.json');

test('protocol.json: every value agrees', () => {
  expect(protocolValuesChecker.recognises(document)).toBe(true);
  const { checked, failures } = failuresOf(protocolValuesChecker, document);
  expect(failures).toEqual([]);
  expect(checked).toBeGreaterThan(400);
});

test('a changed value is noticed and named', () => {
  const changed = structuredClone(document) as { proofPaths: { Path: string }[] };
  changed.proofPaths[0]!.Path = '00'.repeat(32);
  expect(failuresOf(protocolValuesChecker, changed).failures).toMatchObject([{ name: 'proof path 0' }]);
});

test('another document is not recognised', () => {
  for (const other of [null, [], {}, 'text', { difficulty: [] }]) {
    expect(protocolValuesChecker.recognises(other)).toBe(false);
  }
});
