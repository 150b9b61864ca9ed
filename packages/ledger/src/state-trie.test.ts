import { ics23, verifyMembership, verifyNonMembership } from '@confio/ics23';
import { smtSpec } from '@confio/ics23/build/proofs.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '@decai/protocol/codec';
import { CommitmentProofSchema, type CommitmentProof } from '@decai/protocol/gen/cosmos/ics23/v1/proofs_pb';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { EMPTY_STATE_HASH, stateInnerHash, stateLeafHash, statePath } from '@decai/protocol/state-hash';
import { verifyStateProof } from '@decai/protocol/state-proof';
import { decodeNode, encodeNode } from './state-node.ts';
import { STATE_TRIE_PREFIX, updateStateTrie, type RecordChange } from './state-trie.ts';
import { proveState } from './prove-state.ts';
import { keyBytes, Store } from './store.ts';

type Records = ReadonlyMap<string, Uint8Array>;

/** The definition, word by word: halves down to where a record is alone. */
function rootOf(leaves: readonly (readonly [path: Uint8Array, hash: Uint8Array])[], depth = 0): Uint8Array {
  if (leaves.length === 0) return EMPTY_STATE_HASH;
  if (leaves.length === 1) return leaves[0]![1];
  const isRight = (path: Uint8Array): boolean => ((path[depth >> 3]! >> (7 - (depth & 7))) & 1) === 1;
  return stateInnerHash(
    rootOf(
      leaves.filter(([path]) => !isRight(path)),
      depth + 1,
    ),
    rootOf(
      leaves.filter(([path]) => isRight(path)),
      depth + 1,
    ),
  );
}

function definedRoot(records: Records): Uint8Array {
  return rootOf(
    [...records].map(([key, value]) => {
      const path = statePath(keyBytes(key));
      return [path, stateLeafHash(path, value)];
    }),
  );
}

/** A block: records and tree on a disk, changed together. */
function commit(disk: KeyValueStore, changes: readonly RecordChange[]): Uint8Array {
  const store = new Store(disk);
  for (const [key, value] of changes) {
    if (value === null) store.delete(key);
    else store.put(key, value);
  }
  const root = updateStateTrie(store, changes);
  disk.write(store.writes());
  return root;
}

const key = fc.nat({ max: 60 }).map((number) => `record/${number}/`);
const value = fc.uint8Array({ maxLength: 4 });
const block = fc
  .array(fc.tuple(key, fc.option(value)), { maxLength: 30 })
  .map((changes): RecordChange[] => [...new Map(changes)]);

function applied(blocks: readonly (readonly RecordChange[])[]): Map<string, Uint8Array> {
  const records = new Map<string, Uint8Array>();
  for (const [name, each] of blocks.flat()) {
    if (each === null) records.delete(name);
    else records.set(name, each);
  }
  return records;
}

describe('the tree under the state root', () => {
  test('has the root that its records define, whatever the blocks that made them', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 8 }), (blocks) => {
        const disk = createMemoryStore();
        for (const [index, changes] of blocks.entries()) {
          expect(commit(disk, changes)).toEqual(definedRoot(applied(blocks.slice(0, index + 1))));
        }
        const again = createMemoryStore();
        commit(again, [...applied(blocks)]);
        const nodes = (store: KeyValueStore) =>
          [...store.range({})].filter(([name]) => Buffer.from(name).toString('latin1').startsWith(STATE_TRIE_PREFIX));
        if (applied(blocks).size > 0) expect(nodes(again)).toEqual(nodes(disk));
      }),
      { numRuns: 200 },
    );
  });

  test('holds many records', () => {
    const disk = createMemoryStore();
    const records = new Map(Array.from({ length: 3_000 }, (_, index) => [`r/${index}`, Uint8Array.of(index & 255)]));
    expect(commit(disk, [...records])).toEqual(definedRoot(records));
    const gone = [...records.keys()].filter((_, index) => index % 3 !== 0);
    for (const name of gone) records.delete(name);
    expect(
      commit(
        disk,
        gone.map((name) => [name, null]),
      ),
    ).toEqual(definedRoot(records));
  });

  test('has a root of zeros without records', () => {
    const disk = createMemoryStore();
    expect(commit(disk, [])).toEqual(EMPTY_STATE_HASH);
    commit(disk, [['a', Uint8Array.of(1)]]);
    expect(commit(disk, [['a', null]])).toEqual(EMPTY_STATE_HASH);
  });

  test('writes only the nodes above what changed', () => {
    const disk = createMemoryStore();
    commit(
      disk,
      Array.from({ length: 500 }, (_, index) => [`r/${index}`, Uint8Array.of(1)]),
    );
    const store = new Store(disk);
    updateStateTrie(store, [['r/7', Uint8Array.of(1)]]);
    expect(store.writes()).toEqual([]);
    updateStateTrie(store, [['r/7', Uint8Array.of(2)]]);
    expect(store.writes().length).toBeLessThanOrEqual(4);
  });

  test('nodes are read as they were written', () => {
    const child = fc.option(
      fc.record({ hash: fc.uint8Array({ minLength: 32, maxLength: 32 }), key: fc.option(key, { nil: undefined }) }),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.array(child, { minLength: 16, maxLength: 16 }), (children) => {
        expect(decodeNode(encodeNode(children))).toEqual(children);
      }),
    );
  });
});

/** The specification as the reference verifier has it, with keys hashed by the verifier as they are now. */
const SPEC = { ...smtSpec, leafSpec: { ...smtSpec.leafSpec!, prehashKey: 1 } };

/** Whether the reference verifier takes a proof; undefined where it has no opinion, because it does not know empty sides. */
function outsideOpinion(root: Uint8Array, name: string, proof: CommitmentProof): boolean | undefined {
  const outside = ics23.CommitmentProof.decode(encode(CommitmentProofSchema, proof));
  if (outside.exist) {
    const { value } = outside.exist;
    return value!.length === 0 ? undefined : verifyMembership(outside, SPEC, root, keyBytes(name), value!);
  }
  // It compares keys as they are; with the hashes in their place it compares what counts.
  for (const each of [outside.nonexist!.left, outside.nonexist!.right]) {
    if (!each) continue;
    if (each.value!.length === 0 || each.path!.some((step) => hasEmptySide(step))) return undefined;
    each.key = statePath(each.key!);
    each.leaf!.prehashKey = 0;
  }
  return verifyNonMembership(outside, smtSpec, root, statePath(keyBytes(name)));
}

function hasEmptySide({ prefix, suffix }: ics23.IInnerOp): boolean {
  return [prefix!.subarray(1), suffix!].some((side) => Buffer.compare(side, EMPTY_STATE_HASH) === 0);
}

describe('a proof of the state', () => {
  test('shows every record and the absence of every other, to us and to the reference verifier', () => {
    const opinions = { exist: 0, nonexist: 0 };
    fc.assert(
      fc.property(block, key, (changes, extra) => {
        const records = applied([changes, [[extra, Uint8Array.of(1)]]]);
        const disk = createMemoryStore();
        const root = commit(disk, [...records]);
        for (let number = 0; number <= 60; number += 3) {
          const name = `record/${number}/`;
          const proof = proveState(new Store(disk), name)!;
          expect(verifyStateProof(root, keyBytes(name), proof)).toEqual({ valid: true, value: records.get(name) });
          const opinion = outsideOpinion(root, name, proof);
          expect(opinion).not.toBe(false);
          if (opinion === true) opinions[proof.proof.case!] += 1;
        }
      }),
      { numRuns: 60, seed: 3 },
    );
    expect(Math.min(opinions.exist, opinions.nonexist)).toBeGreaterThan(50);
  });

  test('of one thing shows nothing else', () => {
    const disk = createMemoryStore();
    const records = Array.from({ length: 40 }, (_, index): RecordChange => [`r/${index}`, Uint8Array.of(index)]);
    const root = commit(disk, records);
    const store = new Store(disk);
    for (const [asked, shown] of [
      ['r/1', 'r/2'],
      ['r/1', 'absent'],
      ['absent', 'r/1'],
      ['absent', 'absent too'],
    ] as const) {
      expect(verifyStateProof(root, keyBytes(asked), proveState(store, shown)!).valid).toBe(false);
      // With its key put right it is still a proof of the other.
      const forged = proveState(store, shown)!;
      forged.proof.value!.key = keyBytes(asked);
      const verdict = verifyStateProof(root, keyBytes(asked), forged);
      expect(verdict.valid && verdict.value?.length !== undefined).toBe(false);
      if (asked === 'r/1') expect(verdict.valid).toBe(false);
    }
    expect(verifyStateProof(EMPTY_STATE_HASH, keyBytes('r/1'), proveState(store, 'r/1')!).valid).toBe(false);
  });

  test('does not survive a change of any byte as a proof of something else', () => {
    const disk = createMemoryStore();
    const records = new Map(Array.from({ length: 25 }, (_, index) => [`r/${index}`, Uint8Array.of(index)]));
    const root = commit(disk, [...records]);
    fc.assert(
      fc.property(
        fc.constantFrom('r/3', 'r/20', 'none', 'nobody'),
        fc.nat(),
        fc.nat({ max: 255 }),
        (name, at, byte) => {
          const bytes = encode(CommitmentProofSchema, proveState(new Store(disk), name)!);
          bytes[at % bytes.length] = byte;
          let proof: CommitmentProof;
          try {
            proof = decode(CommitmentProofSchema, bytes);
          } catch {
            return;
          }
          const verdict = verifyStateProof(root, keyBytes(name), proof);
          if (verdict.valid) expect(verdict.value).toEqual(records.get(name));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('does not show absence by neighbours that are none', () => {
    const disk = createMemoryStore();
    const names = Array.from({ length: 14 }, (_, index) => `r/${index}`);
    const root = commit(
      disk,
      names.map((name) => [name, Uint8Array.of(1)]),
    );
    const store = new Store(disk);
    const exist = (name: string) => {
      const { proof } = proveState(store, name)!;
      return proof.case === 'exist' ? proof.value : undefined;
    };
    for (const hidden of names) {
      for (const left of [undefined, ...names]) {
        for (const right of [undefined, ...names]) {
          const value = { $typeName: 'cosmos.ics23.v1.NonExistenceProof' as const, key: keyBytes(hidden) };
          const leftProof = left === undefined ? undefined : exist(left);
          const rightProof = right === undefined ? undefined : exist(right);
          const proof: CommitmentProof = {
            $typeName: 'cosmos.ics23.v1.CommitmentProof',
            proof: {
              case: 'nonexist',
              value: { ...value, ...(leftProof && { left: leftProof }), ...(rightProof && { right: rightProof }) },
            },
          };
          if (verifyStateProof(root, keyBytes(hidden), proof).valid)
            expect.fail(`${hidden} hidden by ${left}, ${right}`);
        }
      }
    }
  });

  test('is none for a state without records', () => {
    expect(proveState(new Store(createMemoryStore()), 'a')).toBeUndefined();
  });
});
