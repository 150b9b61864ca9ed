/**
 * A session's tree is sealed and claimed: from here on it only proves.
 *
 * The root is on the disk before the ledger hears of it. Sealing again gives the same root, so a miner killed in between
 * seals again and claims the same.
 *
 * Source: pokt-network/poktroll `pkg/relayer/session/claim.go`, `proto/pocket/proof/tx.proto`.
 */
import type { TypedMessage } from '@decai/protocol/any';
import { fromHex, toHex } from '@decai/protocol/bytes';
import { claimedUpokt } from '@decai/protocol/claim-amount';
import { decode } from '@decai/protocol/codec';
import { MsgCreateClaimSchema } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { decodeRoot } from '@decai/protocol/root';
import type { World } from '@decai/protocol/world';
import type { Evidence } from './mine-relay.ts';
import { headerOf, priceOf, type SessionRecord } from './session-record.ts';
import { buildSessionTree } from './session-tree.ts';

/** The record with its root, or `empty` when there is nothing to claim. Expects that no relay can be added any more. */
export async function claimSession(
  { journal, records }: Evidence,
  world: Pick<World, 'sleep'>,
  record: SessionRecord,
): Promise<SessionRecord> {
  const trie = await buildSessionTree(journal, record, world);
  if (trie.count === 0n) {
    return await records.change(record, { state: 'empty', reason: 'no relay of the session met the difficulty' });
  }
  const root = trie.root();
  const amount = claimedUpokt(decodeRoot(root), fromHex(record.target), priceOf(record));
  return await records.change(record, { state: 'sealed', root: toHex(root), claimedUpokt: `${amount}` });
}

/** What the ledger is told of a sealed tree. */
export function claimMessage(record: SessionRecord): TypedMessage {
  const message = decode(MsgCreateClaimSchema, new Uint8Array(0));
  message.supplierOperatorAddress = record.supplier;
  message.sessionHeader = headerOf(record);
  message.rootHash = fromHex(record.root!);
  return { schema: MsgCreateClaimSchema, message };
}
