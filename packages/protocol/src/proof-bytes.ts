/**
 * The bytes of `MsgSubmitProof.proof`: a compact closest proof in Go's gob.
 *
 * Go numbers types in the order in which a process first encodes them, so only the definitions that a fresh process
 * writes are constant. These are written; a reader accepts any numbers.
 * Source: pokt-network/smt v0.14.1 `proofs.go` (Marshal, Unmarshal).
 */
import { concat, EMPTY, utf8 } from './bytes.ts';
import { type ClosestProof, type ProofFlaw, verifyClosestProof, verifyRelayProof } from './closest-proof.ts';
import { type CompactClosestProof, compactProof, decompactProof } from './compact-proof.ts';
import { Fault, isFault } from './fault.ts';
import { decodeGob, gobBytes, gobInt, type GobShape, gobList, gobStruct } from './gob.ts';

/** Type ids of a fresh process, and the two builtin ones. */
const ID = { proof: 64, byteStrings: 65, membership: 66, bytes: 5, int: 2 } as const;

const SHAPE = {
  struct: {
    Path: 'bytes',
    FlippedBits: { list: 'bytes' },
    Depth: 'bytes',
    ClosestPath: 'bytes',
    ClosestValueHash: 'bytes',
    ClosestProof: {
      struct: {
        SideNodes: { list: 'bytes' },
        NonMembershipLeafData: 'bytes',
        BitMask: 'bytes',
        NumSideNodes: 'int',
        SiblingData: 'bytes',
      },
    },
  },
} as const satisfies GobShape;

/** The 286 bytes before every proof: three type definitions. */
const DEFINITIONS: Uint8Array = concat(
  defineStruct(ID.proof, 'SparseCompactMerkleClosestProof', [
    ['Path', ID.bytes],
    ['FlippedBits', ID.byteStrings],
    ['Depth', ID.bytes],
    ['ClosestPath', ID.bytes],
    ['ClosestValueHash', ID.bytes],
    ['ClosestProof', ID.membership],
  ]),
  message(-ID.byteStrings, gobStruct([null, gobStruct([common('[][]uint8', ID.byteStrings), gobInt(ID.bytes)])])),
  defineStruct(ID.membership, 'SparseCompactMerkleProof', [
    ['SideNodes', ID.byteStrings],
    ['NonMembershipLeafData', ID.bytes],
    ['BitMask', ID.bytes],
    ['NumSideNodes', ID.int],
    ['SiblingData', ID.bytes],
  ]),
);

/** The bytes of a compact proof, equal to those of a Go process that encodes nothing else in gob. */
export function encodeCompactProof(proof: CompactClosestProof): Uint8Array {
  const { sideNodes, nonMembershipLeafData, bitMask, numSideNodes, siblingData } = proof.closestProof;
  const membership = gobStruct([
    listField(sideNodes),
    bytesField(nonMembershipLeafData),
    bytesField(bitMask),
    numSideNodes === 0 ? null : gobInt(numSideNodes),
    bytesField(siblingData),
  ]);
  const value = gobStruct([
    bytesField(proof.path),
    listField(proof.flippedBits),
    bytesField(proof.depth),
    bytesField(proof.closestPath),
    bytesField(proof.closestValueHash),
    membership,
  ]);
  return concat(DEFINITIONS, message(ID.proof, value));
}

/**
 * Reads the bytes of a compact proof, from any Go process.
 *
 * An absent byte string and an empty one are the same to Go's decoder: both come back empty, or null where a proof may
 * do without.
 *
 * @throws GOB_TOO_LONG, GOB_TRUNCATED, GOB_MALFORMED, GOB_MISMATCH; COMPACT_PROOF_INVALID without an inner proof.
 */
export function decodeCompactProof(bytes: Uint8Array): CompactClosestProof {
  const value = decodeGob(bytes, SHAPE);
  const membership = value.ClosestProof;
  if (membership === undefined) {
    throw new Fault('COMPACT_PROOF_INVALID', 'closestProof of a compact proof is absent', { field: 'closestProof' });
  }
  return {
    path: value.Path ?? EMPTY,
    flippedBits: value.FlippedBits ?? [],
    depth: value.Depth ?? EMPTY,
    closestPath: value.ClosestPath ?? EMPTY,
    closestValueHash: orNull(value.ClosestValueHash),
    closestProof: {
      sideNodes: membership.SideNodes ?? [],
      nonMembershipLeafData: orNull(membership.NonMembershipLeafData),
      bitMask: membership.BitMask ?? EMPTY,
      numSideNodes: Number(membership.NumSideNodes ?? 0n),
      siblingData: orNull(membership.SiblingData),
    },
  };
}

/** A proof as it is submitted. @throws CLOSEST_PROOF_INVALID when its parts do not fit together. */
export function encodeClosestProof(proof: ClosestProof): Uint8Array {
  return encodeCompactProof(compactProof(proof));
}

/**
 * A submitted proof, ready to be judged.
 *
 * @throws what `decodeCompactProof` and `decompactProof` throw.
 */
export function decodeClosestProof(bytes: Uint8Array): ClosestProof {
  return decompactProof(decodeCompactProof(bytes));
}

export type ProofBytesVerdict =
  | { readonly valid: true; readonly proof: ClosestProof }
  | { readonly valid: false; readonly flaw: ProofFlaw | 'PROOF_BYTES'; readonly message: string };

/** Judges submitted bytes as Shannon's chain does: a verdict for any bytes and any root. */
export function verifyClosestProofBytes(bytes: Uint8Array, root: Uint8Array): ProofBytesVerdict {
  return judge(bytes, (proof) => verifyClosestProof(proof, root));
}

/** Judges submitted bytes as `verifyRelayProof` does: a verdict for any bytes and any root. */
export function verifyRelayProofBytes(
  bytes: Uint8Array,
  root: Uint8Array,
  computeUnitsPerRelay: bigint,
): ProofBytesVerdict {
  return judge(bytes, (proof) => verifyRelayProof(proof, root, computeUnitsPerRelay));
}

function judge(
  bytes: Uint8Array,
  verify: (proof: ClosestProof) => ReturnType<typeof verifyClosestProof>,
): ProofBytesVerdict {
  let proof: ClosestProof;
  try {
    proof = decodeClosestProof(bytes);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return { valid: false, flaw: 'PROOF_BYTES', message: thrown.message };
  }
  const verdict = verify(proof);
  return verdict.valid ? { valid: true, proof } : verdict;
}

function defineStruct(id: number, name: string, fields: readonly (readonly [name: string, id: number])[]): Uint8Array {
  const types = fields.map(([field, type]) => gobStruct([gobBytes(utf8(field)), gobInt(type)]));
  return message(-id, gobStruct([null, null, gobStruct([common(name, id), gobList(types)])]));
}

/** What every definition begins with: name and id of the type. */
function common(name: string, id: number): Uint8Array {
  return gobStruct([gobBytes(utf8(name)), gobInt(id)]);
}

function message(id: number, value: Uint8Array): Uint8Array {
  return gobBytes(concat(gobInt(id), value));
}

function orNull(bytes: Uint8Array | undefined): Uint8Array | null {
  return bytes === undefined || bytes.length === 0 ? null : bytes;
}

function bytesField(bytes: Uint8Array | null): Uint8Array | null {
  return bytes === null || bytes.length === 0 ? null : gobBytes(bytes);
}

function listField(elements: readonly Uint8Array[]): Uint8Array | null {
  return elements.length === 0 ? null : gobList(elements.map(gobBytes));
}
