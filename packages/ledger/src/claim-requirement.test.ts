import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { fromHex, toHex, utf8 } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import {
  ClaimProofStatus,
  ClaimSchema,
  ProofRequirementReason,
  type Claim,
} from '@decai/protocol/gen/pocket/proof/types_pb';
import { sha256 } from '@decai/protocol/hash';
import { encodeRoot } from '@decai/protocol/root';
import { claimHash, claimRequirement, proofSeedHash } from './claim-requirement.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { emptyState } from './test-chain.ts';
import { setProofParams } from './test-session.ts';

/** The claim whose lot is 0.15577995307494816. */
const CLAIM: Claim = create(ClaimSchema, {
  supplierOperatorAddress: 'pokt1j40dzzmn6cn9kxku7a5tjnud6hv37vesr5ccaa',
  sessionHeader: {
    applicationAddress: 'pokt1rl3gjgzexmplmds3tq3r3yk84zlwdl6djzgsvm',
    serviceId: 'anvil',
    sessionId: 'c1abcf37c227b64835d15e8e896377aefe6a976c588ad8eae8223dabaa22d6c2',
    sessionStartBlockHeight: 21n,
    sessionEndBlockHeight: 40n,
  },
  rootHash: encodeRoot({ digest: sha256(utf8('root')), sum: 41_720n, count: 10n }),
});

function state(): State {
  const at = emptyState(63);
  at.params.shared.setLive({
    ...at.params.shared.live(),
    numBlocksPerSession: 20n,
    claimWindowOpenOffsetBlocks: 11n,
    claimWindowCloseOffsetBlocks: 10n,
    proofWindowOpenOffsetBlocks: 1n,
    proofWindowCloseOffsetBlocks: 10n,
  });
  at.blockHashes.put(62, sha256(utf8('block-62')));
  return at;
}

function requirement(probability: number, thresholdUpokt: bigint, claim: Claim = CLAIM): ProofRequirementReason {
  const at = state();
  setProofParams(at, { proofRequestProbability: probability, proofRequirementThreshold: upoktCoin(thresholdUpokt) });
  return claimRequirement(at, claim, 6_090n);
}

const { NOT_REQUIRED, PROBABILISTIC, THRESHOLD } = ProofRequirementReason;

test('the lot is drawn over the claim and the last claim block’s hash', () => {
  expect(encode(ClaimSchema, CLAIM)).toHaveLength(219);
  expect(toHex(claimHash(CLAIM))).toBe('5db429eef7ef4581d84e13aa34099b108cc4b2d8ab21baebee2c560a02df48c8');
  expect(proofSeedHash(state(), 40)).toEqual(
    fromHex('80f3a036226d23b5c1d5438417d0c5203b779ef915c8de362ecb01e4c6055386'),
  );
  expect(
    [0, 0.01, 0.1557, 0.15577995307494816, 0.25, 1].map((probability) => requirement(probability, 20_000_000n)),
  ).toEqual([NOT_REQUIRED, NOT_REQUIRED, NOT_REQUIRED, PROBABILISTIC, PROBABILISTIC, PROBABILISTIC]);
});

test('a claim of the threshold or more must be proven whatever the lot', () => {
  expect([6_089n, 6_090n, 6_091n].map((threshold) => requirement(0, threshold))).toEqual([
    THRESHOLD,
    THRESHOLD,
    NOT_REQUIRED,
  ]);
});

test('a failed proof does not change what was asked', () => {
  const failed = { ...CLAIM, proofValidationStatus: ClaimProofStatus.INVALID };
  expect(claimHash(failed)).toEqual(claimHash(CLAIM));
  expect(requirement(0.15577995307494816, 20_000_000n, failed)).toBe(PROBABILISTIC);
});

test('a proven claim is drawn with its status, as in Shannon', () => {
  const proven = { ...CLAIM, proofValidationStatus: ClaimProofStatus.VALIDATED };
  expect(claimHash(proven)).toEqual(sha256(encode(ClaimSchema, proven)));
  expect(requirement(0.15577995307494816, 20_000_000n, proven)).toBe(NOT_REQUIRED);
});

test('the seed follows the parameters of the session’s end', () => {
  const at = state();
  at.params.shared.history.put('', 1, at.params.shared.live());
  at.params.shared.setLive({ ...at.params.shared.live(), claimWindowCloseOffsetBlocks: 5n });
  expect(proofSeedHash(at, 40)).toEqual(sha256(utf8('block-62')));
  at.params.shared.history.put('', 41, at.params.shared.live());
  expect(proofSeedHash(at, 40)).toEqual(sha256(utf8('block-62')));
});
