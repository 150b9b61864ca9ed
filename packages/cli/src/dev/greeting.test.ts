import { describe, expect, test } from 'vitest';
import type { DevFile } from './dev-home.ts';
import { greeting } from './greeting.ts';

const NETWORK: DevFile = {
  gateway: { url: 'http://127.0.0.1:8080/v1', key: 'sk-decai-1' },
  models: ['large', 'small'],
  ledger: {
    rpc: 'http://127.0.0.1:1',
    rest: 'http://127.0.0.1:3',
    explorer: 'http://127.0.0.1:5',
    chainId: 'local-1',
    profile: 'pocket',
  },
  miners: [{ supplier: 'pokt1a', url: 'http://127.0.0.1:2' }],
  accounts: [],
  pid: 1,
};

/** The line of the greeting that has this in it. */
function lineWith(text: string, home: string, standIn?: string): string {
  return greeting(NETWORK, home, standIn)
    .split('\n')
    .find((line) => line.includes(text))!;
}

describe('the greeting', () => {
  test('has a line to paste that asks the recommended model', () => {
    const line = lineWith('curl', '.decai');
    const body = /-d '(.*)'$/.exec(line)![1]!;
    expect(line).toContain("curl -N http://127.0.0.1:8080/v1/chat/completions -H 'Authorization: Bearer sk-decai-1'");
    expect(JSON.parse(body)).toMatchObject({ model: 'large', stream: true });
    // What stands between single quotes may hold none.
    expect(body).not.toContain("'");
  });

  test.each([
    ['.decai', 'npx decai trace --wait ID'],
    ['other', 'npx decai trace --wait ID --home other'],
    ["it's here", "npx decai trace --wait ID --home 'it'\\''s here'"],
  ])('names the home %s where it is needed', (home, command) => {
    expect(lineWith('trace', home).trim()).toBe(command);
  });

  test('says when no model could be loaded, and why', () => {
    expect(lineWith('stand-in', '.decai')).toBeUndefined();
    expect(lineWith('stand-in', '.decai', 'no library')).toContain('(no library)');
  });
});
