/**
 * Publishing a service, or changing the name, price or card of one that the signer owns.
 *
 * A new price holds from the next session on: nobody changes the price of a session that is running. No event is raised.
 *
 * Source: pokt-network/poktroll `x/service/keeper/msg_server_add_service.go`, `x/service/types/message_add_service.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import type { MsgAddService } from '@decai/protocol/gen/pocket/service/tx_pb';
import type { Service } from '@decai/protocol/gen/pocket/shared/service_pb';
import { sessionAt } from '@decai/protocol/session-grid';
import { textKey } from './collection.ts';
import { create } from '@bufbuild/protobuf';
import { ServiceComputeUnitsPerRelayUpdateSchema } from '@decai/protocol/gen/pocket/service/compute_units_pb';
import { UPOKT, upokt } from './coins.ts';
import { ACCEPTED, refuse, type Refusal, type Verdict } from './refusal.ts';
import { SERVICE } from './registered-error.ts';
import { checkService } from './service-check.ts';
import { liveTimings, nextSessionStartHeight } from './session-timings.ts';
import { amountUpoktOf, coinText } from './stake.ts';
import type { State } from './state.ts';
import { pruneHistory } from './unsettled-sessions.ts';

/** Refuses, in this order: signer address (1102), another owner than the signer or no service (1113), the service itself (shared 1107 … 1111). */
export function checkAddService({ ownerAddress, service }: MsgAddService): Refusal | undefined {
  const address = addressProblem(ownerAddress);
  if (address !== undefined) return refuse(SERVICE.INVALID_ADDRESS, `invalid signer address: ${address}`);
  if (service?.ownerAddress !== ownerAddress) {
    const details = `service owner address "${service?.ownerAddress ?? ''}" does not match the signer address "${ownerAddress}"`;
    return refuse(SERVICE.INVALID_OWNER_ADDRESS, details);
  }
  return checkService(service);
}

/**
 * Adds or updates a service.
 *
 * Expects a message that passed `checkAddService`. Refuses, in this order: an existing service of somebody else (1113); for
 * a new one, a balance that is not above the fee (1108), a fee that cannot be taken (1109).
 */
export function addService(state: State, { ownerAddress, service }: MsgAddService): Verdict {
  const offered = service!;
  const stored = state.services.get(offered.id);
  if (stored !== undefined) return updateService(state, stored, offered);

  const refusal = payServiceFee(state, ownerAddress);
  if (refusal !== undefined) return refusal;
  state.services.put(offered);
  const { startHeight } = sessionAt(liveTimings(state), state.height);
  recordUnits(state, offered.id, startHeight, offered.computeUnitsPerRelay);
  return ACCEPTED;
}

function updateService(state: State, stored: Service, offered: Service): Verdict {
  if (stored.ownerAddress !== offered.ownerAddress) {
    const details = `existing owner address "${stored.ownerAddress}" does not match the new owner address "${offered.ownerAddress}"`;
    return refuse(SERVICE.INVALID_OWNER_ADDRESS, details, 'InvalidArgument');
  }
  const { id, computeUnitsPerRelay } = offered;
  if (computeUnitsPerRelay !== stored.computeUnitsPerRelay) {
    // Services from genesis have no history until their first change, which writes the old price down first.
    if (state.services.unitsHistory.isEmpty(textKey(id))) recordUnits(state, id, 1, stored.computeUnitsPerRelay);
    recordUnits(state, id, nextSessionStartHeight(state), computeUnitsPerRelay);
  }
  state.services.put({ ...offered, metadata: offered.metadata ?? stored.metadata });
  return ACCEPTED;
}

function payServiceFee(state: State, ownerAddress: string): Refusal | undefined {
  const { addServiceFee } = state.params.service.live();
  const feeUpokt = amountUpoktOf(addServiceFee);
  const balanceUpokt = state.bank.balance(ownerAddress, UPOKT);
  if (balanceUpokt <= feeUpokt) {
    const details = `account has ${balanceUpokt}, but the service fee is ${coinText(addServiceFee)}`;
    return refuse(SERVICE.NOT_ENOUGH_FUNDS, details, 'FailedPrecondition');
  }
  const paid = state.bank.escrow(ownerAddress, 'service', upokt(feeUpokt));
  return paid.ok ? undefined : refuse(SERVICE.FAILED_TO_DEDUCT_FEE, paid.message, 'Internal');
}

function recordUnits(state: State, serviceId: string, effectiveHeight: number, computeUnitsPerRelay: bigint): void {
  const update = create(ServiceComputeUnitsPerRelayUpdateSchema, {
    effectiveHeight: BigInt(effectiveHeight),
    serviceId,
    computeUnitsPerRelay,
  });
  state.services.unitsHistory.put(textKey(serviceId), effectiveHeight, update);
  pruneHistory(state, state.services.unitsHistory, textKey(serviceId));
}
