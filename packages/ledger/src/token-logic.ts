/**
 * The token logic of one claim: what is burned from the application, what is minted for it, and who receives it.
 *
 * Three modules in a row, as Shannon has them. Relay burn equals mint: the settlement is burned from the application's
 * stake, minted times the mint ratio, and split. Global mint: inflation, if there is any, is minted and split by its own
 * shares. Reimbursement: the application pays the inflation to the treasury, which returns it to honest ones off the
 * ledger, so that trading with oneself earns nothing. The validators' part is only counted here (see validator-rewards.ts).
 *
 * Source: pokt-network/poktroll `x/tokenomics/token_logic_module`.
 */
import { SettlementOpReason as Reason } from '@decai/protocol/gen/pocket/tokenomics/types_pb';
import { ceilShare, decimalRational, decimalText, floorShare, type Rational } from './decimal-rational.ts';
import { isBlocked } from './module-account.ts';
import { type Outcome, type Refusal, refuse, wrapRefusal } from './refusal.ts';
import { TOKENOMICS } from './registered-error.ts';
import { type RevenueShare, shareRevenue } from './revenue-share.ts';
import { OperationList, type SettlementOperation } from './settlement-operation.ts';
import { rewardShares, type RewardShares, type SharePercentages, splitReward } from './split-reward.ts';

/** The tokenomics parameters of a block, as exact numbers. */
export type RewardRules = {
  readonly daoAddress: string;
  readonly mintRatio: Rational;
  readonly mintRatioText: string;
  readonly mintShares: RewardShares;
  readonly inflation: Rational;
  readonly inflationShares: RewardShares;
};

/** Whom a claim concerns. */
export type ClaimParties = {
  readonly applicationAddress: string;
  readonly supplierOperatorAddress: string;
  readonly supplierOwnerAddress: string;
  readonly serviceId: string;
  readonly sourceOwnerAddress: string;
  /** Of the supplier's configuration for the service that is active now; undefined without one. */
  readonly revenueShares: readonly RevenueShare[] | undefined;
};

/** A supplier's reward that went to the owner, because the list of shares could not be followed. */
export type OwnerFallback = {
  readonly amountUpokt: bigint;
  readonly opReason: Reason;
  readonly observedSumPercentage: bigint;
  readonly reason: string;
};

export type ClaimReward = {
  readonly operations: readonly SettlementOperation[];
  readonly mintedUpokt: bigint;
  /** Paid by the application beside the settlement. */
  readonly inflationUpokt: bigint;
  /** Owed to the validators, and left in the tokenomics module until the end of the block. */
  readonly validatorUpokt: { readonly ofMint: bigint; readonly ofInflation: bigint };
  readonly fallbacks: readonly OwnerFallback[];
};

export function rewardRules(params: {
  readonly daoRewardAddress: string;
  readonly mintRatio: number;
  readonly mintEqualsBurnClaimDistribution: SharePercentages;
  readonly globalInflationPerClaim: number;
  readonly mintAllocationPercentages: SharePercentages;
}): RewardRules {
  return {
    daoAddress: params.daoRewardAddress,
    mintRatio: decimalRational(params.mintRatio),
    mintRatioText: decimalText(params.mintRatio),
    mintShares: rewardShares(params.mintEqualsBurnClaimDistribution),
    inflation: decimalRational(params.globalInflationPerClaim),
    inflationShares: rewardShares(params.mintAllocationPercentages),
  };
}

/**
 * The operations of one claim that settles for more than zero, in the order in which they are queued.
 *
 * Refuses a settlement of which nothing would be minted, and a supplier without a configuration to pay by; such a claim
 * is discarded.
 */
export function rewardClaim(settlementUpokt: bigint, parties: ClaimParties, rules: RewardRules): Outcome<ClaimReward> {
  const mintedUpokt = floorShare(settlementUpokt, rules.mintRatio);
  if (mintedUpokt === 0n) {
    return inTokenLogic(
      refuse(TOKENOMICS.TOKEN_LOGIC_INTERNAL, `a settlement of ${settlementUpokt} mints nothing at ratio ${rules.mintRatioText}`),
    );
  }
  const inflationUpokt = ceilShare(settlementUpokt, rules.inflation);
  const list = new OperationList();
  const fallbacks: OwnerFallback[] = [];
  const { applicationAddress, sourceOwnerAddress } = parties;
  const dao = rules.daoAddress;

  const paySupplier = (amountUpokt: bigint, transfer: Reason, distribution: Reason): Refusal | undefined => {
    if (amountUpokt === 0n) return undefined;
    list.toModule('tokenomics', 'supplier', amountUpokt, transfer);
    const unpaid = unpayableSupplier(parties);
    if (unpaid !== undefined) return unpaid;
    const split = shareRevenue(amountUpokt, parties.revenueShares!, parties.supplierOwnerAddress);
    if (split.fallback !== undefined) fallbacks.push({ amountUpokt, opReason: distribution, ...split.fallback });
    for (const { recipient, amount } of split.payouts) {
      list.toAccount('supplier', payable(recipient, parties.supplierOwnerAddress, dao), amount, distribution);
    }
    return undefined;
  };

  list.burn('application', settlementUpokt, Reason.TLM_RELAY_BURN_EQUALS_MINT_APPLICATION_STAKE_BURN);
  list.mint('tokenomics', mintedUpokt, Reason.TLM_RELAY_BURN_EQUALS_MINT_TOKENOMICS_CLAIM_DISTRIBUTION_MINT);
  const minted = splitReward(mintedUpokt, rules.mintShares);
  const unpaidMint = paySupplier(
    minted.supplier,
    Reason.TLM_RELAY_BURN_EQUALS_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION,
    Reason.TLM_RELAY_BURN_EQUALS_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION,
  );
  if (unpaidMint !== undefined) return unpaidMint;
  const owner = payable(sourceOwnerAddress, dao);
  list.toAccount('tokenomics', owner, minted.sourceOwner, Reason.TLM_RELAY_BURN_EQUALS_MINT_SOURCE_OWNER_REWARD_DISTRIBUTION);
  list.toAccount('tokenomics', dao, minted.dao, Reason.TLM_RELAY_BURN_EQUALS_MINT_DAO_REWARD_DISTRIBUTION);
  list.toAccount('tokenomics', applicationAddress, minted.application, Reason.TLM_RELAY_BURN_EQUALS_MINT_APPLICATION_REWARD_DISTRIBUTION);

  list.mint('tokenomics', inflationUpokt, Reason.TLM_GLOBAL_MINT_INFLATION);
  const inflated = splitReward(inflationUpokt, rules.inflationShares);
  const unpaidInflation = paySupplier(
    inflated.supplier,
    // The name speaks of reimbursement; it is nevertheless the reason that the network gives this transfer.
    Reason.TLM_GLOBAL_MINT_REIMBURSEMENT_REQUEST_ESCROW_MODULE_TRANSFER,
    Reason.TLM_GLOBAL_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION,
  );
  if (unpaidInflation !== undefined) return unpaidInflation;
  list.toAccount('tokenomics', applicationAddress, inflated.application, Reason.TLM_GLOBAL_MINT_APPLICATION_REWARD_DISTRIBUTION);
  list.toAccount('tokenomics', owner, inflated.sourceOwner, Reason.TLM_GLOBAL_MINT_SOURCE_OWNER_REWARD_DISTRIBUTION);
  list.toAccount('tokenomics', dao, inflated.dao, Reason.TLM_GLOBAL_MINT_DAO_REWARD_DISTRIBUTION);

  list.toModule('application', 'tokenomics', inflationUpokt, Reason.TLM_GLOBAL_MINT_REIMBURSEMENT_REQUEST_ESCROW_MODULE_TRANSFER);
  list.toAccount('tokenomics', dao, inflationUpokt, Reason.TLM_GLOBAL_MINT_REIMBURSEMENT_REQUEST_ESCROW_DAO_TRANSFER);

  const validatorUpokt = { ofMint: minted.proposer, ofInflation: inflated.proposer };
  return { ok: true, value: { operations: list.operations, mintedUpokt, inflationUpokt, validatorUpokt, fallbacks } };
}

/** Why a supplier cannot be paid at all: noticed only once there is something to pay. */
function unpayableSupplier(parties: ClaimParties): Refusal | undefined {
  const { revenueShares: shares, supplierOperatorAddress: operator, serviceId } = parties;
  const constraint = (details: string): Refusal =>
    inTokenLogic(wrapRefusal(refuse(TOKENOMICS.CONSTRAINT, details), TOKENOMICS.TOKEN_LOGIC_INTERNAL));
  if (shares === undefined) return constraint(`supplier ${operator} has no active configuration for service "${serviceId}"`);
  if (shares.length === 0) return constraint(`supplier ${operator} lists no revenue share for service "${serviceId}"`);
  return undefined;
}

function inTokenLogic(refusal: Refusal): Refusal {
  return wrapRefusal(refusal, TOKENOMICS.PROCESSING_TOKEN_LOGIC);
}

/** The first address that the bank pays out to: a module's account that takes no coins must not stop a block. */
function payable(...addresses: readonly string[]): string {
  return addresses.find((address) => address !== '' && !isBlocked(address)) ?? addresses.at(-1)!;
}
