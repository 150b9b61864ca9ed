/** `decai keys new NAME`: a fresh mnemonic, kept in a file, shown only when asked for. */
import { randomBytes } from 'node:crypto';
import { createKeyFile } from '@decai/client/keyring';
import { type Command, textOption, UsageError } from '../command.ts';
import { HOME_OPTION, homeOf } from '../home-option.ts';
import { DISK, keyPath } from '../keys/key-file.ts';

export const keysNew: Command = {
  name: 'keys new',
  summary: 'Make a key and keep it in a file that only you can read.',
  arguments: [{ name: '<name>', help: 'what to call it' }],
  options: [{ flags: '--file <file>', help: 'keep it in this file instead of the home' }, HOME_OPTION],
  examples: ['decai keys new alice', 'decai keys new gateway --file gateway.key'],
  async run(invocation) {
    const [name] = invocation.arguments;
    if (name === undefined) throw new UsageError('what shall it be called?', 'decai keys new NAME');
    const path = textOption(invocation, 'file') ?? keyPath(homeOf(invocation), name);
    const { address } = createKeyFile(DISK, path, (length) => new Uint8Array(randomBytes(length)));
    invocation.print(address);
    invocation.note(`kept in ${path}; whoever has this file has the money: keep a copy of it in a safe place`);
    return 0;
  },
};
