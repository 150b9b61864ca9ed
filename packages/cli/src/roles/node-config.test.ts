import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readNodeConfig } from './node-config.ts';

const EXAMPLE = readFileSync(new URL('../../node.example.yaml', import.meta.url), 'utf8');

describe('the configuration of a node', () => {
  test('is the example, whose comments show the defaults', () => {
    const plain = EXAMPLE.replace(/^#(?=[a-zA-Z]|  )/gm, '');
    const { rest, explorer, proofThreads, ...others } = readNodeConfig(plain);
    expect(others).toEqual(readNodeConfig(EXAMPLE));
    expect(rest).toEqual({ host: '127.0.0.1', port: 1_317 });
    expect(explorer).toEqual({ host: '127.0.0.1', port: 1_318 });
    expect(proofThreads).toBe(1);
    expect(others).toEqual({
      genesis: 'genesis.json',
      data: 'data',
      proposerKeyFile: 'proposer.key',
      listen: { host: '127.0.0.1', port: 26_657 },
      blockMs: 1_000,
      historyBlocks: 10_000,
    });
  });

  test('opens a door for REST when there is one', () => {
    expect(readNodeConfig('{}')).not.toHaveProperty('rest');
    expect(readNodeConfig('rest:')).not.toHaveProperty('rest');
    expect(readNodeConfig('rest: {}').rest).toEqual({ host: '127.0.0.1', port: 1_317 });
    expect(readNodeConfig('rest: { host: 0.0.0.0, port: 80 }').rest).toEqual({ host: '0.0.0.0', port: 80 });
  });

  test('keeps an index for the explorer when it has a door', () => {
    expect(readNodeConfig('{}')).not.toHaveProperty('explorer');
    expect(readNodeConfig('explorer:')).not.toHaveProperty('explorer');
    expect(readNodeConfig('explorer: { port: 0 }').explorer).toEqual({ host: '127.0.0.1', port: 0 });
  });

  test('leaves the number of threads to the machine unless it is given', () => {
    expect(readNodeConfig('{}')).not.toHaveProperty('proofThreads');
    expect(readNodeConfig('proofThreads: 0').proofThreads).toBe(0);
  });

  test.each([
    ['blockms: 5', 'file has no field blockms'],
    ['blockMs: 5', 'whole number from 10'],
    ['historyBlocks: 0', 'whole number from 1'],
    ['proofThreads: -1', 'whole number from 0'],
    ['listen: { port: 70000 }', 'listen.port has to be'],
    ['listen: { hosts: x }', 'listen has no field hosts'],
    ['rest: { port: x }', 'rest.port has to be'],
    ['explorer: { path: x }', 'explorer has no field path'],
    ['rest: { ports: 1 }', 'rest has no field ports'],
    ['rest: 1317', 'rest has to be a map'],
    ['data: [1]', 'data has to be a text'],
    ['a: [', 'not YAML'],
  ])('is refused: %s', (yaml, words) => {
    expect(() => readNodeConfig(yaml)).toThrow(words);
  });
});
