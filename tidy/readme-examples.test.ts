/** The examples in the READMEs of the rooms run as they stand. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './source-files.ts';

const examples = readdirSync(join(ROOT, 'packages')).flatMap((room) => {
  const text = readFileSync(join(ROOT, 'packages', room, 'README.md'), 'utf8');
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code], index) => ({
    name: `${room} ${index + 1}`,
    code: code!,
  }));
});

test('there is an example for most rooms', () => {
  expect(examples.length).toBeGreaterThanOrEqual(6);
});

test.each(examples)('the example of $name runs', async ({ code }) => {
  // Inside the checkout, so that workspaces are found; in a folder that is ignored.
  const folder = await mkdtemp(join(ROOT, 'node_modules', '.example-'));
  try {
    const file = join(folder, 'example.mts');
    await writeFile(file, code);
    const run = spawnSync(process.execPath, ['--conditions=decai-source', '--import', 'tsx', file], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(run.stderr + run.stdout, code).not.toContain('Error');
    expect(run.status, run.stderr).toBe(0);
  } finally {
    await rm(folder, { recursive: true });
  }
});
