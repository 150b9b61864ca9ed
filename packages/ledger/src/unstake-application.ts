/**
 * Beginning to unbond an application: it stays in the sessions that end by the end of the present one.
 *
 * Source: pokt-network/poktroll `x/application/keeper/msg_server_unstake_application.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import {
  ApplicationUnbondingReason,
  EventApplicationUnbondingBeginSchema,
} from '@decai/protocol/gen/pocket/application/event_pb';
import type { MsgUnstakeApplication } from '@decai/protocol/gen/pocket/application/tx_pb';
import { ACCEPTED, refuse, type Refusal, type Verdict } from './refusal.ts';
import { APPLICATION } from './registered-error.ts';
import { currentSessionEnd } from './session-timings.ts';
import type { State } from './state.ts';
import { applicationUnbondingEnd } from './unbonding.ts';

/** Refuses a malformed address (1102). */
export function checkUnstakeApplication({ address }: MsgUnstakeApplication): Refusal | undefined {
  const problem = addressProblem(address);
  return problem === undefined
    ? undefined
    : refuse(APPLICATION.INVALID_ADDRESS, `invalid application address: ${problem}`);
}

/** Refuses, in this order: no such application (1104), already unbonding (1112), a transfer pending (1114). */
export function unstakeApplication(state: State, { address }: MsgUnstakeApplication): Verdict {
  const stored = state.applications.get(address);
  const named = `application with address "${address}"`;
  if (stored === undefined) return refuse(APPLICATION.NOT_FOUND, named, 'NotFound');
  if (stored.unstakeSessionEndHeight !== 0n) return refuse(APPLICATION.IS_UNSTAKING, named, 'FailedPrecondition');
  if (stored.pendingTransfer !== undefined)
    return refuse(APPLICATION.HAS_PENDING_TRANSFER, named, 'FailedPrecondition');

  const endHeight = currentSessionEnd(state);
  const application = { ...stored, unstakeSessionEndHeight: BigInt(endHeight) };
  state.applications.put(application);
  state.journal.emit(EventApplicationUnbondingBeginSchema, {
    application,
    reason: ApplicationUnbondingReason.ELECTIVE,
    sessionEndHeight: BigInt(endHeight),
    unbondingEndHeight: applicationUnbondingEnd(state.params.shared.live(), BigInt(endHeight)),
  });
  return ACCEPTED;
}
