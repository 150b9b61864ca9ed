/** `decai keys list`: name and address of every key in the home. */
import { type Command, UsageError } from '../command.ts';
import { explainFailure } from '../explain-failure.ts';
import { HOME_OPTION, homeOf } from '../home-option.ts';
import { keyNames, keyPath, readKeyFile } from '../keys/key-file.ts';

export const keysList: Command = {
  name: 'keys list',
  summary: 'List the keys of the home with their addresses.',
  options: [HOME_OPTION, { flags: '--json', help: 'print a JSON array' }],
  examples: ['decai keys list'],
  async run(invocation) {
    const home = homeOf(invocation);
    const names = await keyNames(home);
    const rows: { readonly name: string; readonly address: string }[] = [];
    for (const name of names) {
      try {
        rows.push({ name, address: readKeyFile(keyPath(home, name)).address });
      } catch (thrown) {
        // One file that cannot be used hides no other.
        if (!(thrown instanceof UsageError)) throw thrown;
        invocation.note(explainFailure(thrown));
      }
    }
    if (invocation.options['json'] === true) invocation.print(JSON.stringify(rows, null, 2));
    else for (const { name, address } of rows) invocation.print(`${address}  ${name}`);
    if (names.length === 0) invocation.note(`no keys in ${home}; decai keys new NAME makes one`);
    return rows.length === names.length ? 0 : 1;
  },
};
