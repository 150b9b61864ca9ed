/**
 * Checks vectors of large sum tries, whose leaves follow from a rule: the root, proofs, and altered proofs.
 */
import { fromHex, toHex, utf8 } from '../bytes.ts';
import { verifyRelayProof } from '../closest-proof.ts';
import { attempt, type CaseVerdict, type VectorChecker } from '../conformance.ts';
import { sha256 } from '../hash.ts';
import { decodeClosestProof, encodeClosestProof } from '../proof-bytes.ts';
import { SumTrie } from '../sum-trie.ts';
import { referenceVerdict } from './smst.ts';

type Hex = string;

type LargeTries = {
  readonly rule: { readonly key: string };
  readonly trees: readonly {
    readonly leaves: number;
    readonly root: Hex;
    readonly sum: string;
    readonly count: string;
    readonly proofs: readonly {
      name: string;
      path: Hex;
      proof: Hex;
      depth: number;
      flippedBits: readonly number[];
      result: string;
    }[];
    readonly mutations: readonly { name: string; proof: Hex; root?: Hex; result: string }[];
  }[];
};

export const largeTriesChecker: VectorChecker = {
  format: 'large sum tries',
  recognises: (document) =>
    typeof document === 'object' && document !== null && 'trees' in document && 'rule' in document,
  *check(document) {
    for (const tree of (document as LargeTries).trees) yield* checkTree(tree);
  },
};

/**
 * The tree of the rule: key i is the hash of a text, its value the hash of the key, its weight one more than the first
 * byte of the value's hash.
 */
function plantedTree(leaves: number): SumTrie {
  const trie = new SumTrie();
  for (let index = 0; index < leaves; index++) {
    const key = keyOf(leaves, index);
    const value = sha256(key);
    trie.update(key, value, BigInt(1 + sha256(value)[0]!));
  }
  return trie;
}

function keyOf(leaves: number, index: number): Uint8Array {
  return sha256(utf8(`decai-tree-${leaves}-${index}`));
}

function* checkTree(tree: LargeTries['trees'][number]): Iterable<CaseVerdict> {
  const name = `${tree.leaves} leaves`;
  const trie = plantedTree(tree.leaves);
  yield attempt(`${name}: root`, tree.root, () => toHex(trie.root()));
  yield attempt(`${name}: sum and count`, `${tree.sum} ${tree.count}`, () => `${trie.sum} ${trie.count}`);

  for (const { name: proven, path, proof, depth, flippedBits, result } of tree.proofs) {
    const of = `${name}: ${proven}`;
    const rule = /^path (?:of leaf )?(\d+)$/.exec(proven);
    const isLeaf = proven.startsWith('path of leaf');
    yield attempt(`${of}: path`, path, () =>
      toHex(sha256(isLeaf ? keyOf(tree.leaves, Number(rule?.[1])) : utf8(`decai-path-${tree.leaves}-${rule?.[1]}`))),
    );
    yield attempt(`${of}: bytes`, proof, () => toHex(encodeClosestProof(trie.proveClosest(fromHex(path)))));
    yield attempt(`${of}: depth and flipped bits`, `${depth} ${flippedBits.join()}`, () => {
      const read = decodeClosestProof(fromHex(proof));
      return `${read.depth} ${read.flippedBits.join()}`;
    });
    yield attempt(`${of}: verdict`, result, () => referenceVerdict(fromHex(proof), fromHex(tree.root)));
    // The values of this rule are not hashed to their keys, so an honest proof fails in the last check and in no other.
    yield attempt(`${of}: strict verdict`, 'PROOF_LEAF_PLACE', () => strictFlaw(fromHex(proof), fromHex(tree.root)));
  }
  for (const mutation of tree.mutations) {
    const root = fromHex(mutation.root ?? tree.root);
    yield attempt(`${name}: altered, ${mutation.name}`, mutation.result.split(':')[0], () =>
      referenceVerdict(fromHex(mutation.proof), root),
    );
  }
}

function strictFlaw(bytes: Uint8Array, root: Uint8Array): string {
  const proof = decodeClosestProof(bytes);
  const value = proof.closestValueHash!;
  const weight = new DataView(value.buffer, value.byteOffset + value.length - 16).getBigUint64(0);
  const verdict = verifyRelayProof(proof, root, weight);
  return verdict.valid ? 'valid' : verdict.flaw;
}
