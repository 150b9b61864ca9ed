/**
 * The grid of sessions: which heights belong to one session, and at which heights it can be claimed, proven and
 * settled.
 *
 * Everything follows from the shared parameters in force at the height asked about. Which set that is, the ledger
 * knows; here it is an argument. All windows include both their ends.
 * Source: pokt-network/poktroll `x/shared/types/session.go`.
 */
import { Fault } from './fault.ts';

/**
 * The timing fields of the shared parameters, under their protobuf names. Numbers, because heights are numbers here;
 * `sharedTimings` converts the uint64s of the wire.
 */
export type SharedTimings = {
  readonly numBlocksPerSession: number;
  readonly gracePeriodEndOffsetBlocks: number;
  readonly claimWindowOpenOffsetBlocks: number;
  readonly claimWindowCloseOffsetBlocks: number;
  readonly proofWindowOpenOffsetBlocks: number;
  readonly proofWindowCloseOffsetBlocks: number;
  /** First height of the grid in force; 0 for the original grid, which starts at 1. */
  readonly sessionGridAnchorHeight: number;
  /** Number of the session that starts at the anchor; 0 reads as 1. */
  readonly sessionNumberAtAnchor: number;
};

/** One session's place on the grid. All zero for heights below 1. */
export type SessionSpan = {
  readonly number: number;
  readonly startHeight: number;
  /** Last height of the session. */
  readonly endHeight: number;
};

/** The life of a session after its end, as heights. */
export type SessionWindows = {
  /** Last height at which a relay of the session is still served. */
  readonly graceEnd: number;
  readonly claimOpen: number;
  readonly claimClose: number;
  /** The block before `proofOpen`: its hash decides whether a proof is asked for, and of which relay. */
  readonly proofSeed: number;
  readonly proofOpen: number;
  readonly proofClose: number;
  /** The block at whose end the claims of the session are settled. */
  readonly settlement: number;
};

/** No parameter may exceed this, so that a height plus all offsets stays exact in a double. */
const TIMING_MAX = 2n ** 48n;

/**
 * Takes the timings out of shared parameters as protobuf gives them, with bigints for uint64.
 *
 * @throws SHARED_TIMING_RANGE for a value above 2^48, or for a session of no blocks.
 */
export function sharedTimings(params: { readonly [Name in keyof SharedTimings]: bigint }): SharedTimings {
  if (params.numBlocksPerSession < 1n) {
    throw new Fault('SHARED_TIMING_RANGE', 'a session has at least one block', { name: 'numBlocksPerSession' });
  }
  const timing = (name: keyof SharedTimings): number => {
    const value = params[name];
    if (value < 0n || value > TIMING_MAX) {
      throw new Fault('SHARED_TIMING_RANGE', `${name} is out of range`, { name, actual: value, max: TIMING_MAX });
    }
    return Number(value);
  };
  return {
    numBlocksPerSession: timing('numBlocksPerSession'),
    gracePeriodEndOffsetBlocks: timing('gracePeriodEndOffsetBlocks'),
    claimWindowOpenOffsetBlocks: timing('claimWindowOpenOffsetBlocks'),
    claimWindowCloseOffsetBlocks: timing('claimWindowCloseOffsetBlocks'),
    proofWindowOpenOffsetBlocks: timing('proofWindowOpenOffsetBlocks'),
    proofWindowCloseOffsetBlocks: timing('proofWindowCloseOffsetBlocks'),
    sessionGridAnchorHeight: timing('sessionGridAnchorHeight'),
    sessionNumberAtAnchor: timing('sessionNumberAtAnchor'),
  };
}

/** The session that `height` lies in, counted from the anchor, or from 1 when the anchor is 0 or still to come. */
export function sessionAt(timings: SharedTimings, height: number): SessionSpan {
  if (height <= 0) return { number: 0, startHeight: 0, endHeight: 0 };
  const { sessionGridAnchorHeight, numBlocksPerSession } = timings;
  const anchored = sessionGridAnchorHeight > 0 && sessionGridAnchorHeight <= height;
  const anchor = anchored ? sessionGridAnchorHeight : 1;
  const numberAtAnchor = (anchored && timings.sessionNumberAtAnchor) || 1;

  const sessionsSinceAnchor = Math.floor((height - anchor) / numBlocksPerSession);
  const startHeight = anchor + sessionsSinceAnchor * numBlocksPerSession;
  return {
    number: numberAtAnchor + sessionsSinceAnchor,
    startHeight,
    endHeight: startHeight + numBlocksPerSession - 1,
  };
}

/** The windows of the session that `height` lies in. No supplier has a later opening than another. */
export function sessionWindows(timings: SharedTimings, height: number): SessionWindows {
  const { endHeight } = sessionAt(timings, height);
  const claimOpen = endHeight + timings.claimWindowOpenOffsetBlocks + 1;
  const claimClose = claimOpen + timings.claimWindowCloseOffsetBlocks;
  const proofOpen = claimClose + timings.proofWindowOpenOffsetBlocks;
  const proofClose = proofOpen + timings.proofWindowCloseOffsetBlocks;
  return {
    graceEnd: endHeight + timings.gracePeriodEndOffsetBlocks,
    claimOpen,
    claimClose,
    proofSeed: proofOpen - 1,
    proofOpen,
    proofClose,
    settlement: proofClose,
  };
}

/** First height of the session after that of `height`: when changed parameters and difficulties take effect. */
export function nextSessionStart(timings: SharedTimings, height: number): number {
  return sessionAt(timings, height).endHeight + 1;
}

/** How many sessions may have ended and not be settled yet: the windows' length in sessions, rounded up. */
export function numPendingSessions(timings: SharedTimings): number {
  const windowBlocks =
    timings.claimWindowOpenOffsetBlocks +
    timings.claimWindowCloseOffsetBlocks +
    timings.proofWindowOpenOffsetBlocks +
    timings.proofWindowCloseOffsetBlocks;
  return Math.ceil(windowBlocks / timings.numBlocksPerSession);
}
