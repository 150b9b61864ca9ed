/**
 * Settlement in the model: every claim is settled in one block, the one that its session's parameters name.
 *
 * Source: pokt-network/poktroll `x/tokenomics/keeper`.
 */
import { moduleAddress } from '@decai/protocol/address';
import { coin } from '@decai/protocol/coin';
import { ClaimProofStatus, type Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import { decodeRoot } from '@decai/protocol/root';
import { claimedAmount, isRequired } from './claims.ts';
import { ceilOf, fractionOf, type Fraction } from './fractions.ts';
import type { Model } from './model.ts';
import { fromModule, mint, openAccount, upoktOf } from './money.ts';
import { rewardOf, type Payment } from './rewards.ts';
import { updateDifficulty } from './services.ts';
import { endOfPresentSession, isOpen, liveTimings, timingsAt, windowBlocks } from './sessions.ts';
import { beginUnbonding } from './suppliers.ts';

type Outcome = 'settles' | 'expires' | 'is discarded';

type DueClaim = {
  readonly claim: Claim;
  readonly claimedUpokt: bigint;
  readonly outcome: Outcome;
  /** What all claims of a session share. */
  readonly session: string;
};

/** Of an application: its stake before the block, and what is left of it. */
type Purse = { readonly initialUpokt: bigint; stakeUpokt: bigint; falls: boolean };

export function settleClaims(model: Model): void {
  const due = dueClaims(model);
  if (due.length === 0) return;
  const budgets = new Budgets(model, due);
  const purses = new Map<string, Purse>();
  const relays = new Map<string, bigint>();
  const payments: Payment[] = [];
  let validatorsUpokt = 0n;
  for (const each of due) {
    const { claim } = each;
    const header = claim.sessionHeader!;
    model.book.claims.delete(`${header.sessionId}/${claim.supplierOperatorAddress}`);
    const paid = each.outcome === 'settles' ? settle(model, each, budgets, purses) : undefined;
    model.count(`claim ${each.outcome === 'settles' && paid === undefined ? 'is discarded' : each.outcome}`);
    if (paid === undefined) continue;
    payments.push(...paid.payments);
    validatorsUpokt += paid.validatorsUpokt;
    relays.set(header.serviceId, (relays.get(header.serviceId) ?? 0n) + decodeRoot(claim.rootHash).count);
  }
  writeStakes(model, purses);
  payOut(model, payments, validatorsUpokt);
  for (const { claim, outcome } of due) if (outcome === 'expires') slash(model, claim.supplierOperatorAddress);
  for (const serviceId of [...relays.keys()].sort()) updateDifficulty(model, serviceId, relays.get(serviceId)!);
}

/** Sessions that the live windows name come first, then the younger ones; within a session end, by id and operator. */
function dueClaims(model: Model): DueClaim[] {
  const byLive = model.height - windowBlocks(liveTimings(model)) - 1;
  const endOf = ({ sessionHeader }: Claim): number => Number(sessionHeader!.sessionEndBlockHeight);
  const rank = (claim: Claim): number => (endOf(claim) === byLive ? Infinity : endOf(claim));
  return model.book.claims
    .sorted()
    .map(([, claim]) => claim)
    .filter((claim) => model.height === endOf(claim) + windowBlocks(timingsAt(model, endOf(claim))) + 1)
    .sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) > rank(a) ? 1 : -1))
    .map((claim) => {
      const { applicationAddress, sessionId } = claim.sessionHeader!;
      const claimedUpokt = claimedAmount(model, claim);
      return { claim, claimedUpokt, outcome: outcomeOf(model, claim), session: `${applicationAddress}/${sessionId}` };
    });
}

function outcomeOf(model: Model, claim: Claim): Outcome {
  const { services, applications, suppliers } = model.book;
  const { serviceId, applicationAddress } = claim.sessionHeader!;
  const isComplete =
    services.has(serviceId) && applications.has(applicationAddress) && suppliers.has(claim.supplierOperatorAddress);
  if (!isComplete) return 'is discarded';
  const isProven = claim.proofValidationStatus === ClaimProofStatus.VALIDATED;
  return isProven || !isRequired(model, claim) ? 'settles' : 'expires';
}

/** What the claims of each session may spend. */
class Budgets {
  private readonly model: Model;
  private readonly due: readonly DueClaim[];
  private readonly inflation: Fraction;
  private readonly stakes = new Map<string, bigint>();

  constructor(model: Model, due: readonly DueClaim[]) {
    this.model = model;
    this.due = due;
    this.inflation = fractionOf(model.live('tokenomics').globalInflationPerClaim);
    for (const [address, { stake }] of model.book.applications.sorted()) this.stakes.set(address, upoktOf(stake));
  }

  /** What a claim settles for. */
  allow({ claim, claimedUpokt, session }: DueClaim): bigint {
    const floor = this.floorOf(claim, session);
    let [unused, excess] = [0n, 0n];
    for (const other of this.due) {
      if (other.session !== session || other.outcome !== 'settles') continue;
      const over = this.burnOf(other.claimedUpokt) - floor;
      if (over < 0n) unused -= over;
      else excess += over;
    }
    const multiplier = this.model.live('tokenomics').overservicingBonusMultiplier;
    const over = this.burnOf(claimedUpokt) - floor;
    let most = floor;
    if (multiplier > 1n && excess > 0n && over > 0n) most += (unused * over) / excess;
    if (most > floor * multiplier && multiplier > 1n) most = floor * multiplier;
    const [numerator, denominator] = this.inflation;
    const cap = (most * denominator) / (denominator + numerator);
    return claimedUpokt < cap ? claimedUpokt : cap;
  }

  private burnOf(claimedUpokt: bigint): bigint {
    return claimedUpokt + ceilOf(claimedUpokt, this.inflation);
  }

  private floorOf({ sessionHeader }: Claim, session: string): bigint {
    const { applicationAddress, sessionEndBlockHeight } = sessionHeader!;
    const timings = timingsAt(this.model, Number(sessionEndBlockHeight));
    const pending = Math.ceil(windowBlocks(timings) / timings.numBlocksPerSession);
    const ofSession = this.stakes.get(applicationAddress)! / BigInt(pending);
    const limit = upoktOf(this.model.book.applications.get(applicationAddress)!.perSessionSpendLimit);
    const claims = BigInt(this.due.filter((each) => each.session === session).length);
    return (limit > 0n && limit < ofSession ? limit : ofSession) / claims;
  }
}

type Paid = { readonly payments: readonly Payment[]; readonly validatorsUpokt: bigint };

/** Settles a claim, or comes back with nothing where it is discarded after all. */
function settle(model: Model, due: DueClaim, budgets: Budgets, purses: Map<string, Purse>): Paid | undefined {
  const { applicationAddress, serviceId } = due.claim.sessionHeader!;
  const application = model.book.applications.get(applicationAddress)!;
  const settlementUpokt = budgets.allow(due);
  if (settlementUpokt === 0n) return { payments: [], validatorsUpokt: 0n };
  const stakeUpokt = upoktOf(application.stake);
  const purse = purses.get(applicationAddress) ?? { initialUpokt: stakeUpokt, stakeUpokt, falls: false };
  purses.set(applicationAddress, purse);
  if (settlementUpokt > purse.stakeUpokt) return undefined;
  const supplier = model.book.suppliers.get(due.claim.supplierOperatorAddress)!;
  const reward = rewardOf(
    settlementUpokt,
    {
      application: applicationAddress,
      supplierOwner: supplier.ownerAddress,
      sourceOwner: model.book.services.get(serviceId)!.ownerAddress,
      config: openConfig(model, supplier.operatorAddress, serviceId),
    },
    model.live('tokenomics'),
  );
  purse.stakeUpokt -= settlementUpokt;
  // The stake has fallen all the same; the coins stay in the module.
  if (reward === undefined || reward.inflationUpokt > purse.stakeUpokt) return undefined;
  purse.stakeUpokt -= reward.inflationUpokt;
  if (purse.stakeUpokt < upoktOf(model.live('application').minStake)) purse.falls = true;
  mint(model, 'application', -settlementUpokt);
  mint(model, 'tokenomics', reward.mintedUpokt + reward.inflationUpokt);
  fromModule(model, 'application', moduleAddress('tokenomics'), reward.inflationUpokt);
  fromModule(model, 'tokenomics', moduleAddress('supplier'), reward.supplierUpokt);
  return reward;
}

function openConfig({ book, height }: Model, operator: string, serviceId: string) {
  return book.configs
    .sorted()
    .map(([, config]) => config)
    .filter((config) => config.operatorAddress === operator && config.service!.serviceId === serviceId)
    .findLast((config) => isOpen(config, height))?.service;
}

function writeStakes(model: Model, purses: ReadonlyMap<string, Purse>): void {
  for (const [address, { initialUpokt, stakeUpokt, falls }] of purses) {
    if (stakeUpokt === initialUpokt) continue;
    const stored = model.book.applications.get(address)!;
    const begins = falls && stored.unstakeSessionEndHeight === 0n;
    const unstakeSessionEndHeight = begins ? endOfPresentSession(model) : stored.unstakeSessionEndHeight;
    model.book.applications.set(address, { ...stored, stake: coin(stakeUpokt), unstakeSessionEndHeight });
    if (begins) model.count('application below minimum');
  }
}

/** Accounts are opened in the order in which the ledger pays: by the module that pays, then by address. */
function payOut(model: Model, payments: readonly Payment[], validatorsUpokt: bigint): void {
  const rest = model.validator === undefined ? 0n : validatorsUpokt;
  const toValidators = rest > 0n ? [{ from: 'tokenomics' as const, to: model.validator!, amountUpokt: rest }] : [];
  const sorted = [...payments, ...toValidators].sort((a, b) => (`${a.from}|${a.to}|` < `${b.from}|${b.to}|` ? -1 : 1));
  for (const { from, to, amountUpokt } of sorted) {
    openAccount(model, to);
    fromModule(model, from, to, amountUpokt);
  }
}

function slash(model: Model, operator: string): void {
  const supplier = model.book.suppliers.get(operator)!;
  const stakeUpokt = upoktOf(supplier.stake);
  const penaltyUpokt = upoktOf(model.live('proof').proofMissingPenalty);
  const lostUpokt = penaltyUpokt < stakeUpokt ? penaltyUpokt : stakeUpokt;
  mint(model, 'supplier', -lostUpokt);
  model.book.suppliers.set(operator, { ...supplier, stake: coin(stakeUpokt - lostUpokt) });
  const isBelow = stakeUpokt - lostUpokt < upoktOf(model.live('supplier').minStake);
  if (!isBelow || supplier.unstakeSessionEndHeight !== 0n) return;
  beginUnbonding(model, operator);
  model.count('supplier below minimum');
}
