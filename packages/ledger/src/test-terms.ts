/**
 * The two sets of money parameters that examples are worked out with, and validators who share what is left for them.
 */
import { create } from '@bufbuild/protobuf';
import { withPrefix } from '@decai/protocol/address';
import { BondStatus, DelegationSchema, ValidatorSchema } from '@decai/protocol/gen/cosmos/staking/v1beta1/staking_pb';
import type { State } from './state.ts';
import { addressNamed } from './test-chain.ts';
import { setShares, setTokenomics } from './test-settlement.ts';
import { ONE_DEC } from './validator-rewards.ts';

export type Terms = (state: State) => void;

/** Of MainNet. */
export const mainNet: Terms = (state) => {
  setShares(state, { supplier: 0.79, proposer: 0.14, sourceOwner: 0.025, dao: 0.045, application: 0 });
  const { mintAllocationPercentages: inflated } = state.params.tokenomics.live();
  const mintAllocationPercentages = { ...inflated!, supplier: 0.8, proposer: 0, sourceOwner: 0.1, dao: 0.1 };
  setTokenomics(state, { mintRatio: 0.975, globalInflationPerClaim: 0.000001, mintAllocationPercentages });
};

/** Those that the software begins with. */
export const defaults: Terms = (state) => {
  setShares(state, { supplier: 0.7, proposer: 0.05, sourceOwner: 0.15, dao: 0.1, application: 0 });
  setTokenomics(state, { mintRatio: 1, globalInflationPerClaim: 0.1 });
};

/** Sessions of 20 blocks whose claims settle 33 blocks later, so that two sessions of an application are pending at a time. */
export function twentyBlocks(state: State): void {
  const { shared } = state.params;
  shared.setLive({
    ...shared.live(),
    numBlocksPerSession: 20n,
    gracePeriodEndOffsetBlocks: 10n,
    claimWindowOpenOffsetBlocks: 11n,
    claimWindowCloseOffsetBlocks: 10n,
    proofWindowOpenOffsetBlocks: 1n,
    proofWindowCloseOffsetBlocks: 10n,
    supplierUnbondingPeriodSessions: 2n,
    applicationUnbondingPeriodSessions: 2n,
  });
}

/** A bonded validator with a commission in percent, by who has delegated how many tokens to it. */
export function bond(
  state: State,
  name: string,
  commissionPercent: bigint,
  delegations: Readonly<Record<string, bigint>>,
): void {
  const operatorAddress = withPrefix(addressNamed(name), 'pokt', 'poktvaloper');
  const tokens = Object.values(delegations).reduce((sum, part) => sum + part, 0n);
  const rate = String((commissionPercent * ONE_DEC) / 100n);
  state.validators.put(
    create(ValidatorSchema, {
      operatorAddress,
      status: BondStatus.BONDED,
      tokens: String(tokens),
      delegatorShares: String(tokens * ONE_DEC),
      commission: { commissionRates: { rate } },
    }),
  );
  for (const [delegator, part] of Object.entries(delegations)) {
    const shares = String(part * ONE_DEC);
    const delegation = { delegatorAddress: addressNamed(delegator), validatorAddress: operatorAddress, shares };
    state.validators.putDelegation(create(DelegationSchema, delegation));
  }
}
