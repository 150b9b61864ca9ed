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

async function reports(checkers = [sums], place = directory): Promise<FileReport[]> {
  const all: FileReport[] = [];
  for await (const report of checkDirectory(place, checkers)) all.push(report);
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

const length: VectorChecker = {
  format: 'length',
  recognises: (document) => typeof document === 'object' && document !== null && 'blocks' in document,
  *check(document) {
    const { genesis, blocks, state, queries } = document as Record<string, unknown>;
    yield verdict('all of it', [{ app: 1 }, [1, 2], [{ height: 1 }], undefined], [genesis, blocks, state, queries]);
  },
};

test('a directory that holds a recorded chain is one document, compressed or not', async () => {
  const run = join(directory, 'localnet', 'run');
  await mkdir(run, { recursive: true });
  await writeFile(join(run, 'genesis.json'), '{"app":1}');
  await writeFile(join(run, 'keys.json'), '{"alice":1}');
  await writeFile(join(run, 'blocks.jsonl.gz'), gzipSync('1\n2\n'));
  await writeFile(join(run, 'state.jsonl'), '{"height":1}\n');
  const whole = await reports([length]);
  expect(whole).toEqual([{ file: join('localnet', 'run'), format: 'length', passed: 1, failures: [] }]);
  expect(await reports([length], run)).toMatchObject([{ passed: 1, failures: [] }]);
});

test('a recorded chain of which a part is missing or no JSON is a failure', async () => {
  await writeFile(join(directory, 'genesis.json'), '{}');
  await writeFile(join(directory, 'blocks.jsonl'), '1\n{"height":');
  const [broken] = await reports([length]);
  expect(broken!.failures[0]!.actual).toContain('blocks.jsonl, value 2');
  await writeFile(join(directory, 'blocks.jsonl'), '1\n');
  const [partial] = await reports([length]);
  expect(partial!.failures[0]!.actual).toContain('state.jsonl');
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
