/**
 * Asks a model the held-out questions and counts the right answers.
 *
 * The questions were written by hand, are worded freely, and never occur in the training text (`training/conversations.py` bans
 * them). Answers are taken at temperature 0, so the score of given weights is always the same.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { wholeAnswer } from './answer.ts';
import { GREEDY, type Engine } from './engine.ts';
import { judge, type Question } from './judge.ts';

/** The committed questions. */
export const QUESTIONS_FILE: string = fileURLToPath(new URL('../evaluation/questions.json', import.meta.url));

/** An answer longer than this has lost its thread. */
const ANSWER_TOKENS_MAX = 200;

export type Verdict = {
  readonly question: Question;
  readonly answer: string;
  /** Why the answer is wrong; absent where it is right. */
  readonly failure?: string;
};

export async function readQuestions(file: string = QUESTIONS_FILE): Promise<readonly Question[]> {
  return JSON.parse(await readFile(file, 'utf8')) as readonly Question[];
}

/** One verdict per question, in order. */
export async function* evaluate(engine: Engine, questions: readonly Question[]): AsyncGenerator<Verdict, void, void> {
  for (const question of questions) {
    const messages = question.messages ?? [{ role: 'user' as const, content: question.ask! }];
    const settings = { sampling: GREEDY, maxTokens: ANSWER_TOKENS_MAX, stops: [] };
    const { text, finishReason } = await wholeAnswer(engine, engine.renderChat(messages), settings);
    const failure = judge(question, text, finishReason);
    yield { question, answer: text, ...(failure === undefined ? {} : { failure }) };
  }
}
