import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HttpHandler } from '@decai/protocol/http';
import type { Engine } from './engine.ts';
import { call, exchangeOf, stillWorld, streamOf, textOf } from './exchange-fixture.ts';
import { createModelHandler, type ModelHandlerOptions } from './model-handler.ts';
import { createStandInEngine } from './stand-in-engine.ts';

const MODEL = 'decai-small-4m';
const engine = createStandInEngine({ modelId: MODEL, contextTokens: 64 });
const handlerOf = (options: Partial<ModelHandlerOptions> = {}): HttpHandler =>
  createModelHandler({ world: stillWorld(), engines: [engine], ...options });
const handler = handlerOf();

const user = (content: unknown): object => ({ role: 'user', content });
const chat = { model: MODEL, messages: [user('What is a gateway?')] };
const GATEWAY = 'A Gateway sells an OpenAI-compatible API and carries requests to suppliers.';

describe('chat completions', () => {
  test('a whole answer with usage', async () => {
    const { status, json } = await call(handler, 'POST', '/v1/chat/completions', chat);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-[0-9a-f]{24}$/),
      object: 'chat.completion',
      created: 1_800_000_000,
      model: MODEL,
      choices: [{ index: 0, message: { role: 'assistant', content: GATEWAY }, logprobs: null, finish_reason: 'stop' }],
    });
    const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = json.usage;
    expect(completion).toBe(GATEWAY.split(' ').length);
    expect(total).toBe(prompt + completion);
  });

  test('a stream: role first, then text, then the finish reason; usage only when asked for', async () => {
    const events = await streamOf(handler, '/v1/chat/completions', { ...chat, stream: true });
    expect(events[0].choices[0].delta).toEqual({ role: 'assistant', content: '', refusal: null });
    expect(events.map((event) => event.choices[0].delta.content ?? '').join('')).toBe(GATEWAY);
    expect(events.at(-1).choices[0]).toEqual({ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' });
    expect(events.some((event) => 'usage' in event)).toBe(false);
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
  });

  test('with include_usage the last chunk has no choices and the counts; the others say null', async () => {
    const events = await streamOf(handler, '/v1/chat/completions', {
      ...chat,
      stream: true,
      stream_options: { include_usage: true },
    });
    const { json } = await call(handler, 'POST', '/v1/chat/completions', chat);
    expect(events.at(-1)).toMatchObject({ choices: [], usage: json.usage });
    expect(events.slice(0, -1).every((event) => event.usage === null)).toBe(true);
  });

  test('log-probabilities name each token with its bytes', async () => {
    const { json } = await call(handler, 'POST', '/v1/chat/completions', { ...chat, logprobs: true, top_logprobs: 1 });
    const { content } = json.choices[0].logprobs;
    expect(content.map((entry: any) => entry.token).join('')).toBe(GATEWAY);
    for (const entry of content) {
      expect(Buffer.from(entry.bytes).toString('utf8')).toBe(entry.token);
      expect(entry).toMatchObject({ logprob: 0, top_logprobs: [{ token: entry.token, logprob: 0 }] });
    }
  });

  test('a stop string ends the answer before it', async () => {
    for (const stop of [' API', [' zebra', ' API']]) {
      const { json } = await call(handler, 'POST', '/v1/chat/completions', { ...chat, stop });
      expect(json.choices[0].message.content).toBe('A Gateway sells an OpenAI-compatible');
      expect(json.choices[0].finish_reason).toBe('stop');
    }
  });

  test('max_completion_tokens goes before max_tokens; the answer then ends by length', async () => {
    const limits = { max_tokens: 9, max_completion_tokens: 2 };
    const { json } = await call(handler, 'POST', '/v1/chat/completions', { ...chat, ...limits });
    expect(json.choices[0]).toMatchObject({ message: { content: 'A Gateway' }, finish_reason: 'length' });
    expect(json.usage.completion_tokens).toBe(2);
  });

  test('a limit larger than the context is cut to it', async () => {
    const { status } = await call(handler, 'POST', '/v1/chat/completions', { ...chat, max_tokens: 100_000 });
    expect(status).toBe(200);
  });

  test('n choices, in the stream too', async () => {
    const { json } = await call(handler, 'POST', '/v1/chat/completions', { ...chat, n: 3 });
    expect(json.choices.map(({ index }: any) => index)).toEqual([0, 1, 2]);
    expect(json.usage.completion_tokens).toBe(3 * GATEWAY.split(' ').length);
    const events = await streamOf(handler, '/v1/chat/completions', { ...chat, n: 2, stream: true });
    expect(events.filter((event) => event.choices[0].finish_reason === 'stop').map((e) => e.choices[0].index)).toEqual([
      0, 1,
    ]);
  });

  test('content in parts, older and newer roles, tools on offer and unknown fields are taken', async () => {
    const { status, json } = await call(handler, 'POST', '/v1/chat/completions', {
      model: MODEL,
      messages: [
        { role: 'developer', content: 'Be brief.' },
        user([
          { type: 'text', text: 'What is ' },
          { type: 'text', text: 'a gateway?' },
        ]),
        { role: 'assistant', content: null, tool_calls: [] },
        user('What is a gateway?'),
      ],
      tools: [{ type: 'function', function: { name: 'f' } }],
      tool_choice: 'auto',
      response_format: { type: 'text' },
      something_new: true,
    });
    expect(status).toBe(200);
    expect(json.choices[0].message.content).toBe(GATEWAY);
  });
});

describe('completions', () => {
  const plain = { model: MODEL, prompt: 'A gateway', max_tokens: 3 };

  test('a whole answer', async () => {
    const { json } = await call(handler, 'POST', '/v1/completions', plain);
    expect(json).toMatchObject({
      id: expect.stringMatching(/^cmpl-/),
      object: 'text_completion',
      choices: [{ text: 'A Gateway sells', index: 0, logprobs: null, finish_reason: 'length' }],
      usage: { prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 },
    });
  });

  test('several prompts, several choices', async () => {
    const { json } = await call(handler, 'POST', '/v1/completions', {
      ...plain,
      prompt: ['a gateway', 'a relay'],
      n: 2,
    });
    expect(json.choices.map(({ text }: any) => text)).toEqual([
      'A Gateway sells',
      'A Gateway sells',
      'A relay is',
      'A relay is',
    ]);
    expect(json.choices.map(({ index }: any) => index)).toEqual([0, 1, 2, 3]);
  });

  test('16 tokens unless the request says otherwise; 0 is allowed', async () => {
    const long = { model: MODEL, prompt: 'proof and something else' };
    expect((await call(handler, 'POST', '/v1/completions', { ...long, max_tokens: 0 })).json.choices[0].text).toBe('');
    expect((await call(handler, 'POST', '/v1/completions', long)).json.usage.completion_tokens).toBeLessThanOrEqual(16);
  });

  test('echo puts the prompt before the answer, and scores it when asked', async () => {
    const { json } = await call(handler, 'POST', '/v1/completions', { ...plain, echo: true, logprobs: 1 });
    expect(json.choices[0]).toMatchObject({
      text: 'A gatewayA Gateway sells',
      logprobs: {
        tokens: ['A', ' gateway', 'A', ' Gateway', ' sells'],
        token_logprobs: [null, 0, 0, 0, 0],
        top_logprobs: [null, { ' gateway': 0 }, { A: 0 }, { ' Gateway': 0 }, { ' sells': 0 }],
        text_offset: [0, 1, 9, 10, 18],
      },
    });
  });

  test('a stream, with echo and offsets that go on', async () => {
    const body = { ...plain, stream: true, echo: true, logprobs: 0, stream_options: { include_usage: true } };
    const events = await streamOf(handler, '/v1/completions', body);
    expect(events.map((event) => event.choices[0]?.text ?? '').join('')).toBe('A gatewayA Gateway sells');
    expect(events.flatMap((event) => event.choices[0]?.logprobs?.text_offset ?? [])).toEqual([0, 1, 9, 10, 18]);
    expect(events.at(-2).choices[0].finish_reason).toBe('length');
    expect(events.at(-1).usage).toEqual({ prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 });
  });

  test('a prompt of token ids', async () => {
    const ids = engine.tokenize('A Gateway').map(({ id }) => id);
    const { json } = await call(handler, 'POST', '/v1/completions', {
      ...plain,
      prompt: ids,
      echo: true,
      max_tokens: 0,
    });
    expect(json.choices[0].text).toBe('A Gateway');
  });
});

describe('embeddings', () => {
  test('vectors as numbers, or as the base64 that the official client asks for', async () => {
    const floats = await call(handler, 'POST', '/v1/embeddings', { model: MODEL, input: ['a gateway', 'a relay'] });
    expect(floats.json).toMatchObject({ object: 'list', model: MODEL, usage: { prompt_tokens: 4, total_tokens: 4 } });
    expect(floats.json.data.map(({ index }: any) => index)).toEqual([0, 1]);
    const packed = await call(handler, 'POST', '/v1/embeddings', {
      model: MODEL,
      input: 'a gateway',
      encoding_format: 'base64',
    });
    const bytes = Buffer.from(packed.json.data[0].embedding, 'base64');
    const numbers = floats.json.data[0].embedding as number[];
    numbers.forEach((value, at) => expect(bytes.readFloatLE(at * 4)).toBeCloseTo(value, 6));
  });
});

test('health, models and tokenizer', async () => {
  expect((await call(handler, 'GET', '/health')).json).toEqual({
    status: 'ok',
    models: [{ id: MODEL, engine: 'stand-in', running: 0, waiting: 0 }],
  });
  const { json } = await call(handler, 'GET', '/v1/models');
  expect(json).toMatchObject({ object: 'list', data: [{ id: MODEL, object: 'model', owned_by: 'decai' }] });
  expect((await call(handler, 'GET', `/v1/models/${MODEL}`)).json).toEqual(json.data[0]);
  for (const path of ['/v1/tokenizer', `/v1/tokenizer?model=${MODEL}`]) {
    expect((await call(handler, 'GET', path)).json.sha256).toMatch(/^[0-9a-f]{64}$/);
  }
});

describe('refusals', () => {
  const raw = (text: string): Uint8Array => new TextEncoder().encode(text);
  const other = { ...chat, model: 'other' };
  const cases: readonly [
    name: string,
    path: string,
    body: unknown,
    status: number,
    code: string | null,
    param: string | null,
  ][] = [
    ['malformed JSON', '/v1/chat/completions', raw('{"model":'), 400, 'malformed_json', null],
    ['bytes that are not UTF-8', '/v1/chat/completions', Uint8Array.of(0x22, 0xff, 0x22), 400, 'malformed_json', null],
    ['JSON that is no object', '/v1/chat/completions', [1], 400, 'malformed_json', null],
    ['an empty body', '/v1/completions', raw(''), 400, 'malformed_json', null],
    ['an oversized body', '/v1/chat/completions', { pad: 'x'.repeat(1 << 20) }, 413, 'body_too_large', null],
    ['an unknown path', '/v1/images/generations', {}, 404, 'unknown_url', null],
    ['a path from the prototype', '/constructor', {}, 404, 'unknown_url', null],
    ['no messages', '/v1/chat/completions', { model: MODEL }, 400, 'missing_required_parameter', 'messages'],
    [
      'messages that are no array',
      '/v1/chat/completions',
      { ...chat, messages: 'hi' },
      400,
      'invalid_value',
      'messages',
    ],
    ['no message at all', '/v1/chat/completions', { ...chat, messages: [] }, 400, 'invalid_value', 'messages'],
    [
      'a message that is no object',
      '/v1/chat/completions',
      { ...chat, messages: ['x'] },
      400,
      'invalid_value',
      'messages[0]',
    ],
    [
      'an unknown role',
      '/v1/chat/completions',
      { ...chat, messages: [{ role: 'toString', content: 'x' }] },
      400,
      'invalid_value',
      'messages[0].role',
    ],
    [
      'content of a wrong type',
      '/v1/chat/completions',
      { ...chat, messages: [user(7)] },
      400,
      'invalid_value',
      'messages[0].content',
    ],
    [
      'content without text',
      '/v1/chat/completions',
      { ...chat, messages: [user([{ type: 'text' }])] },
      400,
      'invalid_value',
      'messages[0].content[0].text',
    ],
    [
      'an image',
      '/v1/chat/completions',
      { ...chat, messages: [user([{ type: 'image_url' }])] },
      400,
      'unsupported_value',
      'messages[0].content[0].type',
    ],
    ['logprobs of a wrong type', '/v1/chat/completions', { ...chat, logprobs: 3 }, 400, 'invalid_value', 'logprobs'],
    [
      'top_logprobs alone',
      '/v1/chat/completions',
      { ...chat, top_logprobs: 3 },
      400,
      'unsupported_value',
      'top_logprobs',
    ],
    [
      'too many top_logprobs',
      '/v1/chat/completions',
      { ...chat, logprobs: true, top_logprobs: 21 },
      400,
      'invalid_value',
      'top_logprobs',
    ],
    ['max_tokens 0', '/v1/chat/completions', { ...chat, max_tokens: 0 }, 400, 'invalid_value', 'max_tokens'],
    [
      'a demanded tool',
      '/v1/chat/completions',
      { ...chat, tool_choice: 'required' },
      400,
      'unsupported_value',
      'tool_choice',
    ],
    ['tools that are no array', '/v1/chat/completions', { ...chat, tools: {} }, 400, 'invalid_value', 'tools'],
    [
      'JSON mode',
      '/v1/chat/completions',
      { ...chat, response_format: { type: 'json_object' } },
      400,
      'unsupported_value',
      'response_format',
    ],
    [
      'sound',
      '/v1/chat/completions',
      { ...chat, modalities: ['text', 'audio'] },
      400,
      'unsupported_value',
      'modalities',
    ],
    ['no model', '/v1/chat/completions', { messages: chat.messages }, 400, 'missing_required_parameter', 'model'],
    ['a model of a wrong type', '/v1/chat/completions', { ...chat, model: 4 }, 400, 'invalid_value', 'model'],
    [
      'a temperature above 2',
      '/v1/chat/completions',
      { ...chat, temperature: 2.1 },
      400,
      'invalid_value',
      'temperature',
    ],
    [
      'a temperature in words',
      '/v1/chat/completions',
      { ...chat, temperature: 'hot' },
      400,
      'invalid_value',
      'temperature',
    ],
    ['top_p below 0', '/v1/chat/completions', { ...chat, top_p: -0.1 }, 400, 'invalid_value', 'top_p'],
    ['too many choices', '/v1/chat/completions', { ...chat, n: 9 }, 400, 'invalid_value', 'n'],
    ['an empty stop string', '/v1/chat/completions', { ...chat, stop: [''] }, 400, 'invalid_value', 'stop'],
    [
      'five stop strings',
      '/v1/chat/completions',
      { ...chat, stop: ['a', 'b', 'c', 'd', 'e'] },
      400,
      'invalid_value',
      'stop',
    ],
    ['a seed with a fraction', '/v1/chat/completions', { ...chat, seed: 1.5 }, 400, 'invalid_value', 'seed'],
    [
      'a penalty out of range',
      '/v1/chat/completions',
      { ...chat, presence_penalty: 3 },
      400,
      'invalid_value',
      'presence_penalty',
    ],
    [
      'a frequency penalty out of range',
      '/v1/chat/completions',
      { ...chat, frequency_penalty: -3 },
      400,
      'invalid_value',
      'frequency_penalty',
    ],
    [
      'a bias that is no object',
      '/v1/chat/completions',
      { ...chat, logit_bias: [1] },
      400,
      'invalid_value',
      'logit_bias',
    ],
    [
      'a bias out of range',
      '/v1/chat/completions',
      { ...chat, logit_bias: { 7: 101 } },
      400,
      'invalid_value',
      'logit_bias',
    ],
    [
      'a stream flag of a wrong type',
      '/v1/chat/completions',
      { ...chat, stream: 'yes' },
      400,
      'invalid_value',
      'stream',
    ],
    [
      'stream_options without a stream',
      '/v1/chat/completions',
      { ...chat, stream_options: {} },
      400,
      'unsupported_value',
      'stream_options',
    ],
    [
      'stream_options of a wrong type',
      '/v1/chat/completions',
      { ...chat, stream: true, stream_options: 1 },
      400,
      'invalid_value',
      'stream_options',
    ],
    ['an unknown model', '/v1/chat/completions', other, 404, 'model_not_found', 'model'],
    [
      'too long a conversation',
      '/v1/chat/completions',
      { ...chat, messages: [user('word '.repeat(64))] },
      400,
      'context_length_exceeded',
      'messages',
    ],
    ['no prompt', '/v1/completions', { model: MODEL }, 400, 'missing_required_parameter', 'prompt'],
    ['a prompt of a wrong type', '/v1/completions', { model: MODEL, prompt: { a: 1 } }, 400, 'invalid_value', 'prompt'],
    ['prompts of mixed types', '/v1/completions', { model: MODEL, prompt: ['a', 1] }, 400, 'invalid_value', 'prompt'],
    [
      'too many prompts',
      '/v1/completions',
      { model: MODEL, prompt: Array(17).fill('a') },
      400,
      'invalid_value',
      'prompt',
    ],
    ['a token that there is not', '/v1/completions', { model: MODEL, prompt: [1, 2] }, 400, 'invalid_value', 'prompt'],
    [
      'too many logprobs',
      '/v1/completions',
      { model: MODEL, prompt: 'a', logprobs: 6 },
      400,
      'invalid_value',
      'logprobs',
    ],
    [
      'a best_of of its own',
      '/v1/completions',
      { model: MODEL, prompt: 'a', best_of: 3 },
      400,
      'unsupported_value',
      'best_of',
    ],
    ['a suffix', '/v1/completions', { model: MODEL, prompt: 'a', suffix: 'z' }, 400, 'unsupported_value', 'suffix'],
    [
      'too long a prompt',
      '/v1/completions',
      { model: MODEL, prompt: 'word '.repeat(64) },
      400,
      'context_length_exceeded',
      'prompt',
    ],
    ['no input', '/v1/embeddings', { model: MODEL }, 400, 'missing_required_parameter', 'input'],
    ['an empty input', '/v1/embeddings', { model: MODEL, input: '' }, 400, 'invalid_value', 'input'],
    [
      'an unknown encoding',
      '/v1/embeddings',
      { model: MODEL, input: 'a', encoding_format: 'hex' },
      400,
      'invalid_value',
      'encoding_format',
    ],
    [
      'fewer dimensions',
      '/v1/embeddings',
      { model: MODEL, input: 'a', dimensions: 8 },
      400,
      'unsupported_value',
      'dimensions',
    ],
    [
      'too long an input',
      '/v1/embeddings',
      { model: MODEL, input: 'word '.repeat(64) },
      400,
      'context_length_exceeded',
      'input',
    ],
  ];

  test.each(cases)('%s', async (_name, path, body, status, code, param) => {
    const answer = await call(handler, 'POST', path, body);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({
      error: { message: expect.any(String), type: 'invalid_request_error', param, code },
    });
  });

  test('a wrong method', async () => {
    for (const [method, path] of [
      ['GET', '/v1/chat/completions'],
      ['POST', '/v1/models'],
    ] as const) {
      const { status, json } = await call(handler, method, path, method === 'POST' ? {} : undefined);
      expect([status, json.error.code]).toEqual([405, 'method_not_allowed']);
    }
  });

  test('a model that is not listed', async () => {
    for (const path of ['/v1/models/other', '/v1/models/%', '/v1/tokenizer?model=other']) {
      const { status, json } = await call(handler, 'GET', path);
      expect([status, json.error.code]).toEqual([404, 'model_not_found']);
    }
  });

  test('no refusal repeats what was asked', async () => {
    const secret = 'tell nobody';
    const { json } = await call(handler, 'POST', '/v1/chat/completions', {
      model: MODEL,
      messages: [user(`${secret} `.repeat(64))],
    });
    expect(json.error.message).not.toContain(secret);
  });
});

describe('load and failure', () => {
  /** Answers only when told to. */
  function slowEngine(): { engine: Engine; finish: () => void; aborted: () => number } {
    let finish = (): void => {};
    let aborted = 0;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const slow: Engine = {
      ...engine,
      slots: 1,
      async *generate(_prompt, _sampling, signal) {
        signal?.addEventListener('abort', () => (aborted += 1));
        yield { ...engine.tokenize('slow')[0]!, logProbability: 0, top: [] };
        await finished;
        signal?.throwIfAborted();
      },
    };
    return { engine: slow, finish, aborted: () => aborted };
  }

  test('who finds the queue full is told to come again', async () => {
    const slow = slowEngine();
    const busy = handlerOf({ engines: [slow.engine], waitingMax: 1 });
    const running = call(busy, 'POST', '/v1/chat/completions', chat);
    const waiting = call(busy, 'POST', '/v1/chat/completions', chat);
    await Promise.resolve();
    const refused = await call(busy, 'POST', '/v1/chat/completions', chat);
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.json.error).toMatchObject({ type: 'server_error', code: 'server_overloaded' });
    expect((await call(busy, 'GET', '/health')).json.models[0]).toMatchObject({ running: 1, waiting: 1 });
    slow.finish();
    expect([(await running).status, (await waiting).status]).toEqual([200, 200]);
  });

  test('a client that leaves stops the model and frees the slot', async () => {
    const slow = slowEngine();
    const one = handlerOf({ engines: [slow.engine], waitingMax: 0 });
    const leaving = new AbortController();
    const answer = await one(exchangeOf('POST', '/v1/chat/completions', { ...chat, stream: true }, leaving.signal));
    const pieces = (answer.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    await pieces.next();
    await pieces.next();
    leaving.abort(new Error('gone'));
    slow.finish();
    await pieces.next();
    expect(slow.aborted()).toBe(1);
    expect((await call(one, 'POST', '/v1/chat/completions', chat)).status).toBe(200);
  });

  test('a client that leaves before it reads anything frees the slot', async () => {
    const one = handlerOf({ engines: [{ ...engine, slots: 1 }], waitingMax: 0 });
    const leaving = new AbortController();
    await one(exchangeOf('POST', '/v1/chat/completions', { ...chat, stream: true }, leaving.signal));
    expect((await call(one, 'POST', '/v1/chat/completions', chat)).status).toBe(503);
    leaving.abort(new Error('gone'));
    expect((await call(one, 'POST', '/v1/chat/completions', chat)).status).toBe(200);
  });

  test('an engine that fails is a 500 without details, or the last event of a stream', async () => {
    const failing: Engine = {
      ...engine,
      async *generate() {
        yield { ...engine.tokenize('half')[0]!, logProbability: 0, top: [] };
        throw new Error('secret path');
      },
    };
    const broken = handlerOf({ engines: [failing] });
    const { status, json } = await call(broken, 'POST', '/v1/chat/completions', chat);
    expect([status, json.error.code]).toEqual([500, 'internal_error']);
    expect(json.error.message).not.toContain('secret');
    const text = await textOf(await broken(exchangeOf('POST', '/v1/chat/completions', { ...chat, stream: true })));
    expect(text).not.toContain('[DONE]');
    expect(JSON.parse(text.trim().split('\n\n').at(-1)!.replace('data: ', '')).error.code).toBe('internal_error');
    expect((await call(broken, 'GET', '/health')).json.models[0].running).toBe(0);
  });
});

test('no body makes the handler fail: what it cannot read it refuses', async () => {
  const field = fc.constantFrom(
    'model',
    'messages',
    'prompt',
    'input',
    'stop',
    'n',
    'logprobs',
    'stream',
    'logit_bias',
    'seed',
    'tools',
  );
  const body = fc.oneof(
    fc.dictionary(field, fc.oneof(fc.jsonValue(), fc.constant(MODEL), fc.constant(chat.messages))),
    fc.jsonValue(),
  );
  const path = fc.constantFrom('/v1/chat/completions', '/v1/completions', '/v1/embeddings');
  await fc.assert(
    fc.asyncProperty(path, body, async (url, value) => {
      const answer = await handler(exchangeOf('POST', url, value));
      expect([200, 400, 404]).toContain(answer.status);
      await textOf(answer);
    }),
    { numRuns: 300 },
  );
});
