/**
 * What the tables of a chain begin with: its genesis; or, where a node has not all of its blocks, because it began with a
 * snapshot, the earliest state that it has, as the genesis that such a state could be.
 *
 * So supply, services, actors and waiting claims are right from the beginning, wherever that is.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { exportGenesis } from '@decai/ledger/export-genesis';
import { parseGenesis } from '@decai/ledger/genesis';
import type { IndexedChain } from './follow-blocks.ts';

export type FirstDocument = {
  readonly document: JsonValue;
  /** Blocks before the document's first that nobody can read any more. */
  readonly missingBlocks: number;
};

export function firstDocument({ genesis, blocks, latestHeight }: IndexedChain): FirstDocument {
  const document = genesis as JsonValue;
  const { initialHeight } = parseGenesis(document);
  if (latestHeight() < initialHeight || blocks.block(initialHeight) !== undefined)
    return { document, missingBlocks: 0 };
  const height = blocks.earliestStateHeight();
  const state = blocks.stateAt(height);
  if (state === undefined) return { document, missingBlocks: 0 };
  return { document: exportGenesis(state), missingBlocks: height - initialHeight + 1 };
}
