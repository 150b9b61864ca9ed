/**
 * A supplier's revenue share: one reward among the recipients that the supplier's configuration lists.
 *
 * Each gets the floor of its percentage; what rounding leaves goes to the recipient listed first. A list that cannot be
 * followed (not 100 in all, or a recipient twice) pays the owner instead. Either way the parts sum to the reward.
 *
 * Source: pokt-network/poktroll `x/tokenomics/token_logic_module` (supplier distribution).
 */

export type RevenueShare = { readonly address: string; readonly revSharePercentage: bigint };

export type Payout = { readonly recipient: string; readonly amount: bigint };

export type RevenueSplit = {
  /** In ascending address order, without those that get nothing. */
  readonly payouts: readonly Payout[];
  /** Present when the owner was paid instead: why, and what the percentages summed to. */
  readonly fallback?: { readonly reason: string; readonly observedSumPercentage: bigint };
};

/** Splits `amount` by a list that names at least one recipient. */
export function shareRevenue(amount: bigint, shares: readonly RevenueShare[], owner: string): RevenueSplit {
  const observedSumPercentage = shares.reduce((sum, share) => sum + share.revSharePercentage, 0n);
  const reason = unfollowable(shares, observedSumPercentage);
  if (reason !== undefined) {
    return { payouts: nonZero([{ recipient: owner, amount }]), fallback: { reason, observedSumPercentage } };
  }
  const payouts = shares.map((share) => ({
    recipient: share.address,
    amount: (amount * share.revSharePercentage) / 100n,
  }));
  payouts[0]!.amount += payouts.reduce((left, payout) => left - payout.amount, amount);
  return { payouts: nonZero(payouts.sort((a, b) => (a.recipient < b.recipient ? -1 : 1))) };
}

/** The text goes into an event as it is. */
function unfollowable(shares: readonly RevenueShare[], sum: bigint): string | undefined {
  const seen = new Set<string>();
  for (const { address } of shares) {
    if (seen.has(address)) return `duplicate revshare recipient address: "${address}"`;
    seen.add(address);
  }
  return sum === 100n ? undefined : `revshare percentage sum ${sum} != required 100`;
}

function nonZero(payouts: readonly Payout[]): Payout[] {
  return payouts.filter(({ amount }) => amount > 0n);
}
