import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commandReference } from './command-reference.ts';
import { COMMANDS, GROUPS } from './commands.ts';

const PAGE = fileURLToPath(new URL('../../../docs/commands.md', import.meta.url));

test('docs/commands.md is what the commands say of themselves', async () => {
  await expect(commandReference(COMMANDS, GROUPS)).toMatchFileSnapshot(PAGE);
});

test('no two commands have one name, and every example is of its command', () => {
  const names = COMMANDS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, examples } of COMMANDS) {
    expect(examples.length, name).toBeGreaterThan(0);
    for (const example of examples) expect(example).toContain(`decai ${name}`);
  }
});

test('every group of commands has a summary', () => {
  const firsts = COMMANDS.map(({ name }) => name.split(' ')).filter(([, second]) => second !== undefined);
  expect(Object.keys(GROUPS).sort()).toEqual([...new Set(firsts.map(([first]) => first!))].sort());
});

test('an option says its default and its environment variable', () => {
  const page = commandReference(
    [
      {
        name: 'sing',
        summary: 'Sings.',
        arguments: [{ name: '<song>', help: 'which' }],
        options: [{ flags: '--loud <n>', help: 'how', default: '3', environment: 'LOUD' }],
        examples: ['decai sing la'],
        run: () => Promise.resolve(0),
      },
    ],
    {},
  );
  expect(page).toContain('`decai sing <song> [options]`');
  expect(page).toContain('- `--loud <n>`: how (default `3`, or `LOUD`)');
});
