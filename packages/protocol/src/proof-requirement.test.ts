import { expect, test } from 'vitest';
import { fromHex, utf8 } from './bytes.ts';
import { sha256 } from './hash.ts';
import { proofRequirement, proofSample } from './proof-requirement.ts';

// The sample of this claim is 0.1557…
const CLAIM = {
  claimedUpokt: 100n,
  claimHash: fromHex('5db429eef7ef4581d84e13aa34099b108cc4b2d8ab21baebee2c560a02df48c8'),
  seedHash: sha256(utf8('block-62')),
};

test('the sample depends on the claim and on the block before the proof window', () => {
  expect(proofSample(CLAIM.claimHash, CLAIM.seedHash)).toBe(0.15577995307494816);
  expect(proofSample(CLAIM.seedHash, CLAIM.claimHash)).not.toBe(0.15577995307494816);
});

test.each([
  [100n, 0, 'THRESHOLD'],
  [99n, 1, 'THRESHOLD'],
  [101n, 0.25, 'PROBABILISTIC'],
  [101n, 0.15577995307494816, 'PROBABILISTIC'],
  [101n, 0.15577995307494813, 'NOT_REQUIRED'],
  [101n, 0.01, 'NOT_REQUIRED'],
  [101n, 0, 'NOT_REQUIRED'],
])('threshold %i, probability %d: %s', (proofRequirementThresholdUpokt, proofRequestProbability, requirement) => {
  expect(proofRequirement(CLAIM, { proofRequirementThresholdUpokt, proofRequestProbability })).toBe(requirement);
});
