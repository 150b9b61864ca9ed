/**
 * Files that hold a secret: read with their permission bits, created for their owner alone, never overwritten.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '@decai/protocol/fault';

/** Shaped as the client's `SecretFiles`. */
export type RealSecretFiles = {
  read(path: string): { readonly bytes: Uint8Array; readonly mode: number } | undefined;
  create(path: string, bytes: Uint8Array): void;
};

const OWNER_ONLY = 0o600;

export function createSecretFiles(): RealSecretFiles {
  return {
    read(path) {
      try {
        return { bytes: new Uint8Array(readFileSync(path)), mode: statSync(path).mode & 0o777 };
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw new Fault('SECRET_FILE_FAILED', 'a key file cannot be read', { path }, cause);
      }
    },
    create(path, bytes) {
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        // wx: fails where a file is, so that no key is ever lost under another.
        writeFileSync(path, bytes, { mode: OWNER_ONLY, flag: 'wx' });
      } catch (cause) {
        throw new Fault('SECRET_FILE_FAILED', 'a key file cannot be created', { path }, cause);
      }
    },
  };
}
