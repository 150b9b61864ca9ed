import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex, utf8 } from './bytes.ts';
import { type CompactClosestProof, compactProof, decompactProof, toShortBytes } from './compact-proof.ts';
import { sha256 } from './hash.ts';
import { SumTrie } from './sum-trie.ts';

// Their paths meet for sixteen bits, so proofs are full of empty side nodes.
const TRIE = new SumTrie();
TRIE.update(fromHex('67312d323333373231'), utf8('a'), 1n);
TRIE.update(fromHex('67322d313131373831'), utf8('b'), 2n);
const PROOF = TRIE.proveClosest(sha256(utf8('anywhere')));
const COMPACT = compactProof(PROOF);

test('empty side nodes fold into the mask', () => {
  expect(PROOF.closestProof.sideNodes).toHaveLength(17);
  expect(COMPACT.closestProof.sideNodes).toHaveLength(1);
  expect(COMPACT.closestProof.numSideNodes).toBe(17);
  expect(toHex(COMPACT.closestProof.bitMask)).toBe('7fff80');
  expect(toHex(COMPACT.depth)).toBe('11');
  expect(COMPACT.flippedBits.map(toHex)).toEqual(PROOF.flippedBits.map((bit) => bit.toString(16).padStart(2, '0')));
});

test('integers are short, and a zero is one byte', () => {
  expect([0, 1, 127, 255, 256].map((value) => toHex(toShortBytes(value)))).toEqual(['00', '01', '7f', 'ff', '0100']);
  const zeros = decompactProof({
    ...COMPACT,
    depth: new Uint8Array(0),
    flippedBits: [new Uint8Array(0), fromHex('0100')],
  });
  expect([zeros.depth, zeros.flippedBits]).toEqual([0, [0, 256]]);
});

test('what was folded unfolds, for any tree and path', () => {
  const keys = fc.array(fc.uint8Array({ minLength: 1, maxLength: 2 }), { maxLength: 40 });
  fc.assert(
    fc.property(keys, fc.uint8Array({ minLength: 32, maxLength: 32 }), (set, path) => {
      const trie = new SumTrie();
      for (const key of set) trie.update(key, key, 1n);
      const proof = trie.proveClosest(path);
      expect(decompactProof(compactProof(proof))).toEqual(proof);
    }),
    { numRuns: 60 },
  );
});

test('a proof whose parts do not fit is not made compact', () => {
  expect(() => compactProof({ ...PROOF, depth: 3 })).toThrow(
    expect.objectContaining({ code: 'CLOSEST_PROOF_INVALID', details: { flaw: 'PROOF_FLIPPED_BIT' } }),
  );
});

describe('a compact proof that contradicts itself is a fault', () => {
  const inner = (change: Partial<CompactClosestProof['closestProof']>): Partial<CompactClosestProof> => ({
    closestProof: { ...COMPACT.closestProof, ...change },
  });
  const [sideNode] = COMPACT.closestProof.sideNodes;

  test.each<[string, Partial<CompactClosestProof>, string]>([
    ['path of 31 bytes', { path: COMPACT.path.subarray(1) }, 'path'],
    ['depth of three bytes', { depth: fromHex('000011') }, 'depth'],
    ['flipped bit of three bytes', { flippedBits: [fromHex('000001')] }, 'flippedBits'],
    ['−1 side nodes', inner({ numSideNodes: -1 }), 'numSideNodes'],
    ['257 side nodes', inner({ numSideNodes: 257 }), 'numSideNodes'],
    ['mask too long', inner({ bitMask: fromHex('7fff8000') }), 'bitMask'],
    ['mask too short', inner({ bitMask: fromHex('7fff') }), 'bitMask'],
    ['spare bit of the mask set', inner({ bitMask: fromHex('7fff81') }), 'sideNodes'],
    ['spare bit set in place of a side node', inner({ bitMask: fromHex('7fff81'), sideNodes: [] }), 'sideNodes'],
    ['side node dropped', inner({ sideNodes: [] }), 'sideNodes'],
    ['side node added', inner({ sideNodes: [sideNode!, sideNode!] }), 'sideNodes'],
  ])('%s', (_name, change, field) => {
    expect(() => decompactProof({ ...COMPACT, ...change })).toThrow(
      expect.objectContaining({ code: 'COMPACT_PROOF_INVALID', details: expect.objectContaining({ field }) }),
    );
  });

  test('but side nodes beside a number of none are not looked at', () => {
    const none = { ...COMPACT.closestProof, numSideNodes: 0, bitMask: new Uint8Array(0) };
    expect(decompactProof({ ...COMPACT, closestProof: none }).closestProof.sideNodes).toEqual([]);
  });
});
