import { expect, test } from 'vitest';
import { compareCase } from './first-difference.ts';

test('equal values pass, whatever the order of their keys; a bigint is its decimal text', () => {
  expect(compareCase('same', { a: [1, '2'], b: null }, () => ({ b: null, a: [1, 2n] }))).toEqual({
    name: 'same',
    passed: true,
  });
});

test('the first difference is shown with its path', () => {
  const nested = compareCase('nested', { a: [{ b: 1 }, { b: 2 }] }, () => ({ a: [{ b: 1 }, { b: 3 }] }));
  expect(nested).toEqual({ name: 'nested', passed: false, expected: '/a/1/b: 2', actual: '/a/1/b: 3' });
  const shorter = compareCase('shorter', [1, 2], () => [1]);
  expect(shorter).toEqual({ name: 'shorter', passed: false, expected: '/1: 2', actual: '/1: nothing' });
  const longer = compareCase('longer', [1], () => [1, 2]);
  expect(longer).toEqual({ name: 'longer', passed: false, expected: '/1: nothing', actual: '/1: 2' });
  expect(compareCase('kinds', [], () => ({})).passed).toBe(false);
  expect(compareCase('texts', '2', () => 2).passed).toBe(false);
});

test('a throw is a failed case', () => {
  const verdict = compareCase('throws', { a: 1 }, () => {
    throw new Error('no');
  });
  expect(verdict).toEqual({ name: 'throws', passed: false, expected: '{"a":1}', actual: 'threw Error: no' });
});
