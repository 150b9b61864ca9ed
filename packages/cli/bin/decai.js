#!/usr/bin/env node
/**
 * Starts the command line. In a checkout it first brings the build up to date, so that `npx decai` works right after
 * `npm install`; an installed package carries its build and skips this.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const built = fileURLToPath(new URL('../dist/main.js', import.meta.url));

if (existsSync(`${root}tsconfig.base.json`) && process.env.DECAI_BUILT !== '1') {
  if (!existsSync(built)) process.stderr.write('decai: building (once) ...\n');
  const compiler = createRequire(import.meta.url)
    .resolve('typescript/package.json')
    .replace(/package\.json$/, 'bin/tsc');
  const build = spawnSync(process.execPath, [compiler, '-b', root], { stdio: ['ignore', 2, 2] });
  if (build.status !== 0) {
    process.stderr.write('decai: the build failed; run "npm run build" to see why\n');
    process.exit(1);
  }
}
// Children of this process (dev starts one per role) need not ask the compiler again.
process.env.DECAI_BUILT = '1';

await import(new URL('../dist/main.js', import.meta.url).href);
