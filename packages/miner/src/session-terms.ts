/**
 * What a session is worth and when it ends: asked of the ledger once, at the heights that count, and kept.
 *
 * Compute units, difficulty and price are those of the session's start; windows those of its end. Nothing here is read
 * "live", because what is live now may differ from what the claim will be judged by.
 *
 * Source: pokt-network/poktroll `pkg/relayer/miner/miner.go`, `x/proof/types/claim.go`.
 */
import type { LedgerClient } from '@decai/client/ledger-client';
import type { NetworkSession, SessionBook } from '@decai/client/session-book';
import type { SessionClock } from '@decai/client/session-clock';
import type { ComputeUnitPrice } from '@decai/protocol/claim-amount';
import { baseTarget } from '@decai/protocol/difficulty';
import { isFault } from '@decai/protocol/fault';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { numPendingSessions, type SessionWindows } from '@decai/protocol/session-grid';
import { refuse, type MinerRefusal } from './miner-refusal.ts';
import type { BudgetTerms } from './relay-meter.ts';
import { TokenBucket } from './token-bucket.ts';

export type SessionTerms = {
  readonly session: NetworkSession;
  readonly windows: SessionWindows;
  /** What one relay weighs. */
  readonly computeUnitsPerRelay: bigint;
  /** A relay is mined when its hash lies below this, 32 bytes. */
  readonly target: Uint8Array;
  readonly price: ComputeUnitPrice;
  readonly budget: BudgetTerms;
};

export type TermsBook = {
  /** The terms of the session that `header` names, or why there are none. Everyone who asks meanwhile shares the question. */
  termsOf(header: SessionHeader, height: number): Promise<SessionTerms | MinerRefusal>;
  /** Forgets sessions whose claims can no longer be made at `height`. */
  prune(height: number): void;
};

export type TermsBookOptions = {
  readonly ledger: Pick<LedgerClient, 'computeUnitsPerRelay' | 'miningDifficulty' | 'sharedParams'>;
  readonly sessions: SessionBook;
  readonly clock: SessionClock;
  readonly now: () => number;
  readonly unknownSessionsPerSecond: number;
};

export function createTermsBook(options: TermsBookOptions): TermsBook {
  const known = new Map<string, SessionTerms>();
  const asked = new Map<string, Promise<SessionTerms | MinerRefusal>>();
  /** Sessions that the ledger did not know, and the height at which it was asked: the answer holds for that block. */
  const unknown = new Map<string, { readonly height: number; readonly refusal: MinerRefusal }>();
  const bucket = new TokenBucket(options.unknownSessionsPerSecond, options.now);

  const ask = async (key: string, header: SessionHeader, height: number): Promise<SessionTerms | MinerRefusal> => {
    try {
      const terms = await readTerms(options, header);
      known.set(key, terms);
      return terms;
    } catch (thrown) {
      const refusal = refusalOf(thrown);
      if (refusal.code === 'SESSION_UNKNOWN') {
        unknown.set(key, { height, refusal });
        if (unknown.size > UNKNOWN_MAX) unknown.delete(unknown.keys().next().value!);
      }
      return refusal;
    } finally {
      asked.delete(key);
    }
  };

  return {
    async termsOf(header, height) {
      const key = `${header.applicationAddress}/${header.serviceId}/${header.sessionStartBlockHeight}`;
      const terms = known.get(key) ?? asked.get(key);
      if (terms !== undefined) return terms;
      const refused = unknown.get(key);
      if (refused?.height === height) return refused.refusal;
      if (!bucket.take()) return refuse('SESSION_LOOKUPS_BUSY', 'too many sessions that were never seen before');
      const question = ask(key, header, height);
      asked.set(key, question);
      return await question;
    },
    prune(height) {
      for (const [key, terms] of known) if (terms.windows.claimClose < height) known.delete(key);
      for (const [key, refused] of unknown) if (refused.height < height) unknown.delete(key);
    },
  };
}

/** Unknown sessions that are remembered: strangers choose them, so their number is bounded. */
const UNKNOWN_MAX = 10_000;

async function readTerms({ ledger, sessions, clock }: TermsBookOptions, header: SessionHeader): Promise<SessionTerms> {
  const start = Number(header.sessionStartBlockHeight);
  const session = await sessions.sessionFor(header.applicationAddress, header.serviceId, start);
  const [computeUnitsPerRelay, difficulty, params, timings, windows] = await Promise.all([
    ledger.computeUnitsPerRelay(header.serviceId, session.startHeight),
    ledger.miningDifficulty(header.serviceId, session.startHeight),
    ledger.sharedParams(session.startHeight),
    clock.timingsAt(session.startHeight),
    clock.windowsAt(session.endHeight),
  ]);
  const { computeUnitsToTokensMultiplier, computeUnitCostGranularity } = params;
  const price = { computeUnitsToTokensMultiplier, computeUnitCostGranularity };
  return {
    session,
    windows,
    computeUnitsPerRelay: computeUnitsPerRelay ?? 0n,
    // A service whose claims never settled has no difficulty yet: everything counts.
    target: difficulty?.targetHash ?? baseTarget(),
    price,
    budget: {
      ...price,
      applicationStakeUpokt: BigInt(session.application.stake?.amount ?? '0'),
      // Settlement divides by the suppliers that claim, at most those drawn; fewer than the seats means more for each.
      suppliers: BigInt(Math.max(1, session.suppliers.length)),
      pendingSessions: BigInt(numPendingSessions(timings) + 1),
    },
  };
}

/** That the ledger says no is about the session; anything else is about the ledger. */
function refusalOf(thrown: unknown): MinerRefusal {
  if (isFault(thrown, 'LEDGER_QUERY_REFUSED')) return refuse('SESSION_UNKNOWN', thrown.message);
  if (isFault(thrown)) return refuse('LEDGER_UNREACHABLE', `the ledger could not be asked: ${thrown.code}`);
  throw thrown;
}
