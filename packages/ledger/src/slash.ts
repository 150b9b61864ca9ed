/**
 * Slashing: a supplier whose claim needed a proof and had none loses a part of its stake, which is burned.
 *
 * A proof that is missing and one that is invalid cost the same. A supplier whose stake falls below the minimum begins to
 * unbond: its services end with the session, and what is left of its stake comes back when the unbonding period is over.
 *
 * Source: pokt-network/poktroll `x/tokenomics/keeper/slash*.go`.
 */
import type { SupplierServiceConfig } from '@decai/protocol/gen/pocket/shared/service_pb';
import {
  EventSupplierUnbondingBeginSchema,
  SupplierUnbondingReason,
} from '@decai/protocol/gen/pocket/supplier/event_pb';
import type { Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import { EventSupplierSlashedSchema } from '@decai/protocol/gen/pocket/tokenomics/event_pb';
import { SettlementOpReason } from '@decai/protocol/gen/pocket/tokenomics/types_pb';
import { claimSubject } from './claim-event.ts';
import { UPOKT } from './coins.ts';
import { execute } from './pay-out.ts';
import { currentSessionEnd } from './session-timings.ts';
import { OperationList, type SettlementOperation } from './settlement-operation.ts';
import { amountUpoktOf, upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { endOpenServices } from './supplier-config-history.ts';

/**
 * Takes the penalty from the supplier of an expired claim, as far as its stake goes, and burns it.
 *
 * Events, in this order: those of the bank; EventSupplierUnbondingBegin if this penalty crossed the minimum;
 * EventSupplierSlashed. Comes back with the operations carried out, none for a penalty of zero.
 *
 * `services` are those that the block looked up for the supplier's claims; the unbonding event shows them.
 */
export function slashSupplier(
  state: State,
  claim: Claim,
  services: readonly SupplierServiceConfig[],
): readonly SettlementOperation[] {
  const supplier = state.suppliers.get(claim.supplierOperatorAddress)!;
  const stakeUpokt = amountUpoktOf(supplier.stake);
  const { proofMissingPenalty } = state.params.proof.governing(Number(claim.sessionHeader!.sessionStartBlockHeight));
  const missingUpokt = amountUpoktOf(proofMissingPenalty);
  const penaltyUpokt = missingUpokt < stakeUpokt ? missingUpokt : stakeUpokt;
  const leftUpokt = stakeUpokt - penaltyUpokt;

  const list = new OperationList();
  list.toModule(
    'supplier',
    'tokenomics',
    penaltyUpokt,
    SettlementOpReason.UNSPECIFIED_TLM_SUPPLIER_SLASH_MODULE_TRANSFER,
  );
  list.burn('tokenomics', penaltyUpokt, SettlementOpReason.UNSPECIFIED_TLM_SUPPLIER_SLASH_STAKE_BURN);
  for (const operation of list.operations) execute(state, operation);

  const isBelow = leftUpokt < amountUpoktOf(state.params.supplier.live().minStake);
  const beginsUnbonding = isBelow && supplier.unstakeSessionEndHeight === 0n;
  const sessionEndHeight = currentSessionEnd(state);
  const unstakeSessionEndHeight = beginsUnbonding ? BigInt(sessionEndHeight) : supplier.unstakeSessionEndHeight;
  const slashed = { ...supplier, stake: upoktCoin(leftUpokt), unstakeSessionEndHeight };
  state.suppliers.put(slashed);
  if (beginsUnbonding) {
    if (!state.relaxes('SLASHED_SUPPLIER_LEAVES')) {
      endOpenServices(state, supplier.operatorAddress, sessionEndHeight + 1);
    }
    state.journal.emit(EventSupplierUnbondingBeginSchema, {
      supplier: { ...slashed, services: [...services], serviceConfigHistory: [] },
      reason: SupplierUnbondingReason.BELOW_MIN_STAKE,
      sessionEndHeight: BigInt(sessionEndHeight),
      // The event names the session's end, although the stake stays locked for the unbonding period.
      unbondingEndHeight: BigInt(sessionEndHeight),
    });
  }
  state.journal.emit(EventSupplierSlashedSchema, {
    ...claimSubject(claim),
    proofMissingPenalty: `${penaltyUpokt}${UPOKT}`,
    supplierStakeAfterSlash: `${leftUpokt}${UPOKT}`,
  });
  return list.operations;
}
