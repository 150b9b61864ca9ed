/** Which key a command means: `--key-file FILE`, or a name among the keys of the home. An address may be a name as well. */
import { isAddress } from '@decai/protocol/address';
import type { Key } from '@decai/protocol/keys';
import { type Invocation, type OptionSpec, textOption, UsageError } from '../command.ts';
import { homeOf } from '../home-option.ts';
import { keyNames, keyPath, readKeyFile } from './key-file.ts';

export const FROM_OPTION: OptionSpec = {
  flags: '--from <name>',
  help: 'who signs: a key of the home (decai keys list)',
};
export const KEY_FILE_OPTION: OptionSpec = {
  flags: '--key-file <file>',
  help: 'who signs: a key file, in place of --from',
};

/** The key that signs. @throws UsageError when none is named or the name is unknown. */
export async function chosenKey(invocation: Invocation): Promise<Key> {
  const file = textOption(invocation, 'keyFile');
  const name = textOption(invocation, 'from');
  if (file === undefined && name === undefined) throw new UsageError('who signs?', '--from NAME or --key-file FILE');
  return readKeyFile(file ?? (await pathOfKey(homeOf(invocation), name!)));
}

/** The file of the key of that name. @throws UsageError that lists the names there are. */
export async function pathOfKey(home: string, name: string): Promise<string> {
  const names = await keyNames(home);
  if (names.includes(name)) return keyPath(home, name);
  const known = names.length === 0 ? 'there are none; decai keys new NAME makes one' : `there are ${names.join(', ')}`;
  throw new UsageError(`no key is called ${name} in ${home}`, known);
}

/** An address as it stands, or the address of the key of that name. */
export async function addressFor(home: string, addressOrName: string): Promise<string> {
  if (isAddress(addressOrName)) return addressOrName;
  if (addressOrName.startsWith('pokt1'))
    throw new UsageError(`${addressOrName} is no address: its checksum or length is off`);
  return readKeyFile(await pathOfKey(home, addressOrName)).address;
}
