import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, EMPTY, u64be, utf8 } from './bytes.ts';
import {
  checkProofShape,
  type ClosestProof,
  provenLeaf,
  verifyClosestProof,
  verifyRelayProof,
} from './closest-proof.ts';
import { sha256 } from './hash.ts';
import { SumTrie } from './sum-trie.ts';
import { digestOfNodeBytes } from './trie-node.ts';

const UNITS = 42n;

/** A session tree as a miner grows it: the key is the hash of the relay, every relay weighs the same. */
function sessionTree(relays: readonly Uint8Array[], weight = UNITS): SumTrie {
  const trie = new SumTrie();
  for (const relay of relays) trie.update(sha256(relay), relay, weight);
  return trie;
}

const RELAYS = Array.from({ length: 40 }, (_, i) => utf8(`relay ${i} with a question and a signature`));
const TREE = sessionTree(RELAYS);
const ROOT = TREE.root();
const HONEST = TREE.proveClosest(sha256(utf8('where the lot fell')));

type Change = Partial<Omit<ClosestProof, 'closestProof'>> & Partial<ClosestProof['closestProof']>;

function altered(base: ClosestProof, change: Change): ClosestProof {
  const { sideNodes, nonMembershipLeafData, siblingData, ...rest } = { ...base.closestProof, ...base, ...change };
  return { ...rest, closestProof: { sideNodes, nonMembershipLeafData, siblingData } };
}

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3]! ^= 0x80 >> (bit & 7);
  return flipped;
}

const { depth, path, closestPath, flippedBits } = HONEST;
const { sideNodes, siblingData } = HONEST.closestProof;
const valueHash = HONEST.closestValueHash!;

test('an honest proof holds for both judges', () => {
  expect(depth).toBeGreaterThan(3);
  expect(siblingData).not.toBeNull();
  expect(verifyClosestProof(HONEST, ROOT)).toEqual({ valid: true });
  expect(verifyRelayProof(HONEST, ROOT, UNITS)).toEqual({ valid: true });
  expect(provenLeaf(HONEST)).toMatchObject({ weight: UNITS, count: 1n });
});

describe('parts that do not fit together are refused, in the order in which they are looked at', () => {
  const wrongDepth = { depth: 257 };
  const farFlip = { flippedBits: [depth + 1] };
  const strayClosest = { closestPath: flip(closestPath, 0) };
  const shortSide = { sideNodes: [sideNodes[0]!.subarray(1), ...sideNodes.slice(1)] };
  const otherSibling = { siblingData: flip(siblingData!, 20) };

  test.each<[string, Change, string]>([
    ['path of 31 bytes', { path: path.subarray(1), ...wrongDepth }, 'PROOF_PATH_LENGTH'],
    ['depth 257', { ...wrongDepth, ...farFlip }, 'PROOF_DEPTH'],
    ['depth −1', { depth: -1 }, 'PROOF_DEPTH'],
    ['depth that is no integer', { depth: 1.5 }, 'PROOF_DEPTH'],
    ['flipped bit beyond the depth', { ...farFlip, ...strayClosest }, 'PROOF_FLIPPED_BIT'],
    ['negative flipped bit', { flippedBits: [-1] }, 'PROOF_FLIPPED_BIT'],
    ['closest path that leaves the path unmentioned', { ...strayClosest, ...shortSide }, 'PROOF_CLOSEST_PATH'],
    ['closest path shorter than the depth', { closestPath: EMPTY }, 'PROOF_CLOSEST_PATH'],
    ['257 side nodes', { sideNodes: Array(257).fill(sideNodes[0]), nonMembershipLeafData: EMPTY }, 'PROOF_SIDE_NODES'],
    ['non-membership data of 32 bytes', { nonMembershipLeafData: path, ...otherSibling }, 'PROOF_NON_MEMBERSHIP'],
    ['side node of 47 bytes beside sibling data', { ...shortSide, ...otherSibling }, 'PROOF_SIDE_NODES'],
    ['sibling data of another node', otherSibling, 'PROOF_SIBLING'],
    ['sibling data of no bytes', { siblingData: EMPTY }, 'PROOF_SIBLING'],
    ['sibling data of no known kind', { siblingData: new Uint8Array(113).fill(3) }, 'PROOF_SIBLING'],
    ['sibling data of an extension cut short', { siblingData: Uint8Array.of(2, 0, 1, ...path) }, 'PROOF_SIBLING'],
    [
      'sibling data of an extension over nothing',
      { siblingData: concat(Uint8Array.of(2, 9, 9), new Uint8Array(96)) },
      'PROOF_SIBLING',
    ],
  ])('%s', (_name, change, flaw) => {
    const proof = altered(HONEST, change);
    expect(checkProofShape(proof)).toMatchObject({ valid: false, flaw });
    expect(verifyClosestProof(proof, ROOT)).toMatchObject({ valid: false, flaw });
    expect(verifyRelayProof(proof, ROOT, UNITS)).toMatchObject({ valid: false, flaw });
  });

  test('bit 256 can be no flipped bit, although a depth of 256 allows it', () => {
    const deep = altered(HONEST, { depth: 256, flippedBits: [256], closestPath: path });
    expect(checkProofShape(deep)).toMatchObject({ flaw: 'PROOF_FLIPPED_BIT' });
  });

  test.each<[string, Change, string]>([
    ['closest path of 31 bytes', { closestPath: closestPath.subarray(0, 31), siblingData: null }, 'PROOF_CLOSEST_PATH'],
    ['value of 15 bytes', { closestValueHash: valueHash.subarray(0, 15) }, 'PROOF_VALUE'],
    ['value of no bytes', { closestValueHash: EMPTY }, 'PROOF_VALUE'],
  ])('%s, once the shape is right', (_name, change, flaw) => {
    expect(verifyClosestProof(altered(HONEST, change), ROOT)).toMatchObject({ valid: false, flaw });
  });
});

describe('parts that lead to another root are refused', () => {
  test.each<[string, Change]>([
    ['value', { closestValueHash: flip(valueHash, 3) }],
    ['weight', { closestValueHash: flip(valueHash, 8 * valueHash.length - 65) }],
    ['count of the leaf', { closestValueHash: flip(valueHash, 8 * valueHash.length - 1) }],
    ['no value', { closestValueHash: null }],
    ['no work', { closestValueHash: new Uint8Array(16) }],
    ['last bit of the closest path', { closestPath: flip(closestPath, 255) }],
    ['sum in a side node', { sideNodes: [...sideNodes.slice(0, -1), flip(sideNodes.at(-1)!, 300)] }],
    ['side node of 47 bytes', { sideNodes: [sideNodes[0]!.subarray(0, 47), ...sideNodes.slice(1)], siblingData: null }],
    ['one side node less', { sideNodes: sideNodes.slice(0, -1), depth: depth - 1 }],
  ])('%s', (_name, change) => {
    const proof = altered(HONEST, change);
    expect(verifyClosestProof(proof, ROOT)).toMatchObject({ valid: false, flaw: 'PROOF_ROOT' });
    expect(verifyRelayProof(proof, ROOT, UNITS)).toMatchObject({ valid: false, flaw: 'PROOF_ROOT' });
  });

  test('each part of the root counts', () => {
    for (const bit of [0, 300, 383]) {
      expect(verifyClosestProof(HONEST, flip(ROOT, bit))).toMatchObject({ flaw: 'PROOF_ROOT' });
    }
    expect(verifyClosestProof(HONEST, ROOT.subarray(0, 47))).toMatchObject({ flaw: 'PROOF_ROOT' });
  });
});

describe('what the chain of Shannon lets pass, and a relay proof must not', () => {
  const elsewhere = TREE.proveClosest(
    sha256(sha256(RELAYS.find((relay) => !provenLeaf(HONEST)!.value.every((b, i) => b === relay[i]))!)),
  );

  test.each<[string, Change, string]>([
    ['depth 0', { depth: 0, flippedBits: [] }, 'PROOF_LOOSE_SHAPE'],
    ['closest path of 40 bytes', { closestPath: concat(closestPath, new Uint8Array(8)) }, 'PROOF_LOOSE_SHAPE'],
    [
      'side node of 49 bytes',
      { sideNodes: [concat(sideNodes[0]!, EMPTY, Uint8Array.of(1)), ...sideNodes.slice(1)], siblingData: null },
      'PROOF_LOOSE_SHAPE',
    ],
    ['flipped bits that cancel', { flippedBits: [...flippedBits, 0, 0] }, 'PROOF_NOT_CLOSEST'],
    [
      'another leaf of the tree, depth 0',
      { ...elsewhere, ...elsewhere.closestProof, path, depth: 0 },
      'PROOF_LOOSE_SHAPE',
    ],
  ])('%s', (_name, change, flaw) => {
    const proof = altered(HONEST, change);
    expect(verifyClosestProof(proof, ROOT)).toEqual({ valid: true });
    expect(verifyRelayProof(proof, ROOT, UNITS)).toMatchObject({ valid: false, flaw });
  });

  test('another leaf of the tree, its way told truly', () => {
    const differing = Array.from({ length: elsewhere.depth }, (_, bit) => bit).filter(
      (bit) => (elsewhere.closestPath[bit >> 3]! ^ path[bit >> 3]!) & (0x80 >> (bit & 7)),
    );
    const proof = { ...elsewhere, path, flippedBits: differing };
    expect(verifyClosestProof(proof, ROOT)).toEqual({ valid: true });
    expect(verifyRelayProof(proof, ROOT, UNITS)).toMatchObject({ valid: false, flaw: 'PROOF_NOT_CLOSEST' });
  });

  test('a leaf of another weight', () => {
    expect(verifyRelayProof(HONEST, ROOT, UNITS + 1n)).toMatchObject({ valid: false, flaw: 'PROOF_LEAF_WORK' });
  });

  test('a leaf that counts for many', () => {
    const relay = RELAYS[0]!;
    const many = concat(relay, u64be(UNITS), u64be(100n));
    const place = sha256(sha256(relay));
    const root = digestOfNodeBytes(concat(Uint8Array.of(0), place, many))!;
    const proof: ClosestProof = {
      path,
      flippedBits: [],
      depth: 0,
      closestPath: place,
      closestValueHash: many,
      closestProof: { sideNodes: [], nonMembershipLeafData: null, siblingData: null },
    };
    expect(verifyClosestProof(proof, root)).toEqual({ valid: true });
    expect(verifyRelayProof(proof, root, UNITS)).toMatchObject({ valid: false, flaw: 'PROOF_LEAF_WORK' });
  });

  test('a relay at a place that is not its own', () => {
    const trie = new SumTrie();
    trie.update(utf8('a key of the prover’s choice'), RELAYS[0]!, UNITS);
    const proof = trie.proveClosest(path);
    expect(verifyClosestProof(proof, trie.root())).toEqual({ valid: true });
    expect(verifyRelayProof(proof, trie.root(), UNITS)).toMatchObject({ valid: false, flaw: 'PROOF_LEAF_PLACE' });
  });

  test('the absence of a leaf, where another one stands', () => {
    const absent = {
      ...elsewhere,
      ...elsewhere.closestProof,
      closestPath: flip(elsewhere.closestPath, 255),
      closestValueHash: null,
    };
    const standing = concat(Uint8Array.of(0), elsewhere.closestPath, elsewhere.closestValueHash!);
    const proof = altered(HONEST, { ...absent, nonMembershipLeafData: standing });
    expect(verifyClosestProof(proof, ROOT)).toEqual({ valid: true });
    expect(verifyRelayProof(proof, ROOT, UNITS)).toMatchObject({ valid: false, flaw: 'PROOF_NO_LEAF' });

    const present = altered(HONEST, { ...absent, closestPath: elsewhere.closestPath, nonMembershipLeafData: standing });
    expect(verifyClosestProof(present, ROOT)).toMatchObject({ flaw: 'PROOF_NON_MEMBERSHIP' });
    const noLeaf = altered(HONEST, { ...absent, nonMembershipLeafData: new Uint8Array(113).fill(1) });
    expect(verifyClosestProof(noLeaf, ROOT)).toMatchObject({ flaw: 'PROOF_NON_MEMBERSHIP' });
  });

  test('an empty tree', () => {
    const nothing = new SumTrie().proveClosest(path);
    expect(verifyClosestProof(nothing, new Uint8Array(48))).toEqual({ valid: true });
    expect(verifyRelayProof(nothing, new Uint8Array(48), UNITS)).toMatchObject({ valid: false, flaw: 'PROOF_NO_LEAF' });
  });
});

describe('what both judges let pass, because it says nothing', () => {
  test.each<[string, Change]>([
    ['no sibling data', { siblingData: null }],
    ['a path that differs beyond the leaf', { path: flip(path, 255) }],
    ['unused non-membership data', { nonMembershipLeafData: new Uint8Array(33) }],
  ])('%s', (_name, change) => {
    expect(verifyClosestProof(altered(HONEST, change), ROOT)).toEqual({ valid: true });
    expect(verifyRelayProof(altered(HONEST, change), ROOT, UNITS)).toEqual({ valid: true });
  });
});

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('every proof from an honest tree is a relay proof', () => {
  const relays = fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 30 }), {
    minLength: 1,
    maxLength: 60,
    selector: String,
  });
  fc.assert(
    fc.property(
      relays,
      fc.bigInt({ min: 1n, max: 2n ** 40n }),
      fc.array(bytes32, { maxLength: 4 }),
      (set, weight, paths) => {
        const tree = sessionTree(set, weight);
        for (const asked of [...paths, sha256(sha256(set[0]!))]) {
          expect(verifyRelayProof(tree.proveClosest(asked), tree.root(), weight)).toEqual({ valid: true });
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('whoever is asked for a path can prove one leaf only', () => {
  fc.assert(
    fc.property(bytes32, fc.integer({ min: 0, max: RELAYS.length - 1 }), (asked, other) => {
      const honest = TREE.proveClosest(asked);
      const rival = TREE.proveClosest(sha256(sha256(RELAYS[other]!)));
      const leavings = Array.from({ length: rival.depth }, (_, bit) => bit).filter(
        (bit) => (rival.closestPath[bit >> 3]! ^ asked[bit >> 3]!) & (0x80 >> (bit & 7)),
      );
      const verdict = verifyRelayProof({ ...rival, path: asked, flippedBits: leavings }, ROOT, UNITS);
      expect(verdict.valid).toBe(Buffer.compare(rival.closestPath, honest.closestPath) === 0);
    }),
    { numRuns: 200 },
  );
});

test('no proof, however strange, makes a judge throw', () => {
  const some = fc.uint8Array({ maxLength: 120 });
  const orNull = fc.option(some, { nil: null });
  const strange = fc.record({
    path: fc.oneof(bytes32, some),
    flippedBits: fc.array(fc.oneof(fc.integer(), fc.double(), fc.integer({ min: 0, max: 256 })), { maxLength: 6 }),
    depth: fc.oneof(fc.integer({ min: -1, max: 257 }), fc.double(), fc.integer()),
    closestPath: fc.oneof(bytes32, some),
    closestValueHash: orNull,
    closestProof: fc.record({
      sideNodes: fc.array(fc.oneof(some, fc.uint8Array({ minLength: 48, maxLength: 48 })), { maxLength: 6 }),
      nonMembershipLeafData: orNull,
      siblingData: orNull,
    }),
  });
  fc.assert(
    fc.property(
      strange,
      fc.constantFrom<Change>({}, { path, depth, flippedBits: [...flippedBits], closestPath }),
      (proof, real) => {
        const candidate = altered(proof, real);
        expect(verifyClosestProof(candidate, ROOT).valid).toBe(false);
        expect(verifyRelayProof(candidate, ROOT, UNITS).valid).toBe(false);
      },
    ),
    { numRuns: 500 },
  );
});
