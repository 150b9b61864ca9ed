/** `docs/commands.md`, made from the commands themselves, so that page and `--help` say the same. */
import type { Command, OptionSpec } from './command.ts';

const HEADING = `# Commands

Every command of the binary, made from the sources by \`npx vitest run packages/cli/src/command-reference -u\`.

In a checkout, write \`npx decai …\`. A flag goes before its environment variable, and that before the default. Results are on standard
output, progress and advice on standard error; the exit code is 0 when what was asked for happened.
`;

export function commandReference(commands: readonly Command[], groups: Readonly<Record<string, string>>): string {
  const sections: string[] = [];
  let group: string | undefined;
  for (const command of commands) {
    const [first = ''] = command.name.split(' ');
    const summary = groups[first];
    if (summary !== undefined && first !== group) sections.push(`## ${first}\n\n${summary}`);
    group = first;
    sections.push(sectionOf(command, summary === undefined ? '##' : '###'));
  }
  return `${HEADING}\n${sections.join('\n\n')}\n`;
}

function sectionOf({ name, summary, arguments: args = [], options = [], examples }: Command, mark: string): string {
  const usage = [
    `decai ${name}`,
    ...args.map((argument) => argument.name),
    ...(options.length > 0 ? ['[options]'] : []),
  ];
  const rows = [
    ...args.map((argument) => `- \`${argument.name}\`: ${argument.help}`),
    ...options.map((option) => `- \`${option.flags}\`: ${helpOf(option)}`),
  ];
  return [
    `${mark} decai ${name}`,
    `${summary}`,
    `\`${usage.join(' ')}\``,
    ...(rows.length === 0 ? [] : [rows.join('\n')]),
    ['```sh', ...examples, '```'].join('\n'),
  ].join('\n\n');
}

function helpOf({ help, default: absent, environment }: OptionSpec): string {
  const notes = [
    ...(absent === undefined ? [] : [`default \`${absent}\``]),
    ...(environment === undefined ? [] : [`or \`${environment}\``]),
  ];
  return notes.length === 0 ? help : `${help} (${notes.join(', ')})`;
}
