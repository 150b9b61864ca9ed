/**
 * Nodes of the tree under the state root, four levels of it a record: up to sixteen children, each a leaf or another node.
 *
 * Layout of a record: which children there are (2 bytes, the first child the highest bit), which of them are leaves (the
 * same), then for each child its hash (32 bytes) and, for a leaf, the length (2 bytes) and the bytes of its key.
 */
import { EMPTY_STATE_HASH, stateInnerHash } from '@decai/protocol/state-hash';
import { keyText } from './store.ts';

export const CHILDREN = 16;

/** A leaf has the key of its record; what has none is a node. */
export type Child = { readonly hash: Uint8Array; readonly key: string | undefined };

/** Sixteen places. */
export type Children = (Child | undefined)[];

const HASH_BYTES = 32;

const NO_CHILDREN: Children = Array.from({ length: CHILDREN }, () => undefined);

export function noChildren(): Children {
  return NO_CHILDREN.slice();
}

export function encodeNode(children: Children): Uint8Array {
  let length = 4;
  for (const child of children) {
    if (child !== undefined) length += HASH_BYTES + (child.key === undefined ? 0 : 2 + child.key.length);
  }
  const node = new Uint8Array(length);
  const bytes = Buffer.from(node.buffer);
  let [present, leaves, offset] = [0, 0, 4];
  for (const [index, child] of children.entries()) {
    if (child === undefined) continue;
    const bit = 0x8000 >> index;
    present |= bit;
    bytes.set(child.hash, offset);
    offset += HASH_BYTES;
    if (child.key === undefined) continue;
    leaves |= bit;
    offset = bytes.writeUInt16BE(child.key.length, offset);
    offset += bytes.write(child.key, offset, 'latin1');
  }
  bytes.writeUInt16BE(present, 0);
  bytes.writeUInt16BE(leaves, 2);
  return node;
}

/** The children that `encodeNode` wrote. */
export function decodeNode(bytes: Uint8Array): Children {
  const children = noChildren();
  const present = (bytes[0]! << 8) | bytes[1]!;
  const leaves = (bytes[2]! << 8) | bytes[3]!;
  let offset = 4;
  for (let index = 0; index < CHILDREN; index += 1) {
    const bit = 0x8000 >> index;
    if ((present & bit) === 0) continue;
    const hash = bytes.subarray(offset, offset + HASH_BYTES);
    offset += HASH_BYTES;
    let key: string | undefined;
    if ((leaves & bit) !== 0) {
      const end = offset + 2 + ((bytes[offset]! << 8) | bytes[offset + 1]!);
      key = keyText(bytes.subarray(offset + 2, end));
      offset = end;
    }
    children[index] = { hash, key };
  }
  return children;
}

/**
 * What the children from `low` to before `high` amount to: nothing, a leaf that is alone and so stands for them all, or
 * the hash over both halves.
 */
export function joined(children: Children, low = 0, high: number = CHILDREN): Child | undefined {
  if (high - low === 1) return children[low];
  const middle = (low + high) >>> 1;
  const left = joined(children, low, middle);
  const right = joined(children, middle, high);
  if (right === undefined && left?.key !== undefined) return left;
  if (left === undefined && right?.key !== undefined) return right;
  if (left === undefined && right === undefined) return undefined;
  return { hash: stateInnerHash(left?.hash ?? EMPTY_STATE_HASH, right?.hash ?? EMPTY_STATE_HASH), key: undefined };
}
