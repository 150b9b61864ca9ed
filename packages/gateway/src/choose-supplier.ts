/**
 * Which supplier of a session gets the next request.
 *
 * Two candidates are drawn and the better one wins: nearly as good as asking for the best, and it never sends everybody
 * to the same place. A request that failed elsewhere goes to somebody else; a supplier that holds to the application's
 * budget rests until the session ends; fraud is out for good.
 */
import { observe, type Reputation, score, STRANGER } from '@decai/quality/reputation';
import type { SupplierOutcome } from '@decai/protocol/supplier-outcome';

export type Candidate = {
  /** Operator address. */
  readonly supplier: string;
  readonly url: string;
};

/** Below this score a supplier is used only when there is nobody better. */
export const SCORE_MIN = 30;

/** A choice to be made: for whom, among whom, without whom. */
export type Choice = {
  readonly serviceId: string;
  readonly sessionId: string;
  readonly candidates: readonly Candidate[];
  /** Suppliers that have failed this request already. */
  readonly excluded: ReadonlySet<string>;
  readonly nowMs: number;
  /** Gives a number from 0 up to 1. */
  readonly random: () => number;
};

/** The chosen candidate, or nothing when every one is excluded, exhausted or banned. */
export function chooseSupplier(book: SupplierBook, choice: Choice): Candidate | undefined {
  const { serviceId, sessionId, excluded, nowMs, random } = choice;
  const open = choice.candidates.filter(
    ({ supplier }) => !excluded.has(supplier) && book.mayServe(serviceId, sessionId, supplier),
  );
  const good = open.filter(({ supplier }) => book.scoreOf(serviceId, supplier, nowMs) >= SCORE_MIN);
  const pool = good.length > 0 ? good : open;
  if (pool.length <= 1) return pool[0];
  const first = Math.floor(random() * pool.length);
  const second = (first + 1 + Math.floor(random() * (pool.length - 1))) % pool.length;
  const cost = (candidate: Candidate) => book.costOf(serviceId, candidate.supplier, nowMs);
  return cost(pool[second]!) < cost(pool[first]!) ? pool[second] : pool[first];
}

/** What the book knows of one supplier for one service. */
type Entry = {
  reputation: Reputation;
  /** Moving average of the time to the first byte; nothing known yet counts as fast, so that strangers are tried. */
  firstByteMs: number;
  /** Requests under way. */
  inFlight: number;
  /** Sessions in which the application's budget with him is used up. */
  exhausted: Set<string>;
};

export class SupplierBook {
  readonly #entries = new Map<string, Entry>();

  /** Whether the supplier is neither banned nor at the end of the application's budget in this session. */
  mayServe(serviceId: string, sessionId: string, supplier: string): boolean {
    const entry = this.#entry(serviceId, supplier);
    return !entry.exhausted.has(sessionId) && !entry.reputation.banned;
  }

  /** Whether every candidate that is not banned has its budget used up in this session. */
  allExhausted(serviceId: string, sessionId: string, candidates: readonly Candidate[]): boolean {
    const honest = candidates.filter(({ supplier }) => !this.#entry(serviceId, supplier).reputation.banned);
    return (
      honest.length > 0 && honest.every(({ supplier }) => this.#entry(serviceId, supplier).exhausted.has(sessionId))
    );
  }

  begin(serviceId: string, supplier: string): void {
    this.#entry(serviceId, supplier).inFlight += 1;
  }

  /** Records how a request that was begun has ended. */
  end(
    serviceId: string,
    supplier: string,
    sessionId: string,
    outcome: SupplierOutcome,
    nowMs: number,
    firstByteMs?: number,
  ): void {
    const entry = this.#entry(serviceId, supplier);
    entry.inFlight -= 1;
    entry.reputation = observe(entry.reputation, outcome, nowMs);
    if (outcome === 'over_service') entry.exhausted.add(sessionId);
    if (firstByteMs !== undefined) {
      entry.firstByteMs = entry.firstByteMs === 0 ? firstByteMs : 0.8 * entry.firstByteMs + 0.2 * firstByteMs;
    }
  }

  scoreOf(serviceId: string, supplier: string, nowMs: number): number {
    return score(this.#entry(serviceId, supplier).reputation, nowMs);
  }

  /** Expected wait, longer for those who fail and those who are busy. */
  costOf(serviceId: string, supplier: string, nowMs: number): number {
    const { reputation, firstByteMs, inFlight } = this.#entry(serviceId, supplier);
    return ((firstByteMs + 1) * (1 + inFlight)) / Math.max(1, score(reputation, nowMs));
  }

  #entry(serviceId: string, supplier: string): Entry {
    const key = `${serviceId}/${supplier}`;
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { reputation: STRANGER, firstByteMs: 0, inFlight: 0, exhausted: new Set() };
      this.#entries.set(key, entry);
    }
    return entry;
  }
}
