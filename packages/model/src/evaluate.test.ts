import { expect, test } from 'vitest';
import { EVALUATION_BAR, runEvaluateCommand } from './evaluate-command.ts';
import { readQuestions } from './evaluate.ts';
import { MODELS } from './models.ts';

test('there are a hundred held-out questions, each with a rule that an empty answer breaks', async () => {
  const questions = await readQuestions();
  expect(questions.length).toBe(100);
  expect(new Set(questions.map(({ id }) => id)).size).toBe(100);
  for (const question of questions) {
    expect(question.ask === undefined).not.toBe(question.messages === undefined);
    expect(question.mustContain.length).toBeGreaterThan(0);
  }
});

test('the recommended model reaches the bar, and the command prints the score', async () => {
  const lines: string[] = [];
  const code = await runEvaluateCommand({ models: [MODELS[0]!.id], threads: 1, print: (line) => lines.push(line) });
  expect(lines.join('\n')).toMatch(new RegExp(`${MODELS[0]!.id}: \\d+ of 100 right$`));
  expect({ code, failed: lines }).toMatchObject({ code: 0 });
});

test('a bar that is not reached is exit code 1', async () => {
  const models = [MODELS[1]!.id];
  expect(await runEvaluateCommand({ models, threads: 1, bar: 101, print: () => {} })).toBe(1);
  expect(EVALUATION_BAR).toBe(90);
});
