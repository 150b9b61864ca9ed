/** The binary: one list of commands, one place where exit codes and the last word on errors are decided. */
import { Command as Parser } from 'commander';
import { isFault } from '@decai/protocol/fault';
import { type Command, type Invocation, type OptionSpec, UsageError } from './command.ts';
import { COMMANDS, GROUPS } from './commands.ts';

const stop = new AbortController();

function listenForTheEnd(): void {
  let asked = false;
  const end = (reason: string) => () => {
    // A second Ctrl-C means now.
    if (asked && reason === 'SIGINT') process.exit(130);
    asked = true;
    stop.abort(new Error(reason));
  };
  process.on('SIGINT', end('SIGINT'));
  process.on('SIGTERM', end('SIGTERM'));
  process.on('disconnect', end('parent gone'));
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

/** One line that says what went wrong and one that says what to do; the stack only for what nobody foresaw. */
function explain(thrown: unknown): void {
  if (thrown instanceof UsageError) {
    process.stderr.write(`decai: ${thrown.message}\n${thrown.advice === undefined ? '' : `       ${thrown.advice}\n`}`);
    return;
  }
  if (isFault(thrown)) {
    const facts = Object.entries(thrown.details).map(([name, value]) => `  ${name}: ${value}`);
    process.stderr.write([`decai: ${thrown.message} (${thrown.code})`, ...facts].join('\n') + '\n');
    return;
  }
  process.stderr.write(`decai: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
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
      explain(thrown);
      process.exitCode = 1;
    }
    if (process.connected === true) process.disconnect();
  });
}

const parser = new Parser('decai').description(
  'A permissionless network for LLM inference, and the software to run it.',
);
parser.showHelpAfterError('(decai --help lists the commands)');
for (const command of COMMANDS) addCommand(parser, command);
await parser.parseAsync();
