/** What every command has to do right, whatever it is for. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Command, type Invocation, UsageError } from './command.ts';
import { COMMANDS } from './commands.ts';
import { importKeyFile, keyPath } from './keys/key-file.ts';

const WORDS = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
const takes = (flag: string) => (command: Command) =>
  (command.options ?? []).some(({ flags }) => flags.startsWith(`--${flag} `));
const PARAMETER = { '<parameter>': 'num_blocks_per_session', '<value>': '20' };
const onNetwork = COMMANDS.filter(takes('rpc')).map((command) => [command.name, command] as const);

let home: string;
let address: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'decai-commands-'));
  address = importKeyFile(keyPath(home, 'alice'), WORDS).address;
});
afterAll(() => rm(home, { recursive: true }));

function failureOf(command: Command, options: Invocation['options'] = {}): Promise<unknown> {
  const values: Record<string, string> = {
    '<amount>': '5pokt',
    '<module>': 'shared',
    '<hash>': 'ab'.repeat(32),
    ...PARAMETER,
  };
  const defaults = (command.options ?? []).map(({ flags, default: value }) => {
    const name = /--([a-z-]+)/.exec(flags)![1]!.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    return [name, value] as const;
  });
  const said = { print: () => undefined, write: () => undefined, note: () => undefined };
  const running = command.run({
    arguments: (command.arguments ?? [])
      .filter(({ name }) => name.startsWith('<'))
      .map(({ name }) => values[name] ?? address),
    options: { ...Object.fromEntries(defaults), home, from: 'alice', ...options },
    signal: new AbortController().signal,
    ...said,
  });
  return running.then(
    (code) => `exit code ${code}`,
    (thrown: unknown) => thrown,
  );
}

test.each(onNetwork)('%s says how to get a network where none runs', async (_name, command) => {
  const failure = await failureOf(command);
  expect(failure).toBeInstanceOf(UsageError);
  expect(failure).toMatchObject({ message: `no network runs in ${home}` });
  expect((failure as UsageError).advice).toMatch(/^start one with "decai dev", or give --(rpc|gateway) URL/);
});

test.each(onNetwork)('%s takes no address that is none', async (_name, command) => {
  const failure = await failureOf(command, {
    rpc: 'nonsense',
    gateway: 'http://127.0.0.1:1',
    key: 'k',
    sovereign: true,
  });
  expect(failure).toBeInstanceOf(UsageError);
  expect((failure as UsageError).message).toBe('--rpc takes an address such as http://127.0.0.1:8080, not "nonsense"');
});

test.each(COMMANDS.filter(takes('config')).map((command) => [command.name, command] as const))(
  '%s names the configuration that it cannot read',
  async (name, command) => {
    const config = join(home, 'nowhere.yaml');
    const failure = await failureOf(command, { config });
    expect(failure, name).toBeInstanceOf(UsageError);
    expect((failure as UsageError).message).toContain(`cannot read ${config} (ENOENT)`);
  },
);

test.each(COMMANDS.filter(takes('engine')).map((command) => [command.name, command] as const))(
  '%s knows its engines',
  async (_name, command) => {
    expect(await failureOf(command, { engine: 'steam' })).toMatchObject({
      message: '--engine is one of auto, llama, stand-in, not "steam"',
    });
  },
);

test.each(COMMANDS.filter(takes('port')).map((command) => [command.name, command] as const))(
  '%s knows what a port is',
  async (_name, command) => {
    for (const port of ['x', '65536', '-1', '80.5']) {
      expect((await failureOf(command, { port })) as Error).toHaveProperty(
        'message',
        expect.stringMatching(/^--port takes a whole number from [01] to 65535, not /),
      );
    }
  },
);
