/** `decai keys import NAME`: a key that exists already, read from standard input so that no shell remembers it. */
import { type Command, textOption, UsageError } from '../command.ts';
import { HOME_OPTION, homeOf } from '../home-option.ts';
import { importKeyFile, keyPath } from '../keys/key-file.ts';
import { readStandardInput } from '../standard-input.ts';

export const keysImport: Command = {
  name: 'keys import',
  summary: 'Keep a key that you already have, from its mnemonic or its private key on standard input.',
  arguments: [{ name: '<name>', help: 'what to call it' }],
  options: [{ flags: '--file <file>', help: 'keep it in this file instead of the home' }, HOME_OPTION],
  examples: ['decai keys import alice < words.txt', 'pbpaste | decai keys import alice'],
  async run(invocation) {
    const [name] = invocation.arguments;
    if (name === undefined) throw new UsageError('what shall it be called?', 'decai keys import NAME');
    const path = textOption(invocation, 'file') ?? keyPath(homeOf(invocation), name);
    if (process.stdin.isTTY) invocation.note('paste the mnemonic or the private key, then press Enter and Ctrl-D');
    const { address } = importKeyFile(path, await readStandardInput());
    invocation.print(address);
    invocation.note(`kept in ${path}`);
    return 0;
  },
};
