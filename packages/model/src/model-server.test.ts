import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type RealWorld } from '@decai/world';
import { MODELS } from './models.ts';
import { startModelServer, type ModelServer } from './model-server.ts';

const [MODEL, TINY] = MODELS.map(({ id }) => id) as [string, string];
let world: RealWorld;
let server: ModelServer;
let client: OpenAI;

beforeAll(async () => {
  world = createWorld({ dataDirectory: '.' });
  server = await startModelServer({ world, load: { kind: 'llama', threads: 1, slots: 1 } });
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 });
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const messages = [{ role: 'user' as const, content: 'What is a Source?' }];

test('listens on loopback and lists the models that it serves', async () => {
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(server.models).toEqual([
    { id: MODEL, kind: 'llama' },
    { id: TINY, kind: 'llama' },
  ]);
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual([MODEL, TINY]);
});

test('the official client chats with both models, whole and streaming, with equal text', async () => {
  for (const model of [MODEL, TINY]) {
    const whole = await client.chat.completions.create({ model, messages, temperature: 0 });
    const stream = await client.chat.completions.create({
      model,
      messages,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: unknown;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(whole.choices[0]!.message.content);
    expect(text.length).toBeGreaterThan(10);
    expect(usage).toEqual(whole.usage);
  }
});

test('the same seed gives the same tokens and log-probabilities', async () => {
  const ask = async (): Promise<unknown> => {
    const answer = await client.chat.completions.create({
      model: MODEL,
      messages,
      temperature: 1,
      seed: 11,
      logprobs: true,
      top_logprobs: 2,
    });
    return answer.choices[0]!.logprobs;
  };
  expect(await ask()).toEqual(await ask());
});

test('the official client completes and embeds', async () => {
  const completion = await client.completions.create({ model: MODEL, prompt: 'A relay is', max_tokens: 5 });
  expect(completion.usage!.completion_tokens).toBeLessThanOrEqual(5);
  const embedding = await client.embeddings.create({ model: MODEL, input: ['a relay', 'a claim'] });
  for (const { embedding: vector } of embedding.data) expect(Math.hypot(...vector)).toBeCloseTo(1, 3);
});

test('the official client understands a refusal', async () => {
  const refused = client.chat.completions.create({ model: 'other', messages });
  await expect(refused).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
});

test('a client that hangs up frees the only slot', async () => {
  for (let round = 0; round < 3; round += 1) {
    const stream = await client.chat.completions.create({ model: MODEL, messages, stream: true });
    for await (const _chunk of stream) break;
  }
  const answer = await client.chat.completions.create({ model: MODEL, messages });
  expect(answer.choices[0]!.finish_reason).toBe('stop');
});

test('a port that is taken is told, and nothing stays loaded', async () => {
  const port = Number(new URL(server.url).port);
  const second = startModelServer({ world, port, models: [MODEL], load: { kind: 'stand-in' } });
  await expect(second).rejects.toMatchObject({ code: 'ADDRESS_IN_USE' });
});
