import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { expect, test } from 'vitest';
import { renameModel, renameModelInUnit } from './model-name.ts';

test('the model is renamed, the rest is not', () => {
  const renamed = renameModel(utf8('{"model":"tiny","messages":[{"model":"inner"}]}'), 'local');
  expect(fromUtf8(renamed.body)).toBe('{"model":"local","messages":[{"model":"inner"}]}');
  expect(renamed.before).toBe('tiny');
});

test.each(['', '[1]', '{"a":1}', '{"model":7}', '{"model":', 'plain', '{"model":"local"}'])(
  '%j passes byte for byte',
  (text) => {
    const body = utf8(text);
    expect(renameModel(body, 'local').body).toBe(body);
  },
);

test.each([
  ['data: {"model":"local","id":1}\n\n', 'data: {"model":"tiny","id":1}\n\n'],
  ['data: {"model":"local"}\r\n\r\n', 'data: {"model":"tiny"}\r\n\r\n'],
  ['event: x\ndata:{"model":"local"}\n\n', 'event: x\ndata:{"model":"tiny"}\n\n'],
  ['{"model":"local","done":true}\n', '{"model":"tiny","done":true}\n'],
  ['data: [DONE]\n\n', 'data: [DONE]\n\n'],
  ['data: {"text":"\\"model\\""}\n\n', 'data: {"text":"\\"model\\""}\n\n'],
  [': a comment about "model"\n\n', ': a comment about "model"\n\n'],
])('in a stream: %j', (unit, expected) => {
  expect(fromUtf8(renameModelInUnit(utf8(unit), 'tiny'))).toBe(expected);
});
