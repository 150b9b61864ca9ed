/**
 * Where every mined relay went: into a claim that the ledger settled for as many relays, or aside, with a reason.
 */
import type { SessionRecord } from '@decai/miner/session-record';
import type { Hop } from '@decai/protocol/hop';
import type { RunningNode } from '@decai/node/start-node';

/** One session tree: what became of it, and how many relays the ledger paid for. */
export type TreeFate = {
  readonly tree: string;
  readonly state: string;
  readonly reason: string | undefined;
  readonly mined: number;
  readonly settled: number;
};

export type RelayFindings = { readonly fates: readonly TreeFate[]; readonly findings: readonly string[] };

/**
 * Compares what miners said that they mined with what the ledger settled.
 *
 * @param mayLose whether this town had faults that excuse a claim or a proof that came too late.
 */
export async function checkRelays(
  node: RunningNode,
  hops: readonly Hop[],
  records: readonly SessionRecord[],
  mayLose: boolean,
): Promise<RelayFindings> {
  const mined = new Map<string, Set<string>>();
  for (const { hop, facts } of hops) {
    if (hop !== 'relay.mined') continue;
    const tree = `${facts.session}/${facts.supplier}`;
    mined.set(tree, (mined.get(tree) ?? new Set()).add(String(facts.leaf)));
  }
  const settled = await settledRelays(node);
  const byTree = new Map(records.map((record) => [`${record.sessionId}/${record.supplier}`, record]));
  const fates = [...new Set([...mined.keys(), ...byTree.keys()])].sort().map((tree): TreeFate => {
    const record = byTree.get(tree);
    return {
      tree,
      state: record?.state ?? 'forgotten',
      reason: record?.reason,
      mined: mined.get(tree)?.size ?? 0,
      settled: settled.get(tree) ?? 0,
    };
  });
  return { fates, findings: fates.flatMap((fate) => judge(fate, mayLose)) };
}

function judge({ tree, state, reason, mined, settled }: TreeFate, mayLose: boolean): string[] {
  if (state === 'settled') {
    // More than were told of is possible: a miner may be killed between writing a relay down and saying so.
    return settled >= mined && settled > 0 ? [] : [`${tree}: ${mined} relays mined, ${settled} settled`];
  }
  if (settled > 0) return [`${tree}: settled on the ledger, ${state} for its miner`];
  if (mined === 0) return [];
  if (mayLose && ['claim-missed', 'proof-missed', 'rejected'].includes(state) && (reason ?? '') !== '') return [];
  return [`${tree}: ${mined} relays mined, then ${state} (${reason ?? 'no reason'})`];
}

/** Relays settled by the ledger, by session and supplier. */
async function settledRelays({ node, transport }: RunningNode): Promise<Map<string, number>> {
  const settled = new Map<string, number>();
  for (let height = node.firstHeight; height <= node.latestHeight(); height += 1) {
    const { blockEvents } = await transport.blockResults(height);
    for (const { type, attributes } of blockEvents) {
      if (type !== 'pocket.tokenomics.EventClaimSettled') continue;
      const read = (key: string): string =>
        JSON.parse(attributes.find((attribute) => attribute.key === key)?.value ?? '""') as string;
      const tree = `${read('session_id')}/${read('supplier_operator_address')}`;
      settled.set(tree, (settled.get(tree) ?? 0) + Number(read('num_relays')));
    }
  }
  return settled;
}
