/**
 * Checks vectors of small sum tries: the root after each operation, the stored nodes, proofs in all their forms, and
 * the verdicts on altered proofs.
 */
import { equalBytes, fromHex, toHex } from '../bytes.ts';
import type { ClosestProof } from '../closest-proof.ts';
import { compactProof, decompactProof, toShortBytes } from '../compact-proof.ts';
import { attempt, type CaseVerdict, type VectorChecker } from '../conformance.ts';
import {
  decodeClosestProof,
  decodeCompactProof,
  encodeClosestProof,
  encodeCompactProof,
  verifyClosestProofBytes,
} from '../proof-bytes.ts';
import { SumTrie } from '../sum-trie.ts';
import { MemoryNodeStore } from '../trie-store.ts';

type Hex = string;

type Operation = {
  readonly op: 'update' | 'delete' | 'commit';
  readonly key?: Hex;
  readonly value?: Hex;
  readonly weight?: string;
  readonly root?: Hex | null;
};

type ProofVector = {
  readonly path: Hex;
  readonly flippedBits: readonly number[];
  readonly depth: number;
  readonly closestPath: Hex;
  readonly closestValueHash: Hex | null;
  readonly full: { sideNodes: readonly Hex[]; nonMembershipLeafData: Hex | null; siblingData: Hex | null };
  readonly compact: {
    readonly sideNodes: readonly Hex[];
    readonly nonMembershipLeafData: Hex | null;
    readonly bitMask?: Hex;
    readonly numSideNodes: number;
    readonly siblingData: Hex | null;
  };
  readonly compactGob: Hex;
  readonly verifies: boolean;
};

type TrieCase = {
  readonly name: string;
  readonly ops: readonly Operation[] | null;
  readonly root: Hex;
  readonly sum: string;
  readonly count: string;
  readonly store?: readonly { k: Hex; v: Hex }[];
  readonly proofs?: readonly ProofVector[];
};

type SmallTries = {
  readonly cases: readonly TrieCase[];
  /** `integer=bytes`. */
  readonly compactInts: readonly string[];
  readonly verdicts: readonly { name: string; root: Hex; compactGob: Hex; result: string }[];
};

export const smallTriesChecker: VectorChecker = {
  format: 'sum tries',
  recognises: (document) =>
    typeof document === 'object' &&
    document !== null &&
    'cases' in document &&
    'verdicts' in document &&
    'sumTrie' in document,
  *check(document) {
    const { cases, compactInts, verdicts } = document as SmallTries;
    for (const one of cases) yield* checkCase(one);
    for (const pair of compactInts) {
      const [integer, bytes] = pair.split('=');
      yield attempt(`compact integer ${integer}`, bytes, () => toHex(toShortBytes(Number(integer))));
    }
    for (const { name, root, compactGob, result } of verdicts) {
      yield attempt(`verdict: ${name}`, result, () => referenceVerdict(fromHex(compactGob), fromHex(root)));
    }
  },
};

/**
 * What the reference library says of submitted bytes: `true`, `false` when they lead to another root, or `error` when
 * they could not be judged.
 */
export function referenceVerdict(bytes: Uint8Array, root: Uint8Array): 'true' | 'false' | 'error' {
  const verdict = verifyClosestProofBytes(bytes, root);
  if (verdict.valid) return 'true';
  return verdict.flaw === 'PROOF_ROOT' ? 'false' : 'error';
}

function* checkCase(one: TrieCase): Iterable<CaseVerdict> {
  const { name } = one;
  const store = new MemoryNodeStore();
  let trie = new SumTrie(store);
  let applied: Operation[] = [];
  for (const [step, operation] of (one.ops ?? []).entries()) {
    const replay = operation.op === 'delete';
    // This trie has no deletion; a root depends on the remaining leaves alone, so they are planted anew.
    if (replay) {
      applied = applied.filter(({ key }) => key !== operation.key);
      trie = new SumTrie(store);
    }
    if (operation.op === 'commit') trie.commit();
    if (operation.op === 'update') applied.push(operation);
    for (const update of replay ? applied : operation.op === 'update' ? [operation] : []) {
      trie.update(fromHex(update.key!), fromHex(update.value!), BigInt(update.weight!));
    }
    if (operation.root) yield attempt(`${name}: root after step ${step}`, operation.root, () => toHex(trie.root()));
  }
  yield attempt(`${name}: root`, one.root, () => toHex(trie.root()));
  yield attempt(`${name}: sum and count`, `${one.sum} ${one.count}`, () => `${trie.sum} ${trie.count}`);
  yield* checkLeaves(name, trie, applied);
  for (const [index, proof] of (one.proofs ?? []).entries()) {
    yield* checkProof(
      `${name}: proof ${index}`,
      () => trie.proveClosest(fromHex(proof.path)),
      fromHex(one.root),
      proof,
    );
  }
  if (one.store) yield* checkStore(one, store, applied);
}

/** Every leaf can be read back, and the leaves make the same root in any order. */
function* checkLeaves(name: string, trie: SumTrie, applied: readonly Operation[]): Iterable<CaseVerdict> {
  const leaves = new Map(applied.map(({ key, value, weight }) => [key!, `${value} ${weight}`]));
  for (const [key, leaf] of leaves) {
    yield attempt(`${name}: leaf ${key}`, leaf, () => {
      const found = trie.get(fromHex(key));
      return found && `${toHex(found.value)} ${found.weight}`;
    });
  }
  yield attempt(`${name}: root of the leaves in reverse`, toHex(trie.root()), () => {
    const reversed = new SumTrie();
    for (const { key, value, weight } of applied.toReversed()) {
      if (reversed.get(fromHex(key!)) === undefined) reversed.update(fromHex(key!), fromHex(value!), BigInt(weight!));
    }
    return toHex(reversed.root());
  });
}

function* checkStore(one: TrieCase, store: MemoryNodeStore, applied: readonly Operation[]): Iterable<CaseVerdict> {
  const expected = one.store!.map(({ k, v }) => [k, v] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  yield attempt(`${one.name}: store`, expected, () => store.entries().map(([digest, bytes]) => [digest, toHex(bytes)]));

  const given = new MemoryNodeStore();
  for (const { k, v } of one.store!) given.set(fromHex(k), fromHex(v));
  const imported = SumTrie.import(given, fromHex(one.root));
  yield* checkLeaves(`${one.name}: imported`, imported, applied);
  for (const [index, proof] of (one.proofs ?? []).entries()) {
    yield attempt(`${one.name}: imported: proof ${index}`, proof.compactGob, () =>
      toHex(encodeClosestProof(SumTrie.import(given, fromHex(one.root)).proveClosest(fromHex(proof.path)))),
    );
  }
}

function* checkProof(
  name: string,
  prove: () => ClosestProof,
  root: Uint8Array,
  vector: ProofVector,
): Iterable<CaseVerdict> {
  const bytes = fromHex(vector.compactGob);
  const { bitMask = '', ...membership } = vector.compact;
  const compact = {
    ...outline(vector),
    depth: hexOfInteger(vector.depth),
    flippedBits: vector.flippedBits.map(hexOfInteger),
  };
  const { sideNodes, nonMembershipLeafData, siblingData } = vector.full;
  const full = { ...outline(vector), closestProof: { sideNodes, nonMembershipLeafData, siblingData } };

  yield attempt(`${name}: parts`, inHex(full), () => inHex(prove()));
  yield attempt(`${name}: compact`, inHex({ ...compact, closestProof: { ...membership, bitMask } }), () =>
    inHex(compactProof(prove())),
  );
  yield attempt(`${name}: bytes`, vector.compactGob, () => toHex(encodeClosestProof(prove())));
  yield attempt(`${name}: read`, inHex(full), () => inHex(decodeClosestProof(bytes)));
  yield attempt(`${name}: read and written`, true, () =>
    equalBytes(encodeCompactProof(decodeCompactProof(bytes)), bytes),
  );
  yield attempt(`${name}: compact and back`, inHex(full), () => inHex(decompactProof(compactProof(prove()))));
  yield attempt(`${name}: verdict`, String(vector.verifies), () => referenceVerdict(bytes, root));
}

function outline({ path, flippedBits, depth, closestPath, closestValueHash }: ProofVector): object {
  return { path, flippedBits, depth, closestPath, closestValueHash };
}

function hexOfInteger(value: number): Hex {
  return toHex(toShortBytes(value));
}

/** The same structure with byte strings as hexadecimal and keys in order. */
function inHex(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(inHex);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, inHex(inner)]),
  );
}
