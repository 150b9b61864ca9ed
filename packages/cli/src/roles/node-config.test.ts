import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readNodeConfig } from './node-config.ts';

const EXAMPLE = readFileSync(new URL('../../node.example.yaml', import.meta.url), 'utf8');

describe('the configuration of a node', () => {
  test('is the example, whose comments show the defaults', () => {
    const plain = EXAMPLE.replace(/^#(?=[a-zA-Z]|  )/gm, '');
    expect(readNodeConfig(plain)).toEqual(readNodeConfig(EXAMPLE));
    expect(readNodeConfig(plain)).toEqual({
      genesis: 'genesis.json',
      data: 'data',
      proposerKeyFile: 'proposer.key',
      listen: { host: '127.0.0.1', port: 26_657 },
      blockMs: 1_000,
    });
  });

  test.each([
    ['blockms: 5', 'file has no field blockms'],
    ['blockMs: 5', 'whole number from 10'],
    ['listen: { port: 70000 }', 'listen.port has to be'],
    ['listen: { hosts: x }', 'listen has no field hosts'],
    ['data: [1]', 'data has to be a text'],
    ['a: [', 'not YAML'],
  ])('is refused: %s', (yaml, words) => {
    expect(() => readNodeConfig(yaml)).toThrow(words);
  });
});
