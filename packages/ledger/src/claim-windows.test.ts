/**
 * When claims and proofs of a session are taken and when they settle, for several parameters: the first and the last block of
 * each window, and none beside them.
 */
import { describe, expect, test } from 'vitest';
import { encodeClosestProof } from '@decai/protocol/proof-bytes';
import { proofPath } from '@decai/protocol/proof-path';
import { collectClaims } from './collect-claims.ts';
import { createClaim } from './create-claim.ts';
import { hydrateSession, type HydratedSession } from './session.ts';
import type { Verdict } from './refusal.ts';
import type { State } from './state.ts';
import { submitProof } from './submit-proof.ts';
import { atHeight, hashOf } from './test-chain.ts';
import { APPLICATION, claimMessage, honestTrie, SERVICE_ID, sessionState, submission } from './test-session.ts';

type Timings = readonly [
  blocks: number,
  grace: number,
  claimOpen: number,
  claimClose: number,
  proofOpen: number,
  proofClose: number,
];

const MAINNET: Timings = [20, 10, 11, 10, 1, 10];
const DEFAULTS: Timings = [10, 1, 1, 4, 0, 4];

type ParamSet = {
  /** From which height on; live if absent. */
  readonly from?: number;
  readonly timings: Timings;
  /** Where the grid begins, and with which session. */
  readonly grid?: readonly [anchor: number, session: number];
};

function put({ params: { shared } }: State, { from, timings, grid = [1, 1] }: ParamSet): void {
  const [blocks, grace, claimOpen, claimClose, proofOpen, proofClose] = timings.map(BigInt) as bigint[];
  const set = {
    ...shared.live(),
    numBlocksPerSession: blocks!,
    gracePeriodEndOffsetBlocks: grace!,
    claimWindowOpenOffsetBlocks: claimOpen!,
    claimWindowCloseOffsetBlocks: claimClose!,
    proofWindowOpenOffsetBlocks: proofOpen!,
    proofWindowCloseOffsetBlocks: proofClose!,
    sessionGridAnchorHeight: BigInt(grid[0]),
    sessionNumberAtAnchor: BigInt(grid[1]),
  };
  if (from === undefined) shared.setLive(set);
  else shared.history.put('', from, set);
}

/** The session of a height, as it is drawn long afterwards. */
function sessionOf(state: State, height: number): HydratedSession {
  const query = { applicationAddress: APPLICATION.address, serviceId: SERVICE_ID, blockHeight: height };
  const session = hydrateSession(atHeight(state, height + 1_000), query);
  if (!session.ok) throw new Error(session.message);
  return session.value;
}

const codeOf = (verdict: Verdict): number => (verdict.ok ? 0 : verdict.code);

type Row = {
  readonly what: string;
  readonly sets: readonly ParamSet[];
  readonly height: number;
  readonly session: readonly [number: number, start: number, end: number];
  /** First and last block. */
  readonly claims: readonly [number, number];
  readonly proofs: readonly [number, number];
  /** Whose hash decides who must prove what. */
  readonly seed: number;
};

const ROWS: readonly Row[] = [
  {
    what: 'the first session of MainNet',
    sets: [{ timings: MAINNET }],
    height: 1,
    session: [1, 1, 20],
    claims: [32, 42],
    proofs: [43, 53],
    seed: 42,
  },
  {
    what: 'the second session of MainNet',
    sets: [{ timings: MAINNET }],
    height: 21,
    session: [2, 21, 40],
    claims: [52, 62],
    proofs: [63, 73],
    seed: 62,
  },
  {
    what: 'a late session of MainNet',
    sets: [{ timings: MAINNET }],
    height: 883_667,
    session: [44_184, 883_661, 883_680],
    claims: [883_692, 883_702],
    proofs: [883_703, 883_713],
    seed: 883_702,
  },
  {
    what: 'a session with the defaults, whose proofs begin with the last claim',
    sets: [{ timings: DEFAULTS }],
    height: 15,
    session: [2, 11, 20],
    claims: [22, 26],
    proofs: [26, 30],
    seed: 25,
  },
  {
    what: 'a session on a grid that began anew at 31',
    sets: [{ timings: MAINNET, grid: [31, 4] }],
    height: 51,
    session: [5, 51, 70],
    claims: [82, 92],
    proofs: [93, 103],
    seed: 92,
  },
  {
    what: 'a session after whose end windows became longer',
    sets: [
      { from: 1, timings: DEFAULTS },
      { from: 21, timings: MAINNET, grid: [21, 3] },
      { timings: MAINNET, grid: [21, 3] },
    ],
    height: 15,
    session: [2, 11, 20],
    claims: [22, 26],
    proofs: [26, 30],
    seed: 25,
  },
  {
    what: 'a session after whose end windows became shorter',
    sets: [
      { from: 1, timings: MAINNET },
      { from: 21, timings: DEFAULTS, grid: [21, 2] },
      { timings: DEFAULTS, grid: [21, 2] },
    ],
    height: 11,
    session: [1, 1, 20],
    claims: [32, 42],
    proofs: [43, 53],
    seed: 42,
  },
];

describe.each(ROWS)('$what', ({ sets, height, session: [number, start, end], claims, proofs, seed }) => {
  const founded = sessionState(1);
  for (const set of sets) put(founded, set);
  founded.blockHashes.put(start, hashOf(start));
  founded.blockHashes.put(seed, hashOf(seed));
  const session = sessionOf(founded, height);
  const { header } = session;
  const trie = honestTrie(header, 1);
  const around = ([first, last]: readonly [number, number]) => [first - 1, first, last, last + 1];

  test('is the session of its height', () => {
    const { sessionStartBlockHeight, sessionEndBlockHeight } = header;
    expect([session.number, sessionStartBlockHeight, sessionEndBlockHeight]).toEqual([
      number,
      BigInt(start),
      BigInt(end),
    ]);
  });

  test('is claimed within its window', () => {
    const claim = (at: number) => codeOf(createClaim(atHeight(founded, at), claimMessage(header, trie.root())));
    expect(around(claims).map(claim)).toEqual([1121, 0, 0, 1121]);
  });

  test('is proven within its window, by the path of its seed', () => {
    const path = proofPath(hashOf(seed), header.sessionId);
    const message = submission(header, encodeClosestProof(trie.proveClosest(path)));
    const prove = (at: number) => codeOf(submitProof(atHeight(founded, at), message));
    expect(around(proofs).map(prove)).toEqual([1122, 0, 0, 1122]);
  });

  test('is due at the end of the block of the last proof, and not before', () => {
    const due = (at: number) => collectClaims(atHeight(founded, at)).length;
    const before = Array.from({ length: proofs[1] - end }, (_, index) => due(end + index));
    expect(new Set(before)).toEqual(new Set([0]));
    expect(due(proofs[1])).toBe(1);
  });
});
