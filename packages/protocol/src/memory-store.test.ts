import { describe, expect, test } from 'vitest';
import { utf8 } from './bytes.ts';
import { describeKeyValueStore } from './key-value-store.conformance.ts';
import type { KeyValueWrite } from './key-value-store.ts';
import { createMemoryDisk, createMemoryStore } from './memory-store.ts';

describeKeyValueStore('memory store', createMemoryStore);

describe('memory disk', () => {
  const put = (key: string, value: string | null): KeyValueWrite => ({
    key: utf8(key),
    value: value === null ? null : utf8(value),
  });

  test('a crash undoes whole unflushed batches, kills the handle, and leaves the flushed ones', async () => {
    const disk = createMemoryDisk();
    const store = disk.openStore('blocks');
    store.write([put('a', '1'), put('b', '1')]);
    await store.flush();
    store.write([put('a', '2'), put('c', '2')]);
    store.write([put('a', null), put('b', '3')]);
    disk.crash();
    expect(() => store.get(utf8('a'))).toThrow(expect.objectContaining({ code: 'STORE_CLOSED' }));
    expect(text(disk, 'blocks')).toEqual(['a=1', 'b=1']);
  });

  test('a crash may keep some unflushed batches, always the earliest', async () => {
    const disk = createMemoryDisk();
    const store = disk.openStore('blocks');
    store.write([put('a', '1')]);
    store.write([put('a', '2'), put('b', '2')]);
    store.write([put('b', '3')]);
    disk.crash((unflushed) => unflushed - 1);
    expect(text(disk, 'blocks')).toEqual(['a=2', 'b=2']);
  });

  test('two flushes at once make durable what each had seen, and a crash in between fails them', async () => {
    const disk = createMemoryDisk();
    const store = disk.openStore('blocks');
    store.write([put('a', '1')]);
    const first = store.flush();
    store.write([put('b', '2')]);
    const second = store.flush();
    store.write([put('c', '3')]);
    await Promise.all([first, second]);
    disk.crash();
    expect(text(disk, 'blocks')).toEqual(['a=1', 'b=2']);
    const reopened = disk.openStore('blocks');
    reopened.write([put('d', '4')]);
    const cut = reopened.flush();
    disk.crash();
    await expect(cut).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    expect(text(disk, 'blocks')).toEqual(['a=1', 'b=2']);
  });

  test('stores of different names know nothing of each other', () => {
    const disk = createMemoryDisk();
    disk.openStore('a').write([put('k', 'v')]);
    expect(text(disk, 'b')).toEqual([]);
  });

  function text(disk: ReturnType<typeof createMemoryDisk>, name: string): string[] {
    return [...disk.openStore(name).range({})].map(([key, value]) => `${Buffer.from(key)}=${Buffer.from(value)}`);
  }
});
