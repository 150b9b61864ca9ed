import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { utf8 } from '@decai/protocol/bytes';
import { describeKeyValueStore } from '@decai/protocol/key-value-store.conformance';
import { openLmdbStore } from './lmdb-store.ts';

const root = mkdtempSync(join(tmpdir(), 'decai-lmdb-'));
let count = 0;
const nextDirectory = (): string => join(root, `store-${(count += 1)}`);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describeKeyValueStore('LMDB store', () => openLmdbStore(nextDirectory()));

describe('LMDB store on its disk', () => {
  test('what was written before closing is there when it is opened again', async () => {
    const directory = nextDirectory();
    const store = openLmdbStore(directory);
    store.write([{ key: utf8('k'), value: utf8('v') }]);
    await store.close();
    const again = openLmdbStore(directory);
    expect(again.get(utf8('k'))).toEqual(utf8('v'));
    await again.close();
  });

  test('a path that cannot be a store is a fault that names it', () => {
    const file = join(root, 'a-file');
    writeFileSync(file, 'not a directory');
    expect(() => openLmdbStore(join(file, 'below'))).toThrow(expect.objectContaining({ code: 'STORE_FAILED' }));
  });
});
