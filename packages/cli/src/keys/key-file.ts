/**
 * Keys on this machine: a file each, with a mnemonic or a private key in it, in the folder `keys` of a home.
 *
 * The format and its rules are the client's (`keyring.ts`); here are the disk and the names. Nothing here prints a secret.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseSecret, readKeyFile as readKey, type SecretFiles } from '@decai/client/keyring';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import type { Key } from '@decai/protocol/keys';
import { UsageError } from '../command.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const ENDING = '.key';

/** The disk, as the client's keyring wants it. */
export const DISK: SecretFiles = {
  read(path) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    if (!stat.isFile()) throw new UsageError(`${path} is no file`);
    // Where there are no permission bits, there is nothing to check.
    const others = process.platform === 'win32' ? 0o600 : 0o777;
    return { bytes: readFileSync(path), mode: stat.mode & others };
  },
  create(path, bytes) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
      throw new UsageError(`${path} exists already; a key is never overwritten`, 'choose another name');
    }
  },
};

/** Where a key of this name lies in a home. @throws UsageError for what is no plain name. */
export function keyPath(home: string, name: string): string {
  if (!NAME.test(name)) {
    throw new UsageError(
      `"${name}" is no name for a key`,
      'use up to 64 letters, digits, dots, dashes and underscores',
    );
  }
  return join(home, 'keys', `${name}${ENDING}`);
}

/** Names of the keys in a home, sorted. */
export async function keyNames(home: string): Promise<string[]> {
  const files = await readdir(join(home, 'keys')).catch(() => [] as string[]);
  return files
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
}

/** The key in a file. @throws UsageError saying what is wrong with the file and what to do. */
export function readKeyFile(path: string): Key {
  try {
    return readKey(DISK, path);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    const advice: Record<string, string> = {
      KEY_FILE_MISSING: 'make one: decai keys new NAME --file FILE',
      KEY_FILE_OPEN: `chmod 600 ${path}`,
      KEY_FILE_INVALID: 'it has to hold the words of a mnemonic, or 64 hexadecimal digits',
    };
    throw new UsageError(`${path}: ${thrown.message}`, advice[thrown.code]);
  }
}

/** The words or digits in a key file that `readKeyFile` accepts. Only for who asked to see them. */
export function readSecret(path: string): string {
  return fromUtf8(DISK.read(path)!.bytes).trim();
}

/** Writes a secret that somebody has already. @throws UsageError when it is none, or the file exists. */
export function importKeyFile(path: string, secret: string): Key {
  try {
    const key = parseSecret(secret);
    DISK.create(path, utf8(`${secret.trim().split(/\s+/).join(' ')}\n`));
    return key;
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    throw new UsageError(
      `that is no key: ${thrown.message}`,
      'expected the words of a mnemonic, or 64 hexadecimal digits',
    );
  }
}
