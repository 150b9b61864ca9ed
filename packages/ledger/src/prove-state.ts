/**
 * Proofs that the state has a record, or has none under a key: what a light client checks against a header.
 *
 * Absence is shown by the two records whose paths lie next to the place where the missing one would be.
 *
 * Source: cosmos/ics23 `proto/cosmos/ics23/v1/proofs.proto`, `go/proof.go` (SmtSpec).
 */
import { create } from '@bufbuild/protobuf';
import { EMPTY } from '@decai/protocol/bytes';
import {
  CommitmentProofSchema,
  ExistenceProofSchema,
  HashOp,
  InnerOpSchema,
  LengthOp,
  NonExistenceProofSchema,
  type CommitmentProof,
  type ExistenceProof,
  type InnerOp,
} from '@decai/protocol/gen/cosmos/ics23/v1/proofs_pb';
import { EMPTY_STATE_HASH, STATE_INNER_PREFIX, STATE_LEAF_PREFIX } from '@decai/protocol/state-hash';
import { CHILDREN, joined, type Child, type Children } from './state-node.ts';
import { digitAt, digitText, pathText, readNode } from './state-trie.ts';
import { keyBytes, type Store } from './store.ts';

const LEAF = {
  hash: HashOp.SHA256,
  prehashKey: HashOp.SHA256,
  prehashValue: HashOp.SHA256,
  length: LengthOp.NO_PREFIX,
  prefix: Uint8Array.of(STATE_LEAF_PREFIX),
};

/** A proof of what the state has under `key`; undefined for an empty state, about which nothing can be proven. */
export function proveState(store: Store, key: string): CommitmentProof | undefined {
  const exist = proveRecord(store, key);
  if (exist !== undefined) return create(CommitmentProofSchema, { proof: { case: 'exist', value: exist } });
  const root = readNode(store, '');
  if (root === undefined) return undefined;
  const path = pathText(key);
  const [left, right] = [true, false].map((onLeft) => neighbour(store, '', root, path, onLeft));
  if (left === undefined && right === undefined) return undefined;
  const value = create(NonExistenceProofSchema, {
    key: keyBytes(key),
    ...(left !== undefined && { left: proveRecord(store, left)! }),
    ...(right !== undefined && { right: proveRecord(store, right)! }),
  });
  return create(CommitmentProofSchema, { proof: { case: 'nonexist', value } });
}

/** The way from a record up to the root; undefined when there is no such record. */
function proveRecord(store: Store, key: string): ExistenceProof | undefined {
  const value = store.get(key);
  if (value === undefined) return undefined;
  const path = pathText(key);
  const steps: InnerOp[] = [];
  for (let digits = ''; ;) {
    const digit = digitAt(path, digits.length);
    const children = readNode(store, digits);
    const child = children?.[digit];
    if (child === undefined) return undefined;
    steps.push(...stepsWithin(children!, digit));
    if (child.key !== undefined) {
      if (child.key !== key) return undefined;
      return create(ExistenceProofSchema, { key: keyBytes(key), value, leaf: LEAF, path: steps.reverse() });
    }
    digits += digitText(digit);
  }
}

/** The steps from a node down to a child, up to four; fewer for a leaf that stands for more than its own place. */
function stepsWithin(children: Children, digit: number): InnerOp[] {
  const steps: InnerOp[] = [];
  for (let [low, high] = [0, CHILDREN]; high - low > 1 && joined(children, low, high)?.key === undefined;) {
    const middle = (low + high) >>> 1;
    const isRight = digit >= middle;
    const sibling = isRight ? joined(children, low, middle) : joined(children, middle, high);
    steps.push(stepBeside(sibling, isRight));
    if (isRight) low = middle;
    else high = middle;
  }
  return steps;
}

function stepBeside(sibling: Child | undefined, isRight: boolean): InnerOp {
  const hash = sibling?.hash ?? EMPTY_STATE_HASH;
  return create(InnerOpSchema, {
    hash: HashOp.SHA256,
    prefix: isRight ? Uint8Array.of(STATE_INNER_PREFIX, ...hash) : Uint8Array.of(STATE_INNER_PREFIX),
    suffix: isRight ? EMPTY : hash,
  });
}

/** The key of the nearest record on one side of a path below a node; undefined when there is none. */
function neighbour(
  store: Store,
  digits: string,
  children: Children,
  path: string,
  onLeft: boolean,
): string | undefined {
  const digit = digitAt(path, digits.length);
  const here = children[digit];
  if (here?.key !== undefined && pathText(here.key) < path === onLeft) return here.key;
  if (here !== undefined && here.key === undefined) {
    const below = digits + digitText(digit);
    const found = neighbour(store, below, readNode(store, below)!, path, onLeft);
    if (found !== undefined) return found;
  }
  const step = onLeft ? -1 : 1;
  return nearest(store, digits, children, digit + step, step);
}

/** The key of the first record below a node from a child on, in steps to the left or to the right. */
function nearest(store: Store, digits: string, children: Children, first: number, step: 1 | -1): string | undefined {
  for (let digit = first; digit >= 0 && digit < CHILDREN; digit += step) {
    const child = children[digit];
    if (child === undefined) continue;
    if (child.key !== undefined) return child.key;
    const below = digits + digitText(digit);
    return nearest(store, below, readNode(store, below)!, step > 0 ? 0 : CHILDREN - 1, step);
  }
  return undefined;
}
