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

/** The tokenomics parameters that govern a session, as exact numbers. */
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
  /** Of the supplier's configuration for the service; undefined without one. */
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
  const queue: Queue = { parties, rules, list: new OperationList(), fallbacks: [] };
  const mintedUpokt = floorShare(settlementUpokt, rules.mintRatio);
  const inflationUpokt = ceilShare(settlementUpokt, rules.inflation);

  const ofMint = queueBurnAndMint(queue, settlementUpokt, mintedUpokt);
  if (!ofMint.ok) return ofMint;
  const ofInflation = queueInflation(queue, inflationUpokt);
  if (!ofInflation.ok) return ofInflation;
  queueReimbursement(queue, inflationUpokt);

  const validatorUpokt = { ofMint: ofMint.value, ofInflation: ofInflation.value };
  const { operations } = queue.list;
  return { ok: true, value: { operations, mintedUpokt, inflationUpokt, validatorUpokt, fallbacks: queue.fallbacks } };
}

type Queue = {
  readonly parties: ClaimParties;
  readonly rules: RewardRules;
  readonly list: OperationList;
  readonly fallbacks: OwnerFallback[];
};

/** Burns from the application, mints for the others. Comes back with what the validators are owed of it. */
function queueBurnAndMint(queue: Queue, settlementUpokt: bigint, mintedUpokt: bigint): Outcome<bigint> {
  const { list, parties, rules } = queue;
  if (mintedUpokt === 0n) {
    const details = `a settlement of ${settlementUpokt} mints nothing at ratio ${rules.mintRatioText}`;
    return inTokenLogic(refuse(TOKENOMICS.TOKEN_LOGIC_INTERNAL, details));
  }
  list.burn('application', settlementUpokt, Reason.TLM_RELAY_BURN_EQUALS_MINT_APPLICATION_STAKE_BURN);
  list.mint('tokenomics', mintedUpokt, Reason.TLM_RELAY_BURN_EQUALS_MINT_TOKENOMICS_CLAIM_DISTRIBUTION_MINT);
  const parts = splitReward(mintedUpokt, rules.mintShares);
  const toShareholders = Reason.TLM_RELAY_BURN_EQUALS_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION;
  const unpaid = queueSupplier(queue, parts.supplier, toShareholders, toShareholders);
  if (unpaid !== undefined) return unpaid;
  const { sourceOwnerAddress: owner, applicationAddress: application } = parties;
  const dao = rules.daoAddress;
  list.toAccount(
    'tokenomics',
    payable(owner, dao),
    parts.sourceOwner,
    Reason.TLM_RELAY_BURN_EQUALS_MINT_SOURCE_OWNER_REWARD_DISTRIBUTION,
  );
  list.toAccount('tokenomics', dao, parts.dao, Reason.TLM_RELAY_BURN_EQUALS_MINT_DAO_REWARD_DISTRIBUTION);
  list.toAccount(
    'tokenomics',
    payable(application, dao),
    parts.application,
    Reason.TLM_RELAY_BURN_EQUALS_MINT_APPLICATION_REWARD_DISTRIBUTION,
  );
  return { ok: true, value: parts.proposer };
}

/** Mints inflation. Comes back with what the validators are owed of it. */
function queueInflation(queue: Queue, inflationUpokt: bigint): Outcome<bigint> {
  const { list, parties, rules } = queue;
  list.mint('tokenomics', inflationUpokt, Reason.TLM_GLOBAL_MINT_INFLATION);
  const parts = splitReward(inflationUpokt, rules.inflationShares);
  const unpaid = queueSupplier(
    queue,
    parts.supplier,
    // The name speaks of reimbursement; it is nevertheless the reason that the network gives this transfer.
    Reason.TLM_GLOBAL_MINT_REIMBURSEMENT_REQUEST_ESCROW_MODULE_TRANSFER,
    Reason.TLM_GLOBAL_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION,
  );
  if (unpaid !== undefined) return unpaid;
  const { sourceOwnerAddress: owner, applicationAddress: application } = parties;
  const dao = rules.daoAddress;
  list.toAccount(
    'tokenomics',
    payable(application, dao),
    parts.application,
    Reason.TLM_GLOBAL_MINT_APPLICATION_REWARD_DISTRIBUTION,
  );
  list.toAccount(
    'tokenomics',
    payable(owner, dao),
    parts.sourceOwner,
    Reason.TLM_GLOBAL_MINT_SOURCE_OWNER_REWARD_DISTRIBUTION,
  );
  list.toAccount('tokenomics', dao, parts.dao, Reason.TLM_GLOBAL_MINT_DAO_REWARD_DISTRIBUTION);
  return { ok: true, value: parts.proposer };
}

/** The application pays the inflation, and asks the treasury for it outside of the ledger. */
function queueReimbursement({ list, rules }: Queue, inflationUpokt: bigint): void {
  list.toModule(
    'application',
    'tokenomics',
    inflationUpokt,
    Reason.TLM_GLOBAL_MINT_REIMBURSEMENT_REQUEST_ESCROW_MODULE_TRANSFER,
  );
  list.toAccount(
    'tokenomics',
    rules.daoAddress,
    inflationUpokt,
    Reason.TLM_GLOBAL_MINT_REIMBURSEMENT_REQUEST_ESCROW_DAO_TRANSFER,
  );
}

/** Moves a supplier's part to the supplier module and from there to those who share it. */
function queueSupplier(queue: Queue, amountUpokt: bigint, transfer: Reason, distribution: Reason): Refusal | undefined {
  // A missing configuration is noticed only once there is something to pay by it.
  if (amountUpokt === 0n) return undefined;
  const { list, parties, rules, fallbacks } = queue;
  const { revenueShares: shares, supplierOwnerAddress: owner } = parties;
  if (shares === undefined) return unpayable(parties, 'has no active configuration');
  if (shares.length === 0) return unpayable(parties, 'lists no revenue share');
  const { payouts, fallback } = shareRevenue(amountUpokt, shares, owner);
  if (fallback !== undefined) {
    if (owner === '') return unpayable(parties, `has no owner to pay although ${fallback.reason}`);
    fallbacks.push({ amountUpokt, opReason: distribution, ...fallback });
  }
  list.toModule('tokenomics', 'supplier', amountUpokt, transfer);
  for (const { recipient, amount } of payouts) {
    list.toAccount('supplier', payable(recipient, owner, rules.daoAddress), amount, distribution);
  }
  return undefined;
}

function unpayable({ supplierOperatorAddress: operator, serviceId }: ClaimParties, why: string): Refusal {
  const constraint = refuse(TOKENOMICS.CONSTRAINT, `supplier ${operator} ${why} for service "${serviceId}"`);
  return inTokenLogic(wrapRefusal(constraint, TOKENOMICS.TOKEN_LOGIC_INTERNAL));
}

function inTokenLogic(refusal: Refusal): Refusal {
  return wrapRefusal(refusal, TOKENOMICS.PROCESSING_TOKEN_LOGIC);
}

/** The first address that the bank pays out to: a module's account that takes no coins must not stop a block. */
function payable(...addresses: readonly string[]): string {
  return addresses.find((address) => address !== '' && !isBlocked(address)) ?? addresses.at(-1)!;
}
