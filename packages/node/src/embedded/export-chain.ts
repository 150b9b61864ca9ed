/**
 * A chain's state after a block as the genesis of another chain, with the limits of blocks that the first one had.
 */
import type { JsonObject } from '@bufbuild/protobuf';
import { Fault } from '@decai/protocol/fault';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import { exportGenesis, type GenesisDocument } from '@decai/ledger/export-genesis';
import { BlockStore } from './block-store.ts';
import { decodeGenesis } from './genesis-document.ts';

/** After the last block unless a height is given. @throws NO_CHAIN; STATE_NOT_KEPT for a state that is out of reach. */
export function exportChain(store: KeyValueStore, height?: number): GenesisDocument {
  const blocks = new BlockStore(store);
  const kept = blocks.genesis();
  if (kept === undefined) throw new Fault('NO_CHAIN', 'there is no chain in the store');
  const state = height === undefined ? blocks.state : blocks.expectStateAt(height);
  const { consensus } = decodeGenesis(kept) as JsonObject;
  return { ...exportGenesis(state), ...(consensus !== undefined && { consensus }) };
}
