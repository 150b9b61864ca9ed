/**
 * The story of one completion, put together from its witnesses: the gateway, the miner, and the ledger's events.
 *
 * A look gives everything known so far. Whoever wants the end looks again; blocks that were read are not asked for twice.
 */
import type { LedgerClient } from '@decai/client/ledger-client';
import type { Hop } from '@decai/protocol/hop';
import { type SessionWindows, sessionWindows, sharedTimings } from '@decai/protocol/session-grid';
import { transactionHash } from '@decai/protocol/transaction';
import type { World } from '@decai/protocol/world';
import { askGateway, askMiner } from './ask-witness.ts';
import { type BlockRecord, type ClaimEnd, type ClaimIdentity, claimStory } from './claim-story.ts';
import { inStoryOrder } from './story-order.ts';

export type TraceTarget = {
  readonly world: Pick<World, 'request'>;
  readonly ledger: LedgerClient;
  readonly gateway: { readonly url: string; readonly key: string };
  /** `chatcmpl-…` or a request id. */
  readonly id: string;
  readonly signal: AbortSignal;
};

export type Look = {
  /** In the order of the story. */
  readonly hops: readonly Hop[];
  /** What is waited for, for people; absent at the end. */
  readonly waitingFor?: string;
  /** The ledger's newest block, once it was asked. */
  readonly height?: number;
  /** Nothing more will come. */
  readonly end?: ClaimEnd | { readonly outcome: 'unclaimed' | 'refused'; readonly explanation: string };
};

export type TraceFollower = {
  /** Undefined while the gateway does not know the request. */
  look(): Promise<Look | undefined>;
};

/** A block may take a transaction that a miner sent at the last moment; later than this nothing comes. */
const LATE_BLOCKS = 1;

export function followTrace({ world, ledger, gateway, id, signal }: TraceTarget): TraceFollower {
  const blocks: BlockRecord[] = [];
  return {
    async look() {
      const trace = await askGateway(world, gateway, id, signal);
      if (trace === undefined) return undefined;
      const refused = refusalOf(trace.hops);
      if (refused !== undefined) return { hops: inStoryOrder(trace.hops), end: refused };
      const relay = relayOf(trace.hops);
      if (relay === undefined) return { hops: inStoryOrder(trace.hops), waitingFor: 'an answer' };
      // The height first, so that what is seen afterwards is at least as new.
      const { latestHeight } = await ledger.transport.status(signal);
      const miner = await askMiner(world, relay.minerUrl, relay.requestHash, signal);
      const params = await ledger.sharedParams(relay.claim.sessionEndHeight, { signal });
      const windows = sessionWindows(sharedTimings(params), relay.claim.sessionEndHeight);
      const last = Math.min(latestHeight, windows.settlement + LATE_BLOCKS);
      for (let height = (blocks.at(-1)?.height ?? relay.claim.sessionEndHeight) + 1; height <= last; height += 1) {
        blocks.push(await readBlock(ledger, height, signal));
      }
      const story = claimStory(relay.claim, blocks);
      const hops = inStoryOrder([...trace.hops, ...miner, ...story.hops]);
      const ended = story.end ?? unclaimed(story.hops, windows.claimClose, latestHeight);
      if (ended !== undefined) return { hops, end: ended };
      return {
        hops,
        waitingFor: waitingFor(relay.claim.sessionEndHeight, windows, latestHeight, story.hops.length > 0),
        height: latestHeight,
      };
    },
  };
}

type TracedRelay = { readonly claim: ClaimIdentity; readonly minerUrl: string; readonly requestHash: string };

/** The relay that was answered, as the gateway tells of it. */
function relayOf(hops: readonly Hop[]): TracedRelay | undefined {
  const facts = (name: Hop['hop']): Hop['facts'] | undefined => hops.findLast(({ hop }) => hop === name)?.facts;
  const session = facts('session.found');
  const chosen = facts('supplier.chosen');
  const signed = facts('relay.signed');
  if (session === undefined || chosen === undefined || signed === undefined) return undefined;
  return {
    claim: {
      supplier: String(chosen['supplier']),
      application: String(session['application']),
      service: String(session['service']),
      sessionEndHeight: Number(session['endHeight']),
    },
    minerUrl: String(chosen['url']),
    requestHash: String(signed['requestHash']),
  };
}

function refusalOf(hops: readonly Hop[]): Look['end'] {
  const status = hops.find(({ hop }) => hop === 'request.answered')?.facts['status'];
  if (status === undefined || Number(status) < 400) return undefined;
  return { outcome: 'refused', explanation: `the request was answered with status ${status}; nobody is paid for it` };
}

function unclaimed(hops: readonly Hop[], claimClose: number, latestHeight: number): Look['end'] {
  if (hops.length > 0 || latestHeight <= claimClose + LATE_BLOCKS) return undefined;
  const explanation = `the supplier made no claim for this session (its window closed at block ${claimClose}), so nobody is paid`;
  return { outcome: 'unclaimed', explanation };
}

function waitingFor(sessionEnd: number, windows: SessionWindows, height: number, isClaimed: boolean): string {
  if (height <= sessionEnd) return `the end of the session at block ${sessionEnd}`;
  if (!isClaimed) return `the claim, due by block ${windows.claimClose}`;
  return `the settlement at block ${windows.settlement}`;
}

async function readBlock(ledger: LedgerClient, height: number, signal: AbortSignal): Promise<BlockRecord> {
  const [block, results] = await Promise.all([
    ledger.transport.block(height, signal),
    ledger.transport.blockResults(height, signal),
  ]);
  return {
    height,
    at: Date.parse(block.time),
    transactions: block.transactions.map((bytes, index) => ({
      hash: transactionHash(bytes),
      events: results.transactionResults[index]?.events ?? [],
    })),
    blockEvents: results.blockEvents,
  };
}
