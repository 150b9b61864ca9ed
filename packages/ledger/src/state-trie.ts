/**
 * The tree under the state root, kept in the store beside the records that it is about.
 *
 * Nodes lie under the way to them, a hexadecimal digit for every four levels, so a block rewrites only the nodes above
 * what it has changed. The tree depends on the records alone: a record put and removed again has left no trace.
 *
 * Source: cosmos/ics23 `go/proof.go` (SmtSpec) for the hashes; the layout is ours.
 */
import { EMPTY_STATE_HASH, stateLeafHash, statePath } from '@decai/protocol/state-hash';
import { decodeNode, encodeNode, joined, noChildren, type Child, type Children } from './state-node.ts';
import { keyBytes, keyText, type Store } from './store.ts';

/** Nodes lie under this prefix; the root's record has nothing behind it. */
export const STATE_TRIE_PREFIX = 'trie/';

/** A record written or, with a null value, removed. */
export type RecordChange = readonly [key: string, value: Uint8Array | null];

/** A change on its way down. `hash` is the leaf's; null removes it. */
type Change = { readonly path: string; readonly key: string; readonly hash: Uint8Array | null };

const DIGITS = '0123456789abcdef';

/** Brings the tree up to date with changed records and returns the root: 32 bytes, zeros for no record at all. */
export function updateStateTrie(store: Store, changed: Iterable<RecordChange>): Uint8Array {
  const changes = [...changed].map(changeOf).sort(byPath);
  const children = readNode(store, '') ?? noChildren();
  if (spread(store, '', children, changes)) store.put(STATE_TRIE_PREFIX, encodeNode(children));
  return joined(children)?.hash ?? EMPTY_STATE_HASH;
}

/** The children of the node that the digits lead to; undefined where there is no node. */
export function readNode(store: Store, digits: string): Children | undefined {
  const bytes = store.get(STATE_TRIE_PREFIX + digits);
  return bytes === undefined ? undefined : decodeNode(bytes);
}

/** The four bits of a path at a depth counted in digits. Paths are byte strings here. */
export function digitAt(path: string, depth: number): number {
  const byte = path.charCodeAt(depth >> 1);
  return (depth & 1) === 0 ? byte >> 4 : byte & 15;
}

export function digitText(digit: number): string {
  return DIGITS[digit]!;
}

export function pathText(key: string): string {
  return keyText(statePath(keyBytes(key)));
}

function changeOf([key, value]: RecordChange): Change {
  const path = statePath(keyBytes(key));
  return { path: keyText(path), key, hash: value === null ? null : stateLeafHash(path, value) };
}

/** Hands changes, in the order of their paths, to the children that they concern. Returns whether one of them is another now. */
function spread(store: Store, digits: string, children: Children, changes: readonly Change[]): boolean {
  const depth = digits.length;
  let isChanged = false;
  for (let start = 0; start < changes.length;) {
    const digit = digitAt(changes[start]!.path, depth);
    let end = start + 1;
    while (end < changes.length && digitAt(changes[end]!.path, depth) === digit) end += 1;
    const before = children[digit];
    const after = changedChild(store, digits + digitText(digit), before, changes.slice(start, end));
    if (!isSame(before, after)) {
      children[digit] = after;
      isChanged = true;
    }
    start = end;
  }
  return isChanged;
}

function changedChild(
  store: Store,
  digits: string,
  child: Child | undefined,
  changes: readonly Change[],
): Child | undefined {
  if (child !== undefined && child.key === undefined) {
    const children = readNode(store, digits)!;
    return spread(store, digits, children, changes) ? placed(store, digits, children) : child;
  }
  const present = withLeaf(changes, child).filter(({ hash }) => hash !== null);
  if (present.length === 0) return undefined;
  if (present.length === 1) return { hash: present[0]!.hash!, key: present[0]!.key };
  const children = noChildren();
  spread(store, digits, children, present);
  return placed(store, digits, children);
}

/** The changes with a leaf that was there before, unless they are about that very leaf. */
function withLeaf(changes: readonly Change[], leaf: Child | undefined): readonly Change[] {
  const key = leaf?.key;
  if (key === undefined || changes.some((change) => change.key === key)) return changes;
  return [...changes, { path: pathText(key), key, hash: leaf!.hash }].sort(byPath);
}

/** A node as its parent sees it. One leaf alone needs no node: it moves up. */
function placed(store: Store, digits: string, children: Children): Child | undefined {
  const child = joined(children);
  if (child === undefined || child.key !== undefined) store.delete(STATE_TRIE_PREFIX + digits);
  else store.put(STATE_TRIE_PREFIX + digits, encodeNode(children));
  return child;
}

function isSame(a: Child | undefined, b: Child | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.key === b.key && Buffer.compare(a.hash, b.hash) === 0;
}

function byPath(a: Change, b: Change): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
