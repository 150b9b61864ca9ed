/**
 * A directory that holds the recording of a whole chain: which files make it one, and what they say together.
 *
 * One case needs several of its files, so a checker is given the whole run as one document.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Files of one JSON value a line, by the name that their lines have in the run. Those marked may be missing. */
const LINES: readonly { readonly name: string; readonly optional?: true; readonly as?: string }[] = [
  { name: 'blocks' },
  { name: 'state' },
  { name: 'queries', optional: true },
  { name: 'relays', optional: true },
  { name: 'relays-cli', optional: true, as: 'relays' },
];

/** Genesis documents that the chain exported; may be missing. */
const EXPORTS = 'exports.json';

/** Whether files of these names are a run: a genesis and the blocks after it, compressed or not. */
export function isRun(names: readonly string[]): boolean {
  return fileNamed(names, 'genesis.json') !== undefined && fileNamed(names, 'blocks.jsonl') !== undefined;
}

/**
 * The run in a directory, as one document.
 *
 * @throws what the disk says; a SyntaxError with the file's name for text that is no JSON.
 */
export async function readRun(directory: string, names: readonly string[]): Promise<Record<string, unknown>> {
  const run: Record<string, unknown> = { genesis: (await readValues(directory, names, 'genesis.json')).at(0) };
  for (const { name, optional, as: part = name } of LINES) {
    const file = `${name}.jsonl`;
    if (optional === true && fileNamed(names, file) === undefined) continue;
    run[part] = [...((run[part] as unknown[] | undefined) ?? []), ...(await readValues(directory, names, file))];
  }
  if (fileNamed(names, EXPORTS) !== undefined) run['exports'] = (await readValues(directory, names, EXPORTS)).at(0);
  return run;
}

/** The values of a file: one, or one a line. */
async function readValues(directory: string, names: readonly string[], wanted: string): Promise<unknown[]> {
  const name = fileNamed(names, wanted) ?? wanted;
  const bytes = await readFile(join(directory, name));
  const text = Buffer.from(name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const texts = wanted.endsWith('.jsonl') ? text.split('\n').filter((line) => line.trim() !== '') : [text];
  return texts.map((one, index) => {
    try {
      return JSON.parse(one) as unknown;
    } catch (thrown) {
      throw new SyntaxError(`${name}, value ${index + 1}: ${String(thrown)}`, { cause: thrown });
    }
  });
}

function fileNamed(names: readonly string[], wanted: string): string | undefined {
  return [wanted, `${wanted}.gz`].find((name) => names.includes(name));
}
