/**
 * The validators' part of a block, as operations and events: one pool for what was minted for settlements, one for inflation.
 *
 * Source: pokt-network/poktroll `x/tokenomics/token_logic_module` (validator distribution).
 */
import { decimalFromWire } from '@decai/protocol/decimal-text';
import { EventValidatorRewardDistributionSchema } from '@decai/protocol/gen/pocket/tokenomics/event_pb';
import { SettlementOpReason as Reason } from '@decai/protocol/gen/pocket/tokenomics/types_pb';
import { isBlocked } from './module-account.ts';
import { OperationList, type SettlementOperation } from './settlement-operation.ts';
import type { State } from './state.ts';
import { bondedValidators, rewardValidators, type ValidatorReward } from './validator-rewards.ts';

/** What the claims of a block have left for the validators in the tokenomics module. */
export type OwedToValidators = { readonly ofMint: bigint; readonly ofInflation: bigint };

/**
 * The operations that pay the validators and those who delegate to them. Raises EventValidatorRewardDistribution for each
 * validator and pool. Without a validator that has stake, what they are owed stays in the tokenomics module.
 *
 * `sessionEndHeight` is that of the first claim that settled in the block.
 */
export function queueValidatorRewards(
  state: State,
  owed: OwedToValidators,
  sessionEndHeight: bigint,
  daoAddress: string,
): readonly SettlementOperation[] {
  const validators = bondedValidators(state.validators);
  const list = new OperationList();
  const pools = [
    {
      amountUpokt: owed.ofMint,
      validatorReason: Reason.TLM_RELAY_BURN_EQUALS_MINT_VALIDATOR_REWARD_DISTRIBUTION,
      delegatorReason: Reason.TLM_RELAY_BURN_EQUALS_MINT_DELEGATOR_REWARD_DISTRIBUTION,
    },
    {
      amountUpokt: owed.ofInflation,
      validatorReason: Reason.TLM_GLOBAL_MINT_VALIDATOR_REWARD_DISTRIBUTION,
      delegatorReason: Reason.TLM_GLOBAL_MINT_DELEGATOR_REWARD_DISTRIBUTION,
    },
  ];
  for (const { amountUpokt, validatorReason, delegatorReason } of pools) {
    const { rewards, payouts } = rewardValidators(amountUpokt, validators);
    for (const reward of rewards) emitReward(state, reward, validatorReason, sessionEndHeight);
    for (const { recipient, amountUpokt: partUpokt, isValidator } of payouts) {
      const payee = isBlocked(recipient) ? daoAddress : recipient;
      list.toAccount('tokenomics', payee, partUpokt, isValidator ? validatorReason : delegatorReason);
    }
  }
  return list.operations;
}

function emitReward(state: State, reward: ValidatorReward, opReason: Reason, sessionEndHeight: bigint): void {
  const { validator } = reward;
  state.journal.emit(EventValidatorRewardDistributionSchema, {
    sessionEndBlockHeight: sessionEndHeight,
    opReason,
    validatorOperatorAddress: validator.operatorAddress,
    validatorAccountAddress: validator.accountAddress,
    commissionRate: decimalFromWire(validator.commissionRate.toString()),
    poolShareUpokt: reward.poolUpokt.toString(),
    commissionUpokt: reward.commissionUpokt.toString(),
    selfDelegationRewardUpokt: reward.selfDelegationUpokt.toString(),
    delegatorsRewardUpokt: reward.delegatorsUpokt.toString(),
    totalDelegatedStakeUpokt: reward.delegatedTokens.toString(),
    numDelegators: reward.delegators,
  });
}
