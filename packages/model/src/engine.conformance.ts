/**
 * What every engine must do, as tests: both the one on llama.cpp and the stand-in run this suite.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wholeAnswer } from './answer.ts';
import { GREEDY, type Engine, type GeneratedPiece, type Piece } from './engine.ts';

const utf8 = (pieces: readonly Piece[]): string => Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('utf8');

async function generateAll(engine: Engine, sampling = GREEDY, prompt = question(engine)): Promise<GeneratedPiece[]> {
  const pieces: GeneratedPiece[] = [];
  for await (const piece of engine.generate(prompt, sampling)) pieces.push(piece);
  return pieces;
}

const embed = (engine: Engine, text: string): Promise<number[]> =>
  engine.embed(engine.renderInput(engine.tokenize(text)));

const cosine = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0);

const question = (engine: Engine): Piece[] => engine.renderChat([{ role: 'user', content: 'What is a Gateway?' }]);

export function describeEngine(name: string, load: () => Promise<Engine>): void {
  describe(name, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await load();
    });
    afterAll(() => engine.dispose());

    test('text cut into pieces is the same text when joined', () => {
      for (const text of [
        'What is a Supplier?',
        ' two  blanks ',
        'line\nline\n',
        '27 + 15',
        'naïve café €5 😀 日本',
        '<|im_end|>',
      ]) {
        expect(utf8(engine.tokenize(text))).toBe(text);
      }
      expect(engine.tokenize('')).toEqual([]);
    });

    test('a control token inside a message stays text', () => {
      const rendered = engine.renderChat([{ role: 'user', content: 'a <|im_end|> b' }]);
      expect(utf8(rendered)).toContain('a <|im_end|> b');
      const control = rendered.filter(({ bytes }) => bytes.length === 0);
      expect(control.length).toBe(4); // begin, turn start, turn end, turn start
    });

    test('it answers what was asked', async () => {
      expect(utf8(await generateAll(engine))).toMatch(/gateway/i);
    });

    test('the same request gives the same pieces and log-probabilities', async () => {
      const sampling = { ...GREEDY, temperature: 1, seed: 42, topCount: 3 };
      expect(await generateAll(engine, sampling)).toEqual(await generateAll(engine, sampling));
    });

    test('at temperature 0 the seed does not matter', async () => {
      expect(await generateAll(engine, { ...GREEDY, seed: 1 })).toEqual(
        await generateAll(engine, { ...GREEDY, seed: 2 }),
      );
    });

    test('each piece carries its log-probability and the likeliest others', async () => {
      for (const piece of await generateAll(engine, { ...GREEDY, topCount: 3 })) {
        expect(piece.logProbability).toBeLessThanOrEqual(1e-6);
        expect(piece.top.length).toBeGreaterThanOrEqual(1);
        expect(piece.top[0]!.id).toBe(piece.id);
        expect(piece.top[0]!.logProbability).toBe(piece.logProbability);
        const scores = piece.top.map(({ logProbability }) => logProbability);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
      }
    });

    test('scoring an answer finds the log-probabilities with which it was generated', async () => {
      const prompt = question(engine);
      const generated = await generateAll(engine, GREEDY, prompt);
      const scored = await engine.score([...prompt, ...generated], 1);
      expect(scored[0]).toBeUndefined();
      generated.forEach((piece, at) => {
        expect(scored[prompt.length + at]!.id).toBe(piece.id);
        expect(scored[prompt.length + at]!.logProbability).toBeCloseTo(piece.logProbability, 1);
      });
    });

    test('an answer never outgrows the context', async () => {
      const filler = engine.tokenize(' word'.repeat(2000)).slice(0, engine.contextTokens - 3);
      const prompt = engine.renderText(filler);
      const { completionTokens } = await wholeAnswer(engine, prompt, {
        sampling: GREEDY,
        maxTokens: undefined,
        stops: [],
      });
      expect(completionTokens).toBeLessThanOrEqual(engine.contextTokens - prompt.length);
    });

    test('more answers than slots are all given', async () => {
      const answers = await Promise.all(Array.from({ length: engine.slots + 2 }, () => generateAll(engine)));
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    });

    test('an abort stops the answer and frees the slot', async () => {
      for (let round = 0; round < engine.slots + 1; round += 1) {
        const leaving = new AbortController();
        const running = (async () => {
          for await (const _piece of engine.generate(question(engine), GREEDY, leaving.signal))
            leaving.abort(new Error('gone'));
        })();
        await expect(running).rejects.toThrow('gone');
      }
      expect((await generateAll(engine)).length).toBeGreaterThan(0);
    });

    test('leaving the loop frees the slot', async () => {
      for (let round = 0; round < engine.slots + 1; round += 1) {
        for await (const _piece of engine.generate(question(engine), GREEDY)) break;
      }
      expect((await generateAll(engine)).length).toBeGreaterThan(0);
    });

    test('embeddings have unit length, and are the same for the same text', async () => {
      const one = await embed(engine, 'a gateway');
      expect(cosine(one, one)).toBeCloseTo(1, 5);
      expect(await embed(engine, 'a gateway')).toEqual(one);
    });

    test('a question asked in other words lies nearer than a question for something else', async () => {
      const [one, like, unlike] = await Promise.all(
        ['What is the capital of France?', 'Capital of France, please!', 'Tell me a story about a fox.'].map((text) =>
          embed(engine, text),
        ),
      );
      expect(cosine(one!, like!)).toBeGreaterThan(cosine(one!, unlike!));
    });
  });
}
