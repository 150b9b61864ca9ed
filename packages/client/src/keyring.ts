/**
 * Private keys in files that only their owner may read.
 *
 * A file holds one secret: a mnemonic of BIP-39, or 64 hexadecimal digits. It is refused when anybody else could have read
 * it. Reading and writing come in as an argument; nothing here prints, and no error contains, what a file holds.
 */
import { fromHex, fromUtf8, utf8 } from '@decai/protocol/bytes';
import { Fault, isFault } from '@decai/protocol/fault';
import { generateMnemonic, keyFromMnemonic, keyFromPrivateKey, type Key } from '@decai/protocol/keys';

/** The files of a keyring, as the operating system gives them. */
export type SecretFiles = {
  /** Undefined when there is no such file. `mode` holds the permission bits. */
  read(path: string): { readonly bytes: Uint8Array; readonly mode: number } | undefined;
  /** Creates the file with mode 0600, and fails when it exists. */
  create(path: string, bytes: Uint8Array): void;
};

/** Permission bits of group and others. */
const OTHERS = 0o077;
const FILE_BYTES_MAX = 4096;

/**
 * The key in a file.
 *
 * @throws KEY_FILE_MISSING; KEY_FILE_OPEN when group or others may read or write it; KEY_FILE_INVALID when it holds neither
 * a mnemonic nor a private key.
 */
export function readKeyFile(files: SecretFiles, path: string): Key {
  const file = files.read(path);
  if (file === undefined) throw new Fault('KEY_FILE_MISSING', 'there is no such key file', { path });
  if ((file.mode & OTHERS) !== 0) {
    const mode = (file.mode & 0o777).toString(8).padStart(4, '0');
    throw new Fault('KEY_FILE_OPEN', `a key file is for its owner only: chmod 600 (it is ${mode})`, { path, mode });
  }
  try {
    if (file.bytes.length > FILE_BYTES_MAX) throw new Fault('KEY_FILE_INVALID', 'a key file is small');
    return parseSecret(fromUtf8(file.bytes));
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    throw new Fault('KEY_FILE_INVALID', 'the file holds neither a mnemonic nor a private key', {
      path,
      reason: thrown.code,
    });
  }
}

/** The key that a text spells: a mnemonic, or 64 hexadecimal digits with or without `0x`. @throws as the key functions */
export function parseSecret(text: string): Key {
  const trimmed = text.trim();
  const hex = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(trimmed)?.[1];
  return hex === undefined ? keyFromMnemonic(trimmed) : keyFromPrivateKey(fromHex(hex));
}

/** Makes a key of a fresh mnemonic and writes it. The mnemonic is in the file and nowhere else. */
export function createKeyFile(files: SecretFiles, path: string, randomBytes: (length: number) => Uint8Array): Key {
  const mnemonic = generateMnemonic(randomBytes);
  files.create(path, utf8(`${mnemonic}\n`));
  return keyFromMnemonic(mnemonic);
}
