/** Walks a directory of vector files and gives each to the checker that recognises it. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CaseVerdict, VectorChecker } from '@decai/protocol/conformance';
import { UsageError } from '../command.ts';
import { isRun, readRun } from './run-directory.ts';

export type FileReport = {
  /** Relative to the directory that was asked for. */
  readonly file: string;
  readonly format: string;
  readonly passed: number;
  readonly failures: readonly Extract<CaseVerdict, { passed: false }>[];
};

/**
 * One report a file, in the order of their paths; a directory that holds the recording of a whole chain is as one file.
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
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined) throw new UsageError(`there is no ${directory}`);
  const files = found.isFile() ? [directory] : (await vectorFiles(directory)).sort();
  if (files.length === 0) throw new UsageError(`no .json or .json.gz file under ${directory}`);
  for (const file of files) {
    const name = relative(directory, file) || file;
    if ((await stat(file).catch(() => undefined))?.isDirectory() === true) {
      yield await checkRun(name, file, checkers);
      continue;
    }
    const bytes = await readFile(file).catch((thrown: Error) => thrown);
    yield bytes instanceof Error
      ? unreadable(name, 'a file that can be read', bytes.message)
      : checkFile(name, bytes, checkers);
  }
}

/** Vector files, and directories that are runs. Links are followed, for what they lead to would otherwise be left out without a word; but none leads into itself. */
async function vectorFiles(directory: string, above: readonly string[] = []): Promise<string[]> {
  const place = await realpath(directory);
  if (above.includes(place)) return [];
  const names = await readdir(directory);
  if (isRun(names)) return [directory];
  const files: string[] = [];
  for (const name of names) {
    const path = join(directory, name);
    const isDirectory = (await stat(path).catch(() => undefined))?.isDirectory() === true;
    if (isDirectory) files.push(...(await vectorFiles(path, [...above, place])));
    else if (/\.json(\.gz)?$/.test(name)) files.push(path);
  }
  return files;
}

function checkFile(file: string, bytes: Uint8Array, checkers: readonly VectorChecker[]): FileReport {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
  } catch (thrown) {
    return unreadable(file, 'a JSON document', String(thrown));
  }
  return checkDocument(file, document, checkers);
}

async function checkRun(name: string, directory: string, checkers: readonly VectorChecker[]): Promise<FileReport> {
  try {
    return checkDocument(name, await readRun(directory, await readdir(directory)), checkers);
  } catch (thrown) {
    return unreadable(name, 'the files of a run', String(thrown));
  }
}

function checkDocument(file: string, document: unknown, checkers: readonly VectorChecker[]): FileReport {
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
