import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DevHome } from './dev-home.ts';
import { accountsOf, newNetworkFile, openNetworkFile, rememberPorts } from './network-file.ts';

const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);

let home: DevHome;

beforeEach(async () => {
  home = new DevHome(join(await mkdtemp(join(tmpdir(), 'decai-home-')), 'net'));
});

afterEach(() => rm(join(home.directory, '..'), { recursive: true }));

describe('the home of a network', () => {
  test('holds documents that only their owner can read, written whole', async () => {
    await home.write('dev.json', { a: 1 });
    expect(await home.read('dev.json')).toEqual({ a: 1 });
    expect((await stat(home.path('dev.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(home.directory)).mode & 0o777).toBe(0o700);
    expect(await readdir(home.directory)).toEqual(['dev.json']);
    await home.remove('dev.json');
    expect(await home.read('dev.json')).toBeUndefined();
  });

  test('is one network at a time', async () => {
    const lock = await home.lock();
    // A living process other than this one.
    await writeFile(home.path('lock'), String(process.ppid));
    await expect(new DevHome(home.directory).lock()).rejects.toMatchObject({
      message: expect.stringContaining(`(process ${process.ppid})`) as string,
      advice: expect.stringContaining('--home OTHER') as string,
    });
    await lock.release();
    await (await home.lock()).release();
  });

  test('is free again when its process was killed', async () => {
    await home.folder();
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    await writeFile(home.path('lock'), String(pid));
    const lock = await home.lock();
    expect(await readFile(home.path('lock'), 'utf8')).toBe(String(process.pid));
    await lock.release();
  });
});

describe('what a network remembers', () => {
  test('is made once, and comes back as it was', async () => {
    const { file, isNew } = await openNetworkFile(home, random);
    expect(isNew).toBe(true);
    const ports = { rpc: 1, rest: 4, explorer: 5, model: 2, miners: { 'supplier-1': 3 } };
    await rememberPorts(home, file, ports);
    expect(await openNetworkFile(home, random)).toEqual({ file: { ...file, ports }, isNew: false });
  });

  test('has a key for every account, and one faucet', () => {
    let seed = 0;
    const file = newNetworkFile((length) => new Uint8Array(length).fill((seed += 1)));
    const accounts = accountsOf(file);
    expect(new Set(accounts.map(({ key }) => key.address)).size).toBe(accounts.length);
    expect(accounts.filter(({ role }) => role === 'faucet')).toHaveLength(1);
    expect(file.apiKey).toMatch(/^sk-decai-[0-9a-f]{48}$/);
  });

  test.each([
    ['is no JSON', '{'],
    ['is of another version', '{"version":2,"accounts":[]}'],
    ['lacks an account', '{"version":1,"accounts":[{"name":"faucet","mnemonic":"x"}]}'],
  ])('is refused with advice when it %s', async (_why, text) => {
    await home.folder();
    await writeFile(home.path('network.json'), text);
    await expect(openNetworkFile(home, random)).rejects.toMatchObject({
      message: expect.stringContaining('damaged') as string,
      advice: expect.stringContaining('start afresh') as string,
    });
  });
});
