/** What the official `openai` client sees of the server, whole and refused, with a real model behind a real socket. */
import OpenAI, { APIError, APIUserAbortError } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type RealWorld } from '@decai/world';
import type { Engine } from './engine.ts';
import { startModelServer, type ModelServer } from './model-server.ts';
import { MODELS } from './models.ts';
import { createStandInEngine } from './stand-in-engine.ts';

const MODEL = MODELS[0]!.id;
const messages = [{ role: 'user' as const, content: 'What is a Gateway?' }];
let world: RealWorld;
let server: ModelServer;
let client: OpenAI;

const clientOf = ({ url }: ModelServer): OpenAI => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });

beforeAll(async () => {
  world = createWorld({ dataDirectory: '.' });
  server = await startModelServer({ world, models: [MODEL], load: { kind: 'llama', threads: 1, slots: 2 } });
  client = clientOf(server);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

describe('answers', () => {
  test('a model is retrieved by its id', async () => {
    expect(await client.models.retrieve(MODEL)).toMatchObject({ id: MODEL, object: 'model' });
  });

  test('a stop string ends the answer before it, in a stream too', async () => {
    const whole = await client.chat.completions.create({ model: MODEL, messages, temperature: 0 });
    const text = whole.choices[0]!.message.content!;
    const stop = text.split(' ')[3]!;
    const expected = text.slice(0, text.indexOf(stop));
    const cut = await client.chat.completions.create({ model: MODEL, messages, temperature: 0, stop });
    expect(cut.choices[0]).toMatchObject({ message: { content: expected }, finish_reason: 'stop' });
    const stream = await client.chat.completions.create({ model: MODEL, messages, temperature: 0, stop, stream: true });
    let streamed = '';
    for await (const chunk of stream) streamed += chunk.choices[0]?.delta.content ?? '';
    expect(streamed).toBe(expected);
  });

  test('log-probabilities spell the answer, whole and in a stream, likeliest first', async () => {
    const asked = { model: MODEL, messages, temperature: 0, logprobs: true, top_logprobs: 3 } as const;
    const whole = (await client.chat.completions.create(asked)).choices[0]!;
    const tokens = whole.logprobs!.content!;
    expect(tokens.map(({ token }) => token).join('')).toBe(whole.message.content);
    for (const { token, logprob, top_logprobs: top } of tokens) {
      expect(logprob).toBeLessThanOrEqual(0.000_001);
      expect(top.length).toBe(3);
      expect(top[0]).toMatchObject({ token, logprob });
    }
    const streamed: unknown[] = [];
    for await (const chunk of await client.chat.completions.create({ ...asked, stream: true })) {
      streamed.push(...(chunk.choices[0]?.logprobs?.content ?? []));
    }
    expect(streamed).toEqual(tokens);
  });

  test('without a seed answers at a high temperature differ, with one they do not', async () => {
    const story = [{ role: 'user' as const, content: 'Tell me a story.' }];
    const tell = async (seed?: number): Promise<string | null> => {
      const answer = await client.chat.completions.create({
        model: MODEL,
        messages: story,
        temperature: 1.5,
        max_tokens: 40,
        ...(seed === undefined ? {} : { seed }),
      });
      return answer.choices[0]!.message.content;
    };
    expect(await tell(7)).toBe(await tell(7));
    expect(new Set([await tell(), await tell(), await tell(), await tell()]).size).toBeGreaterThan(1);
  });

  test('a completion streams the text that it gives whole', async () => {
    const asked = { model: MODEL, prompt: 'The capital of France is', max_tokens: 6, temperature: 0 } as const;
    const whole = await client.completions.create(asked);
    let streamed = '';
    for await (const chunk of await client.completions.create({ ...asked, stream: true })) {
      streamed += chunk.choices[0]!.text;
    }
    expect(streamed).toBe(whole.choices[0]!.text);
    expect(whole.choices[0]!.text.length).toBeGreaterThan(0);
  });

  test('embeddings are equal as numbers and as packed bytes', async () => {
    const input = ['What is a Gateway?', 'Tell me a story.'];
    const [floats, packed] = await Promise.all(
      (['float', 'base64'] as const).map((format) =>
        client.embeddings.create({ model: MODEL, input, encoding_format: format }),
      ),
    );
    const bytes = Buffer.from(packed!.data[1]!.embedding as unknown as string, 'base64');
    floats!.data[1]!.embedding.forEach((value, at) => expect(bytes.readFloatLE(at * 4)).toBeCloseTo(value, 6));
    expect(floats!.usage.prompt_tokens).toBeGreaterThan(0);
  });
});

describe('refusals', () => {
  const refusalOf = async (request: Promise<unknown>): Promise<APIError> => {
    const thrown = await request.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(APIError);
    return thrown as APIError;
  };

  test('a parameter out of range', async () => {
    const refused = await refusalOf(client.chat.completions.create({ model: MODEL, messages, temperature: 3 }));
    expect(refused).toMatchObject({ status: 400, code: 'invalid_value', param: 'temperature' });
  });

  test('a model that is not served, for every kind of request', async () => {
    const model = 'other';
    for (const request of [
      () => client.chat.completions.create({ model, messages, stream: true }),
      () => client.completions.create({ model, prompt: 'a' }),
      () => client.embeddings.create({ model, input: 'a' }),
      () => client.models.retrieve(model),
    ]) {
      expect(await refusalOf(request())).toMatchObject({ status: 404, code: 'model_not_found' });
    }
  });

  test('a conversation longer than the context', async () => {
    const long = [{ role: 'user' as const, content: 'word '.repeat(2_000) }];
    const refused = await refusalOf(client.chat.completions.create({ model: MODEL, messages: long }));
    expect(refused).toMatchObject({ status: 400, code: 'context_length_exceeded' });
    // Of an embedding the turn around the text counts too: its length is refused before the engine sees it.
    const almost = Array.from({ length: 508 }, () => 300);
    expect(await refusalOf(client.embeddings.create({ model: MODEL, input: almost }))).toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    });
  });

  test('an oversized body', async () => {
    const huge = [{ role: 'user' as const, content: 'x'.repeat(3 << 20) }];
    const refused = await refusalOf(client.chat.completions.create({ model: MODEL, messages: huge }));
    expect(refused).toMatchObject({ status: 413, code: 'body_too_large' });
  });

  test('malformed JSON, which the client itself cannot send', async () => {
    const answer = await fetch(`${server.url}/v1/chat/completions`, { method: 'POST', body: '{"model":' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'malformed_json', type: 'invalid_request_error' } });
  });

  test('after all of them the server still answers', async () => {
    const answer = await client.chat.completions.create({ model: MODEL, messages });
    expect(answer.choices[0]!.finish_reason).toBe('stop');
  });
});

describe('a client that leaves', () => {
  /** Writes two pieces and then waits to be stopped. */
  function endlessEngine(): {
    readonly engine: Engine;
    readonly stopped: Promise<void>;
    readonly begun: Promise<void>;
  } {
    let stop = (): void => {};
    let begin = (): void => {};
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const base = createStandInEngine({ modelId: MODEL, contextTokens: 512 });
    const engine: Engine = {
      ...base,
      slots: 1,
      async *generate(_prompt, _sampling, signal) {
        for (const piece of base.tokenize('two pieces')) yield { ...piece, logProbability: 0, top: [] };
        begin();
        await new Promise((resolve) => signal!.addEventListener('abort', resolve, { once: true }));
        stop();
        signal!.throwIfAborted();
      },
    };
    return { engine, stopped, begun };
  }

  test('stops the model, in the middle of a stream and while it waits for a whole answer', async () => {
    for (const stream of [true, false]) {
      const endless = endlessEngine();
      const own = await startModelServer({ world, engines: [endless.engine] });
      try {
        const leaving = new AbortController();
        const asked = { model: MODEL, messages };
        const options = { signal: leaving.signal };
        if (stream) {
          const chunks = await clientOf(own).chat.completions.create({ ...asked, stream: true }, options);
          for await (const _chunk of chunks) break;
        } else {
          const answer = clientOf(own).chat.completions.create(asked, options);
          const refused = expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
          await endless.begun;
          leaving.abort();
          await refused;
        }
        await endless.stopped;
      } finally {
        await own.close();
      }
    }
  });
});
