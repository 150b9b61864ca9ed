import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeProofCase,
  encodeProofCase,
  inlineProofJudges,
  judge,
  judgeProof,
  PROOF_VERDICTS,
  proofJudges,
  type ProofCase,
} from './judge-proof.ts';

const bytes = fc.uint8Array({ maxLength: 80 });
const cases: fc.Arbitrary<ProofCase> = fc.record({
  proof: bytes,
  supplierKey: bytes,
  path: bytes,
  rootHash: bytes,
  ring: fc.array(bytes, { maxLength: 5 }),
});

test('a case on its way to another thread keeps every byte', () => {
  fc.assert(
    fc.property(cases, (proofCase) => {
      expect(decodeProofCase(encodeProofCase(proofCase))).toEqual(proofCase);
    }),
  );
});

test('any bytes have a verdict, the same as a number and as a word', () => {
  fc.assert(
    fc.property(cases, (proofCase) => {
      const verdict = judgeProof(proofCase);
      expect(PROOF_VERDICTS[judge(encodeProofCase(proofCase)) - 1]).toBe(verdict);
    }),
  );
});

test('judges of bytes judge like the caller himself', () => {
  const elsewhere = proofJudges((tasks) => Uint8Array.from(tasks, judge));
  fc.assert(
    fc.property(fc.array(cases), (all) => {
      expect(elsewhere(all)).toEqual(inlineProofJudges(all));
    }),
  );
});
