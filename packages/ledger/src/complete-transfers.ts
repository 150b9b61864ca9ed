/**
 * End of a session: applications whose transfer is due move to their new address, or merge with who is there by now.
 *
 * No coins move: the module's account holds all stakes.
 *
 * Source: pokt-network/poktroll `x/application/keeper/transfer_applications.go`.
 */
import { create } from '@bufbuild/protobuf';
import type { Coin } from '@decai/protocol/coin';
import { EventTransferEndSchema, EventTransferErrorSchema } from '@decai/protocol/gen/pocket/application/event_pb';
import { UndelegatingGatewayListSchema, type Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { withServices } from './application-services.ts';
import { orDiscard } from './discard-culprit.ts';
import { refusalText, refuse } from './refusal.ts';
import { APPLICATION } from './registered-error.ts';
import { currentSessionEnd, nextSessionStartHeight } from './session-timings.ts';
import { amountUpoktOf, upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { transferEndHeight } from './transfer-application.ts';
import { mayLeave } from './unbonding.ts';

/**
 * Completes transfers, only when the block ends a session. A source that unbonds meanwhile, or whose transfer a fault ends,
 * keeps its record, with an event.
 */
export function completeTransfers(state: State): void {
  const sessionEndHeight = BigInt(currentSessionEnd(state));
  if (BigInt(state.height) !== sessionEndHeight) return;
  for (const { address } of Array.from(state.applications.transferring())) {
    // Read anew: a transfer before this one may have been to this very application.
    const source = state.applications.get(address)!;
    orDiscard(
      state,
      () => complete(state, source, sessionEndHeight),
      (reason) => failTransfer(state, source, sessionEndHeight, reason),
    );
  }
}

function complete(state: State, source: Application, sessionEndHeight: bigint): void {
  const { destinationAddress, sessionEndHeight: lastSessionEnd } = source.pendingTransfer!;
  const endHeight = transferEndHeight(state, lastSessionEnd);
  if (sessionEndHeight < endHeight || !mayLeave(state, lastSessionEnd)) return;
  if (source.unstakeSessionEndHeight !== 0n) {
    const details = `cannot transfer stake of unbonding source application (${source.address})`;
    failTransfer(state, source, sessionEndHeight, refusalText(refuse(APPLICATION.IS_UNSTAKING, details)));
    return;
  }
  const destination = state.applications.get(destinationAddress);
  const destinationApplication =
    destination === undefined
      ? renamed(source, destinationAddress)
      : merged(source, destination, nextSessionStartHeight(state));
  state.applications.delete(source.address);
  state.applications.put(destinationApplication);
  moveDelegations(state, source.address, destinationApplication);
  state.journal.emit(EventTransferEndSchema, {
    sourceAddress: source.address,
    destinationAddress,
    destinationApplication,
    sessionEndHeight,
    transferEndHeight: endHeight,
  });
}

/** The sessions of the source are settled; those of the destination begin to know its gateways now. */
function moveDelegations(
  { delegations, height }: State,
  source: string,
  { address, ...destination }: Application,
): void {
  delegations?.delete(source);
  for (const gateway of destination.delegateeGatewayAddresses) delegations?.open(address, gateway, height);
}

function failTransfer(state: State, source: Application, sessionEndHeight: bigint, error: string): void {
  const { address, pendingTransfer } = source;
  const sourceApplication = { ...source, pendingTransfer: undefined };
  state.applications.put(sourceApplication);
  state.journal.emit(EventTransferErrorSchema, {
    sourceAddress: address,
    destinationAddress: pendingTransfer!.destinationAddress,
    sourceApplication,
    sessionEndHeight,
    error,
  });
}

function renamed(source: Application, address: string): Application {
  const serviceConfigHistory = source.serviceConfigHistory.map((entry) => ({ ...entry, applicationAddress: address }));
  return { ...source, address, serviceConfigHistory, pendingTransfer: undefined };
}

/** The destination with what the source adds to it. Whether it unbonds, and how many gateways it may have, is not looked at. */
function merged(source: Application, destination: Application, nextStart: number): Application {
  const delegatees = destination.delegateeGatewayAddresses;
  const added = source.delegateeGatewayAddresses.filter((gateway) => !delegatees.includes(gateway));
  const ids = new Set(destination.serviceConfigs.map(({ serviceId }) => serviceId));
  const services = source.serviceConfigs.filter(({ serviceId }) => !ids.has(serviceId));
  return {
    ...withServices(destination, [...destination.serviceConfigs, ...services], nextStart),
    stake: upoktCoin(amountUpoktOf(source.stake) + amountUpoktOf(destination.stake)),
    delegateeGatewayAddresses: [...delegatees, ...added],
    pendingUndelegations: mergedArchive(source.pendingUndelegations, destination.pendingUndelegations),
    perSessionSpendLimit: lowerLimit(source.perSessionSpendLimit, destination.perSessionSpendLimit),
  };
}

type Archive = Application['pendingUndelegations'];

/** A gateway stands under one height: the destination's where both have it. */
function mergedArchive(source: Archive, destination: Archive): Archive {
  const heights = new Map<string, string>();
  for (const archive of [source, destination]) {
    for (const [height, { gatewayAddresses }] of Object.entries(archive)) {
      for (const gateway of gatewayAddresses) heights.set(gateway, height);
    }
  }
  const archive: Archive = {};
  for (const gateway of [...heights.keys()].sort()) {
    const height = heights.get(gateway)!;
    const gatewayAddresses = [...(archive[height]?.gatewayAddresses ?? []), gateway];
    archive[height] = create(UndelegatingGatewayListSchema, { gatewayAddresses });
  }
  return archive;
}

function lowerLimit(a: Coin | undefined, b: Coin | undefined): Coin | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return amountUpoktOf(a) < amountUpoktOf(b) ? a : b;
}
