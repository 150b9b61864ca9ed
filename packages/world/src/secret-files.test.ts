import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { utf8 } from '@decai/protocol/bytes';
import { createSecretFiles } from './secret-files.ts';

const root = mkdtempSync(join(tmpdir(), 'decai-secret-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('secret files', () => {
  const files = createSecretFiles();

  test('are created for their owner alone, in a folder for its owner alone, and tell their mode', () => {
    const path = join(root, 'keys', 'supplier');
    files.create(path, utf8('secret'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(root, 'keys')).mode & 0o777).toBe(0o700);
    expect(files.read(path)).toEqual({ bytes: utf8('secret'), mode: 0o600 });
    chmodSync(path, 0o644);
    expect(files.read(path)?.mode).toBe(0o644);
  });

  test('are never overwritten, and a missing one is no fault', () => {
    const path = join(root, 'twice');
    files.create(path, utf8('first'));
    expect(() => files.create(path, utf8('second'))).toThrow(expect.objectContaining({ code: 'SECRET_FILE_FAILED' }));
    expect(files.read(path)?.bytes).toEqual(utf8('first'));
    expect(files.read(join(root, 'nobody'))).toBeUndefined();
    expect(() => files.read(root)).toThrow(expect.objectContaining({ code: 'SECRET_FILE_FAILED' }));
  });
});
