/**
 * Where a height lies among the sessions, and when what follows a session opens and closes.
 *
 * Asked of the ledger once a session: shared parameters change only where a session starts.
 *
 * Source: pokt-network/poktroll `x/shared/types/session.go`, query `ParamsAtHeight`.
 */
import {
  sessionAt,
  sessionWindows,
  sharedTimings,
  type SessionSpan,
  type SessionWindows,
  type SharedTimings,
} from '@decai/protocol/session-grid';
import type { LedgerClient } from './ledger-client.ts';
import { remember } from './remembered.ts';

export type SessionClock = {
  /** The timings in force at `height`. */
  timingsAt(height: number): Promise<SharedTimings>;
  spanAt(height: number): Promise<SessionSpan>;
  windowsAt(height: number): Promise<SessionWindows>;
};

/** Sessions whose grid is remembered. */
const SESSIONS_MAX = 128;

export function createSessionClock(ledger: Pick<LedgerClient, 'sharedParams'>): SessionClock {
  const asked = remember<SharedTimings>(SESSIONS_MAX);
  const spans: { readonly span: SessionSpan; readonly timings: SharedTimings }[] = [];

  const timingsAt = async (height: number): Promise<SharedTimings> => {
    const known = spans.find(({ span }) => span.startHeight <= height && height <= span.endHeight);
    if (known !== undefined) return known.timings;
    const timings = await asked.get(`${height}`, async () => sharedTimings(await ledger.sharedParams(height)));
    spans.unshift({ span: sessionAt(timings, height), timings });
    spans.length = Math.min(spans.length, SESSIONS_MAX);
    return timings;
  };

  return {
    timingsAt,
    spanAt: async (height) => sessionAt(await timingsAt(height), height),
    windowsAt: async (height) => sessionWindows(await timingsAt(height), height),
  };
}
