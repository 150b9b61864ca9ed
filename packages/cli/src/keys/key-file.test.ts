import { chmodSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Command, Invocation } from '../command.ts';
import { keysList } from '../commands/keys-list.ts';
import { keysNew } from '../commands/keys-new.ts';
import { keysShow } from '../commands/keys-show.ts';
import { addressFor } from './chosen-key.ts';
import { importKeyFile, keyPath, readKeyFile } from './key-file.ts';
import { openProposerKey } from './proposer-key.ts';

const WORDS = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';

let home: string;

beforeEach(async () => (home = await mkdtemp(join(tmpdir(), 'decai-keys-'))));
afterEach(() => rm(home, { recursive: true }));

async function run(
  command: Command,
  args: readonly string[],
  options: Invocation['options'] = {},
  expectedCode = 0,
): Promise<string> {
  let printed = '';
  const print = (line: string): void => void (printed += `${line}\n`);
  const code = await command.run({
    arguments: args,
    options: { home, ...options },
    print,
    write: print,
    note: print,
    signal: new AbortController().signal,
  });
  expect(code).toBe(expectedCode);
  return printed;
}

describe('keys of a home', () => {
  test('are made for their owner alone, and shown without their secret', async () => {
    const made = await run(keysNew, ['alice']);
    const path = keyPath(home, 'alice');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const secret = (await readFile(path, 'utf8')).trim();
    expect(secret.split(' ')).toHaveLength(24);
    const shown = await run(keysShow, ['alice']);
    for (const text of [made, shown, await run(keysList, [])]) {
      expect(text).toContain(readKeyFile(path).address);
      expect(text).not.toContain(secret.split(' ').slice(0, 3).join(' '));
    }
  });

  test('show their secret when it is asked for by name', async () => {
    importKeyFile(keyPath(home, 'bob'), ` ${WORDS}\n`);
    expect(JSON.parse(await run(keysShow, ['bob'], { mnemonic: true }))).toMatchObject({ mnemonic: WORDS });
    importKeyFile(keyPath(home, 'carol'), `0x${'11'.repeat(32)}`);
    expect(JSON.parse(await run(keysShow, ['carol'], { privateKey: true }))).toMatchObject({
      privateKey: '11'.repeat(32),
    });
    await expect(run(keysShow, ['carol'], { mnemonic: true })).rejects.toThrow('never made from a mnemonic');
  });

  test('are never overwritten', async () => {
    await run(keysNew, ['alice']);
    await expect(run(keysNew, ['alice'])).rejects.toThrow('exists already');
  });

  test('are listed even beside one that cannot be used', async () => {
    const { address } = importKeyFile(keyPath(home, 'bob'), WORDS);
    await mkdir(keyPath(home, 'alice'));
    const listed = await run(keysList, [], {}, 1);
    expect(listed).toContain(`${address}  bob`);
    expect(listed).toContain(`${keyPath(home, 'alice')} is no file`);
  });

  test('stand for their address', async () => {
    const { address } = importKeyFile(keyPath(home, 'bob'), WORDS);
    expect(await addressFor(home, 'bob')).toBe(address);
    expect(await addressFor(home, address)).toBe(address);
    await expect(addressFor(home, `${address.slice(0, -1)}q`)).rejects.toThrow('no address');
    await expect(addressFor(home, 'nobody')).rejects.toMatchObject({ advice: 'there are bob' });
  });
});

describe('a key file is refused', () => {
  test.each([
    ['when it is not there', undefined, 'there is no such key file'],
    ['when it holds something else', 'hello', 'neither a mnemonic nor a private key'],
  ])('%s', async (_why, text, words) => {
    const path = join(home, 'file');
    if (text !== undefined) await writeFile(path, text, { mode: 0o600 });
    expect(() => readKeyFile(path)).toThrow(words);
  });

  test('when others can read it', async () => {
    const path = join(home, 'file');
    await writeFile(path, WORDS, { mode: 0o600 });
    chmodSync(path, 0o644);
    expect(() => readKeyFile(path)).toThrow(/chmod 600/);
  });

  test('when it would be made of no key, without repeating what was typed', () => {
    expect(() => importKeyFile(join(home, 'file'), 'my secret words')).toThrow(/^(?!.*secret)that is no key/);
  });

  test('when its name leads elsewhere', () => {
    expect(() => keyPath(home, '../alice')).toThrow('no name for a key');
  });
});

describe('the key of a proposer', () => {
  test('is made once', () => {
    const path = join(home, 'node', 'proposer.key');
    const key = openProposerKey(path, (length) => new Uint8Array(length).fill(3));
    expect(key).toEqual(new Uint8Array(32).fill(3));
    expect(openProposerKey(path, (length) => new Uint8Array(length).fill(4))).toEqual(key);
    chmodSync(path, 0o640);
    expect(() => openProposerKey(path, (length) => new Uint8Array(length))).toThrow('others can read');
  });

  test('is 64 hexadecimal digits', async () => {
    const path = join(home, 'proposer.key');
    await writeFile(path, 'x', { mode: 0o600 });
    expect(() => openProposerKey(path, (length) => new Uint8Array(length))).toThrow('64 hexadecimal digits');
  });
});
