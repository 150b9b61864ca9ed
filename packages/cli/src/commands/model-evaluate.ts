/** `decai model evaluate`: asks the models in the box the questions that were held out from their training. */
import { EVALUATION_BAR, runEvaluateCommand } from '@decai/model/evaluate-command';
import { type Command, numberOption, textOption } from '../command.ts';

export const modelEvaluate: Command = {
  name: 'model evaluate',
  summary: 'Ask the models in the box the held-out questions and count right answers.',
  options: [
    { flags: '--models <ids>', help: 'which, with commas between; absent: all, the recommended one first' },
    {
      flags: '--bar <number>',
      help: 'right answers in a hundred that the first must reach',
      default: String(EVALUATION_BAR),
    },
    { flags: '--threads <number>', help: 'threads of one answer' },
    { flags: '--verbose', help: 'print every answer, not only the wrong ones' },
  ],
  examples: ['decai model evaluate', 'decai model evaluate --models decai-tiny-1m --bar 60'],
  async run(invocation) {
    const models = textOption(invocation, 'models')?.split(',');
    const threads = numberOption(invocation, 'threads', 1, 1_024);
    return await runEvaluateCommand({
      bar: numberOption(invocation, 'bar', 0, 100)!,
      verbose: invocation.options['verbose'] === true,
      print: invocation.print,
      ...(models === undefined ? {} : { models }),
      ...(threads === undefined ? {} : { threads }),
    });
  },
};
