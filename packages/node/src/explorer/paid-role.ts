/**
 * For what part in the network a payment is made, by the reason that the settlement gives for it.
 *
 * Source: pokt-network/poktroll `proto/pocket/tokenomics/types.proto` (SettlementOpReason).
 */
import { SettlementOpReason as Reason } from '@decai/protocol/gen/pocket/tokenomics/types_pb';

export type PaidRole =
  | 'supplier'
  | 'source'
  | 'application'
  | 'treasury'
  /** What applications paid for inflation, which the treasury returns to honest ones. */
  | 'reimbursement'
  | 'validator'
  | 'delegator';

/** Everything that settlement pays to an account. */
const ROLES: Readonly<Partial<Record<Reason, PaidRole>>> = {
  [Reason.TLM_RELAY_BURN_EQUALS_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION]: 'supplier',
  [Reason.TLM_GLOBAL_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION]: 'supplier',
  [Reason.TLM_RELAY_BURN_EQUALS_MINT_SOURCE_OWNER_REWARD_DISTRIBUTION]: 'source',
  [Reason.TLM_GLOBAL_MINT_SOURCE_OWNER_REWARD_DISTRIBUTION]: 'source',
  [Reason.TLM_RELAY_BURN_EQUALS_MINT_APPLICATION_REWARD_DISTRIBUTION]: 'application',
  [Reason.TLM_GLOBAL_MINT_APPLICATION_REWARD_DISTRIBUTION]: 'application',
  [Reason.TLM_RELAY_BURN_EQUALS_MINT_DAO_REWARD_DISTRIBUTION]: 'treasury',
  [Reason.TLM_GLOBAL_MINT_DAO_REWARD_DISTRIBUTION]: 'treasury',
  [Reason.TLM_GLOBAL_MINT_REIMBURSEMENT_REQUEST_ESCROW_DAO_TRANSFER]: 'reimbursement',
  [Reason.TLM_RELAY_BURN_EQUALS_MINT_VALIDATOR_REWARD_DISTRIBUTION]: 'validator',
  [Reason.TLM_GLOBAL_MINT_VALIDATOR_REWARD_DISTRIBUTION]: 'validator',
  [Reason.TLM_RELAY_BURN_EQUALS_MINT_DELEGATOR_REWARD_DISTRIBUTION]: 'delegator',
  [Reason.TLM_GLOBAL_MINT_DELEGATOR_REWARD_DISTRIBUTION]: 'delegator',
};

/** Undefined for a reason for which no account is paid. */
export function paidRole(reason: Reason): PaidRole | undefined {
  return ROLES[reason];
}

/** Whether the block pays for it, once for all of its claims, rather than each claim. */
export function isPaidByBlock(role: PaidRole): boolean {
  return role === 'validator' || role === 'delegator';
}
