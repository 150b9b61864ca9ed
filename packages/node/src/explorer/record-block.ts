/**
 * A whole block, written down: its messages and events in their order, then the block itself.
 *
 * Comes a piece at a time, so that a block of ten thousand claims does not hold up the node that made it.
 */
import { formatTimestamp } from '@decai/protocol/time-text';
import { toHex } from '@decai/protocol/bytes';
import { decodeTransaction } from '@decai/protocol/transaction';
import type { StoredBlock } from '../embedded/block-store.ts';
import { BlockChanges } from './block-changes.ts';
import { recordEvent } from './record-event.ts';
import { recordMessage, SessionNames } from './record-message.ts';

/** Events between two pauses: about a millisecond of work. */
const EVENTS_PER_PIECE = 50;

/**
 * Yields after each piece and ends with what the block changes.
 *
 * @param supplyUpokt before the block.
 * @throws a Fault when a transaction that succeeded, or an event, cannot be read: the node's own record is damaged.
 */
export function* recordBlock(
  { block, results, commit }: StoredBlock,
  supplyUpokt: bigint,
): Generator<void, BlockChanges> {
  const header = block.header!;
  const changes = new BlockChanges(Number(header.height));
  const transactions = block.data?.txs ?? [];
  const sessions = new SessionNames();
  let events = 0;
  let failedTransactions = 0;
  for (const [index, bytes] of transactions.entries()) {
    const result = results.txResults[index];
    if (result === undefined || result.code !== 0) failedTransactions += 1;
    else for (const { message } of decodeTransaction(bytes).messages) recordMessage(changes, message, sessions);
    for (const event of result?.events ?? []) {
      recordEvent(changes, event, sessions);
      if ((events += 1) % EVENTS_PER_PIECE === 0) yield;
    }
  }
  for (const event of results.events) {
    recordEvent(changes, event, sessions);
    if ((events += 1) % EVENTS_PER_PIECE === 0) yield;
  }
  const { network, mintedUpokt, burnedUpokt } = changes;
  changes.put('blocks', {
    height: changes.height,
    time: formatTimestamp(header.time!),
    hash: toHex(commit.blockId!.hash).toUpperCase(),
    transactions: transactions.length,
    failedTransactions,
    mintedUpokt: `${mintedUpokt}`,
    burnedUpokt: `${burnedUpokt}`,
    supplyUpokt: `${supplyUpokt + mintedUpokt - burnedUpokt}`,
    claimsCreated: `${network.claimsCreated ?? 0n}`,
    proofsSubmitted: `${network.proofsSubmitted ?? 0n}`,
    claimsSettled: `${network.claimsSettled ?? 0n}`,
    claimsExpired: `${network.claimsExpired ?? 0n}`,
    claimsDiscarded: `${network.claimsDiscarded ?? 0n}`,
    slashes: `${network.slashes ?? 0n}`,
    settledUpokt: `${network.settledUpokt ?? 0n}`,
  });
  return changes;
}
