/**
 * What one claim pays, in the model: who gets how much of what is minted for it.
 *
 * Source: pokt-network/poktroll `x/tokenomics/token_logic_module`.
 */
import type { SupplierServiceConfig } from '@decai/protocol/gen/pocket/shared/service_pb';
import { ceilOf, floorOf, fractionOf } from './fractions.ts';
import { isBlocked } from './money.ts';
import type { ParamsOf } from './params-of-modules.ts';

export type Parties = {
  readonly application: string;
  readonly supplierOwner: string;
  readonly sourceOwner: string;
  /** The supplier's configuration of the service that is open now. */
  readonly config: SupplierServiceConfig | undefined;
};

export type Payment = { readonly from: 'supplier' | 'tokenomics'; readonly to: string; readonly amountUpokt: bigint };

export type Reward = {
  readonly mintedUpokt: bigint;
  readonly inflationUpokt: bigint;
  readonly payments: readonly Payment[];
  /** What passes through the supplier module. */
  readonly supplierUpokt: bigint;
  readonly validatorsUpokt: bigint;
};

type Shares = Omit<NonNullable<ParamsOf<'tokenomics'>['mintAllocationPercentages']>, '$typeName'>;

/** The reward of a settlement of more than zero; undefined where it cannot be worked out. */
export function rewardOf(
  settlementUpokt: bigint,
  parties: Parties,
  params: ParamsOf<'tokenomics'>,
): Reward | undefined {
  const mintedUpokt = floorOf(settlementUpokt, fractionOf(params.mintRatio));
  const inflationUpokt = ceilOf(settlementUpokt, fractionOf(params.globalInflationPerClaim));
  if (mintedUpokt === 0n) return undefined;
  const dao = params.daoRewardAddress;
  const ofMint = split(mintedUpokt, params.mintEqualsBurnClaimDistribution!, parties, dao);
  const ofInflation = split(inflationUpokt, params.mintAllocationPercentages!, parties, dao);
  if (ofMint === undefined || ofInflation === undefined) return undefined;
  const reimbursed: Payment = { from: 'tokenomics', to: dao, amountUpokt: inflationUpokt };
  return {
    mintedUpokt,
    inflationUpokt,
    payments: [...ofMint.payments, ...ofInflation.payments, reimbursed].filter(({ amountUpokt }) => amountUpokt > 0n),
    supplierUpokt: ofMint.supplierUpokt + ofInflation.supplierUpokt,
    validatorsUpokt: ofMint.validatorsUpokt + ofInflation.validatorsUpokt,
  };
}

type Parts = Pick<Reward, 'payments' | 'supplierUpokt' | 'validatorsUpokt'>;

function split(amount: bigint, shares: Shares, parties: Parties, dao: string): Parts | undefined {
  const part = (share: number): bigint => floorOf(amount, fractionOf(share));
  const supplierUpokt = part(shares.supplier);
  const validatorsUpokt = part(shares.proposer);
  const source = part(shares.sourceOwner);
  const application = part(shares.application);
  if (supplierUpokt > 0n && parties.config === undefined) return undefined;
  const treasury = amount - supplierUpokt - validatorsUpokt - source - application;
  return {
    supplierUpokt,
    validatorsUpokt,
    payments: [
      ...(supplierUpokt > 0n ? shareholders(supplierUpokt, parties, dao) : []),
      { from: 'tokenomics', to: payable(parties.sourceOwner, dao), amountUpokt: source },
      { from: 'tokenomics', to: payable(parties.application, dao), amountUpokt: application },
      { from: 'tokenomics', to: dao, amountUpokt: treasury },
    ],
  };
}

function shareholders(amount: bigint, { config, supplierOwner }: Parties, dao: string): Payment[] {
  const parts = config!.revShare.map(({ address, revSharePercentage }) => ({
    from: 'supplier' as const,
    to: payable(address, payable(supplierOwner, dao)),
    amountUpokt: (amount * revSharePercentage) / 100n,
  }));
  parts[0]!.amountUpokt += parts.reduce((rest, { amountUpokt }) => rest - amountUpokt, amount);
  return parts;
}

function payable(address: string, otherwise: string): string {
  return isBlocked(address) ? otherwise : address;
}
