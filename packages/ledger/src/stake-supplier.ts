/**
 * Staking a supplier, changing its stake, its services or its owner, or calling off its unbonding.
 *
 * Two roles share a supplier and neither needs the other's key: the owner holds the money, the operator runs the machines.
 * Whoever signs pays; what a lower stake sets free goes to the owner.
 *
 * Source: pokt-network/poktroll `x/supplier/keeper/msg_server_stake_supplier.go`,
 * `x/supplier/types/message_stake_supplier.go`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import type { MsgStakeSupplier } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { SupplierSchema, type ServiceConfigUpdate, type Supplier } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import {
  EventSupplierStakedSchema,
  EventSupplierUnbondingCanceledSchema,
} from '@decai/protocol/gen/pocket/supplier/event_pb';
import { upokt } from './coins.ts';
import { moduleAt } from './module-account.ts';
import { ACCEPTED, refuse, withStatus, type Refusal, type Verdict } from './refusal.ts';
import { SHARED, SUPPLIER } from './registered-error.ts';
import { currentSessionEnd, nextSessionStartHeight } from './session-timings.ts';
import { amountUpoktOf, coinText, stakeProblem } from './stake.ts';
import type { State } from './state.ts';
import { checkSupplierConfigs } from './supplier-config-check.ts';
import { replaceServices } from './supplier-config-history.ts';
import { isConfigActive } from './supplier-records.ts';

/** Refuses, in this order: owner, operator, signer address (1102), stake if given (1101), services not by the operator or malformed (1104). */
export function checkStakeSupplier(msg: MsgStakeSupplier): Refusal | undefined {
  const { signer, ownerAddress, operatorAddress, stake, services } = msg;
  for (const [role, address] of Object.entries({ owner: ownerAddress, operator: operatorAddress, signer })) {
    const problem = addressProblem(address);
    if (problem !== undefined) return refuse(SUPPLIER.INVALID_ADDRESS, `invalid ${role} address: ${problem}`);
  }
  const problem = stake === undefined ? undefined : stakeProblem(stake, 'supplier');
  if (problem !== undefined) return refuse(SUPPLIER.INVALID_STAKE, problem);
  if (services.length > 0 && signer !== operatorAddress) {
    const details = 'only the operator account is authorized to update the service configurations';
    return refuse(SUPPLIER.INVALID_SERVICE_CONFIG, details);
  }
  return checkSupplierConfigs(services);
}

/**
 * Stakes or restakes a supplier.
 *
 * Expects a message that passed `checkStakeSupplier`. Refuses, in this order: an owner that is a module (1102); a service
 * that does not exist (1106); for a new supplier no stake (1101) or a signer with no role in it (1104); for an existing one
 * a signer without the right to what the message changes (shared 1105); a stake below the minimum (1101); accounts that
 * cannot pay the difference (sdk 5) or the fee (sdk 5).
 */
export function stakeSupplier(state: State, msg: MsgStakeSupplier): Verdict {
  const stored = state.suppliers.get(msg.operatorAddress);
  const refusal = checkParties(state, msg) ?? (stored === undefined ? checkNew(state, msg) : checkRights(stored, msg));
  if (refusal !== undefined) return refusal;

  const supplier = create(SupplierSchema, {
    ownerAddress: msg.ownerAddress,
    operatorAddress: msg.operatorAddress,
    stake: msg.stake ?? stored?.stake,
  });
  const { minStake, stakingFee } = state.params.supplier.live();
  if (amountUpoktOf(supplier.stake) < amountUpoktOf(minStake)) {
    const details = `supplier with owner "${msg.ownerAddress}" must stake at least ${coinText(minStake)}`;
    return refuse(SUPPLIER.INVALID_STAKE, details, 'InvalidArgument');
  }
  const moved = moveStake(state, msg, amountUpoktOf(supplier.stake) - amountUpoktOf(stored?.stake));
  if (!moved.ok) return withStatus(moved, 'Internal');
  const paid = payFee(state, msg.signer, amountUpoktOf(stakingFee));
  if (!paid.ok) return withStatus(paid, 'FailedPrecondition');

  state.suppliers.put(supplier);
  const configs =
    msg.services.length > 0
      ? replaceServices(state, msg.operatorAddress, msg.services, nextSessionStartHeight(state))
      : [...state.suppliers.configsOf(msg.operatorAddress)];
  const wasUnbonding = stored !== undefined && stored.unstakeSessionEndHeight !== 0n;
  if (wasUnbonding) emitUnbondingCanceled(state, supplier, configs);
  const sessionEndHeight = BigInt(currentSessionEnd(state));
  state.journal.emit(EventSupplierStakedSchema, { operatorAddress: msg.operatorAddress, sessionEndHeight });
  return ACCEPTED;
}

function checkParties(state: State, { ownerAddress, services }: MsgStakeSupplier): Refusal | undefined {
  if (moduleAt(ownerAddress) !== undefined) {
    const details = `owner address ${ownerAddress} is a module account and cannot be used`;
    return refuse(SUPPLIER.INVALID_ADDRESS, details, 'InvalidArgument');
  }
  for (const { serviceId } of services) {
    if (state.services.get(serviceId) !== undefined) continue;
    return refuse(SUPPLIER.SERVICE_NOT_FOUND, `service "${serviceId}" does not exist`, 'InvalidArgument');
  }
  return undefined;
}

/** A stranger could otherwise take an operator's address before its owner does: the record's key is the operator. */
function checkNew(
  state: State,
  { signer, ownerAddress, operatorAddress, stake }: MsgStakeSupplier,
): Refusal | undefined {
  if (stake === undefined) {
    const details = 'when staking a new supplier, the stake amount MUST be non-nil';
    return refuse(SUPPLIER.INVALID_STAKE, details, 'InvalidArgument');
  }
  if (signer !== ownerAddress && signer !== operatorAddress && !state.relaxes('SUPPLIER_SIGNER')) {
    const details = `signer ${signer} is neither owner ${ownerAddress} nor operator ${operatorAddress}`;
    return refuse(SUPPLIER.INVALID_SERVICE_CONFIG, details, 'InvalidArgument');
  }
  return undefined;
}

function checkRights(stored: Supplier, msg: MsgStakeSupplier): Refusal | undefined {
  const { signer } = msg;
  const { ownerAddress, operatorAddress } = stored;
  if (signer !== ownerAddress && signer !== operatorAddress) {
    const details = `signer address ${signer} does not match owner address ${ownerAddress} or supplier operator address ${operatorAddress}`;
    return refuse(SHARED.UNAUTHORIZED_SUPPLIER_UPDATE, details, 'InvalidArgument');
  }
  if (msg.ownerAddress !== ownerAddress && signer !== ownerAddress) {
    const details = `signer "${signer}" is not allowed to update the owner address "${ownerAddress}"`;
    return refuse(SHARED.UNAUTHORIZED_SUPPLIER_UPDATE, details, 'InvalidArgument');
  }
  if (stored.unstakeSessionEndHeight !== 0n && signer !== ownerAddress) {
    const details =
      `signer "${signer}" is not allowed to cancel the unbonding of supplier with owner "${ownerAddress}"; ` +
      'only the owner can cancel an in-progress unstake';
    return refuse(SHARED.UNAUTHORIZED_SUPPLIER_UPDATE, details, 'PermissionDenied');
  }
  return undefined;
}

function moveStake(state: State, { signer, ownerAddress }: MsgStakeSupplier, differenceUpokt: bigint): Verdict {
  if (differenceUpokt > 0n) return state.bank.escrow(signer, 'supplier', upokt(differenceUpokt));
  if (differenceUpokt < 0n) return state.bank.release('supplier', ownerAddress, upokt(-differenceUpokt));
  return ACCEPTED;
}

function payFee(state: State, signer: string, feeUpokt: bigint): Verdict {
  return feeUpokt === 0n ? ACCEPTED : state.bank.escrow(signer, 'supplier', upokt(feeUpokt));
}

function emitUnbondingCanceled(state: State, supplier: Supplier, configs: readonly ServiceConfigUpdate[]): void {
  const active = configs.filter((config) => isConfigActive(config, state.height));
  state.journal.emit(EventSupplierUnbondingCanceledSchema, {
    supplier: {
      ...supplier,
      services: active.flatMap(({ service }) => service ?? []),
      serviceConfigHistory: [...configs],
    },
    height: BigInt(state.height),
    sessionEndHeight: BigInt(currentSessionEnd(state)),
  });
}
