/**
 * Events of settlement: a claim settled and who was paid for it, expired, or was discarded; a supplier was slashed; the
 * block paid its validators.
 *
 * Source: pokt-network/poktroll `proto/pocket/tokenomics/event.proto`.
 */
import type { DescEnum } from '@bufbuild/protobuf';
import { ProofRequirementReasonSchema } from '@decai/protocol/gen/pocket/proof/types_pb';
import {
  ClaimExpirationReasonSchema,
  type EventClaimDiscarded,
  type EventClaimExpired,
  type EventClaimSettled,
  type EventSettlementBatch,
  type EventSupplierSlashed,
} from '@decai/protocol/gen/pocket/tokenomics/event_pb';
import { SettlementOpReasonSchema } from '@decai/protocol/gen/pocket/tokenomics/types_pb';
import type { BlockChanges } from './block-changes.ts';
import { claimedVolume, claimKey, upoktIn } from './claim-columns.ts';
import { isPaidByBlock, paidRole, type PaidRole } from './paid-role.ts';

/** A payment for one claim, as it is kept with it. */
export type Payment = {
  readonly recipient: string;
  readonly role: PaidRole;
  /** Name of the SettlementOpReason. */
  readonly reason: string;
  readonly paidUpokt: string;
};

/** Discarding quotes what was wrong, and strangers choose how long that is. */
const REASON_LENGTH_MAX = 500;

export function recordSettled(changes: BlockChanges, event: EventClaimSettled): void {
  const key = claimKey(event);
  const payments = event.rewardDistributionDetailed.map(({ recipientAddress, opReason, amount }): Payment => {
    // A reason that is not known here is still money that somebody got.
    const role = paidRole(opReason) ?? 'treasury';
    const reason = nameIn(SettlementOpReasonSchema, opReason) ?? `${opReason}`;
    return { recipient: recipientAddress, role, reason, paidUpokt: `${upoktIn(amount)}` };
  });
  const money = {
    settledUpokt: upoktIn(event.settledUpokt),
    mintedUpokt: upoktIn(event.mintedUpokt),
    overservicingLossUpokt: upoktIn(event.overservicingLossUpokt),
    deflationLossUpokt: upoktIn(event.deflationLossUpokt),
  };
  changes.put('claims', {
    ...key,
    ...claimedVolume(event),
    ...Object.fromEntries(Object.entries(money).map(([name, amount]) => [name, `${amount}`])),
    sessionId: event.sessionId,
    supplierOwnerAddress: event.supplierOwnerAddress,
    status: 'settled',
    endedHeight: changes.height,
    proofRequirement: nameIn(ProofRequirementReasonSchema, event.proofRequirementInt),
    mintRatio: event.mintRatio,
    payments: JSON.stringify(payments),
  });
  const { sessionEndHeight, serviceId, applicationAddress } = key;
  changes.put('sessions', { sessionId: event.sessionId, sessionEndHeight, serviceId, applicationAddress });
  const paid: Partial<Record<PaidRole, bigint>> = {};
  for (const { recipient, role, paidUpokt } of payments) {
    paid[role] = (paid[role] ?? 0n) + BigInt(paidUpokt);
    changes.earn(recipient, role, BigInt(paidUpokt), key);
  }
  changes.count(key, {
    ...money,
    claimsSettled: 1n,
    settledRelays: event.numRelays,
    settledEstimatedRelays: event.numEstimatedRelays,
    settledComputeUnits: event.numClaimedComputeUnits,
    settledEstimatedComputeUnits: event.numEstimatedComputeUnits,
    claimedUpokt: upoktIn(event.claimedUpokt),
    paidSuppliersUpokt: paid.supplier ?? 0n,
    paidSourcesUpokt: paid.source ?? 0n,
    paidApplicationsUpokt: paid.application ?? 0n,
    paidTreasuryUpokt: paid.treasury ?? 0n,
    reimbursementUpokt: paid.reimbursement ?? 0n,
  });
}

export function recordExpired(changes: BlockChanges, event: EventClaimExpired): void {
  const key = claimKey(event);
  changes.put('claims', {
    ...key,
    ...claimedVolume(event),
    status: 'expired',
    endedHeight: changes.height,
    endReason: nameIn(ClaimExpirationReasonSchema, event.expirationReason),
  });
  const expiredUpokt = upoktIn(event.claimedUpokt);
  changes.count(key, { claimsExpired: 1n, expiredRelays: event.numRelays, expiredUpokt });
}

export function recordDiscarded(changes: BlockChanges, event: EventClaimDiscarded): void {
  const key = claimKey(event);
  const endReason = event.error.slice(0, REASON_LENGTH_MAX);
  changes.put('claims', { ...key, status: 'discarded', endedHeight: changes.height, endReason });
  changes.count(key, { claimsDiscarded: 1n });
}

export function recordSlash(changes: BlockChanges, event: EventSupplierSlashed): void {
  const key = claimKey(event);
  const slashedUpokt = upoktIn(event.proofMissingPenalty);
  const stakeAfterUpokt = `${upoktIn(event.supplierStakeAfterSlash)}`;
  changes.put('slashes', { ...key, height: changes.height, slashedUpokt: `${slashedUpokt}`, stakeAfterUpokt });
  changes.put('claims', { ...key, slashedUpokt: `${slashedUpokt}` });
  changes.put('suppliers', { supplierAddress: key.supplierAddress, stakeUpokt: stakeAfterUpokt });
  changes.count(key, { slashes: 1n, slashedUpokt });
}

/** Payments of a block for all of its claims; those for single claims are in their own events. */
export function recordBatch(changes: BlockChanges, event: EventSettlementBatch): void {
  const role = paidRole(event.opReason);
  if (event.opType !== 'mod_to_acct' || role === undefined || !isPaidByBlock(role)) return;
  changes.earn(event.recipient, role, upoktIn(event.totalAmount));
}

function nameIn(schema: DescEnum, number: number): string | null {
  return schema.value[number]?.name ?? null;
}
