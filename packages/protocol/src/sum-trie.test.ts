import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, EMPTY, fromHex, toHex, u64be, utf8 } from './bytes.ts';
import { verifyClosestProof } from './closest-proof.ts';
import { sha256 } from './hash.ts';
import { decodeRoot } from './root.ts';
import { SumTrie } from './sum-trie.ts';
import { bitAt, digestOf, encodeNode, type TrieNode } from './trie-node.ts';
import { MemoryNodeStore } from './trie-store.ts';

type TestLeaf = { key: Uint8Array; value: Uint8Array; weight: bigint };

const leaf = (key: string, value: string, weight: number): TestLeaf => ({
  key: utf8(key),
  value: utf8(value),
  weight: BigInt(weight),
});

function planted(leaves: Iterable<TestLeaf>, store?: MemoryNodeStore): SumTrie {
  const trie = new SumTrie(store);
  for (const { key, value, weight } of leaves) trie.update(key, value, weight);
  return trie;
}

/** The naive trie: the root as a function of the set of leaves, by splitting it bit after bit. */
function rootByDefinition(leaves: readonly TestLeaf[]): string {
  const digest = (preimage: Uint8Array): Uint8Array => concat(sha256(preimage), preimage.subarray(-16));
  const split = (set: readonly { path: Uint8Array; tail: Uint8Array }[], depth: number): Uint8Array => {
    if (set.length === 0) return new Uint8Array(48);
    if (set.length === 1) return digest(concat(Uint8Array.of(0), set[0]!.path, set[0]!.tail));
    const [left, right] = [0, 1].map((bit) =>
      split(
        set.filter(({ path }) => bitAt(path, depth) === bit),
        depth + 1,
      ),
    );
    const [a, b] = [decodeRoot(left!), decodeRoot(right!)];
    return digest(concat(Uint8Array.of(1), left!, right!, u64be(a.sum + b.sum), u64be(a.count + b.count)));
  };
  const last = new Map(leaves.map((one) => [toHex(one.key), one]));
  return toHex(
    split(
      [...last.values()].map(({ key, value, weight }) => ({
        path: sha256(key),
        tail: concat(value, u64be(weight), u64be(1n)),
      })),
      0,
    ),
  );
}

/** Leaves with short keys, so that some of them meet. */
const leaves = fc.array(
  fc.record({
    key: fc.uint8Array({ minLength: 0, maxLength: 2 }),
    value: fc.uint8Array({ maxLength: 40 }),
    weight: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  }),
  { maxLength: 60 },
);

describe('the root', () => {
  test('of an empty trie is 48 zeros', () => {
    const trie = new SumTrie();
    expect(toHex(trie.root())).toBe('00'.repeat(48));
    expect([trie.sum, trie.count, trie.size]).toEqual([0n, 0n, 0]);
  });

  test('of the reference examples', () => {
    const trie = planted([leaf('foo', 'bar', 5)]);
    expect(toHex(trie.root())).toBe(
      '5361f1b603f890312c88f555a313f561f5f9dbb170a716cb0fcfbaa478a9bb0600000000000000050000000000000001',
    );
    trie.update(utf8('baz'), utf8('zab'), 7n);
    expect(toHex(trie.root())).toBe(
      '337765ef23d8fbe810dbd4e3c6339bd9d0ce1894806f2e6c4e2b51425bd3628b000000000000000c0000000000000002',
    );
    trie.update(utf8('bin'), utf8('nib'), 3n);
    expect(toHex(trie.root())).toBe(
      'f8a60312a4dc8c477e822c4c9f34fcce95b843c6eeda15e64a5ca68e30f7478e000000000000000f0000000000000003',
    );
  });

  // `TestSMST_TotalSum` and `TestMerkleSumRoot_SumAndCountSuccess` of the reference.
  test('carries the sum and the count', () => {
    const many = planted(Array.from({ length: 9999 }, (_, i) => leaf(`testKey${i + 1}`, `testValue${i + 1}`, i + 1)));
    expect(decodeRoot(many.root())).toMatchObject({ sum: 49_995_000n, count: 9_999n });
    const ten = planted(Array.from({ length: 10 }, (_, i) => leaf(`key${i}`, `value${i}`, i)));
    expect(decodeRoot(ten.root())).toMatchObject({ sum: 45n, count: 10n });
  });

  test('is what the definition says, for any leaves in any order', () => {
    fc.assert(
      fc.property(leaves, fc.boolean(), (set, rootAfterEach) => {
        const trie = new SumTrie();
        for (const { key, value, weight } of set) {
          trie.update(key, value, weight);
          if (rootAfterEach) trie.root();
        }
        expect(toHex(trie.root())).toBe(rootByDefinition(set));
        expect(decodeRoot(trie.root())).toMatchObject({ sum: trie.sum, count: trie.count });
      }),
      { numRuns: 150 },
    );
  });

  test('handed out is a copy', () => {
    const trie = planted([leaf('foo', 'bar', 5)]);
    trie.root().fill(0);
    expect(decodeRoot(trie.root()).sum).toBe(5n);
  });
});

describe('a leaf', () => {
  test('is replaced by one with the same key, weight and all', () => {
    const trie = planted([leaf('foo', 'bar', 5), leaf('baz', 'zab', 7), leaf('foo', 'rab', 2)]);
    expect([trie.sum, trie.count]).toEqual([9n, 2n]);
    expect(trie.get(utf8('foo'))).toEqual({ value: utf8('rab'), weight: 2n });
    expect(toHex(trie.root())).toBe(toHex(planted([leaf('baz', 'zab', 7), leaf('foo', 'rab', 2)]).root()));
  });

  test('may weigh nothing, and may be empty', () => {
    const trie = planted([{ key: utf8('foo'), value: EMPTY, weight: 0n }]);
    expect([trie.sum, trie.count]).toEqual([0n, 1n]);
    expect(trie.get(utf8('foo'))).toEqual({ value: EMPTY, weight: 0n });
    expect(verifyClosestProof(trie.proveClosest(sha256(utf8('foo'))), trie.root())).toMatchObject({ valid: false });
  });

  test('may push the sum past 64 bits, where it wraps', () => {
    const trie = planted([{ key: utf8('a'), value: utf8('v'), weight: 2n ** 64n - 1n }, leaf('b', 'v', 5)]);
    expect([trie.sum, decodeRoot(trie.root()).sum]).toEqual([4n, 4n]);
  });

  test('is found by its key and by no other', () => {
    fc.assert(
      fc.property(leaves, fc.uint8Array({ minLength: 1, maxLength: 2 }), (set, other) => {
        const trie = planted(set);
        const last = new Map(set.map((one) => [toHex(one.key), one]));
        for (const { key, value, weight } of last.values()) expect(trie.get(key)).toEqual({ value, weight });
        if (!last.has(toHex(other))) expect(trie.get(other)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  test('may live elsewhere: its value is hashed at once and read again for a proof', () => {
    const kept = leaf('foo', 'a relay kept on disk', 5);
    let reads = 0;
    const trie = planted([leaf('baz', 'zab', 7)]);
    trie.update(kept.key, kept.value, kept.weight, () => ((reads += 1), kept.value));
    const root = trie.root();
    expect([toHex(root), reads]).toEqual([toHex(planted([leaf('baz', 'zab', 7), kept]).root()), 0]);
    expect(verifyClosestProof(trie.proveClosest(sha256(kept.key)), root)).toEqual({ valid: true });
    expect(reads).toBe(1);
  });

  test('of more than the scratch space is hashed like any other', () => {
    const large = { key: utf8('large'), value: new Uint8Array(100_000).fill(7), weight: 1n };
    expect(toHex(planted([large]).root())).toBe(rootByDefinition([large]));
  });

  test('has a weight of 64 bits', () => {
    const weightFault = expect.objectContaining({ code: 'TRIE_WEIGHT' });
    expect(() => new SumTrie().update(utf8('a'), utf8('v'), 2n ** 64n)).toThrow(weightFault);
    expect(() => new SumTrie().update(utf8('a'), utf8('v'), -1n)).toThrow(weightFault);
  });
});

describe('the closest leaf', () => {
  // `TestSMST_ProveClosest` of the reference.
  const trie = planted([
    leaf('foo', 'oof', 3),
    leaf('bar', 'rab', 6),
    leaf('baz', 'zab', 9),
    leaf('bin', 'nib', 12),
    leaf('fiz', 'zif', 15),
    leaf('fob', 'bof', 18),
    ...['', '2', '3', '4'].map((n, i) => leaf(`testKey${n}`, `testValue${n}`, 21 + 3 * i)),
  ]);
  const flip = (path: Uint8Array, bits: readonly number[]): Uint8Array => {
    const flipped = path.slice();
    for (const bit of bits) flipped[bit >> 3]! ^= 0x80 >> (bit & 7);
    return flipped;
  };

  test.each([
    [[3, 6], [3, 6], 'testKey2'],
    [[3, 7], [3], 'testKey4'],
  ])('with bits %j flipped, bits %j lead to %s', (asked, flippedBits, key) => {
    expect(toHex(sha256(utf8('testKey2')))).toBe('8d13809f932d0296b88c1913231ab4b403f05c88363575476204fef6930f22ae');
    const proof = trie.proveClosest(flip(sha256(utf8('testKey2')), asked));
    expect(proof).toMatchObject({ flippedBits, depth: 8, closestPath: sha256(utf8(key)) });
    expect(verifyClosestProof(proof, trie.root())).toEqual({ valid: true });
  });

  test('of an empty trie is nothing, and proves that', () => {
    const proof = new SumTrie().proveClosest(sha256(utf8('path')));
    expect(proof).toMatchObject({
      flippedBits: [0],
      depth: 0,
      closestPath: new Uint8Array(48),
      closestValueHash: null,
    });
    expect(verifyClosestProof(proof, new Uint8Array(48))).toEqual({ valid: true });
  });

  test('of a single leaf is that leaf, whatever was asked', () => {
    const single = planted([leaf('foo', 'bar', 5)]);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (path) => {
        const proof = single.proveClosest(path);
        expect(proof).toMatchObject({ path, flippedBits: [], depth: 0, closestPath: sha256(utf8('foo')) });
        expect(proof.closestProof).toEqual({ sideNodes: [], nonMembershipLeafData: null, siblingData: null });
      }),
      { numRuns: 20 },
    );
  });

  test('is the one that the bits of the path lead to, and its proof holds', () => {
    /** Walks the set of paths instead of the tree. */
    const closestByDefinition = (paths: readonly Uint8Array[], asked: Uint8Array): string => {
      let near = paths;
      for (let depth = 0; near.length > 1; depth++) {
        const wanted = near.filter((path) => bitAt(path, depth) === bitAt(asked, depth));
        if (wanted.length > 0) near = wanted;
      }
      return toHex(near[0]!);
    };
    const distinct = fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 3 }), {
      selector: toHex,
      minLength: 1,
      maxLength: 80,
    });
    fc.assert(
      fc.property(
        distinct,
        fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 5 }),
        (keys, asked) => {
          const some = planted(keys.map((key) => ({ key, value: concat(key, key), weight: 3n })));
          const paths = keys.map(sha256);
          for (const path of [...asked, ...paths.slice(0, 3)]) {
            const proof = some.proveClosest(path);
            expect(toHex(proof.closestPath)).toBe(closestByDefinition(paths, path));
            expect(verifyClosestProof(proof, some.root())).toEqual({ valid: true });
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('can be 256 bits down', () => {
    // No two keys hash to such neighbours; the tree is put together node by node and imported.
    const path = sha256(utf8('deep'));
    const store = new MemoryNodeStore();
    const fresh = { digest: null, stored: false };
    const [a, b] = [flip(path, bitAt(path, 255) === 1 ? [255] : []), flip(path, bitAt(path, 255) === 0 ? [255] : [])];
    const left: TrieNode = { kind: 'leaf', path: a, value: utf8('left'), weight: 1n, ...fresh };
    const right: TrieNode = { kind: 'leaf', path: b, value: utf8('right'), weight: 2n, ...fresh };
    const inner: TrieNode = { kind: 'inner', left, right, ...fresh };
    const top: TrieNode = { kind: 'extension', start: 0, end: 255, path, child: inner, ...fresh };
    for (const node of [left, right, inner, top]) store.set(digestOf(node), encodeNode(node));

    const deep = SumTrie.import(store, digestOf(top));
    const proof = deep.proveClosest(b);
    expect(proof).toMatchObject({ depth: 256, flippedBits: [], closestPath: b });
    expect(proof.closestProof.sideNodes).toHaveLength(256);
    expect(verifyClosestProof(proof, deep.root())).toEqual({ valid: true });
    expect(deep.proveClosest(flip(b, [0, 100, 254])).flippedBits).toEqual([0, 100, 254]);
  });

  test('is asked for with 32 bytes', () => {
    expect(() => trie.proveClosest(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'TRIE_PATH_LENGTH' }));
  });
});

describe('a committed trie', () => {
  // `TestSMST_OrphanRemoval` of the reference.
  test.each([
    [['testKey2'], 3],
    [['foo'], 4],
    [['testKey2', 'foo'], 6],
    [['a', 'b', 'c', 'd', 'e'], 14],
  ])('of testKey and %j has %i nodes, also after its leaves were overwritten', (keys, nodes) => {
    const store = new MemoryNodeStore();
    const trie = planted([leaf('testKey', 'testValue', 5)], store);
    trie.commit();
    expect(store.size).toBe(1);
    for (const key of keys) trie.update(utf8(key), utf8('testValue'), 10n);
    trie.commit();
    expect(store.size).toBe(nodes);
    for (const key of keys) trie.update(utf8(key), utf8('testValue3'), 10n);
    trie.commit();
    expect(store.size).toBe(nodes);
  });

  test('comes back whole, goes on, and leaves nothing of its past behind', () => {
    fc.assert(
      fc.property(
        fc.array(leaves, { maxLength: 4 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (sessions, path) => {
          const store = new MemoryNodeStore();
          let trie = new SumTrie(store);
          for (const [index, session] of sessions.entries()) {
            for (const { key, value, weight } of session) trie.update(key, value, weight);
            trie.commit();
            const grown = planted(sessions.slice(0, index + 1).flat());
            trie = SumTrie.import(store, trie.root());
            expect(toHex(trie.root())).toBe(toHex(grown.root()));
            expect([trie.sum, trie.count]).toEqual([grown.sum, grown.count]);
            if (grown.count > 0n) expect(trie.proveClosest(path)).toEqual(grown.proveClosest(path));
          }
          const fresh = new MemoryNodeStore();
          planted(sessions.flat(), fresh).commit();
          expect(store.entries()).toEqual(fresh.entries());
        },
      ),
      { numRuns: 60 },
    );
  });

  test('that is empty writes nothing', () => {
    const store = new MemoryNodeStore();
    new SumTrie(store).commit();
    expect(store.size).toBe(0);
    expect(toHex(SumTrie.import(store, new Uint8Array(48)).root())).toBe('00'.repeat(48));
  });

  test('needs a store', () => {
    expect(() => planted([leaf('foo', 'bar', 5)]).commit()).toThrow(
      expect.objectContaining({ code: 'TRIE_WITHOUT_STORE' }),
    );
  });

  test('with a node missing or damaged is a fault', () => {
    const root = planted([leaf('foo', 'bar', 5)]).root();
    const missing = SumTrie.import(new MemoryNodeStore(), root);
    expect(() => missing.get(utf8('foo'))).toThrow(expect.objectContaining({ code: 'TRIE_NODE_MISSING' }));
    expect(() => SumTrie.import(new MemoryNodeStore(), root.subarray(1))).toThrow(
      expect.objectContaining({ code: 'ROOT_LENGTH' }),
    );

    const leafBytes = `00${'11'.repeat(32)}aa${'0000000000000005'}`;
    for (const bytes of [
      '',
      '00',
      `${leafBytes}0000000000000002`,
      `01${'00'.repeat(111)}`,
      `02${'0505'}${'00'.repeat(32)}${'11'.repeat(64)}`,
      `02${'0005'}${'00'.repeat(32)}${'00'.repeat(64)}`,
      '03'.repeat(113),
    ]) {
      const store = new MemoryNodeStore();
      store.set(root, fromHex(bytes));
      expect(() => SumTrie.import(store, root).proveClosest(new Uint8Array(32)), bytes).toThrow(
        expect.objectContaining({ code: 'TRIE_NODE_CORRUPT' }),
      );
    }
  });
});
