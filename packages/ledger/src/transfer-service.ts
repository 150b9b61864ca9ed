/**
 * Giving a service to another owner, who is paid from the next settlement on. No event is raised.
 *
 * Source: pokt-network/poktroll `x/service/keeper/msg_server_transfer_service.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import type { MsgTransferService } from '@decai/protocol/gen/pocket/service/tx_pb';
import { isBlocked } from './module-account.ts';
import { ACCEPTED, refuse, type Refusal, type Verdict } from './refusal.ts';
import { SERVICE } from './registered-error.ts';
import type { State } from './state.ts';

/**
 * Refuses, in this order: owner, new owner address (1102), no id (1103), both owners the same, a new owner whose account
 * takes no coins and so could never be paid (1113).
 */
export function checkTransferService(msg: MsgTransferService): Refusal | undefined {
  const { ownerAddress, newOwnerAddress, serviceId } = msg;
  for (const [role, address] of Object.entries({ owner: ownerAddress, 'new owner': newOwnerAddress })) {
    const problem = addressProblem(address);
    if (problem !== undefined) return refuse(SERVICE.INVALID_ADDRESS, `invalid ${role} address: ${problem}`);
  }
  if (serviceId === '') return refuse(SERVICE.MISSING_ID);
  if (ownerAddress === newOwnerAddress) {
    const details = 'new owner address cannot be the same as the current owner address';
    return refuse(SERVICE.INVALID_OWNER_ADDRESS, details);
  }
  return isBlocked(newOwnerAddress)
    ? refuse(SERVICE.INVALID_OWNER_ADDRESS, `new owner address ${newOwnerAddress} is not allowed to receive funds`)
    : undefined;
}

/** Refuses, in this order: no such service (1117), a signer who does not own it (1118). */
export function transferService(state: State, msg: MsgTransferService): Verdict {
  const { ownerAddress, newOwnerAddress, serviceId } = msg;
  const service = state.services.get(serviceId);
  if (service === undefined) return refuse(SERVICE.NOT_FOUND, `service "${serviceId}" not found`, 'NotFound');
  if (service.ownerAddress !== ownerAddress) {
    const details = `signer "${ownerAddress}" is not the owner of service "${serviceId}" (owner: "${service.ownerAddress}")`;
    return refuse(SERVICE.UNAUTHORIZED, details, 'PermissionDenied');
  }
  state.services.put({ ...service, ownerAddress: newOwnerAddress });
  return ACCEPTED;
}
