/**
 * Delegations in the model, and the archive of those that are over.
 *
 * Source: pokt-network/poktroll `x/application/keeper` (delegation, auto-undelegation, pruning).
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import type { MsgDelegateToGateway, MsgUndelegateFromGateway } from '@decai/protocol/gen/pocket/application/tx_pb';
import { UndelegatingGatewayListSchema, type Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { sharedTimings } from '@decai/protocol/session-grid';
import type { Model } from './model.ts';
import type { ParamsOf } from './params-of-modules.ts';
import { endOfPresentSession, liveTimings, windowBlocks } from './sessions.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

type Archive = Application['pendingUndelegations'];

export function checkDelegation(msg: { readonly appAddress: string; readonly gatewayAddress: string }): Verdict {
  if (addressProblem(msg.appAddress) !== undefined) return 'application/1102';
  return addressProblem(msg.gatewayAddress) === undefined ? ACCEPTED : 'application/1108';
}

export function delegateToGateway(model: Model, { appAddress, gatewayAddress }: MsgDelegateToGateway): Verdict {
  const { applications, gateways } = model.book;
  const stored = applications.get(appAddress);
  if (stored === undefined) return 'application/1104';
  const gateway = gateways.get(gatewayAddress);
  if (gateway === undefined) return 'application/1107';
  const { delegateeGatewayAddresses: delegatees, pendingUndelegations } = stored;
  if (BigInt(delegatees.length) >= model.live('application').maxDelegatedGateways) return 'application/1110';
  const { unstakeSessionEndHeight } = gateway;
  if (unstakeSessionEndHeight !== 0n && BigInt(model.height) > unstakeSessionEndHeight) return 'gateway/1108';
  if (delegatees.includes(gatewayAddress)) return 'application/1109';
  const archived = archiveOf(
    Object.entries(pendingUndelegations).map(([height, { gatewayAddresses }]) => [
      height,
      gatewayAddresses.filter((each) => each !== gatewayAddress),
    ]),
  );
  applications.set(appAddress, {
    ...stored,
    delegateeGatewayAddresses: [...delegatees, gatewayAddress],
    pendingUndelegations: archived,
  });
  return ACCEPTED;
}

export function undelegateFromGateway(model: Model, { appAddress, gatewayAddress }: MsgUndelegateFromGateway): Verdict {
  const stored = model.book.applications.get(appAddress);
  if (stored === undefined) return 'application/1104';
  if (!stored.delegateeGatewayAddresses.includes(gatewayAddress)) return 'application/1111';
  detach(model, stored, gatewayAddress);
  return ACCEPTED;
}

function detach(model: Model, application: Application, gateway: string): void {
  const end = String(endOfPresentSession(model));
  const archive = application.pendingUndelegations;
  model.book.applications.set(application.address, {
    ...application,
    delegateeGatewayAddresses: application.delegateeGatewayAddresses.filter((each) => each !== gateway),
    pendingUndelegations: {
      ...archive,
      ...archiveOf([[end, [...(archive[end]?.gatewayAddresses ?? []), gateway]]]),
    },
  });
}

export function archiveOf(entries: readonly (readonly [height: string, gateways: readonly string[]])[]): Archive {
  const archive: Archive = {};
  for (const [height, gateways] of entries) {
    if (gateways.length === 0) continue;
    archive[height] = create(UndelegatingGatewayListSchema, { gatewayAddresses: [...gateways] });
  }
  return archive;
}

/** Applications leave gateways that are past their last session. */
export function leaveInactiveGateways(model: Model): void {
  for (const [address, { unstakeSessionEndHeight }] of model.book.gateways.sorted()) {
    if (unstakeSessionEndHeight === 0n || BigInt(model.height) <= unstakeSessionEndHeight) continue;
    for (const [, application] of model.book.applications.sorted()) {
      if (application.delegateeGatewayAddresses.includes(address)) detach(model, application, address);
    }
  }
}

/**
 * Undelegations are kept for two sessions and the grace period, and until the last proof has been judged that may need them:
 * under the windows of now, and under longer ones that sessions of the past still have.
 */
export function forgetUndelegations(model: Model): void {
  const timings = liveTimings(model);
  const sessions = timings.gracePeriodEndOffsetBlocks + 2 * timings.numBlocksPerSession;
  const oldest = Math.min(model.height - Math.max(sessions, windowBlocks(timings) + 2), ...awaitedEnds(model));
  for (const [address, application] of model.book.applications.sorted()) {
    const entries = Object.entries(application.pendingUndelegations);
    const left = entries.filter(([height]) => Number(height) >= oldest);
    if (left.length === entries.length) continue;
    model.book.applications.set(address, { ...application, pendingUndelegations: Object.fromEntries(left) });
  }
}

/** For each set of parameters under which a session may still be unsettled: the end of the session that it settles now. */
function awaitedEnds({ book, height }: Model): number[] {
  const sets = [...book.pastParams.values()].filter((row) => row.module === 'shared' && row.height <= height);
  return sets.flatMap(({ params, height: from }) => {
    const until = Math.min(height, ...sets.filter((other) => other.height > from).map((other) => other.height - 1));
    const delay = windowBlocks(sharedTimings(params as ParamsOf<'shared'>)) + 1;
    return until + delay >= height && height >= delay ? [height - delay] : [];
  });
}
