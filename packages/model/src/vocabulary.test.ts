import { expect, test } from 'vitest';
import { hashVocabulary, readVocabulary, type TokenizerMetadata } from './vocabulary.ts';

const metadata: TokenizerMetadata = {
  model: 'llama',
  tokens: ['<unk>', '<s>', '<0x0A>', '▁the', '▁'],
  scores: [0, 0, 0, -1, -2],
  token_type: [2, 3, 6, 1, 1],
};

test('control tokens have no bytes, byte tokens one, blanks are blanks', () => {
  expect(readVocabulary(metadata).map(({ bytes }) => Buffer.from(bytes).toString('utf8'))).toEqual([
    '',
    '',
    '\n',
    ' the',
    ' ',
  ]);
});

test('a vocabulary of another kind, or without types, is a fault', () => {
  for (const other of [
    { ...metadata, model: 'gpt2' },
    { model: 'llama', tokens: ['a'] },
    { ...metadata, token_type: [1] },
  ]) {
    expect(() => readVocabulary(other)).toThrow(expect.objectContaining({ code: 'VOCABULARY_UNKNOWN' }));
  }
});

test('the hash changes with a token, a score, a type or their order', () => {
  const hashes = [
    metadata,
    { ...metadata, tokens: ['<unk>', '<s>', '<0x0A>', '▁a', '▁'] },
    { ...metadata, scores: [0, 0, 0, -1, -3] },
    { ...metadata, token_type: [2, 3, 6, 1, 4] },
    { ...metadata, tokens: [...metadata.tokens!].reverse() },
  ].map(hashVocabulary);
  expect(new Set(hashes).size).toBe(hashes.length);
});
