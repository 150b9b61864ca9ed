/** Walks a directory of vector files and gives each to the checker that recognises it. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CaseVerdict, VectorChecker } from '@decai/protocol/conformance';
import { UsageError } from '../command.ts';

export type FileReport = {
  /** Relative to the directory that was asked for. */
  readonly file: string;
  readonly format: string;
  readonly passed: number;
  readonly failures: readonly Extract<CaseVerdict, { passed: false }>[];
};

/**
 * One report a file, in the order of their paths.
 *
 * A JSON file that no checker recognises, or that is no JSON, is one failure: vectors that nobody checked must not look
 * like vectors that passed.
 *
 * @throws UsageError when the directory cannot be read or holds no vector file at all.
 */
export async function* checkDirectory(
  directory: string,
  checkers: readonly VectorChecker[],
): AsyncGenerator<FileReport> {
  const files = await vectorFiles(directory);
  if (files.length === 0) throw new UsageError(`no .json or .json.gz file under ${directory}`);
  for (const file of files) {
    yield checkFile(relative(directory, file) || file, await readFile(file), checkers);
  }
}

async function vectorFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new UsageError(`there is no ${path}`);
  if (found.isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.json(\.gz)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

export function checkFile(file: string, bytes: Uint8Array, checkers: readonly VectorChecker[]): FileReport {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
  } catch (thrown) {
    return unreadable(file, 'a JSON document', String(thrown));
  }
  const checker = checkers.find((candidate) => candidate.recognises(document));
  if (checker === undefined) {
    return unreadable(file, `one of ${checkers.map(({ format }) => format).join(', ')}`, 'a format that nobody knows');
  }
  let passed = 0;
  const failures: Extract<CaseVerdict, { passed: false }>[] = [];
  try {
    for (const one of checker.check(document)) {
      if (one.passed) passed += 1;
      else failures.push(one);
    }
  } catch (thrown) {
    failures.push({ name: 'the file as a whole', passed: false, expected: 'cases', actual: `threw ${String(thrown)}` });
  }
  if (passed + failures.length === 0) {
    failures.push({ name: 'the file as a whole', passed: false, expected: 'cases', actual: 'none' });
  }
  return { file, format: checker.format, passed, failures };
}

function unreadable(file: string, expected: string, actual: string): FileReport {
  return { file, format: 'unknown', passed: 0, failures: [{ name: 'format', passed: false, expected, actual }] };
}
