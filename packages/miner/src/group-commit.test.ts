import { utf8 } from '@decai/protocol/bytes';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import { createMemoryDisk } from '@decai/protocol/memory-store';
import { expect, test } from 'vitest';
import { GroupCommit } from './group-commit.ts';

/** A store whose flushes end when the test says so. */
function slowStore(): { store: KeyValueStore; flushes: { end: (failure?: Error) => void }[] } {
  const real = createMemoryDisk().openStore('a');
  const flushes: { end: (failure?: Error) => void }[] = [];
  const flush = (): Promise<void> =>
    new Promise((resolve, reject) => {
      flushes.push({ end: (failure) => (failure === undefined ? resolve() : reject(failure)) });
    });
  return { store: { ...real, flush }, flushes };
}

const write = (commit: GroupCommit, key: string): Promise<void> => commit.write([{ key: utf8(key), value: utf8('1') }]);

test('everyone who writes during a flush shares the next one', async () => {
  const { store, flushes } = slowStore();
  const commit = new GroupCommit(store);
  const done: string[] = [];
  const first = write(commit, 'a').then(() => done.push('a'));
  await Promise.resolve();
  await Promise.resolve();
  const rest = ['b', 'c', 'd'].map((key) => write(commit, key).then(() => done.push(key)));
  expect([flushes.length, commit.waiting]).toEqual([1, 4]);
  flushes[0]!.end();
  await first;
  expect(done).toEqual(['a']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(flushes.length).toBe(2);
  flushes[1]!.end();
  await Promise.all(rest);
  expect([flushes.length, commit.waiting]).toEqual([2, 0]);
});

test('what is written is read at once, and what was waited for survives a crash', async () => {
  const disk = createMemoryDisk();
  const commit = new GroupCommit(disk.openStore('a'));
  await write(commit, 'kept');
  void write(commit, 'lost').catch(() => undefined);
  disk.crash();
  const store = disk.openStore('a');
  expect([store.get(utf8('kept')), store.get(utf8('lost'))]).toEqual([utf8('1'), undefined]);
});

test('a flush that fails is told to those who waited for it, and the next one is tried', async () => {
  const { store, flushes } = slowStore();
  const commit = new GroupCommit(store);
  const first = write(commit, 'a');
  await new Promise((resolve) => setImmediate(resolve));
  const second = write(commit, 'b');
  flushes[0]!.end(new Error('disk full'));
  await expect(first).rejects.toThrow('disk full');
  await new Promise((resolve) => setImmediate(resolve));
  flushes[1]!.end();
  await second;
  expect(commit.waiting).toBe(0);
});
