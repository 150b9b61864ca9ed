/** The configuration file of a role: where it is, what it says, and paths in it, which count from the file's own folder. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Invocation, type OptionSpec, textOption, UsageError } from '../command.ts';

export const CONFIG_OPTION: OptionSpec = { flags: '--config <file>', help: 'its configuration, a YAML file' };

export type RoleConfigFile = {
  readonly path: string;
  readonly text: string;
  /** A path of the configuration, from the folder of its file. */
  resolve(path: string): string;
};

/** @throws UsageError when no file is named or it cannot be read. */
export async function readRoleConfig(invocation: Invocation, example: string): Promise<RoleConfigFile> {
  const path = textOption(invocation, 'config');
  if (path === undefined) throw new UsageError('which configuration?', `--config FILE; ${example} shows every field`);
  const text = await readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read ${path} (${thrown.code})`, `${example} shows every field`);
  });
  return { path, text, resolve: (relative) => resolve(dirname(path), relative) };
}
