/**
 * What the work of this miner came to, service by service: expected, claimed, paid, and lost with the reason.
 *
 * uPOKT of whole claims, before the ledger divides them among supplier, Source and the others.
 */
import type { SessionRecord, SessionState } from './session-record.ts';

export type ServiceEarnings = {
  readonly serviceId: string;
  readonly sessions: number;
  /** In claims that are sealed or on the ledger and not settled yet. */
  readonly pendingUpokt: bigint;
  readonly settledUpokt: bigint;
  /** By the state in which it was lost. */
  readonly lostUpokt: Readonly<Partial<Record<SessionState, bigint>>>;
};

const PENDING: ReadonlySet<SessionState> = new Set([
  'sealed',
  'claimed',
  'proof-not-required',
  'proof-built',
  'proof-accepted',
]);

/** One entry a service, in the order of the ids. */
export function earningsOf(records: readonly SessionRecord[]): ServiceEarnings[] {
  const ids = [...new Set(records.map(({ serviceId }) => serviceId))].sort();
  return ids.map((serviceId) => {
    const own = records.filter((record) => record.serviceId === serviceId);
    const lostUpokt: Partial<Record<SessionState, bigint>> = {};
    for (const record of own) {
      const lost = lostIn(record);
      if (lost > 0n) lostUpokt[record.state] = (lostUpokt[record.state] ?? 0n) + lost;
    }
    return {
      serviceId,
      sessions: own.length,
      pendingUpokt: sum(own.filter(({ state }) => PENDING.has(state)).map(claimed)),
      settledUpokt: sum(own.map(({ settledUpokt }) => BigInt(settledUpokt ?? '0'))),
      lostUpokt,
    };
  });
}

/** What was claimed and not paid: everything when it ended aside, what the budget did not cover when it was settled. */
function lostIn(record: SessionRecord): bigint {
  if (PENDING.has(record.state) || record.state === 'active') return 0n;
  return claimed(record) - BigInt(record.settledUpokt ?? '0');
}

function claimed({ claimedUpokt }: SessionRecord): bigint {
  return BigInt(claimedUpokt ?? '0');
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
