/**
 * The tree of a session, built from the journal when it is needed: to seal it, and to prove one leaf of it.
 *
 * The journal is the tree; this is only its shape. So there is nothing to lose between the two, and a tree built again
 * after a restart has the same root. Leaves come in the order of their keys, and their bytes stay on the disk.
 *
 * Source: pokt-network/poktroll `pkg/relayer/session/sessiontree.go`; pokt-network/smt.
 */
import { Fault } from '@decai/protocol/fault';
import { SumTrie } from '@decai/protocol/sum-trie';
import type { World } from '@decai/protocol/world';
import type { RelayJournal, TreeName } from './relay-journal.ts';

/** Leaves put in between two pauses: some five milliseconds in which nobody else runs. */
const LEAVES_AT_ONCE = 2_000;

/** All journaled leaves of a tree. Relays appended meanwhile may or may not be in it: seal the session first. */
export async function buildSessionTree(
  journal: RelayJournal,
  name: TreeName,
  world: Pick<World, 'sleep'>,
): Promise<SumTrie> {
  const trie = new SumTrie();
  let leaves = 0;
  for (const { key, value, weight } of journal.leaves(name)) {
    trie.update(key, value, weight, () => readLeaf(journal, name, key));
    leaves += 1;
    if (leaves % LEAVES_AT_ONCE === 0) await world.sleep(0);
  }
  return trie;
}

function readLeaf(journal: RelayJournal, name: TreeName, key: Uint8Array): Uint8Array {
  const value = journal.leaf(name, key);
  if (value === undefined) throw new Fault('JOURNAL_LEAF_MISSING', 'a leaf is gone from the journal', { ...name });
  return value;
}
