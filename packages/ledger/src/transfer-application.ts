/**
 * Moving an application to another address. It takes effect when every session of the old one has been settled.
 *
 * Source: pokt-network/poktroll `x/application/keeper/msg_server_transfer_application.go`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { EventTransferBeginSchema } from '@decai/protocol/gen/pocket/application/event_pb';
import type { MsgTransferApplication } from '@decai/protocol/gen/pocket/application/tx_pb';
import { PendingApplicationTransferSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { moduleAt } from './module-account.ts';
import { ACCEPTED, refuse, type Refusal, type Verdict } from './refusal.ts';
import { APPLICATION } from './registered-error.ts';
import { currentSessionEnd, settlementDelay, timingsOf } from './session-timings.ts';
import type { State } from './state.ts';

/**
 * Refuses, in this order: source, destination address (1102), both the same (1113), a destination that is a module's
 * account (1102): nobody could ever unstake there, and some of them take no coins.
 */
export function checkTransferApplication(msg: MsgTransferApplication): Refusal | undefined {
  const { sourceAddress, destinationAddress } = msg;
  for (const [role, address] of Object.entries({ source: sourceAddress, destination: destinationAddress })) {
    const problem = addressProblem(address);
    if (problem !== undefined) {
      return refuse(APPLICATION.INVALID_ADDRESS, `invalid ${role} application address: ${problem}`);
    }
  }
  if (sourceAddress === destinationAddress) {
    const details = `source and destination application addresses are the same: ${sourceAddress}`;
    return refuse(APPLICATION.DUPLICATE_ADDRESS, details);
  }
  return moduleAt(destinationAddress) === undefined
    ? undefined
    : refuse(APPLICATION.INVALID_ADDRESS, `destination ${destinationAddress} is a module account and cannot be used`);
}

/**
 * Refuses, in this order: a destination that is an application (1113), no such source (1104), a source that unbonds (1112).
 * A later transfer of the same source replaces one that is pending.
 */
export function transferApplication(state: State, msg: MsgTransferApplication): Verdict {
  const { sourceAddress, destinationAddress } = msg;
  if (state.applications.get(destinationAddress) !== undefined) {
    const details = `destination application (${destinationAddress}) exists`;
    return refuse(APPLICATION.DUPLICATE_ADDRESS, details, 'FailedPrecondition');
  }
  const stored = state.applications.get(sourceAddress);
  if (stored === undefined) {
    return refuse(APPLICATION.NOT_FOUND, `source application (${sourceAddress}) not found`, 'InvalidArgument');
  }
  if (stored.unstakeSessionEndHeight !== 0n) {
    const details = `cannot transfer stake of unbonding source application "${sourceAddress}"`;
    return refuse(APPLICATION.IS_UNSTAKING, details, 'FailedPrecondition');
  }
  const sessionEndHeight = BigInt(currentSessionEnd(state));
  const sourceApplication = {
    ...stored,
    pendingTransfer: create(PendingApplicationTransferSchema, { destinationAddress, sessionEndHeight }),
  };
  state.applications.put(sourceApplication);
  state.journal.emit(EventTransferBeginSchema, {
    sourceAddress,
    destinationAddress,
    sourceApplication,
    sessionEndHeight,
    transferEndHeight: transferEndHeight(state, sessionEndHeight),
  });
  return ACCEPTED;
}

/** The height from which on a transfer of an application whose last session ends at `sessionEnd` can be completed. */
export function transferEndHeight(state: State, sessionEnd: bigint): bigint {
  const params = state.params.shared.governing(Number(sessionEnd));
  return sessionEnd + BigInt(settlementDelay(timingsOf(params)));
}
