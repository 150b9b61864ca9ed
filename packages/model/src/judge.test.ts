import { expect, test } from 'vitest';
import { judge, type Question } from './judge.ts';

const question: Question = {
  id: 'x',
  topic: 'network',
  ask: 'Who?',
  mustContain: [['royalt', 'share'], ['source']],
  mustNotContain: ['gateway'],
};

test('every group needs a hit at the beginning of a word, in any case', () => {
  expect(judge(question, 'ROYALTIES go to the Source.', 'stop')).toBeUndefined();
  expect(judge(question, 'A share goes to the supplier.', 'stop')).toBe('none of: source');
  expect(judge(question, 'An outsource share.', 'stop')).toBe('none of: source');
});

test('nothing forbidden may occur', () => {
  expect(judge(question, 'A share for the source and the gateway.', 'stop')).toBe('contains: gateway');
});

test('an answer without an end is wrong', () => {
  expect(judge(question, 'A share for the source', 'length')).toBe('the answer did not end');
});

test('the last number is the result', () => {
  const sum: Question = { ...question, mustContain: [], mustNotContain: [], lastNumber: 15 };
  expect(judge(sum, '7 + 8 = 15.', 'stop')).toBeUndefined();
  expect(judge(sum, '15 + 8 = 23.', 'stop')).toBe('expected 15, got 23');
  expect(judge(sum, 'I do not know.', 'stop')).toBe('expected 15, got no number');
});

test('a story has its length', () => {
  const story: Question = { ...question, mustContain: [['fox']], mustNotContain: [], minWords: 4 };
  expect(judge(story, 'A fox.', 'stop')).toBe('only 2 words');
});
