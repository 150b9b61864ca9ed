/**
 * End of a session: suppliers whose unbonding is over go, and their stake returns to the owner.
 *
 * Source: pokt-network/poktroll `x/supplier/keeper/unbond_suppliers.go`.
 */
import {
  EventSupplierStakeStuckInModulePoolSchema,
  EventSupplierUnbondingEndSchema,
  SupplierUnbondingReason,
} from '@decai/protocol/gen/pocket/supplier/event_pb';
import type { Coin } from '@decai/protocol/coin';
import type { Supplier } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { upokt } from './coins.ts';
import { orDiscard } from './discard-culprit.ts';
import { refusalText } from './refusal.ts';
import { currentSessionEnd } from './session-timings.ts';
import { amountUpoktOf } from './stake.ts';
import type { State } from './state.ts';
import { mayLeave, supplierUnbondingEnd } from './unbonding.ts';

/**
 * Releases stakes, only when the block ends a session. The period is the one that held when unbonding began.
 *
 * A stake that the bank refuses to pay out, or that a fault keeps from it, stays in the module, with an event that says so. A supplier slashed to nothing
 * is simply removed.
 */
export function releaseSuppliers(state: State): void {
  const sessionEndHeight = BigInt(currentSessionEnd(state));
  if (BigInt(state.height) !== sessionEndHeight) return;
  const { minStake } = state.params.supplier.live();
  for (const supplier of Array.from(state.suppliers.unbonding())) {
    orDiscard(
      state,
      () => release(state, supplier, sessionEndHeight, minStake),
      (reason) => {
        stuck(state, supplier, sessionEndHeight, reason);
        state.suppliers.delete(supplier.operatorAddress);
      },
    );
  }
}

function release(state: State, supplier: Supplier, sessionEndHeight: bigint, minStake: Coin | undefined): void {
  const { ownerAddress, operatorAddress, stake, unstakeSessionEndHeight } = supplier;
  const params = state.params.shared.at(Number(unstakeSessionEndHeight));
  const unbondingEndHeight = supplierUnbondingEnd(params, unstakeSessionEndHeight);
  if (unbondingEndHeight > sessionEndHeight || !mayLeave(state, unstakeSessionEndHeight)) return;
  if (servesOn(state, operatorAddress) && state.relaxes('SLASHED_SUPPLIER_LEAVES')) return;

  const stakeUpokt = amountUpoktOf(stake);
  const released = stakeUpokt > 0n ? state.bank.release('supplier', ownerAddress, upokt(stakeUpokt)) : undefined;
  if (released?.ok === false) stuck(state, supplier, sessionEndHeight, refusalText(released));
  state.suppliers.delete(operatorAddress);
  const isBelow = stakeUpokt < amountUpoktOf(minStake);
  const reason = isBelow ? SupplierUnbondingReason.BELOW_MIN_STAKE : SupplierUnbondingReason.VOLUNTARY;
  state.journal.emit(EventSupplierUnbondingEndSchema, { supplier, reason, sessionEndHeight, unbondingEndHeight });
}

/** Whether a service has no end; whoever unbonds by our rules has ended them all. */
function servesOn(state: State, operatorAddress: string): boolean {
  for (const config of state.suppliers.configsOf(operatorAddress)) if (config.deactivationHeight === 0n) return true;
  return false;
}

function stuck(state: State, supplier: Supplier, sessionEndHeight: bigint, reason: string): void {
  const { ownerAddress, operatorAddress, stake: stuckCoin } = supplier;
  state.journal.emit(EventSupplierStakeStuckInModulePoolSchema, {
    operatorAddress,
    ownerAddress,
    stuckCoin,
    reason,
    sessionEndHeight,
  });
}
