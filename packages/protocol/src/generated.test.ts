/** The committed messages are what the schemas generate. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const BINARIES = join(ROOT, 'node_modules', '.bin');
const COMMITTED = fileURLToPath(new URL('./gen', import.meta.url));

function filesOf(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

/** Building and testing need no generator: where none is installed, there is nothing to compare with. */
describe.runIf(existsSync(join(BINARIES, 'buf')))('generated messages', () => {
  it('are what the schemas generate', () => {
    const folder = mkdtempSync(join(tmpdir(), 'decai-gen-'));
    try {
      const template = 'packages/protocol/buf.gen.yaml';
      execFileSync(
        join(BINARIES, 'buf'),
        ['generate', 'packages/protocol/proto', '--template', template, '-o', folder],
        {
          cwd: ROOT,
          env: { ...process.env, PATH: `${BINARIES}:${process.env['PATH']}` },
        },
      );
      const [generated, committed] = [filesOf(join(folder, 'packages/protocol/src/gen')), filesOf(COMMITTED)];
      expect(Object.keys(committed)).toEqual(Object.keys(generated));
      for (const [path, text] of Object.entries(generated)) expect(committed[path] === text, path).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
