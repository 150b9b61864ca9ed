import { expect, test } from 'vitest';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { type InferenceApi, type InferenceRequest, parseInference } from './inference-request.ts';
import { readSupplierRefusal, readWholeAnswer } from './whole-answer.ts';

function request(api: InferenceApi, more: object = {}): InferenceRequest {
  const fields = { chat: { messages: [{ role: 'user' }] }, completions: { prompt: 'a' }, embeddings: { input: 'a' } }[
    api
  ];
  const parsed = parseInference(api, utf8(JSON.stringify({ model: 'small', ...fields, ...more })));
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed;
}
const json = (document: unknown) => utf8(JSON.stringify(document));

test('a good answer passes; its id and usage are seen', () => {
  const answer = {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 7,
    choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4, prompt_tokens_details: { cached_tokens: 1 } },
  };
  const read = readWholeAnswer(request('chat'), json(answer), 0);
  expect(read).toMatchObject({ ok: true, id: 'chatcmpl-1', usage: { promptTokens: 3, totalTokens: 4 } });
  if (read.ok) expect(JSON.parse(fromUtf8(read.body))).toEqual(answer);
});

test('a careless answer is mended', () => {
  const read = readWholeAnswer(request('chat'), json({ choices: [{ message: { content: 'hi' } }] }), 9_000);
  if (!read.ok) throw new Error(read.message);
  expect(JSON.parse(fromUtf8(read.body))).toEqual({
    created: 9,
    choices: [{ index: 0, message: { content: 'hi' }, finish_reason: 'stop' }],
  });
});

test.each([
  ['not JSON', utf8('<html>')],
  ['a list', json([1])],
  ['no choices', json({ id: 'x' })],
  ['empty choices', json({ choices: [] })],
  ['a choice that is none', json({ choices: [null] })],
])('%s is broken', (_name, bytes) => {
  expect(readWholeAnswer(request('chat'), bytes, 0)).toMatchObject({ ok: false, code: 'supplier_answer_broken' });
});

test('embeddings are turned into base64 for those who want it', () => {
  const answer = json({
    object: 'list',
    data: [{ index: 0, embedding: [1, -0.5] }],
    usage: { prompt_tokens: 2, total_tokens: 2 },
  });
  const read = readWholeAnswer(request('embeddings', { encoding_format: 'base64' }), answer, 0);
  if (!read.ok) throw new Error(read.message);
  const bytes = Buffer.from(JSON.parse(fromUtf8(read.body)).data[0].embedding, 'base64');
  expect([bytes.readFloatLE(0), bytes.readFloatLE(4)]).toEqual([1, -0.5]);
  expect(read.usage).toMatchObject({ promptTokens: 2, completionTokens: 0, totalTokens: 2 });
  expect(readWholeAnswer(request('embeddings'), json({ data: [{ embedding: 'AAAA' }] }), 0)).toMatchObject({
    ok: false,
  });
});

test('usage that is no count is unknown, not zero', () => {
  const choices = [{ message: { content: '' } }];
  for (const usage of [undefined, null, {}, { prompt_tokens: '3' }, { prompt_tokens: -1, completion_tokens: 1 }]) {
    expect(readWholeAnswer(request('chat'), json({ choices, usage }), 0)).toMatchObject({ ok: true, usage: undefined });
  }
});

test('a supplier that refuses is heard as far as it helps the client', () => {
  const body = {
    error: { message: "This model's maximum context length is 512 tokens", param: 'messages', code: null },
  };
  expect(readSupplierRefusal(json(body))).toMatchObject({ code: 'context_length_exceeded', param: 'messages' });
  expect(readSupplierRefusal(utf8('no json'))).toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('refused'),
  });
});
