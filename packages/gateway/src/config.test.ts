import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { LIMITS_DEFAULT, readGatewayConfig } from './config.ts';

const example = await readFile(new URL('../gateway.example.yaml', import.meta.url), 'utf8');

test('the example is a configuration, and its comments show the defaults', () => {
  const bare = readGatewayConfig(example);
  if (!bare.ok) throw new Error(bare.problems.join('\n'));
  expect(bare.config).toMatchObject({ listen: { host: '127.0.0.1', port: 8_080 }, limits: LIMITS_DEFAULT, data: '.' });
  const spelledOut = readGatewayConfig(example.replace(/^(\s*)#(listen|limits|data|  \w)/gm, '$1$2'));
  expect(spelledOut).toEqual(bare);
});

test.each([
  ['a misspelt field', `${example}\nlimit: {}`, 'file: Unrecognized key: "limit"'],
  ['a key in clear', example.replace(/sha256: '0+'/, 'sha256: sk-secret'), 'keys.0.sha256'],
  ['no ledger', example.replace(/ledger:\n.*\n/, ''), 'ledger'],
  ['no YAML', 'a: [', 'not YAML'],
])('%s is named', (_name, yaml, problem) => {
  const read = readGatewayConfig(yaml);
  expect(read.ok).toBe(false);
  if (!read.ok) expect(read.problems.join('\n')).toContain(problem);
});
