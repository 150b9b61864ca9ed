import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, equalBytes, fromHex, toHex, utf8 } from './bytes.ts';
import { provenLeaf } from './closest-proof.ts';
import { GOB_BYTES_MAX } from './gob.ts';
import { sha256 } from './hash.ts';
import {
  decodeClosestProof,
  decodeCompactProof,
  encodeClosestProof,
  encodeCompactProof,
  verifyClosestProofBytes,
  verifyRelayProofBytes,
} from './proof-bytes.ts';
import { SumTrie } from './sum-trie.ts';

const hex = (...parts: string[]): string => parts.join('').replaceAll(/\s/g, '');

/** The definitions of a fresh Go process. */
const PREFIX = hex(
  `ff87 7f 03 01 01 1f ${toHex(utf8('SparseCompactMerkleClosestProof'))} 01 ff80 00 01 06`,
  `01 04 ${toHex(utf8('Path'))} 01 0a 00`,
  `01 0b ${toHex(utf8('FlippedBits'))} 01 ff82 00`,
  `01 05 ${toHex(utf8('Depth'))} 01 0a 00`,
  `01 0b ${toHex(utf8('ClosestPath'))} 01 0a 00`,
  `01 10 ${toHex(utf8('ClosestValueHash'))} 01 0a 00`,
  `01 0c ${toHex(utf8('ClosestProof'))} 01 ff84 00`,
  '00 00',
  `17 ff81 02 01 01 09 ${toHex(utf8('[][]uint8'))} 01 ff82 00 01 0a 00 00`,
  `7c ff83 03 01 01 18 ${toHex(utf8('SparseCompactMerkleProof'))} 01 ff84 00 01 05`,
  `01 09 ${toHex(utf8('SideNodes'))} 01 ff82 00`,
  `01 15 ${toHex(utf8('NonMembershipLeafData'))} 01 0a 00`,
  `01 07 ${toHex(utf8('BitMask'))} 01 0a 00`,
  `01 0c ${toHex(utf8('NumSideNodes'))} 01 04 00`,
  `01 0b ${toHex(utf8('SiblingData'))} 01 0a 00`,
  '00 00',
);

const PATH = sha256(utf8('path'));
const KEY_0 = 'a819408ce5010ca2e09ef59ac3d89f5ff8595d02b524e61bf8afa894a95d594f';

function treeOf(leaves: number): SumTrie {
  const trie = new SumTrie();
  for (let i = 0; i < leaves; i++) trie.update(utf8(`key${i}`), utf8(`value${i}`), BigInt(i + 1));
  return trie;
}

describe('the bytes of a proof', () => {
  const path = `01 20 ${toHex(PATH)}`;
  const value0 = `01 16 ${toHex(utf8('value0'))} 0000000000000001 0000000000000001`;

  test('begin with 286 constant bytes', () => {
    expect(PREFIX.length / 2).toBe(286);
  });

  test('of three leaves', () => {
    expect(toHex(encodeClosestProof(treeOf(3).proveClosest(PATH)))).toBe(
      hex(
        `${PREFIX} fe0106 ff80 ${path} 02 01 04 01 20 ${KEY_0} ${value0} 01 01 02`,
        '30 e2a0883590a4fd4ef98ae380626889a11105a7f640a2da5dfeb4ace68ed668d5 0000000000000003 0000000000000001',
        '30 39056e39663d2e234e1d7eea645bcd978468b896f6b5955a4e377a87d4e9a55d 0000000000000002 0000000000000001',
        '02 01 30 01 08 01 37 00 b10253764c8b233fb37542e23401c7b450e5a6f9751f3b5a014f6f67e8bc999d',
        `${toHex(utf8('value2'))} 0000000000000003 0000000000000001 00 00`,
      ),
    );
    expect(toHex(treeOf(3).root())).toBe(
      '7c91c6952de813a1b380070361628d2198c7d9a3647d0db0c49ad44d07fbf2fb00000000000000060000000000000003',
    );
  });

  test('of no leaf, and of one', () => {
    expect(toHex(encodeClosestProof(treeOf(0).proveClosest(PATH)))).toBe(
      hex(`${PREFIX} 60 ff80 ${path} 01 01 01 00 01 01 00 01 30 ${'00'.repeat(48)} 02 00 00`),
    );
    expect(toHex(encodeClosestProof(treeOf(1).proveClosest(PATH)))).toBe(
      hex(`${PREFIX} 64 ff80 ${path} 02 01 00 01 20 ${KEY_0} ${value0} 01 00 00`),
    );
  });

  test('lead back to the proof', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.uint8Array({ minLength: 32, maxLength: 32 }), (leaves, asked) => {
        const proof = treeOf(leaves).proveClosest(asked);
        const bytes = encodeClosestProof(proof);
        expect(decodeClosestProof(bytes)).toEqual(proof);
        expect(toHex(encodeCompactProof(decodeCompactProof(bytes)))).toBe(toHex(bytes));
      }),
      { numRuns: 40 },
    );
  });

  test('are read with other type ids', () => {
    // As a process writes them that has encoded another type before: 67 for the proof, 65 and 66 as ever.
    const bytes = encodeClosestProof(treeOf(3).proveClosest(PATH));
    const definitions = `ff88 ff85 ${PREFIX.slice(6)}`.replace('01ff80000106', '01ff86000106');
    const value = toHex(bytes).slice(PREFIX.length).replace('ff80', 'ff86');
    const renumbered = hex(definitions, value);
    expect(decodeClosestProof(fromHex(renumbered))).toEqual(treeOf(3).proveClosest(PATH));
  });
});

const UNITS = 7n;
const RELAYS = Array.from({ length: 12 }, (_, i) => utf8(`relay ${i}`));
const SESSION = new SumTrie();
for (const relay of RELAYS) SESSION.update(sha256(relay), relay, UNITS);
const ROOT = SESSION.root();
const BYTES = encodeClosestProof(SESSION.proveClosest(PATH));
const PROVEN = provenLeaf(SESSION.proveClosest(PATH))!;

describe('a verdict is given', () => {
  test('on an honest proof, with the proof', () => {
    expect(verifyClosestProofBytes(BYTES, ROOT)).toEqual({ valid: true, proof: SESSION.proveClosest(PATH) });
    expect(verifyRelayProofBytes(BYTES, ROOT, UNITS)).toEqual({ valid: true, proof: SESSION.proveClosest(PATH) });
    expect(verifyRelayProofBytes(BYTES, ROOT, UNITS + 1n)).toMatchObject({ valid: false, flaw: 'PROOF_LEAF_WORK' });
  });

  test('on bytes that are no proof', () => {
    for (const bytes of [new Uint8Array(0), utf8('no gob'), BYTES.subarray(0, -1), new Uint8Array(GOB_BYTES_MAX + 1)]) {
      expect(verifyClosestProofBytes(bytes, ROOT)).toMatchObject({ valid: false, flaw: 'PROOF_BYTES' });
      expect(verifyRelayProofBytes(bytes, ROOT, UNITS)).toMatchObject({ valid: false, flaw: 'PROOF_BYTES' });
    }
  });

  test('on a proof that cannot be unfolded', () => {
    const compact = decodeCompactProof(BYTES);
    const bytes = encodeCompactProof({ ...compact, depth: fromHex('000001') });
    expect(verifyClosestProofBytes(bytes, ROOT)).toMatchObject({ valid: false, flaw: 'PROOF_BYTES' });
  });

  test('on a proof without its inner part, which Go tells from an empty one', () => {
    const single = new SumTrie();
    single.update(sha256(RELAYS[0]!), RELAYS[0]!, UNITS);
    const whole = encodeClosestProof(single.proveClosest(PATH));
    expect(verifyRelayProofBytes(whole, single.root(), UNITS).valid).toBe(true);

    // The message without its last three bytes, the inner struct and the outer end, but with the end.
    const value = toHex(whole).slice(PREFIX.length);
    const without = hex(PREFIX, (parseInt(value.slice(0, 2), 16) - 2).toString(16), value.slice(2, -6), '00');
    expect(verifyRelayProofBytes(fromHex(without), single.root(), UNITS)).toMatchObject({
      flaw: 'PROOF_BYTES',
      message: 'closestProof of a compact proof is absent',
    });
  });

  test('on anything, and what passes for a relay proof shows the relay that was drawn', () => {
    const noise = fc.uint8Array({ maxLength: 400 });
    const behindPrefix = noise.map((bytes) => concat(fromHex(PREFIX), bytes));
    const cut = fc.nat(BYTES.length - 1).map((length) => BYTES.subarray(0, length));
    const damaged = fc
      .array(fc.tuple(fc.nat(BYTES.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 })
      .map((changes) => changes.reduce((copy, [at, mask]) => ((copy[at]! ^= mask), copy), BYTES.slice()));
    fc.assert(
      fc.property(fc.oneof(noise, behindPrefix, cut, damaged), (bytes) => {
        expect(typeof verifyClosestProofBytes(bytes, ROOT).valid).toBe('boolean');
        const verdict = verifyRelayProofBytes(bytes, ROOT, UNITS);
        if (!verdict.valid || !equalBytes(verdict.proof.path, PATH)) return;
        expect(provenLeaf(verdict.proof)).toEqual(PROVEN);
      }),
      { numRuns: 3000 },
    );
  });
});
