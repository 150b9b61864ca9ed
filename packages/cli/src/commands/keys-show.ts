/** `decai keys show NAME`: the address and public key; the secret only when it is named. */
import { toHex } from '@decai/protocol/bytes';
import { type Command, textOption, UsageError } from '../command.ts';
import { HOME_OPTION, homeOf } from '../home-option.ts';
import { pathOfKey } from '../keys/chosen-key.ts';
import { readKeyFile, readSecret } from '../keys/key-file.ts';

export const keysShow: Command = {
  name: 'keys show',
  summary: 'Show the address and public key of a key, and its secret if you ask for it.',
  arguments: [{ name: '[name]', help: 'a key of the home' }],
  options: [
    { flags: '--file <file>', help: 'a key file, in place of a name' },
    { flags: '--mnemonic', help: 'print the words as well' },
    { flags: '--private-key', help: 'print the private key as well' },
    HOME_OPTION,
  ],
  examples: ['decai keys show faucet', 'decai keys show alice --mnemonic'],
  async run(invocation) {
    const [name] = invocation.arguments;
    const file = textOption(invocation, 'file');
    if (file === undefined && name === undefined) throw new UsageError('which key?', 'decai keys show NAME');
    const path = file ?? (await pathOfKey(homeOf(invocation), name!));
    const key = readKeyFile(path);
    const secret = readSecret(path);
    const words = secret.includes(' ') ? secret : undefined;
    if (invocation.options['mnemonic'] === true && words === undefined) {
      throw new UsageError('this key was never made from a mnemonic', 'use --private-key');
    }
    const shown = {
      address: key.address,
      publicKey: toHex(key.publicKey),
      ...(invocation.options['mnemonic'] === true ? { mnemonic: words } : {}),
      ...(invocation.options['privateKey'] === true ? { privateKey: toHex(key.privateKey) } : {}),
    };
    invocation.print(JSON.stringify(shown, null, 2));
    return 0;
  },
};
