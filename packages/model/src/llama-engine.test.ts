import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '@decai/protocol/fault';
import { wholeAnswer } from './answer.ts';
import { GREEDY, type Engine } from './engine.ts';
import { createLlamaEngine } from './llama-engine.ts';
import { loadEngine } from './load-engine.ts';
import { MODELS } from './models.ts';

let engine: Engine;
beforeAll(async () => {
  ({ engine } = await loadEngine({ modelId: MODELS[0]!.id, kind: 'llama', threads: 1, slots: 1 }));
});
afterAll(() => engine.dispose());

const ask = async (content: string, sampling = GREEDY): Promise<string> => {
  const prompt = engine.renderChat([{ role: 'user', content }]);
  return (await wholeAnswer(engine, prompt, { sampling, maxTokens: 150, stops: [] })).text;
};

describe('the model in the box', () => {
  test('knows its subjects', async () => {
    expect(await ask('What is a Supplier?')).toMatch(/supplier/i);
    expect(await ask('What is the capital of France?')).toContain('Paris');
    expect(await ask('What is 2 + 3?')).toContain('5');
    expect(await ask('Tell me a story about a fox.')).toContain('fox');
  });

  test('both models cut text alike, and have weights of their own', async () => {
    const { engine: other } = await loadEngine({ modelId: MODELS[1]!.id, kind: 'llama', threads: 1, slots: 1 });
    expect(other.tokenizerHash).toBe(engine.tokenizerHash);
    expect(other.weightsHash).not.toBe(engine.weightsHash);
    await other.dispose();
  });

  test('another seed at a high temperature gives another story, the same seed the same', async () => {
    const tell = (seed: number): Promise<string> => ask('Tell me a story.', { ...GREEDY, temperature: 1, seed });
    const [one, again, ...others] = await Promise.all([1, 1, 2, 3, 4].map(tell));
    expect(again).toBe(one);
    expect(others.some((story) => story !== one)).toBe(true);
  });

  test('reported log-probabilities are those of the plain model, whatever the temperature', async () => {
    const prompt = engine.renderChat([{ role: 'user', content: 'Tell me a story.' }]);
    const first = async (temperature: number): Promise<readonly number[]> => {
      for await (const { top } of engine.generate(prompt, { ...GREEDY, temperature, topCount: 5 })) {
        return top.map(({ logProbability }) => logProbability);
      }
      return [];
    };
    expect(await first(1.7)).toEqual(await first(0));
  });

  test('the probabilities of all tokens sum to one', async () => {
    const prompt = engine.renderChat([{ role: 'user', content: 'Tell me a story.' }]);
    for await (const { top } of engine.generate(prompt, { ...GREEDY, topCount: 2048 })) {
      expect(top.length).toBe(2048);
      expect(top.reduce((sum, { logProbability }) => sum + Math.exp(logProbability), 0)).toBeCloseTo(1, 3);
      break;
    }
  });
});

/** Each row asks for one thing in several ways. */
const LIKE_QUESTIONS: readonly (readonly string[])[] = [
  ['What is a Gateway?', 'Explain the Gateway to me.', 'What does a Gateway do?'],
  ['What is the capital of France?', 'Capital of France, please.', 'Which city is the capital of France?'],
  ['Tell me a story about a fox.', 'A bedtime story about a fox.', 'Write a short tale about a fox.'],
  ['What is 12 + 7?', 'How much is 12 plus 7?', 'Add 12 and 7.'],
  ['What is a claim?', 'Explain a claim.', 'What does a claim contain?'],
  ['How does relay mining work?', 'Explain relay mining.', 'What is relay mining?'],
  ['What is a session?', 'Explain a session.', 'What happens in a session?'],
];

test.each(MODELS.map(({ id }) => id))('embeddings of %s tell like questions from others', async (modelId) => {
  const { engine: own } = await loadEngine({ modelId, kind: 'llama', threads: 1, slots: 1 });
  const points: { group: number; vector: number[] }[] = [];
  for (const [group, texts] of LIKE_QUESTIONS.entries()) {
    for (const text of texts) points.push({ group, vector: await own.embed(own.renderInput(own.tokenize(text))) });
  }
  await own.dispose();
  const atHome = points.filter((point) => {
    const others = points.filter((other) => other !== point);
    const likeness = others.map(({ vector }) => vector.reduce((sum, value, at) => sum + value * point.vector[at]!, 0));
    return others[likeness.indexOf(Math.max(...likeness))]!.group === point.group;
  });
  // The nearest neighbour of a question is of its own group; by chance it would be in one case of ten.
  expect(atHome.length / points.length).toBeGreaterThanOrEqual(0.75);
});

describe('what cannot be loaded', () => {
  test('an unknown model', async () => {
    await expect(loadEngine({ modelId: 'other' })).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });
  });

  test('a file that is missing, or no model', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'decai-model-'));
    const file = join(folder, 'broken.gguf');
    const load = (): Promise<Engine> => createLlamaEngine({ modelId: 'broken', file, contextTokens: 64 });
    await expect(load()).rejects.toMatchObject({ code: 'MODEL_UNREADABLE' });
    for (const content of ['', 'not a model', 'GGUF but not really']) {
      await writeFile(file, content);
      await expect(load()).rejects.toMatchObject({ code: 'MODEL_UNREADABLE' });
    }
    await rm(folder, { recursive: true });
  });

  test('weights other than those asked for', async () => {
    const { id, file, contextTokens } = MODELS[0]!;
    const other = createLlamaEngine({ modelId: id, file, contextTokens, sha256: '00'.repeat(32) });
    await expect(other).rejects.toMatchObject({ code: 'MODEL_UNREADABLE' });
  });

  test('where llama.cpp cannot load, the stand-in takes its place and says why, unless llama.cpp was demanded', async () => {
    const why = 'llama.cpp cannot load here: no build of it for this machine';
    const createLlama = (): Promise<Engine> => Promise.reject(new Fault('LLAMA_UNAVAILABLE', why));
    const loaded = await loadEngine({ modelId: MODELS[0]!.id, createLlama });
    expect(loaded).toMatchObject({ kind: 'stand-in', reason: why });
    const demanded = loadEngine({ modelId: MODELS[0]!.id, kind: 'llama', createLlama });
    await expect(demanded).rejects.toMatchObject({ code: 'LLAMA_UNAVAILABLE' });
  });

  test('a failure that nobody foresaw is not covered up by the stand-in', async () => {
    const createLlama = (): Promise<Engine> => Promise.reject(new TypeError('a mistake in the code'));
    await expect(loadEngine({ modelId: MODELS[0]!.id, createLlama })).rejects.toThrow(TypeError);
  });

  test('the stand-in says why it answers', async () => {
    const loaded = await loadEngine({ modelId: MODELS[0]!.id, kind: 'stand-in' });
    expect(loaded).toMatchObject({ kind: 'stand-in', reason: 'the stand-in was asked for' });
  });
});
