/**
 * Beginning to unbond a supplier: all its services end with the present session, its stake comes back much later.
 *
 * Source: pokt-network/poktroll `x/supplier/keeper/msg_server_unstake_supplier.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import {
  EventSupplierUnbondingBeginSchema,
  SupplierUnbondingReason,
} from '@decai/protocol/gen/pocket/supplier/event_pb';
import type { MsgUnstakeSupplier } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { ACCEPTED, refuse, type Refusal, type Verdict } from './refusal.ts';
import { SHARED, SUPPLIER } from './registered-error.ts';
import { currentSessionEnd } from './session-timings.ts';
import type { State } from './state.ts';
import { deactivateServices, endOpenServices } from './supplier-config-history.ts';
import { supplierUnbondingEnd } from './unbonding.ts';

/** Refuses, in this order: signer, operator address (1102). */
export function checkUnstakeSupplier({ signer, operatorAddress }: MsgUnstakeSupplier): Refusal | undefined {
  for (const [role, address] of Object.entries({ signer, operator: operatorAddress })) {
    const problem = addressProblem(address);
    if (problem !== undefined) return refuse(SUPPLIER.INVALID_ADDRESS, `invalid ${role} address: ${problem}`);
  }
  return undefined;
}

/** Refuses, in this order: no such supplier (1103), a signer with no role in it (shared 1105), already unbonding (1105). */
export function unstakeSupplier(state: State, { signer, operatorAddress }: MsgUnstakeSupplier): Verdict {
  const stored = state.suppliers.get(operatorAddress);
  const named = `supplier with operator address "${operatorAddress}"`;
  if (stored === undefined) return refuse(SUPPLIER.NOT_FOUND, named, 'NotFound');
  if (signer !== stored.ownerAddress && signer !== stored.operatorAddress) {
    const details = `signer "${signer}" is not allowed to unstake ${named}`;
    return refuse(SHARED.UNAUTHORIZED_SUPPLIER_UPDATE, details, 'PermissionDenied');
  }
  if (stored.unstakeSessionEndHeight !== 0n) return refuse(SUPPLIER.IS_UNSTAKING, named, 'FailedPrecondition');

  const endHeight = currentSessionEnd(state);
  const supplier = { ...stored, unstakeSessionEndHeight: BigInt(endHeight) };
  state.suppliers.put(supplier);
  // What ended before this session must not come back into sessions that are over.
  if (state.isPinned) endOpenServices(state, operatorAddress, endHeight + 1);
  else deactivateServices(state, operatorAddress, endHeight + 1);
  state.journal.emit(EventSupplierUnbondingBeginSchema, {
    supplier,
    reason: SupplierUnbondingReason.VOLUNTARY,
    sessionEndHeight: BigInt(endHeight),
    unbondingEndHeight: supplierUnbondingEnd(state.params.shared.live(), BigInt(endHeight)),
  });
  return ACCEPTED;
}
