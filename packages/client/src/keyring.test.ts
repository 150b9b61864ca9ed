import { describe, expect, test } from 'vitest';
import { fromUtf8, toHex, utf8 } from '@decai/protocol/bytes';
import { keyFromMnemonic } from '@decai/protocol/keys';
import { createKeyFile, parseSecret, readKeyFile, type SecretFiles } from './keyring.ts';
import { seededBytes, testKey } from './testing/supplier-double.ts';

const MNEMONIC = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';

function filesWith(text: string, mode = 0o600): SecretFiles & { created: Map<string, string> } {
  const created = new Map<string, string>();
  return {
    created,
    read: (path) => (path === 'key' ? { bytes: utf8(text), mode } : undefined),
    create: (path, bytes) => void created.set(path, fromUtf8(bytes)),
  };
}

describe('key files', () => {
  test('hold a mnemonic or a private key, with space around it', () => {
    const { privateKey, address } = testKey('file');
    for (const text of [toHex(privateKey), `0x${toHex(privateKey)}\n`, `  ${toHex(privateKey).toUpperCase()}  `]) {
      expect(readKeyFile(filesWith(text), 'key').address).toBe(address);
    }
    expect(readKeyFile(filesWith(`${MNEMONIC}\n`), 'key').address).toBe(keyFromMnemonic(MNEMONIC).address);
    expect(parseSecret(MNEMONIC).address).toBe(keyFromMnemonic(MNEMONIC).address);
  });

  test('that others may read or write are refused, in whatever way', () => {
    for (const mode of [0o644, 0o640, 0o604, 0o620, 0o601, 0o777]) {
      expect(() => readKeyFile(filesWith(MNEMONIC, mode), 'key')).toThrow(
        expect.objectContaining({ code: 'KEY_FILE_OPEN' }),
      );
    }
    for (const mode of [0o600, 0o400]) readKeyFile(filesWith(MNEMONIC, mode), 'key');
  });

  test('that are missing or hold nothing of the kind are refused, and no error shows what they hold', () => {
    expect(() => readKeyFile(filesWith(''), 'other')).toThrow(expect.objectContaining({ code: 'KEY_FILE_MISSING' }));
    for (const text of [
      '',
      'secret words that are none',
      `${MNEMONIC} about`,
      '00'.repeat(32),
      'ab'.repeat(31),
      'x'.repeat(5000),
      '\xff',
    ]) {
      let thrown: unknown;
      try {
        readKeyFile(filesWith(text), 'key');
      } catch (caught) {
        thrown = caught;
      }
      expect(thrown).toMatchObject({ code: 'KEY_FILE_INVALID' });
      if (text.length > 3)
        expect(JSON.stringify(thrown) + String((thrown as Error).message)).not.toContain(text.slice(0, 12));
    }
  });

  test('are made with a fresh mnemonic that is in the file and leads to the key', () => {
    const files = filesWith('');
    const key = createKeyFile(files, 'new', seededBytes('keyring'));
    const text = files.created.get('new')!;
    expect(text.trim().split(' ')).toHaveLength(24);
    expect(parseSecret(text).address).toBe(key.address);
  });
});
