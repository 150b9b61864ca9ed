/** The key that signs blocks: 32 bytes (ed25519) in a file for its owner only, made when it is not there. */
import { statSync } from 'node:fs';
import { fromHex, fromUtf8, toHex, utf8 } from '@decai/protocol/bytes';
import { UsageError } from '../command.ts';
import { DISK } from './key-file.ts';

/** @throws UsageError when the file holds something else, or others can read it. */
export function openProposerKey(path: string, randomBytes: (length: number) => Uint8Array): Uint8Array {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    DISK.create(path, utf8(`${toHex(randomBytes(32))}\n`));
  }
  const { bytes, mode } = DISK.read(path)!;
  if ((mode & 0o077) !== 0) throw new UsageError(`others can read ${path}`, `chmod 600 ${path}`);
  const text = fromUtf8(bytes).trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new UsageError(`${path} does not hold 64 hexadecimal digits`);
  return fromHex(text);
}
