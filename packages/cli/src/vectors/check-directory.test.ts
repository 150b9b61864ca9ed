import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type VectorChecker, verdict } from '@decai/protocol/conformance';
import { checkDirectory, type FileReport } from './check-directory.ts';

const sums: VectorChecker = {
  format: 'sums',
  recognises: (document) => typeof document === 'object' && document !== null && 'sums' in document,
  *check(document) {
    for (const [a, b, sum] of (document as { sums: [number, number, number][] }).sums) {
      if (Number.isNaN(a + b)) throw new Error('not a number');
      yield verdict(`${a} + ${b}`, sum, a + b);
    }
  },
};

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vectors-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function reports(): Promise<FileReport[]> {
  const all: FileReport[] = [];
  for await (const report of checkDirectory(directory, [sums])) all.push(report);
  return all;
}

test('counts what passed and names what failed, sub-directories and compressed files included', async () => {
  await mkdir(join(directory, 'deep'));
  await writeFile(join(directory, 'a.json'), '{"sums":[[1,2,3],[2,2,5]]}');
  await writeFile(join(directory, 'deep', 'b.json.gz'), gzipSync('{"sums":[[1,1,2]]}'));
  const [a, b] = await reports();
  expect(a).toMatchObject({ file: 'a.json', passed: 1, failures: [{ name: '2 + 2', expected: '5', actual: '4' }] });
  expect(b).toMatchObject({ file: join('deep', 'b.json.gz'), format: 'sums', passed: 1, failures: [] });
});

test('an unknown shape, broken JSON and a file without cases are failures, not silence', async () => {
  await writeFile(join(directory, 'broken.json'), '{"sums":');
  await writeFile(join(directory, 'empty.json'), '{"sums":[]}');
  await writeFile(join(directory, 'other.json'), '{"products":[]}');
  const all = await reports();
  expect(all.map(({ file, passed, failures }) => [file, passed, failures.length])).toEqual([
    ['broken.json', 0, 1],
    ['empty.json', 0, 1],
    ['other.json', 0, 1],
  ]);
});

test('links are followed, also one that leads nowhere, and none in circles', async () => {
  await mkdir(join(directory, 'deep'));
  await writeFile(join(directory, 'deep', 'a.json'), '{"sums":[[1,2,3]]}');
  await symlink(join(directory, 'deep', 'a.json'), join(directory, 'link.json'));
  await symlink(join(directory, 'nowhere'), join(directory, 'lost.json'));
  await symlink(directory, join(directory, 'deep', 'up'));
  const all = await reports();
  expect(all.map(({ file, passed, failures }) => [file, passed, failures.length])).toEqual([
    [join('deep', 'a.json'), 1, 0],
    ['link.json', 1, 0],
    ['lost.json', 0, 1],
  ]);
});

test('a checker that throws loses the rest of its file and nothing else', async () => {
  await writeFile(join(directory, 'a.json'), '{"sums":[[1,2,3],["x",null,0],5]}');
  await writeFile(join(directory, 'b.json'), '{"sums":[[1,2,3]]}');
  const [a, b] = await reports();
  expect(a!.failures.at(-1)!.actual).toContain('threw');
  expect(b).toMatchObject({ passed: 1, failures: [] });
});

test('a directory without vectors is a mistake to be told of', async () => {
  await expect(reports()).rejects.toMatchObject({ name: 'USAGE' });
  await expect(checkDirectory(join(directory, 'nowhere'), [sums]).next()).rejects.toMatchObject({ name: 'USAGE' });
});
