import { isFault } from '@decai/protocol/fault';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkMinerConfig, OPENAI_PATHS, parseMinerConfig, resolveHeaders } from './miner-config.ts';

const EXAMPLE = readFileSync(new URL('../miner.example.yaml', import.meta.url), 'utf8');

test('the example loads', () => {
  const config = parseMinerConfig(EXAMPLE);
  expect(config.services['tiny-decai']).toMatchObject({ backend: 'http://127.0.0.1:8000', inflightMax: 64 });
  expect(config.listen).toEqual({ host: '127.0.0.1', port: 8545 });
});

test('what the example shows in comments is the default', () => {
  // Uncomment the option blocks at the margin; the second service and the annotated values inside a service stay out.
  const uncommented = EXAMPLE.replace(
    /^# (?=(?:admission|journal|stream|claims|responseBinding|errorStatus|metrics|trace):)/gm,
    '',
  )
    .replace(/^#(?= {3}\w+:)/gm, ' ')
    .replace(/^ {4}# (?=(?:\w+Bytes\w*|\w+Ms|\w+Max|pocketHeaders|probe):)/gm, '    ');
  expect(uncommented).not.toBe(EXAMPLE);
  expect(parseMinerConfig(uncommented)).toEqual(parseMinerConfig(EXAMPLE));
});

test('one service with a backend is enough', () => {
  const config = checkMinerConfig({ services: { tiny: { backend: 'http://127.0.0.1:1' } } });
  expect(config.services['tiny']!.allowedPaths).toEqual(OPENAI_PATHS);
  expect(config.trace.enabled).toBe(false);
});

test.each([
  ['nothing', undefined, /the file/],
  ['no service', { services: {} }, /at least one service/],
  ['an unknown key', { services: { a: { backend: 'http://h' } }, lisen: {} }, /lisen.*did you mean listen/],
  ['an unknown key of a service', { services: { a: { backend: 'http://h', inflightMx: 1 } } }, /mean inflightMax/],
  ['a backend that is no URL', { services: { a: { backend: 'localhost' } } }, /services\.a\.backend/],
  ['a backend of another scheme', { services: { a: { backend: 'file:///etc' } } }, /services\.a\.backend/],
  ['an impossible service id', { services: { 'a b': { backend: 'http://h' } } }, /service id/],
  [
    'an operator page for strangers',
    { services: { a: { backend: 'http://h' } }, trace: { enabled: true }, listen: { host: '0.0.0.0' } },
    /trace\.enabled: needs listen\.host/,
  ],
  ['a path with a query', { services: { a: { backend: 'http://h', allowedPaths: ['/v1?x'] } } }, /path/],
])('%s is refused by name', (_name, input, complaint) => {
  let thrown: unknown;
  try {
    checkMinerConfig(input);
  } catch (caught) {
    thrown = caught;
  }
  expect(isFault(thrown, 'MINER_CONFIG_INVALID')).toBe(true);
  expect((thrown as Error).message).toMatch(complaint);
});

test('text that is not YAML is refused', () => {
  expect(() => parseMinerConfig('a: [')).toThrow(/not YAML/);
});

test('headers read the environment only where they say so', () => {
  expect(resolveHeaders({ authorization: 'env:KEY', 'x-plain': 'v' }, { KEY: 'Bearer k' })).toEqual({
    authorization: 'Bearer k',
    'x-plain': 'v',
  });
  expect(() => resolveHeaders({ authorization: 'env:KEY' }, {})).toThrow(/unset environment variable/);
});
