/**
 * What is counted, of the whole network and of each service, supplier and application, in all and for each session end.
 *
 * A claim's volume is counted when the claim ends, so nothing that is counted is ever taken back. Whether it settled,
 * expired or was discarded, it ends once.
 */

/** Names of the counts; one column and one field of JSON each. */
export const TALLY_FIELDS = [
  'claimsCreated',
  'claimsUpdated',
  'claimsSettled',
  'claimsExpired',
  'claimsDiscarded',
  'proofsSubmitted',
  'proofsValid',
  'proofsInvalid',
  'slashes',
  /** Of settled claims: leaves of the tries, and the requests that they stand for. */
  'settledRelays',
  'settledEstimatedRelays',
  'settledComputeUnits',
  'settledEstimatedComputeUnits',
  /** Of settled claims: what they asked for, what applications were charged, what was minted for it. */
  'claimedUpokt',
  'settledUpokt',
  'mintedUpokt',
  'overservicingLossUpokt',
  'deflationLossUpokt',
  /** Paid for settled claims, by whom it went to; validators are paid by the block. */
  'paidSuppliersUpokt',
  'paidSourcesUpokt',
  'paidApplicationsUpokt',
  'paidTreasuryUpokt',
  /** Charged to applications beside the settlement, for the treasury to return. */
  'reimbursementUpokt',
  'expiredRelays',
  'expiredUpokt',
  'slashedUpokt',
] as const;

export type TallyField = (typeof TALLY_FIELDS)[number];

/** What is added; a field left out is zero. */
export type Tally = Readonly<Partial<Record<TallyField, bigint>>>;

export type TallyScope = 'network' | 'service' | 'supplier' | 'application';

/** A count under way. In place: a block of ten thousand claims adds to the same few counts again and again. */
export type RunningTally = Partial<Record<TallyField, bigint>>;

export function addTally(sum: RunningTally, add: Tally): void {
  for (const [field, more] of Object.entries(add) as [TallyField, bigint][]) sum[field] = (sum[field] ?? 0n) + more;
}
