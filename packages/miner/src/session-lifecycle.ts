/**
 * The schedule of a supplier: each block, every session takes the steps that its windows allow, and what must be sent is
 * sent, again and again, until the ledger has it or the window is closed.
 *
 * Steps are written down before they have an effect outside, so a miner that was killed goes on where it was; trouble with
 * one session does not hold up another. Evidence is kept until long after settlement, whatever failed.
 *
 * Source: pokt-network/poktroll `pkg/relayer/session/session.go`; the windows are `@decai/protocol/session-grid`.
 */
import { fromHex } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import type { Hop } from '@decai/protocol/hop';
import { decodeRoot } from '@decai/protocol/root';
import type { SessionWindows } from '@decai/protocol/session-grid';
import { claimMessage } from './claim-session.ts';
import { proofMessage } from './prove-session.ts';
import type { TreeName } from './relay-journal.ts';
import { FINAL_STATES, type SessionRecord } from './session-record.ts';
import { stepSession, type StepParts } from './step-session.ts';
import type { BatchSubmitter, SubmissionResult } from './submit-batch.ts';

export type LifecycleParts = StepParts & {
  readonly submitter: BatchSubmitter;
  /** Hears of claims and proofs that the ledger has. */
  readonly tell: (hop: Hop) => void;
  /** Hears of each change of state. */
  readonly onState: (record: SessionRecord) => void;
};

type Kind = 'claim' | 'proof';

type DueSession = { readonly record: SessionRecord; readonly lastHeight: number };

export class SessionLifecycle {
  readonly #parts: LifecycleParts;
  #height = 0;
  #isNews = false;
  #running: Promise<void> | undefined;
  /** When, and at which height, a claim or proof was last sent: once a block is often enough. */
  readonly #sent = new Map<string, { readonly at: number; readonly height: number }>();

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  /** A block was made. Blocks that come while sessions advance are taken together. */
  onBlock(height: number): void {
    this.#height = Math.max(this.#height, height);
    this.#isNews = true;
    this.#running ??= this.#run();
  }

  /** Resolves when nothing more is to be done at this height. What was sent may still be under way. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isNews) {
      this.#isNews = false;
      await this.#advanceAll(this.#height);
    }
    this.#running = undefined;
  }

  async #advanceAll(height: number): Promise<void> {
    const due: Record<Kind, DueSession[]> = { claim: [], proof: [] };
    for (const record of this.#parts.evidence.records.values()) {
      try {
        const found = await this.#advance(record, height);
        if (found !== undefined) due[found.record.state === 'sealed' ? 'claim' : 'proof'].push(found);
      } catch (trouble) {
        this.#parts.onTrouble(trouble);
      }
    }
    this.#send('claim', due.claim, height);
    this.#send('proof', due.proof, height);
    this.#closeIdleSessions(height);
  }

  /** Takes the steps that need no transaction. Gives the record back when one is to be sent now. */
  async #advance(record: SessionRecord, height: number): Promise<DueSession | undefined> {
    const windows = await this.#parts.clock.windowsAt(record.endHeight);
    if (FINAL_STATES.has(record.state)) {
      await this.#forgetOld(record, windows, height);
      return undefined;
    }
    if (this.#parts.submitter.isRunning(record)) return undefined;
    const next = await stepSession(this.#parts, record, windows, height);
    if (next.state !== record.state) {
      this.#parts.onState(next);
      return await this.#advance(next, height);
    }
    const lastHeight = this.#lastHeight(next, windows, height);
    return lastHeight > height ? { record: next, lastHeight } : undefined;
  }

  /** The last block in which the ledger would take what the record waits for; 0 when it is not to be sent now. */
  #lastHeight({ state, ...name }: SessionRecord, windows: SessionWindows, height: number): number {
    if (this.#sent.get(keyOf(name))?.height === height) return 0;
    if (state === 'sealed') return height >= windows.claimOpen ? windows.claimClose : 0;
    if (state === 'proof-built') return height >= windows.proofOpen ? windows.proofClose : 0;
    return 0;
  }

  #send(kind: Kind, due: readonly DueSession[], height: number): void {
    const { submitter, world, onTrouble } = this.#parts;
    const makeMessage = kind === 'claim' ? claimMessage : proofMessage;
    const submissions = due.map(({ record, lastHeight }) => {
      this.#sent.set(keyOf(record), { at: world.now(), height });
      return { item: record, message: makeMessage(record), lastHeight };
    });
    submitter.submit(submissions, (result) => this.#onSubmitted(kind, result), onTrouble);
  }

  async #onSubmitted(kind: Kind, { items, outcome }: SubmissionResult<SessionRecord>): Promise<void> {
    const { records } = this.#parts.evidence;
    if (outcome.ok) {
      const { hash, height } = outcome;
      for (const item of items) {
        const { transactions } = records.get(item) ?? item;
        this.#tell(kind, item, hash, height);
        await records.change(item, { transactions: [...transactions, { kind, hash, height }] });
      }
    } else {
      const { stage, codespace, code, log } = outcome.refusal;
      const reason = `${kind} not taken (${stage}): ${codespace}/${code} ${log}`;
      for (const item of items) await records.change(item, { reason });
      const details = { kind, stage, codespace, code, messages: items.length };
      this.#parts.onTrouble(new Fault('SUBMISSION_REFUSED', log, details));
    }
    // The ledger's own state decides; it is asked at once rather than with the next block.
    this.onBlock(this.#height);
  }

  #tell(kind: Kind, record: SessionRecord, transaction: string, height: number): void {
    const { sum, count } = decodeRoot(fromHex(record.root!));
    this.#parts.tell({
      hop: kind === 'claim' ? 'claim.submitted' : 'proof.submitted',
      // When it was sent, not when we learnt that a block has it: the ledger's own hops lie between.
      at: this.#sent.get(keyOf(record))?.at ?? this.#parts.world.now(),
      role: 'miner',
      facts: {
        session: record.sessionId,
        supplier: record.supplier,
        service: record.serviceId,
        transaction,
        height,
        relays: Number(count),
        computeUnits: `${sum}`,
        claimedUpokt: record.claimedUpokt!,
      },
    });
  }

  /** Sessions in which nothing was mined leave nothing behind. */
  #closeIdleSessions(height: number): void {
    const { sessions, evidence } = this.#parts;
    for (const session of sessions.values()) {
      if (session.running > 0 || session.terms.windows.claimOpen > height) continue;
      if (evidence.records.get(session.name) === undefined) sessions.close(session.name);
    }
  }

  async #forgetOld(record: SessionRecord, windows: SessionWindows, height: number): Promise<void> {
    const { evidence, submitter, config } = this.#parts;
    const blocksPerSession = record.endHeight - record.startHeight + 1;
    if (height <= windows.settlement + config.retainSessions * blocksPerSession) return;
    await evidence.journal.forget(record);
    await evidence.records.forget(record);
    submitter.forget(record);
    this.#sent.delete(keyOf(record));
  }
}

function keyOf({ sessionId, supplier }: TreeName): string {
  return `${sessionId}/${supplier}`;
}
