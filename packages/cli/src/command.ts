/**
 * A command is data: what it is called, what it says of itself, what it takes, and what it runs.
 *
 * The parser, `--help` and the reference page are made from the same value, so they cannot drift apart.
 */

export type OptionSpec = {
  /** As typed: `--port <number>` takes a value, `--json` does not. */
  readonly flags: string;
  readonly help: string;
  readonly default?: string;
  /** Read when the flag is absent. Precedence is flag, environment, default. */
  readonly environment?: string;
};

export type ArgumentSpec = {
  /** As in usage: `<id>` is required, `[name]` is not, `<words...>` takes the rest. */
  readonly name: string;
  readonly help: string;
};

export type Invocation = {
  readonly arguments: readonly string[];
  /** By long name in camel case: `--fee-upokt` is `feeUpokt`. A flag without value is `true`. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Prints one line to standard output. */
  readonly print: (line: string) => void;
  /** Writes to standard output as it is, for text that arrives in pieces. */
  readonly write: (text: string) => void;
  /** Prints one line to standard error: progress and advice, never results. */
  readonly note: (line: string) => void;
  /** Aborts on Ctrl-C, on SIGTERM, and when a supervising parent is gone. */
  readonly signal: AbortSignal;
};

export type Command = {
  /** One or two words: `vectors`, `keys new`. */
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** Resolves to the exit code. */
  readonly run: (invocation: Invocation) => Promise<number>;
};

/** What the user can mend himself: printed as one line and what to do about it, without a stack. */
export class UsageError extends Error {
  readonly advice: string | undefined;

  constructor(message: string, advice?: string) {
    super(message);
    this.name = 'USAGE';
    this.advice = advice;
  }
}

/** An option as it is typed: `blockMs` is `--block-ms`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The value of an option that takes one. */
export function textOption(invocation: Invocation, name: string): string | undefined {
  const value = invocation.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** @throws UsageError unless the option is absent or a whole number from `min` to `max`. */
export function numberOption(invocation: Invocation, name: string, min: number, max: number): number | undefined {
  const text = textOption(invocation, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`${flagOf(name)} takes a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}

/** @throws UsageError unless the option is absent or one of the choices. */
export function choiceOption<Choice extends string>(
  invocation: Invocation,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = textOption(invocation, name);
  const choice = choices.find((one) => one === text);
  if (text !== undefined && choice === undefined) {
    throw new UsageError(`${flagOf(name)} is one of ${choices.join(', ')}, not "${text}"`);
  }
  return choice;
}

/** @throws UsageError unless the option is absent or an address such as `http://127.0.0.1:8080`. */
export function urlOption(invocation: Invocation, name: string): string | undefined {
  const text = textOption(invocation, name);
  if (text === undefined || /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text;
  throw new UsageError(`${flagOf(name)} takes an address such as http://127.0.0.1:8080, not "${text}"`);
}
