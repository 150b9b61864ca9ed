/** The command behind `decai model evaluate` and `npm run evaluate`: prints every failed question and a score line per model. */
import { evaluate, readQuestions } from './evaluate.ts';
import { loadEngine } from './load-engine.ts';
import { MODELS } from './models.ts';

export type EvaluateCommandOptions = {
  /** Ids of models in the box. Default: all of them. */
  readonly models?: readonly string[];
  /** Right answers per hundred that the recommended model must reach. */
  readonly bar?: number;
  readonly threads?: number;
  /** Prints every answer, not only the failed ones. */
  readonly verbose?: boolean;
  readonly print: (line: string) => void;
};

export const EVALUATION_BAR = 90;

/**
 * The exit code: 0 when the first model reaches the bar, else 1. llama.cpp must load: the stand-in is not evaluated.
 *
 * @throws what `loadEngine` throws.
 */
export async function runEvaluateCommand(options: EvaluateCommandOptions): Promise<number> {
  const { models = MODELS.map(({ id }) => id), bar = EVALUATION_BAR, print } = options;
  const questions = await readQuestions();
  const scores: number[] = [];
  for (const modelId of models) {
    const threads = options.threads === undefined ? {} : { threads: options.threads };
    const { engine } = await loadEngine({ modelId, kind: 'llama', ...threads });
    try {
      let right = 0;
      for await (const { question, answer, failure } of evaluate(engine, questions)) {
        const asked = question.ask ?? question.messages?.at(-1)?.content ?? '';
        if (failure === undefined) right += 1;
        if (failure !== undefined) print(`${question.id}  ${asked}\n    ${answer}\n    wrong: ${failure}`);
        else if (options.verbose === true) print(`${question.id}  ${asked}\n    ${answer}`);
      }
      scores.push((100 * right) / questions.length);
      print(`${modelId}: ${right} of ${questions.length} right`);
    } finally {
      await engine.dispose();
    }
  }
  return (scores[0] ?? 0) >= bar ? 0 : 1;
}
