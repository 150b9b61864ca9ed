/** A snapshot as a folder: a manifest, and chunks by number. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainSnapshot } from '@decai/node/embedded/chain-snapshot';
import { UsageError } from '../command.ts';

export const MANIFEST_FILE = 'manifest';

export function chunkFile(index: number): string {
  return `chunk-${`${index}`.padStart(6, '0')}`;
}

/** @throws UsageError when there is no snapshot. */
export async function readSnapshotFolder(folder: string): Promise<ChainSnapshot> {
  try {
    const names = (await readdir(folder)).filter((name) => /^chunk-\d{6}$/.test(name)).sort();
    const chunks = await Promise.all(names.map((name) => readFile(join(folder, name))));
    return { manifest: await readFile(join(folder, MANIFEST_FILE)), chunks };
  } catch (thrown) {
    throw new UsageError(`there is no snapshot in ${folder} (${(thrown as NodeJS.ErrnoException).code})`);
  }
}
