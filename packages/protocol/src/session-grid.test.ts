import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  nextSessionStart,
  numPendingSessions,
  sessionAt,
  sessionWindows,
  type SharedTimings,
  sharedTimings,
} from './session-grid.ts';

const timings = (
  [blocks, grace, claimOpen, claimClose, proofOpen, proofClose]: readonly [
    number,
    number,
    number,
    number,
    number,
    number,
  ],
  [anchor, number]: readonly [number, number] = [1, 1],
): SharedTimings => ({
  numBlocksPerSession: blocks,
  gracePeriodEndOffsetBlocks: grace,
  claimWindowOpenOffsetBlocks: claimOpen,
  claimWindowCloseOffsetBlocks: claimClose,
  proofWindowOpenOffsetBlocks: proofOpen,
  proofWindowCloseOffsetBlocks: proofClose,
  sessionGridAnchorHeight: anchor,
  sessionNumberAtAnchor: number,
});
const MAINNET = [20, 10, 11, 10, 1, 10] as const;
const DEFAULT = [10, 1, 1, 4, 0, 4] as const;

test.each([
  { shared: timings(MAINNET), height: 1, session: [1, 1, 20], windows: [30, 32, 42, 43, 53, 42] },
  { shared: timings(MAINNET), height: 21, session: [2, 21, 40], windows: [50, 52, 62, 63, 73, 62] },
  {
    shared: timings(MAINNET),
    height: 883667,
    session: [44184, 883661, 883680],
    windows: [883690, 883692, 883702, 883703, 883713, 883702],
  },
  { shared: timings(DEFAULT), height: 15, session: [2, 11, 20], windows: [21, 22, 26, 26, 30, 25] },
  { shared: timings(MAINNET, [31, 4]), height: 51, session: [5, 51, 70], windows: [80, 82, 92, 93, 103, 92] },
])('height $height lies in session $session', ({ shared, height, session, windows }) => {
  const { number, startHeight, endHeight } = sessionAt(shared, height);
  expect([number, startHeight, endHeight]).toEqual(session);
  const { graceEnd, claimOpen, claimClose, proofOpen, proofClose, proofSeed, settlement } = sessionWindows(
    shared,
    height,
  );
  expect([graceEnd, claimOpen, claimClose, proofOpen, proofClose, proofSeed]).toEqual(windows);
  expect(settlement).toBe(proofClose);
});

test.each([
  [1, 1, 4],
  [4, 1, 4],
  [5, 5, 8],
  [6, 5, 8],
  [10, 9, 12],
])('with four blocks a session, height %i lies between %i and %i', (height, startHeight, endHeight) => {
  const four = timings([4, 1, 1, 1, 1, 1]);
  expect(sessionAt(four, height)).toEqual({ number: Math.ceil(height / 4), startHeight, endHeight });
  expect(nextSessionStart(four, height)).toBe(endHeight + 1);
});

describe('the anchor', () => {
  test('counts only from its own height on', () => {
    const anchored = timings(DEFAULT, [31, 4]);
    expect(sessionAt(anchored, 30)).toEqual({ number: 3, startHeight: 21, endHeight: 30 });
    expect(sessionAt(anchored, 31)).toEqual({ number: 4, startHeight: 31, endHeight: 40 });
  });

  test('of zero is the original grid, and a number of zero reads as one', () => {
    expect(sessionAt(timings(DEFAULT, [0, 9]), 15)).toEqual({ number: 2, startHeight: 11, endHeight: 20 });
    expect(sessionAt(timings(DEFAULT, [31, 0]), 41)).toEqual({ number: 2, startHeight: 41, endHeight: 50 });
  });
});

test('there is no session before the first block', () => {
  for (const height of [0, -1]) {
    expect(sessionAt(timings(DEFAULT), height)).toEqual({ number: 0, startHeight: 0, endHeight: 0 });
  }
});

test('pending sessions are the windows in sessions, rounded up', () => {
  expect(numPendingSessions(timings(MAINNET))).toBe(2);
  expect(numPendingSessions(timings(DEFAULT))).toBe(1);
  expect(numPendingSessions(timings([10, 1, 1, 4, 1, 5]))).toBe(2);
});

test('sessions tile the heights: each height lies in one session, and neighbours join', () => {
  const offset = fc.integer({ min: 0, max: 50 });
  const shared = fc
    .tuple(fc.integer({ min: 1, max: 60 }), offset, offset, offset, offset, offset)
    .chain((lengths) =>
      fc
        .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 20 }))
        .map((anchor) => timings(lengths, anchor)),
    );
  fc.assert(
    fc.property(shared, fc.integer({ min: 1, max: 1_000_000 }), (grid, height) => {
      const session = sessionAt(grid, height);
      expect(session.startHeight).toBeLessThanOrEqual(height);
      expect(session.endHeight).toBeGreaterThanOrEqual(height);
      expect(session.endHeight - session.startHeight + 1).toBe(grid.numBlocksPerSession);
      const inSameGrid = session.endHeight + 1 < grid.sessionGridAnchorHeight || height >= grid.sessionGridAnchorHeight;
      if (inSameGrid) {
        const next = sessionAt(grid, session.endHeight + 1);
        expect([next.number, next.startHeight]).toEqual([session.number + 1, session.endHeight + 1]);
      }
    }),
    { numRuns: 300 },
  );
});

describe('timings from the wire', () => {
  const wire = {
    numBlocksPerSession: 20n,
    gracePeriodEndOffsetBlocks: 10n,
    claimWindowOpenOffsetBlocks: 11n,
    claimWindowCloseOffsetBlocks: 10n,
    proofWindowOpenOffsetBlocks: 1n,
    proofWindowCloseOffsetBlocks: 10n,
    sessionGridAnchorHeight: 1n,
    sessionNumberAtAnchor: 1n,
  };

  test('are numbers here', () => {
    expect(sharedTimings(wire)).toEqual(timings(MAINNET));
  });

  test('are a fault when a height could no longer be exact, or when a session has no block', () => {
    const outOfRange = expect.objectContaining({ code: 'SHARED_TIMING_RANGE' });
    expect(() => sharedTimings({ ...wire, proofWindowOpenOffsetBlocks: 2n ** 48n + 1n })).toThrow(outOfRange);
    expect(() => sharedTimings({ ...wire, gracePeriodEndOffsetBlocks: -1n })).toThrow(outOfRange);
    expect(() => sharedTimings({ ...wire, numBlocksPerSession: 0n })).toThrow(outOfRange);
  });
});
