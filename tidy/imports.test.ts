/** The house rules that can be checked by reading: who imports whom, and which words the ledger may not contain. */
import { expect, test } from 'vitest';
import { sourceFiles, stripComments } from './source-files.ts';

/** Who may import whom. An arrow missing here is an arrow that does not exist. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  protocol: [],
  ledger: ['protocol'],
  client: ['protocol'],
  world: ['protocol'],
  quality: ['protocol'],
  node: ['protocol', 'ledger', 'client'],
  model: ['protocol'],
  miner: ['protocol', 'client'],
  gateway: ['protocol', 'client', 'quality'],
  cli: ['protocol', 'ledger', 'client', 'world', 'quality', 'node', 'model', 'miner', 'gateway'],
  sim: ['protocol', 'ledger', 'client', 'world', 'quality', 'node', 'model', 'miner', 'gateway', 'cli'],
};

/** Words that make a state machine differ between two machines. */
const UNSTEADY =
  /\b(Date|Math\.random|performance|setTimeout|setInterval|process\.|localeCompare|toLocale\w*|Intl|async|await|parseFloat)(?:\b|(?<=\.))/;

const IMPORT = /(?:from|import)\s*\(?\s*'@decai\/([a-z]+)/g;

const sources = sourceFiles('packages', /\.ts$/).filter(({ path }) => !path.includes('/gen/'));

test('arrows between rooms point inward', () => {
  const wrong: string[] = [];
  for (const { path, text, room, isTest } of sources) {
    // A test may stand on the real world; what it tests may not.
    const allowed = [room, ...MAY_IMPORT[room]!, ...(isTest ? ['world', 'node', 'model', 'ledger', 'miner'] : [])];
    for (const [, target] of stripComments(text).matchAll(IMPORT)) {
      if (!allowed.includes(target!)) wrong.push(`${path} imports @decai/${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('every room declares the rooms it imports', () => {
  expect(Object.keys(MAY_IMPORT).sort()).toEqual([...new Set(sources.map(({ room }) => room))].sort());
});

test('the ledger contains no unsteady word', () => {
  const unsteady = sources
    .filter(({ room, isTest }) => room === 'ledger' && !isTest)
    .flatMap(({ path, text }) =>
      stripComments(text)
        .split('\n')
        .flatMap((line, index) => (UNSTEADY.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    );
  expect(unsteady).toEqual([]);
});

test('only the room world and the command line touch sockets, disks and clocks', () => {
  const OUTSIDE =
    /from '(?:node:(?:http|https|net|fs|fs\/promises|child_process|timers|timers\/promises|dns)|undici|ws|lmdb|libsql)'/;
  const mayTouch = new Set(['world', 'cli', 'model', 'sim']);
  const wrong = sources
    .filter(({ room, isTest, text }) => !mayTouch.has(room) && !isTest && OUTSIDE.test(stripComments(text)))
    .map(({ path }) => path);
  expect(wrong).toEqual([]);
});

test('no file has a name that says nothing', () => {
  const nameless = sources
    .map(({ path }) => path)
    .filter((path) => /\/(utils?|helpers?|common|misc|types)\.ts$/.test(path));
  expect(nameless).toEqual([]);
});

test('no test is skipped or focused, and nothing is marked as unfinished', () => {
  const MARKS = /\b(?:it|test|describe)\.(?:only|skip|todo)\(|\b(?:TODO|FIXME|XXX|HACK)\b/;
  const marked = sources
    .filter(({ path, text }) => MARKS.test(text) && !path.endsWith('imports.test.ts'))
    .map(({ path }) => path);
  expect(marked).toEqual([]);
});
