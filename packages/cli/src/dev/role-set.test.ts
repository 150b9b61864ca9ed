import { expect, test } from 'vitest';
import type { KeptRole } from './keep-role.ts';
import { RoleSet } from './role-set.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Roles that serve once `serve` is called for them, and are given up when the signal aborts. */
function launching() {
  const waiting = new Map<string, () => void>();
  const ended: string[] = [];
  const givenUp: string[] = [];
  const launch = (name: string, _args: readonly string[], signal: AbortSignal): Promise<KeptRole> =>
    new Promise((resolve, reject) => {
      const stop = (): Promise<void> => settled().then(() => void ended.push(name));
      waiting.set(name, () => resolve({ name, stop } as KeptRole));
      signal.addEventListener('abort', () => {
        givenUp.push(name);
        reject(signal.reason as Error);
      });
    });
  return { launch, serve: (name: string) => waiting.get(name)!(), ended, givenUp };
}

test('roles end from the outside in, whatever the order of their starts', async () => {
  const { launch, serve, ended } = launching();
  const roles = new RoleSet(launch, new AbortController().signal);
  for (const name of ['node', 'model', 'supplier-1', 'gateway']) {
    void roles.start(name, []);
    serve(name);
  }
  await roles.stop();
  expect(ended).toEqual(['gateway', 'supplier-1', 'model', 'node']);
});

test('a start that is under way is given up at the end, and nobody waits for it', async () => {
  const { launch, serve, ended, givenUp } = launching();
  const roles = new RoleSet(launch, new AbortController().signal);
  void roles.start('node', []);
  serve('node');
  await settled();
  const late = roles.start('supplier-1', []);
  await roles.stop();
  await expect(late).rejects.toMatchObject({ code: 'NETWORK_ENDING' });
  expect(ended).toEqual(['node']);
  expect(givenUp).toContain('supplier-1');
});

test('a start that fails is told to whoever asked for it, and harms no end', async () => {
  const roles = new RoleSet(() => Promise.reject(new Error('no port')), new AbortController().signal);
  await expect(roles.start('gateway', [])).rejects.toThrow('no port');
  await roles.stop();
  expect(roles.signal.aborted).toBe(true);
});
