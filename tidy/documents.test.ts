/** What the documents say is so: errors, the path of a completion, commands, examples. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HOPS } from '../packages/protocol/src/hop.ts';
import { errorReference } from './error-reference.ts';
import { ROOT } from './source-files.ts';
import { wireReference } from './wire-reference.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const rooms = readdirSync(join(ROOT, 'packages'));

test('docs/errors.md lists exactly the codes that the sources have', async () => {
  await expect(errorReference()).toMatchFileSnapshot(join(ROOT, 'docs/errors.md'));
});

test('docs/wire.md lists every message with its source', async () => {
  await expect(await wireReference()).toMatchFileSnapshot(join(ROOT, 'docs/wire.md'));
});

test('docs/state.md names every kind of record', () => {
  const document = read('docs/state.md');
  const sources = readdirSync(join(ROOT, 'packages/ledger/src')).filter((name) => !name.includes('test'));
  const prefixes = sources
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [
      ...read(`packages/ledger/src/${name}`).matchAll(/(?:new CollectionShape|indexedShape)\(\s*'([^']+)'/g),
    ])
    .map(([, prefix]) => prefix!);
  expect(prefixes.length).toBeGreaterThan(15);
  for (const prefix of prefixes) expect(document).toContain(`| \`${prefix}`);
});

test('the path of a completion in ARCHITECTURE.md names functions that exist, hop by hop', () => {
  const rows = [...read('ARCHITECTURE.md').matchAll(/^\| ([a-z]+\.[a-z]+) +\| `(\w+)` +\| `(packages\/[^`]+)` +\|/gm)];
  expect(rows.map(([, hop]) => hop)).toEqual([...HOPS]);
  for (const [, hop, name, file] of rows) {
    expect(existsSync(join(ROOT, file!)), `${hop}: ${file}`).toBe(true);
    expect(read(file!), `${hop}: ${name} in ${file}`).toMatch(
      new RegExp(`export (?:async )?(?:function\\*?|const) ${name}\\b`),
    );
  }
});

test('every room has a README with the six parts', () => {
  for (const room of rooms) {
    const text = read(`packages/${room}/README.md`);
    for (const part of [`# ${room}\n`, '\nOwns ', '\nNot here ', '\nRead ', '\nInvariants\n', '\nSources ']) {
      expect(text, `packages/${room}/README.md`).toContain(part);
    }
  }
});

test('links between documents lead somewhere', () => {
  const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'].concat(
    readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  );
  for (const document of documents) {
    for (const [, target] of read(document).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      const path = join(document, '..', target!);
      expect(existsSync(join(ROOT, path)), `${document} links to ${target}`).toBe(true);
    }
  }
});

test('every npm script and npx command that the documents show exists', async () => {
  const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
  const { COMMANDS } = await import('../packages/cli/src/commands.ts');
  const commands = COMMANDS.map(({ name }) => name);
  for (const document of ['README.md', 'CONTRIBUTING.md', 'docs/running.md']) {
    for (const [, script] of read(document).matchAll(/npm (?:run )?(start|test|run [a-z]+)/g)) {
      expect(scripts, document).toContain(script!.replace('run ', ''));
    }
    for (const [, first, second] of read(document).matchAll(/\bdecai ([a-z]+)(?: ([a-z-]+))?/g)) {
      const known = commands.some((name) => name === first || name === `${first} ${second}`);
      expect(known, `${document}: decai ${first} ${second ?? ''}`).toBe(true);
    }
  }
});
