import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROOF_JUDGE, proofJudges } from '@decai/ledger/judge-proof';
import { Ledger, type BlockResult, type LedgerOptions } from '@decai/ledger/ledger';
import { liveTimings, settlementDelay } from '@decai/ledger/session-timings';
import type { State } from '@decai/ledger/state';
import { addressNamed, hashOf, TestChain } from '@decai/ledger/test-chain';
import { foundSession, HEIGHTS, relay, sessionHeader, STRANGER, SUPPLIER, trieOf } from '@decai/ledger/test-session';
import { toHex } from '@decai/protocol/bytes';
import { ClaimProofStatus, ClaimSchema, ProofSchema } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import type { Judges } from '@decai/protocol/judge';
import { encodeClosestProof } from '@decai/protocol/proof-bytes';
import { proofPath } from '@decai/protocol/proof-path';
import { createWorld } from '@decai/world';

/** What may be wrong with a proof; each is found at another place. */
const KINDS = ['honest', 'nobody', 'cut', 'foreign ring', 'foreign response', 'other path', 'other root'] as const;
type Kind = (typeof KINDS)[number];

const { VALIDATED, INVALID } = ClaimProofStatus;

/** Enough for threads to be asked. */
const PROOFS = 40;

let chain: TestChain;
let header: SessionHeader;
let height: number;
const open: Judges[] = [];

beforeAll(() => {
  chain = new TestChain(foundSession);
  chain.blocksTo(HEIGHTS.end);
  const state = chain.state();
  header = sessionHeader(state);
  height = HEIGHTS.end + settlementDelay(liveTimings(state));
  chain.blocksTo(height - 1);
});

afterAll(async () => {
  await Promise.all(open.map((judges) => judges.close()));
});

/** Puts a claim and its proof of each kind, all of one session's time, into the state before the block. */
function file(state: State, kinds: readonly Kind[]): void {
  for (const [index, kind] of kinds.entries()) {
    const sessionHeader = { ...header, sessionId: `session ${index}` };
    const supplierOperatorAddress = kind === 'nobody' ? addressNamed('nobody') : SUPPLIER.address;
    const parts = {
      ...(kind === 'foreign ring' && { gateway: STRANGER }),
      ...(kind === 'foreign response' && { supplier: STRANGER }),
    };
    const trie = trieOf([relay(sessionHeader, parts)]);
    const seed = kind === 'other path' ? HEIGHTS.start : HEIGHTS.proofSeed;
    const proof = encodeClosestProof(trie.proveClosest(proofPath(hashOf(seed), sessionHeader.sessionId)));
    const rootHash = kind === 'other root' ? trieOf([relay(header)]).root() : trie.root();
    const keyed = { supplierOperatorAddress, sessionHeader };
    state.claims.put(create(ClaimSchema, { ...keyed, rootHash }));
    state.proofs.put(
      create(ProofSchema, { ...keyed, closestMerkleProof: kind === 'cut' ? proof.subarray(0, -1) : proof }),
    );
  }
}

function finalize(options: LedgerOptions = {}): BlockResult {
  return new Ledger(chain.disk, options).finalizeBlock({
    height,
    timeNs: BigInt(height) * 1_000_000_000n,
    hash: hashOf(height),
    transactions: [],
  });
}

function judges(threads: number, shared = PROOF_JUDGE): LedgerOptions {
  const opened = createWorld({ dataDirectory: 'unused' }).openJudges(shared, threads);
  open.push(opened);
  return { proofJudges: proofJudges((tasks) => opened.judgeAll(tasks)) };
}

/** The built judge, on a thread that dies after so many cases. */
function mortalJudge(cases: number): typeof PROOF_JUDGE {
  const text = `
    import { judge as immortal } from ${JSON.stringify(PROOF_JUDGE.module)};
    let left = ${cases};
    export const judge = (task) => (left-- > 0 ? immortal(task) : process.exit(1));`;
  return { ...PROOF_JUDGE, module: `data:text/javascript,${encodeURIComponent(text)}` };
}

const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('a block with many proofs', () => {
  test('is the same to the last byte, whoever judges them and whoever dies of it', async () => {
    const crews = [judges(0), judges(1), judges(2), judges(2, mortalJudge(3))];
    const kinds = fc.array(fc.constantFrom(...KINDS), { minLength: PROOFS, maxLength: PROOFS });
    await fc.assert(
      fc.asyncProperty(kinds, async (drawn) => {
        // A claim of nobody and one of the supplier are not the same claim: what an earlier run has filed goes first.
        chain.patch((state) => clear(state));
        chain.patch((state) => file(state, drawn));
        const expected = finalize();
        expect(statuses(expected)).toEqual(drawn.map((kind) => (kind === 'honest' ? VALIDATED : INVALID)).sort());
        for (const crew of crews) expect(spelled(finalize(crew))).toBe(spelled(expected));
        // Threads that have died are only missed, and replaced, between two blocks.
        await moment();
      }),
      { numRuns: 6 },
    );
  });

  test('is shared with threads, which have the judge from the built ledger', async () => {
    chain.patch((state) => clear(state));
    chain.patch((state) =>
      file(
        state,
        Array.from({ length: PROOFS }, () => 'honest'),
      ),
    );
    const expected = finalize();
    let ownCases = 0;
    const own = (task: Uint8Array): number => {
      ownCases += 1;
      return PROOF_JUDGE.judge(task);
    };
    const crew = judges(1, { ...PROOF_JUDGE, judge: own });
    do {
      ownCases = 0;
      expect(spelled(finalize(crew))).toBe(spelled(expected));
      await moment();
    } while (ownCases === PROOFS);
    expect(ownCases).toBeLessThan(PROOFS);
  });
});

function clear(state: State): void {
  for (const { sessionHeader, supplierOperatorAddress } of [...state.claims.entries()].map(([, claim]) => claim)) {
    state.claims.delete(sessionHeader!.sessionId, supplierOperatorAddress);
    state.proofs.delete(sessionHeader!.sessionId, supplierOperatorAddress);
  }
}

/** What became of the proofs, in any order. */
function statuses({ events }: BlockResult): number[] {
  return events
    .filter(({ type }) => type.endsWith('.EventProofValidityChecked'))
    .map(({ attributes }) => attributes.find(({ key }) => key === 'claim_proof_status_int')!.value)
    .map(Number)
    .sort();
}

/** A result as text: comparing tens of thousands of bytes one by one takes longer than making them. */
function spelled(result: BlockResult): string {
  return JSON.stringify(result, (_key, value: unknown) => {
    if (value instanceof Uint8Array) return toHex(value);
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}
