/** The binary: one list of commands, one place where exit codes are decided. */
import { readFileSync } from 'node:fs';
import { Command as Parser } from 'commander';
import { createStop } from '@decai/client/stop-signal';
import type { Command, Invocation, OptionSpec } from './command.ts';
import { COMMANDS, GROUPS } from './commands.ts';
import { explainFailure } from './explain-failure.ts';

const stop = createStop();
/** What a shell expects of a process that ended because it was asked to. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, disconnect: 1 } as const;

type Ending = keyof typeof EXIT_CODES;

function listenForTheEnd(): void {
  const end = (ending: Ending): void => {
    // A second Ctrl-C means now.
    if (stop.signal.aborted && ending === 'SIGINT') process.exit(EXIT_CODES.SIGINT);
    stop.abort(new Interruption(ending));
  };
  for (const ending of Object.keys(EXIT_CODES) as Ending[]) process.on(ending, () => end(ending));
  // A parent may be gone before anybody listened.
  if (process.connected === false) end('disconnect');
}

/** Why `stop` aborted: who asked knows, so that nothing needs to be explained. */
class Interruption extends Error {
  readonly exitCode: number;

  constructor(ending: Ending) {
    super(ending);
    this.exitCode = EXIT_CODES[ending];
  }
}

function invocationOf(args: readonly string[], options: Record<string, string | boolean>): Invocation {
  return {
    arguments: args,
    options,
    print: (line) => process.stdout.write(`${line}\n`),
    write: (text) => process.stdout.write(text),
    note: (line) => process.stderr.write(`${line}\n`),
    signal: stop.signal,
  };
}

function fromEnvironment(specs: readonly OptionSpec[], given: Record<string, string | boolean>): typeof given {
  const options = { ...given };
  for (const spec of specs) {
    const name = spec.flags.replace(/^.*--/, '').replace(/[ =].*$/, '');
    const key = name.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    const value = spec.environment === undefined ? undefined : process.env[spec.environment];
    if (options[key] === undefined && value !== undefined) options[key] = value;
    if (options[key] === undefined && spec.default !== undefined) options[key] = spec.default;
  }
  return options;
}

function addCommand(root: Parser, command: Command): void {
  const words = command.name.split(' ');
  const last = words.pop()!;
  let parent = root;
  for (const word of words) {
    parent =
      parent.commands.find((known) => known.name() === word) ?? parent.command(word).description(GROUPS[word] ?? '');
  }
  const parser = parent.command(last).description(command.summary);
  for (const argument of command.arguments ?? []) parser.argument(argument.name, argument.help);
  for (const option of command.options ?? []) {
    const notes = [
      option.default === undefined ? '' : `default ${option.default}`,
      option.environment === undefined ? '' : `or ${option.environment}`,
    ].filter((note) => note !== '');
    parser.option(option.flags, notes.length === 0 ? option.help : `${option.help} (${notes.join(', ')})`);
  }
  parser.addHelpText('after', `\nExamples:\n${command.examples.map((example) => `  ${example}`).join('\n')}`);
  parser.action(async (...given: unknown[]) => {
    const args = parser.processedArgs.flat().filter((value): value is string => typeof value === 'string');
    const options = fromEnvironment(command.options ?? [], given.at(-2) as Record<string, string | boolean>);
    listenForTheEnd();
    try {
      process.exitCode = await command.run(invocationOf(args, options));
    } catch (thrown) {
      if (!(thrown instanceof Interruption)) process.stderr.write(`${explainFailure(thrown)}\n`);
      process.exitCode = thrown instanceof Interruption ? thrown.exitCode : 1;
    }
    if (process.connected === true) process.disconnect();
  });
}

const parser = new Parser('decai').description(
  'A permissionless network for LLM inference, and the software to run it.',
);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
parser.version(version, '-V, --version', 'print the version');
parser.showHelpAfterError('(decai --help lists the commands)');
for (const command of COMMANDS) addCommand(parser, command);
await parser.parseAsync();
