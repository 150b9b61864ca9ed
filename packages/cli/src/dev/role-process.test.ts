import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRole } from './role-process.ts';

let folder: string;

beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'decai-role-'))));
afterAll(() => rm(folder, { recursive: true }));

describe('a role as a process', () => {
  test('is ready with its address, answers, and ends when asked to', async () => {
    const log = join(folder, 'model.log');
    const role = await startRole('model', ['model', 'serve', '--port', '0', '--engine', 'stand-in'], log);
    const answer = await fetch(`${role.ready.url}/v1/models`);
    expect(answer.status).toBe(200);
    await role.stop();
    expect(await role.ended).toEqual({ code: 0, signal: null });
    expect(await readFile(log, 'utf8')).toMatch(/^model serves at http.*\(secp256k1: /);
  });

  test('is explained by the end of its log when it does not start', async () => {
    const log = join(folder, 'gateway.log');
    await writeFile(log, 'of an earlier start\n');
    const config = join(folder, 'missing.yaml');
    await expect(startRole('gateway', ['gateway', 'start', '--config', config], log)).rejects.toMatchObject({
      code: 'ROLE_ENDED',
      details: { log, last: expect.stringMatching(/^\ndecai: cannot read .*missing.yaml \(ENOENT\)/) as string },
    });
  });

  test('is gone when its start was given up', async () => {
    const giveUp = new AbortController();
    const starting = startRole('model', ['model', 'serve', '--port', '0'], join(folder, 'late.log'), giveUp.signal);
    setTimeout(() => giveUp.abort(new Error('enough')), 50);
    await expect(starting).rejects.toThrow('enough');
  });
});
