/** The file with the first document of a chain. */
import { readFile } from 'node:fs/promises';
import type { JsonValue } from '@bufbuild/protobuf';
import { UsageError } from '../command.ts';

/** Undefined when there is no such file: a chain that exists does not need it. @throws UsageError */
export async function readGenesisFile(path: string): Promise<JsonValue | undefined> {
  const text = await readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return undefined;
    throw new UsageError(`cannot read the genesis ${path} (${thrown.code})`);
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch (thrown) {
    throw new UsageError(`the genesis ${path} is not JSON: ${(thrown as Error).message}`);
  }
}
