import { toHex, utf8 } from '@decai/protocol/bytes';
import { sha256 } from '@decai/protocol/hash';
import { createMemoryDisk, type MemoryDisk } from '@decai/protocol/memory-store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GroupCommit } from './group-commit.ts';
import { RelayJournal, type ServedRelay } from './relay-journal.ts';

const TREE = { sessionId: 'aa', supplier: 'pokt1a' };

function open(disk: MemoryDisk): RelayJournal {
  const store = disk.openStore('journal');
  return new RelayJournal(store, new GroupCommit(store), 2);
}

function relay(name: string): ServedRelay {
  const value = utf8(`relay ${name}`);
  return { signing: sha256(utf8(name)), computeUnits: 3n, leaf: { key: sha256(value), value, weight: 7n } };
}

test('what was appended is there after a crash, tree by tree', async () => {
  const disk = createMemoryDisk();
  const journal = open(disk);
  await journal.append(TREE, relay('a'));
  await journal.append({ ...TREE, supplier: 'pokt1b' }, relay('b'));
  await journal.append(TREE, { signing: sha256(utf8('missed the target')), computeUnits: 5n });
  disk.crash();
  const again = open(disk);
  expect([...again.leaves(TREE)]).toEqual([relay('a').leaf]);
  expect([...again.served(TREE)].reduce((sum, { computeUnits }) => sum + computeUnits, 0n)).toBe(8n);
  expect(again.leaf(TREE, relay('a').leaf!.key)).toEqual(utf8('relay a'));
  expect(again.leaf(TREE, relay('b').leaf!.key)).toBeUndefined();
});

test('appending a relay twice is appending it once', async () => {
  const journal = open(createMemoryDisk());
  await Promise.all([journal.append(TREE, relay('a')), journal.append(TREE, relay('a'))]);
  expect([...journal.leaves(TREE)].length).toBe(1);
});

test('it is behind while too many wait for the disk', async () => {
  const journal = open(createMemoryDisk());
  const waiting = [journal.append(TREE, relay('a')), journal.append(TREE, relay('b'))];
  expect([journal.isBehind, journal.unsynced]).toEqual([true, 2]);
  await Promise.all(waiting);
  expect(journal.isBehind).toBe(false);
});

test('a forgotten tree is gone and its neighbours are not', async () => {
  const journal = open(createMemoryDisk());
  const neighbour = { ...TREE, supplier: 'pokt1aa' };
  await Promise.all([journal.append(TREE, relay('a')), journal.append(neighbour, relay('a'))]);
  await journal.forget(TREE);
  expect([[...journal.leaves(TREE)].length, [...journal.served(TREE)].length]).toEqual([0, 0]);
  expect([...journal.leaves(neighbour)].length).toBe(1);
});

test('after any interleaving of appends and crashes: all that was waited for, nothing that was not written', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ append: fc.nat(20), wait: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ survivors: fc.nat(5) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const disk = createMemoryDisk();
      let journal = open(disk);
      const written = new Set<string>();
      const durable = new Set<string>();
      for (const action of steps) {
        if ('survivors' in action) {
          disk.crash((unflushed) => Math.min(unflushed, action.survivors));
          journal = open(disk);
          continue;
        }
        const entry = relay(String(action.append));
        const name = toHex(entry.leaf!.key);
        written.add(name);
        const appended = journal.append(TREE, entry).then(
          () => durable.add(name),
          () => undefined,
        );
        if (action.wait) await appended;
      }
      disk.crash();
      const found = [...open(disk).leaves(TREE)].map(({ key }) => toHex(key));
      expect(found.every((name) => written.has(name))).toBe(true);
      expect([...durable].every((name) => found.includes(name))).toBe(true);
    }),
    { numRuns: 100 },
  );
});
