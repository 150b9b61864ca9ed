/** `npm run evaluate -w @decai/model [-- --verbose] [model ids]`. */
import { runEvaluateCommand } from './evaluate-command.ts';

const args = process.argv.slice(2);
const models = args.filter((arg) => !arg.startsWith('-'));
process.exitCode = await runEvaluateCommand({
  ...(models.length === 0 ? {} : { models }),
  verbose: args.includes('--verbose'),
  print: (line) => console.log(line),
});
