import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equalBytes, utf8 } from '@decai/protocol/bytes';
import { encodeClosestProof } from '@decai/protocol/proof-bytes';
import { readRelayProof } from './relay-proof.ts';
import {
  HEIGHTS,
  honestTrie,
  proofMessage,
  relay,
  sessionHeader,
  sessionState,
  SUPPLIER,
  trieOf,
} from './test-session.ts';

const state = sessionState(HEIGHTS.proofOpen);
const header = sessionHeader(state);
const honest = proofMessage(state, header, honestTrie(header, 4)).proof;

test('an honest proof shows its relay', () => {
  const bytes = relay(header);
  const read = readRelayProof(encodeClosestProof(trieOf([bytes]).proveClosest(new Uint8Array(32))));
  if (!read.ok) throw new Error(read.message);
  expect(equalBytes(read.value.relayBytes, bytes)).toBe(true);
  expect(read.value.request.meta).toMatchObject({ sessionHeader: header, supplierOperatorAddress: SUPPLIER.address });
  expect(read.value.response?.payload).toHaveLength(0);
});

test('no proof, and a proof of no relay', () => {
  expect(readRelayProof(utf8('invalid_proof'))).toMatchObject({ ok: false, codespace: 'proof', code: 1108 });
  expect(readRelayProof(new Uint8Array())).toMatchObject({ ok: false, codespace: 'proof', code: 1108 });
  const shown = (value: Uint8Array): unknown =>
    readRelayProof(encodeClosestProof(trieOf([value]).proveClosest(new Uint8Array(32))));
  expect(shown(utf8('no relay'))).toMatchObject({ ok: false, codespace: 'proof', code: 1109 });
  const empty = encodeClosestProof(trieOf([]).proveClosest(new Uint8Array(32)));
  expect(readRelayProof(empty)).toMatchObject({ ok: false, codespace: 'proof', code: 1109 });
});

test('whatever the bytes, there is an answer and no fault', () => {
  const cut = fc.nat(honest.length - 1).map((length) => honest.subarray(0, length));
  const changed = fc
    .tuple(fc.nat(honest.length - 1), fc.nat(255))
    .map(([at, byte]) => honest.map((was, index) => (index === at ? byte : was)));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), cut, changed), (bytes) => {
      const read = readRelayProof(bytes);
      if (!read.ok) expect([1108, 1109]).toContain(read.code);
    }),
    { numRuns: 500 },
  );
});
