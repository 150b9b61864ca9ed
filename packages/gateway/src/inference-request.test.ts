import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { type InferenceApi, parseInference } from './inference-request.ts';

const parse = (api: InferenceApi, document: unknown) => parseInference(api, utf8(JSON.stringify(document)));
const chat = { model: 'small', messages: [{ role: 'user', content: 'hi' }] };

test.each([
  ['no JSON', '{"model":'],
  ['no object', '[1]'],
  ['null', 'null'],
  ['nothing', ''],
])('%s is refused with invalid_json', (_name, text) => {
  expect(parseInference('chat', utf8(text))).toMatchObject({ ok: false, code: 'invalid_json' });
});

test('bytes that are not UTF-8 are refused with invalid_json', () => {
  expect(parseInference('chat', Uint8Array.of(0x7b, 0xff, 0x7d))).toMatchObject({ ok: false, code: 'invalid_json' });
});

test.each<[InferenceApi, object, string]>([
  ['chat', { ...chat, model: undefined }, 'model'],
  ['chat', { ...chat, model: '' }, 'model'],
  ['chat', { ...chat, messages: [] }, 'messages'],
  ['chat', { ...chat, messages: [{ role: 'user' }, { content: 'x' }] }, 'messages[1].role'],
  ['chat', { ...chat, stream: 'yes' }, 'stream'],
  ['chat', { ...chat, max_tokens: 0 }, 'max_tokens'],
  ['chat', { ...chat, n: 1.5 }, 'n'],
  ['chat', { ...chat, stream_options: { include_usage: true } }, 'stream_options'],
  ['completions', { model: 'small' }, 'prompt'],
  ['embeddings', { model: 'small', input: [] }, 'input'],
  ['embeddings', { model: 'small', input: 'a', encoding_format: 'hex' }, 'encoding_format'],
])('%s %o is refused, naming %s', (api, document, param) => {
  expect(parse(api, document)).toMatchObject({ ok: false, code: 'invalid_request', param });
});

test('null counts as absent, unknown fields pass through', () => {
  const parsed = parse('chat', { ...chat, stream: null, stream_options: null, top_k: 5, metadata: { a: 'b' } });
  expect(parsed).toMatchObject({ ok: true, streaming: false, usageAsked: false });
  if (parsed.ok) expect(JSON.parse(fromUtf8(parsed.body))).toMatchObject({ top_k: 5, metadata: { a: 'b' } });
});

test('a stream always asks the supplier for usage, and remembers whether the client did', () => {
  const quiet = parse('chat', { ...chat, stream: true, stream_options: { include_obfuscation: false } });
  const asking = parse('chat', { ...chat, stream: true, stream_options: { include_usage: true } });
  expect([quiet, asking]).toMatchObject([{ usageAsked: false }, { usageAsked: true }]);
  if (!quiet.ok) throw new Error(quiet.message);
  expect(JSON.parse(fromUtf8(quiet.body)).stream_options).toEqual({ include_obfuscation: false, include_usage: true });
});

test('embeddings are asked for as numbers, whatever the client wants', () => {
  const parsed = parse('embeddings', { model: 'small', input: ['a'], encoding_format: 'base64' });
  expect(parsed).toMatchObject({ ok: true, encoding: 'base64' });
  if (parsed.ok) expect(JSON.parse(fromUtf8(parsed.body)).encoding_format).toBe('float');
});

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.constantFrom<InferenceApi>('chat', 'completions', 'embeddings'), fc.json(), (api, text) => {
      expect(typeof parseInference(api, utf8(text)).ok).toBe('boolean');
    }),
  );
});
