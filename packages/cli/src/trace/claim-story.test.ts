import { create } from '@bufbuild/protobuf';
import {
  EventClaimCreatedSchema,
  EventProofSubmittedSchema,
  EventProofValidityCheckedSchema,
} from '@decai/protocol/gen/pocket/proof/event_pb';
import {
  ClaimExpirationReason,
  EventClaimDiscardedSchema,
  EventClaimExpiredSchema,
  EventClaimSettledSchema,
} from '@decai/protocol/gen/pocket/tokenomics/event_pb';
import { SettlementOpReason } from '@decai/protocol/gen/pocket/tokenomics/types_pb';
import { type ChainEvent, typedEvent } from '@decai/protocol/typed-event';
import { describe, expect, test } from 'vitest';
import { type BlockRecord, type ClaimIdentity, claimStory } from './claim-story.ts';

const CLAIM: ClaimIdentity = {
  supplier: 'pokt1supplier',
  application: 'pokt1app',
  service: 'model',
  sessionEndHeight: 20,
};

const ours = {
  serviceId: 'model',
  applicationAddress: 'pokt1app',
  supplierOperatorAddress: 'pokt1supplier',
  sessionEndBlockHeight: 20n,
};

const claimed = (relays = 2n, names = ours): ChainEvent =>
  typedEvent(
    EventClaimCreatedSchema,
    create(EventClaimCreatedSchema, {
      ...names,
      numRelays: relays,
      numClaimedComputeUnits: relays * 4_000n,
      claimedUpokt: '336000upokt',
    }),
  );
const proven = (): ChainEvent => typedEvent(EventProofSubmittedSchema, create(EventProofSubmittedSchema, ours));
const checked = (failureReason = ''): ChainEvent =>
  typedEvent(EventProofValidityCheckedSchema, create(EventProofValidityCheckedSchema, { ...ours, failureReason }));

const R = SettlementOpReason;
const settled = (withSource = true): ChainEvent =>
  typedEvent(
    EventClaimSettledSchema,
    create(EventClaimSettledSchema, {
      ...ours,
      numRelays: 2n,
      numClaimedComputeUnits: 8_000n,
      settledUpokt: '336000upokt',
      mintedUpokt: '327600upokt',
      rewardDistributionDetailed: [
        payment('pokt1owner', R.TLM_RELAY_BURN_EQUALS_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION, '200000upokt'),
        payment('pokt1partner', R.TLM_RELAY_BURN_EQUALS_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION, '78460upokt'),
        ...(withSource
          ? [payment('pokt1source', R.TLM_RELAY_BURN_EQUALS_MINT_SOURCE_OWNER_REWARD_DISTRIBUTION, '26208upokt')]
          : []),
        payment('pokt1dao', R.TLM_RELAY_BURN_EQUALS_MINT_DAO_REWARD_DISTRIBUTION, '9828upokt'),
        // Inflation is minted beside the claim and is no part of its split.
        payment('pokt1dao', R.TLM_GLOBAL_MINT_DAO_REWARD_DISTRIBUTION, '7upokt'),
      ],
    }),
  );

function payment(recipientAddress: string, opReason: SettlementOpReason, amount: string) {
  return { recipientAddress, opReason, amount };
}

function block(height: number, transactionEvents: ChainEvent[], blockEvents: ChainEvent[] = []): BlockRecord {
  const transactions = transactionEvents.length === 0 ? [] : [{ hash: `HASH${height}`, events: transactionEvents }];
  return { height, at: height * 1_000, transactions, blockEvents };
}

describe('the story of a claim', () => {
  test('goes from its block to the payment of the Source', () => {
    const story = claimStory(CLAIM, [
      block(22, [claimed()]),
      block(23, []),
      block(26, [proven()], [checked()]),
      block(29, [], [settled()]),
    ]);
    expect(story.end?.outcome).toBe('paid');
    expect(story.hops.map(({ hop, at }) => [hop, at])).toEqual([
      ['claim.accepted', 22_000],
      ['proof.accepted', 26_000],
      ['proof.validated', 26_000],
      ['claim.settled', 29_000],
      ['source.paid', 29_000],
    ]);
    expect(story.hops[0]!.facts).toEqual({
      height: 22,
      hash: 'HASH22',
      relays: 2,
      computeUnits: 8_000,
      claimedUpokt: '336000',
    });
    expect(story.hops[3]!.facts).toMatchObject({
      burnedUpokt: '336000',
      mintedUpokt: '327600',
      supplierUpokt: '278460',
      sourceUpokt: '26208',
      treasuryUpokt: '9828',
      validatorsUpokt: '13104',
    });
    expect(story.hops[4]!.facts).toEqual({ height: 29, source: 'pokt1source', upokt: '26208', service: 'model' });
  });

  test('is still open before the settlement', () => {
    expect(claimStory(CLAIM, [block(22, [claimed()])]).end).toBeUndefined();
    expect(claimStory(CLAIM, [])).toEqual({ hops: [] });
  });

  test('takes the last of two claims', () => {
    const { hops } = claimStory(CLAIM, [block(22, [claimed(1n)]), block(23, [claimed(3n)])]);
    expect(hops).toHaveLength(1);
    expect(hops[0]!.facts).toMatchObject({ height: 23, relays: 3 });
  });

  test.each([
    ['another supplier', { ...ours, supplierOperatorAddress: 'pokt1other' }],
    ['another application', { ...ours, applicationAddress: 'pokt1other' }],
    ['another service', { ...ours, serviceId: 'other' }],
    ['another session', { ...ours, sessionEndBlockHeight: 30n }],
  ])('is not told by the events of %s', (_name, names) => {
    expect(claimStory(CLAIM, [block(22, [claimed(2n, names)])]).hops).toEqual([]);
  });

  test('is not disturbed by events that it does not know', () => {
    const strange = { type: 'coin_spent', attributes: [{ key: 'amount', value: '1upokt' }] };
    expect(claimStory(CLAIM, [block(22, [strange, claimed()])]).hops).toHaveLength(1);
  });

  test.each([
    [ClaimExpirationReason.PROOF_MISSING, /no proof arrived/],
    [ClaimExpirationReason.PROOF_INVALID, /found invalid/],
  ])('ends with an expiry that says why (%s)', (expirationReason, words) => {
    const expired = create(EventClaimExpiredSchema, { ...ours, expirationReason });
    const story = claimStory(CLAIM, [
      block(22, [claimed()], [checked('wrong branch')]),
      block(29, [], [typedEvent(EventClaimExpiredSchema, expired)]),
    ]);
    expect(story.hops.map(({ hop }) => hop)).toEqual(['claim.accepted']);
    expect(story.end).toMatchObject({ outcome: 'expired', explanation: expect.stringMatching(words) as string });
  });

  test('ends when the claim cannot be settled', () => {
    const discarded = create(EventClaimDiscardedSchema, { ...ours, error: 'no such service' });
    const { end } = claimStory(CLAIM, [block(29, [], [typedEvent(EventClaimDiscardedSchema, discarded)])]);
    expect(end).toMatchObject({
      outcome: 'discarded',
      explanation: expect.stringContaining('no such service') as string,
    });
  });

  test('ends with the settlement when the share of the Source is nothing', () => {
    const { hops, end } = claimStory(CLAIM, [block(29, [], [settled(false)])]);
    expect(hops.map(({ hop }) => hop)).toEqual(['claim.settled']);
    expect(end?.outcome).toBe('settled');
  });
});
