import { expect, test } from 'vitest';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import type { InferenceRequest } from './inference-request.ts';
import { parseInference } from './inference-request.ts';
import { mendStream, type StreamReport } from './stream-answer.ts';

function requestWith(more: object): InferenceRequest {
  const parsed = parseInference(
    'chat',
    utf8(JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'hi' }], stream: true, ...more })),
  );
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed;
}

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield utf8(text);
}

async function mend(events: readonly (object | string)[], more: object = {}) {
  const report: StreamReport = { id: undefined, usage: undefined, failure: undefined };
  const text = events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
  const written: string[] = [];
  for await (const piece of mendStream(requestWith(more), pieces(text), 5_000, report)) written.push(fromUtf8(piece));
  const out = written.map((event) => event.slice(6, -2));
  return { report, last: out.at(-1), chunks: out.filter((data) => data !== '[DONE]').map((data) => JSON.parse(data)) };
}

const base = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 7, model: 'small' };
const word = (content: string) => ({ ...base, choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const finish = { ...base, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const counts = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const usage = { ...base, choices: [], usage: counts };

test('a good stream passes, and its usage stands on the finish chunk when nobody asked', async () => {
  const { chunks, last, report } = await mend([word('a'), word('b'), finish, usage, '[DONE]']);
  expect(chunks.map(({ choices }) => choices[0].delta)).toEqual([
    { role: 'assistant', content: 'a' },
    { content: 'b' },
    {},
  ]);
  expect(chunks.map((chunk) => chunk.usage)).toEqual([undefined, undefined, counts]);
  expect(last).toBe('[DONE]');
  expect(report).toMatchObject({ id: 'chatcmpl-1', usage: { totalTokens: 5 }, failure: undefined });
});

test('who asked for usage gets it as a last chunk without choices, and null before', async () => {
  const { chunks } = await mend([word('a'), finish, usage, '[DONE]'], { stream_options: { include_usage: true } });
  expect(chunks.map(({ choices, usage: given }) => [choices.length, given])).toEqual([
    [1, null],
    [1, null],
    [0, counts],
  ]);
});

test('careless chunks are mended: no id, no index, no delta, a role in each, a second finish', async () => {
  const { chunks } = await mend([
    { choices: [{ delta: { role: 'assistant', content: 'a' } }] },
    { id: 'x2', choices: [{ delta: { role: 'assistant', content: 'b' } }] },
    { choices: [{ finish_reason: 'length' }] },
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    '[DONE]',
  ]);
  expect(new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`))).toEqual(
    new Set(['chatcmpl-5000 5 small']),
  );
  expect(chunks.map(({ choices }) => choices[0])).toEqual([
    { index: 0, delta: { role: 'assistant', content: 'a' }, finish_reason: null },
    { index: 0, delta: { content: 'b' }, finish_reason: null },
    { index: 0, delta: {}, finish_reason: 'length' },
  ]);
});

test('several choices keep their own roles and ends', async () => {
  const of = (index: number, finish_reason: string | null) => ({
    ...base,
    choices: [{ index, delta: {}, finish_reason }],
  });
  const { chunks } = await mend([of(0, null), of(1, null), of(1, 'stop'), of(0, 'length'), usage, '[DONE]']);
  expect(chunks.map(({ choices: [choice] }) => [choice.index, choice.delta.role ?? '', choice.finish_reason])).toEqual([
    [0, 'assistant', null],
    [1, 'assistant', null],
    [1, '', 'stop'],
    [0, '', 'length'],
  ]);
});

test('a supplier that says it is done without a finish reason gets one', async () => {
  const { chunks, last } = await mend([word('a'), '[DONE]']);
  expect(chunks.at(-1).choices[0].finish_reason).toBe('stop');
  expect(last).toBe('[DONE]');
});

test.each([
  ['ends in the middle', [word('a')]],
  ['says nothing at all', []],
  ['says it is done and nothing else', ['[DONE]']],
  ['reports an error', [word('a'), { error: { message: 'secret address 10.0.0.1' } }]],
  ['sends no JSON', [word('a'), '{"choices":']],
  ['sends no choices', [word('a'), { ...base }]],
])('a stream that %s ends with an error event, without [DONE]', async (_name, events) => {
  const { chunks, last, report } = await mend(events as (object | string)[]);
  expect(chunks.at(-1)).toMatchObject({
    error: { code: 'supplier_answer_broken', type: 'upstream_error', param: null },
  });
  expect(last).not.toContain('10.0.0.1');
  expect(report.failure?.code).toBe('supplier_answer_broken');
});

test('a stream that finished but lost its last line is whole', async () => {
  const { last } = await mend([word('a'), finish]);
  expect(last).toBe('[DONE]');
});
