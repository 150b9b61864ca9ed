import { defineConfig } from 'vitest/config';

/** Workspaces resolve to each other's sources, so tests need no build. */
export default defineConfig({
  ssr: { resolve: { conditions: ['decai-source', 'node', 'import', 'default'], externalConditions: ['decai-source'] } },
  resolve: { conditions: ['decai-source', 'node', 'import', 'default'] },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tidy/*.test.ts'],
    isolate: false,
    pool: 'forks',
    // One core is left idle otherwise, which on a small machine is half of it.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
