/**
 * The terms that a session's claims are settled on: the tokenomics parameters that govern it, as exact numbers.
 *
 * Sessions of one block share them unless parameters are pinned and changed between their starts.
 *
 * Source: pokt-network/poktroll `x/tokenomics/keeper` (settlement context).
 */
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import type { State } from './state.ts';
import { type RewardRules, rewardRules } from './token-logic.ts';

export type Terms = {
  readonly rules: RewardRules;
  /** By how much a claim may pass its floor; 0 and 1 both mean not at all. */
  readonly bonusMultiplier: bigint;
};

export class SettlementTerms {
  private readonly state: State;
  /** By the height as of which they were read. */
  private readonly known = new Map<number, Terms>();

  constructor(state: State) {
    this.state = state;
  }

  /** Of the session that a claim is for; of one that begins now where a claim names none. */
  of(header: SessionHeader | undefined): Terms {
    const startHeight = Number(header?.sessionStartBlockHeight ?? this.state.height);
    const height = this.state.asOf(startHeight);
    const known = this.known.get(height);
    if (known !== undefined) return known;
    const params = this.state.params.tokenomics.governing(startHeight);
    const rules = rewardRules({
      daoRewardAddress: params.daoRewardAddress,
      mintRatio: params.mintRatio,
      mintEqualsBurnClaimDistribution: params.mintEqualsBurnClaimDistribution!,
      globalInflationPerClaim: params.globalInflationPerClaim,
      mintAllocationPercentages: params.mintAllocationPercentages!,
    });
    const terms = { rules, bonusMultiplier: params.overservicingBonusMultiplier };
    this.known.set(height, terms);
    return terms;
  }
}
