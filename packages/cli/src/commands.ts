/** Every command of the binary, in the order in which `decai --help` lists them. */
import type { Command } from './command.ts';
import { vectors } from './commands/vectors.ts';

export const COMMANDS: readonly Command[] = [vectors];
