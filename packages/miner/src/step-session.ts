/**
 * The next step of one session at one height, or the same record when there is none: sealed, claimed, proven, settled.
 *
 * Nothing is believed but the ledger's state: a claim is there when the ledger shows it, and a proof holds when the ledger
 * says so. Every step may be taken again with the same result.
 *
 * Source: pokt-network/poktroll `pkg/relayer/session/session.go`, `claim.go`, `proof.go`.
 */
import type { LedgerClient } from '@decai/client/ledger-client';
import type { SessionClock } from '@decai/client/session-clock';
import { Fault } from '@decai/protocol/fault';
import { ClaimProofStatus } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { SessionWindows } from '@decai/protocol/session-grid';
import type { World } from '@decai/protocol/world';
import { claimSession } from './claim-session.ts';
import type { Evidence } from './mine-relay.ts';
import type { MinerConfig } from './miner-config.ts';
import type { OpenSessions } from './open-session.ts';
import { claimDifference, proveSession } from './prove-session.ts';
import { readSettlement } from './read-settlement.ts';
import type { SessionRecord } from './session-record.ts';

export type StepParts = {
  readonly world: Pick<World, 'sleep' | 'now'>;
  readonly config: MinerConfig['claims'];
  readonly ledger: LedgerClient;
  readonly clock: SessionClock;
  readonly evidence: Evidence;
  readonly sessions: OpenSessions;
  readonly onTrouble: (trouble: unknown) => void;
};

/**
 * Takes one step, if the height allows it. Expects that no transaction about the session is under way.
 *
 * @throws what the ledger's client throws; then nothing has changed and the step is taken again with the next block.
 */
export async function stepSession(
  parts: StepParts,
  record: SessionRecord,
  windows: SessionWindows,
  height: number,
): Promise<SessionRecord> {
  switch (record.state) {
    case 'active':
      return height < windows.claimOpen ? record : await sealSession(parts, record, windows, height);
    case 'sealed':
      return height < windows.claimOpen ? record : await confirmClaim(parts, record, windows, height);
    case 'claimed':
      if (height >= windows.settlement) return await confirmSettlement(parts, record, windows);
      return height < windows.proofOpen ? record : await proveSession(parts, record);
    case 'proof-built':
      return await confirmProof(parts, record, windows, height);
    case 'proof-not-required':
    case 'proof-accepted':
      return height < windows.settlement ? record : await confirmSettlement(parts, record, windows);
    default:
      return record;
  }
}

/** Closes the tree, once the relays that still run have ended or time is short. */
async function sealSession(
  { sessions, evidence, world, config }: StepParts,
  record: SessionRecord,
  windows: SessionWindows,
  height: number,
): Promise<SessionRecord> {
  const session = sessions.find(record);
  const mustHurry = height + config.safetyBlocks >= windows.claimClose;
  if (session !== undefined && session.running > 0 && !mustHurry) return record;
  session?.seal();
  sessions.close(record);
  return await claimSession(evidence, world, record);
}

async function confirmClaim(
  parts: StepParts,
  record: SessionRecord,
  windows: SessionWindows,
  height: number,
): Promise<SessionRecord> {
  const { ledger, evidence, onTrouble } = parts;
  const claim = await ledger.claim(record.sessionId, record.supplier);
  if (claim !== undefined) {
    const difference = claimDifference(claim, record);
    if (difference === undefined) return await evidence.records.change(record, { state: 'claimed' });
    // Somebody else claims with our key; ours is sent again and replaces it.
    onTrouble(new Fault('CLAIM_DIFFERS', difference, { sessionId: record.sessionId }));
  }
  if (height >= windows.settlement) return await confirmSettlement(parts, record, windows);
  if (height <= windows.claimClose) return record;
  const reason = record.reason ?? 'the ledger had no claim of this session when its window closed';
  return await evidence.records.change(record, { state: 'claim-missed', reason });
}

async function confirmProof(
  parts: StepParts,
  record: SessionRecord,
  windows: SessionWindows,
  height: number,
): Promise<SessionRecord> {
  const { ledger, evidence } = parts;
  const claim = await ledger.claim(record.sessionId, record.supplier);
  switch (claim?.proofValidationStatus) {
    case ClaimProofStatus.VALIDATED:
      return await evidence.records.change(record, { state: 'proof-accepted' });
    case ClaimProofStatus.INVALID:
      // We verified it ourselves, so sending the same bytes again would not help.
      return await evidence.records.change(record, { state: 'rejected', reason: 'the ledger found the proof invalid' });
    default:
      return height < windows.settlement ? record : await confirmSettlement(parts, record, windows);
  }
}

/** After the block that settles: the claim is gone, and the block says what was paid. */
async function confirmSettlement(
  { ledger, evidence: { records } }: StepParts,
  record: SessionRecord,
  { settlement }: SessionWindows,
): Promise<SessionRecord> {
  if ((await ledger.claim(record.sessionId, record.supplier)) !== undefined) return record;
  const paid = readSettlement(await ledger.transport.blockResults(settlement), record);
  if (paid === undefined) {
    const reason = record.reason ?? `the block at height ${settlement} says nothing of this claim`;
    return await records.change(record, { state: record.state === 'sealed' ? 'claim-missed' : 'rejected', reason });
  }
  if (!paid.expired) return await records.change(record, { state: 'settled', settledUpokt: `${paid.settledUpokt}` });
  return await records.change(record, { state: 'proof-missed', reason: record.reason ?? paid.reason });
}
