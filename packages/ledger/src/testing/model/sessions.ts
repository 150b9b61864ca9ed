/**
 * Sessions in the model: drawn anew from the book whenever somebody asks.
 *
 * Source: pokt-network/poktroll `x/session/keeper/session_hydrator.go`, `x/shared/types/session.go`.
 */
import { create } from '@bufbuild/protobuf';
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { SessionHeaderSchema, type SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import type { ServiceConfigUpdate } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { drawSuppliers } from '@decai/protocol/session-draw';
import { sessionAt, sessionWindows, sharedTimings } from '@decai/protocol/session-grid';
import type { SessionSpan, SessionWindows, SharedTimings } from '@decai/protocol/session-grid';
import { sessionId, sessionPreimage } from '@decai/protocol/session-id';
import type { Model } from './model.ts';

export type DrawnSession = { readonly header: SessionHeader; readonly operators: readonly string[] };

export function timingsAt(model: Model, height: number): SharedTimings {
  return sharedTimings(model.at('shared', height));
}

export function liveTimings(model: Model): SharedTimings {
  return sharedTimings(model.live('shared'));
}

/** The session that the present block lies in, as messages see it. */
export function presentSession(model: Model): SessionSpan {
  return sessionAt(liveTimings(model), model.height);
}

export function endOfPresentSession(model: Model): bigint {
  return BigInt(presentSession(model).endHeight);
}

export function windowsAt(model: Model, height: number): SessionWindows {
  return sessionWindows(timingsAt(model, height), height);
}

/** Blocks in all windows together. */
export function windowBlocks(timings: SharedTimings): number {
  return (
    timings.claimWindowOpenOffsetBlocks +
    timings.claimWindowCloseOffsetBlocks +
    timings.proofWindowOpenOffsetBlocks +
    timings.proofWindowCloseOffsetBlocks
  );
}

export function blockHash(model: Model, height: number): Uint8Array {
  return model.book.blockHashes.get(String(height)) ?? new Uint8Array(0);
}

export function isOpen(
  { activationHeight, deactivationHeight }: { activationHeight: bigint; deactivationHeight: bigint },
  height: number,
): boolean {
  return activationHeight <= BigInt(height) && (deactivationHeight === 0n || BigInt(height) < deactivationHeight);
}

/**
 * The session of an application on a service at a height, or why there is none: a height to come (session 1101), no such
 * application (1102), one that has left by the session's end (1109), one that uses another service (1103), nobody who
 * serves it (1104).
 */
export function drawSession(
  model: Model,
  applicationAddress: string,
  serviceId: string,
  height: number,
): DrawnSession | string {
  if (height > model.height) return 'session/1101';
  const { startHeight, endHeight } = sessionAt(timingsAt(model, height), height);
  const preimage = sessionPreimage({
    blockHash: blockHash(model, startHeight),
    serviceId,
    applicationAddress,
    startHeight,
  });
  const application = model.book.applications.get(applicationAddress);
  if (application === undefined) return 'session/1102';
  if (!takesPartUntil(application, endHeight)) return 'session/1109';
  if (!uses(application, serviceId, height)) return 'session/1103';
  const candidates = configsOf(model, serviceId, height);
  if (candidates.length === 0) return 'session/1104';
  const seats = Number(model.at('session', height).numSuppliersPerSession);
  const header = create(SessionHeaderSchema, {
    applicationAddress,
    serviceId,
    sessionId: sessionId(preimage),
    sessionStartBlockHeight: BigInt(startHeight),
    sessionEndBlockHeight: BigInt(endHeight),
  });
  return {
    header,
    operators: drawSuppliers(
      preimage,
      candidates.map(({ operatorAddress }) => operatorAddress),
      seats,
    ),
  };
}

function takesPartUntil({ unstakeSessionEndHeight, pendingTransfer }: Application, height: number): boolean {
  const last = unstakeSessionEndHeight === 0n ? pendingTransfer?.sessionEndHeight : unstakeSessionEndHeight;
  return last === undefined || BigInt(height) <= last;
}

function uses({ serviceConfigHistory, serviceConfigs }: Application, serviceId: string, height: number): boolean {
  if (serviceConfigHistory.length === 0) return serviceConfigs.some((config) => config.serviceId === serviceId);
  return serviceConfigHistory.some((entry) => entry.service?.serviceId === serviceId && isOpen(entry, height));
}

/** Open configurations of a service, by activation, then operator. */
function configsOf(model: Model, serviceId: string, height: number): ServiceConfigUpdate[] {
  const found: [name: string, config: ServiceConfigUpdate][] = [];
  for (const config of model.book.configs.values()) {
    if (config.service!.serviceId !== serviceId || !isOpen(config, height)) continue;
    found.push([`${String(config.activationHeight).padStart(12, '0')}/${config.operatorAddress}`, config]);
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, config]) => config);
}
