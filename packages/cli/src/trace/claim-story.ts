/**
 * What the ledger tells of one claim: from the block that took it to the payment of the Source, or to why there is none.
 *
 * Read from the events of the blocks after the session's end, which any node of the chain answers. A claim is known in
 * them by supplier, application, service and the session's last height.
 *
 * Source: pokt-network/poktroll `proto/pocket/{proof,tokenomics}/event.proto`, `x/tokenomics/token_logic_module`.
 */
import type { MessageShape } from '@bufbuild/protobuf';
import { amountOf, parseCoin } from '@decai/protocol/coin';
import {
  EventClaimCreatedSchema,
  EventClaimUpdatedSchema,
  EventProofSubmittedSchema,
  EventProofUpdatedSchema,
  EventProofValidityCheckedSchema,
} from '@decai/protocol/gen/pocket/proof/event_pb';
import {
  ClaimExpirationReason,
  EventClaimDiscardedSchema,
  EventClaimExpiredSchema,
  EventClaimSettledSchema,
} from '@decai/protocol/gen/pocket/tokenomics/event_pb';
import { SettlementOpReason } from '@decai/protocol/gen/pocket/tokenomics/types_pb';
import type { Hop, HopName } from '@decai/protocol/hop';
import { type ChainEvent, messageOfEvent } from '@decai/protocol/typed-event';

export type ClaimIdentity = {
  readonly supplier: string;
  readonly application: string;
  readonly service: string;
  readonly sessionEndHeight: number;
};

/** What happened in one block. */
export type BlockRecord = {
  readonly height: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly transactions: readonly { readonly hash: string; readonly events: readonly ChainEvent[] }[];
  readonly blockEvents: readonly ChainEvent[];
};

export type ClaimStory = {
  readonly hops: readonly Hop[];
  /** Undefined while it may still go on. */
  readonly end?: ClaimEnd;
};

export type ClaimEnd = {
  readonly outcome: 'paid' | 'settled' | 'expired' | 'discarded';
  /** For people. */
  readonly explanation: string;
};

type Facts = Record<string, string | number>;
type Told = { readonly hops: readonly (readonly [HopName, Facts])[]; readonly end?: ClaimEnd };

const NOTHING: Told = { hops: [] };

/** The story of a claim as far as these blocks tell it. Of a hop that occurs twice (a replaced claim) the last one counts. */
export function claimStory(claim: ClaimIdentity, blocks: readonly BlockRecord[]): ClaimStory {
  const hops = new Map<HopName, Hop>();
  let end: ClaimEnd | undefined;
  for (const { height, at, transactions, blockEvents } of blocks) {
    const happened = [
      ...transactions.flatMap(({ hash, events }) => events.map((event) => ({ event, facts: { height, hash } }))),
      ...blockEvents.map((event) => ({ event, facts: { height } })),
    ];
    for (const { event, facts } of happened) {
      const told = read(event, claim);
      for (const [hop, more] of told.hops) hops.set(hop, { hop, at, role: 'ledger', facts: { ...facts, ...more } });
      end = told.end ?? end;
    }
  }
  return { hops: [...hops.values()], ...(end === undefined ? {} : { end }) };
}

type Named = {
  readonly serviceId: string;
  readonly applicationAddress: string;
  readonly supplierOperatorAddress: string;
  readonly sessionEndBlockHeight: bigint;
};

function read(event: ChainEvent, claim: ClaimIdentity): Told {
  const typed = messageOfEvent(event);
  if (typed === undefined || !('supplierOperatorAddress' in typed.message)) return NOTHING;
  const named = typed.message as unknown as Named;
  const isOurs =
    named.supplierOperatorAddress === claim.supplier &&
    named.applicationAddress === claim.application &&
    named.serviceId === claim.service &&
    Number(named.sessionEndBlockHeight) === claim.sessionEndHeight;
  return isOurs ? (READERS.get(event.type)?.(typed.message as never) ?? NOTHING) : NOTHING;
}

/** How each type of event is told. */
const READERS: ReadonlyMap<string, (message: never) => Told> = new Map<string, (message: never) => Told>([
  [EventClaimCreatedSchema.typeName, claimAccepted],
  [EventClaimUpdatedSchema.typeName, claimAccepted],
  [EventProofSubmittedSchema.typeName, () => ({ hops: [['proof.accepted', {}]] })],
  [EventProofUpdatedSchema.typeName, () => ({ hops: [['proof.accepted', {}]] })],
  [EventProofValidityCheckedSchema.typeName, proofChecked],
  [EventClaimSettledSchema.typeName, claimSettled],
  [EventClaimExpiredSchema.typeName, claimExpired],
  [EventClaimDiscardedSchema.typeName, claimDiscarded],
]);

function claimAccepted(event: MessageShape<typeof EventClaimCreatedSchema>): Told {
  const facts = {
    relays: Number(event.numRelays),
    computeUnits: Number(event.numClaimedComputeUnits),
    claimedUpokt: upoktText(event.claimedUpokt),
  };
  return { hops: [['claim.accepted', facts]] };
}

function proofChecked(event: MessageShape<typeof EventProofValidityCheckedSchema>): Told {
  // What follows from an invalid proof is told by the claim's expiry.
  return event.failureReason === '' ? { hops: [['proof.validated', {}]] } : NOTHING;
}

function claimExpired(event: MessageShape<typeof EventClaimExpiredSchema>): Told {
  const explanation =
    event.expirationReason === ClaimExpirationReason.PROOF_INVALID
      ? 'the claim expired: its proof was found invalid, so nobody is paid'
      : 'the claim expired: no proof arrived in its window, so nobody is paid';
  return { hops: [], end: { outcome: 'expired', explanation } };
}

function claimDiscarded(event: MessageShape<typeof EventClaimDiscardedSchema>): Told {
  return { hops: [], end: { outcome: 'discarded', explanation: `the claim could not be settled: ${event.error}` } };
}

/** Payments out of what the claim itself minted; inflation, where there is any, is minted beside it. */
const PAID_TO: ReadonlyMap<number, string> = new Map([
  [SettlementOpReason.TLM_RELAY_BURN_EQUALS_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION, 'supplierUpokt'],
  [SettlementOpReason.TLM_RELAY_BURN_EQUALS_MINT_SOURCE_OWNER_REWARD_DISTRIBUTION, 'sourceUpokt'],
  [SettlementOpReason.TLM_RELAY_BURN_EQUALS_MINT_APPLICATION_REWARD_DISTRIBUTION, 'applicationUpokt'],
  [SettlementOpReason.TLM_RELAY_BURN_EQUALS_MINT_DAO_REWARD_DISTRIBUTION, 'treasuryUpokt'],
]);

const SOURCE = SettlementOpReason.TLM_RELAY_BURN_EQUALS_MINT_SOURCE_OWNER_REWARD_DISTRIBUTION;

function claimSettled(event: MessageShape<typeof EventClaimSettledSchema>): Told {
  const paid = new Map<string, bigint>();
  for (const { opReason, amount } of event.rewardDistributionDetailed) {
    const party = PAID_TO.get(opReason);
    if (party !== undefined) paid.set(party, (paid.get(party) ?? 0n) + amountOf(parseCoin(amount)));
  }
  const minted = BigInt(upoktText(event.mintedUpokt));
  // Validators are paid once a block for all its claims together; their part of this one is what the others leave.
  paid.set('validatorsUpokt', minted - [...paid.values()].reduce((sum, amount) => sum + amount, 0n));
  const facts: Facts = {
    relays: Number(event.numRelays),
    computeUnits: Number(event.numClaimedComputeUnits),
    burnedUpokt: upoktText(event.settledUpokt),
    mintedUpokt: String(minted),
    ...Object.fromEntries([...paid].map(([party, amount]) => [party, String(amount)])),
  };
  const royalty = event.rewardDistributionDetailed.find(({ opReason }) => opReason === SOURCE);
  if (royalty === undefined) {
    const explanation = 'the claim was settled, and the share of the Source came to nothing';
    return { hops: [['claim.settled', facts]], end: { outcome: 'settled', explanation } };
  }
  const payment = { source: royalty.recipientAddress, upokt: upoktText(royalty.amount), service: event.serviceId };
  return {
    hops: [
      ['claim.settled', facts],
      ['source.paid', payment],
    ],
    end: { outcome: 'paid', explanation: 'the Source was paid' },
  };
}

/** The number of uPOKT in `975upokt`; Shannon leaves a zero amount empty. */
function upoktText(text: string): string {
  return text === '' ? '0' : String(amountOf(parseCoin(text)));
}
