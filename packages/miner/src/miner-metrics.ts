/**
 * Numbers for Prometheus, read off what the miner tells: hops, refusals, states. No business function has a stopwatch.
 *
 * No label carries an application, a session or a request: their number is not bounded.
 */
import { toHex } from '@decai/protocol/bytes';
import type { Hop } from '@decai/protocol/hop';
import { isFault } from '@decai/protocol/fault';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Backend } from './backend.ts';
import type { RelayTicket } from './admit-relay.ts';
import type { Conclusion } from './relay-service.ts';
import type { MinerRefusal } from './miner-refusal.ts';
import type { OpenSessions } from './open-session.ts';
import type { ReceivedRelay } from './read-relay.ts';
import type { RelayJournal } from './relay-journal.ts';
import { FINAL_STATES, type SessionRecord, type SessionRecords } from './session-record.ts';

export type MetricsSources = {
  readonly backends: ReadonlyMap<string, Backend>;
  readonly sessions: OpenSessions;
  readonly journal: RelayJournal;
  readonly records: SessionRecords;
  readonly height: () => number;
};

const SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300];

/** What passes between two hops of a relay. */
const PHASES: Readonly<Partial<Record<Hop['hop'], string>>> = {
  'relay.admitted': 'verify',
  'backend.called': 'queue',
  'backend.answered': 'backend',
  'relay.served': 'answer',
  'relay.mined': 'persist',
};

export class MinerMetrics {
  readonly registry: Registry = new Registry();
  /** When each running relay last told of itself. */
  readonly #lastHop = new Map<string, number>();
  readonly #relays = this.#counter('rm_relays_total', 'Relays by outcome', ['service', 'outcome']);
  readonly #mined = this.#counter(
    'rm_mined_total',
    'Answered relays by what became of them: mined, missed, late, unpayable',
    ['service', 'kind'],
  );
  readonly #unpaid = this.#counter('rm_unpaid_relays_total', 'Relays served beyond the budget', ['service']);
  readonly #submitted = this.#counter('rm_submitted_total', 'Claims and proofs that the ledger has', ['kind']);
  readonly #settled = this.#counter('rm_settled_upokt_total', 'Paid by settled claims', ['service']);
  readonly #lost = this.#counter('rm_lost_upokt_total', 'Claimed and not paid, by how it ended', ['service', 'state']);
  readonly #troubles = this.#counter('rm_troubles_total', 'Faults that were survived', ['code']);
  readonly #seconds = new Histogram({
    name: 'rm_relay_seconds',
    help: 'Time of a relay by phase',
    labelNames: ['service', 'phase'],
    buckets: SECONDS,
    registers: [this.registry],
  });

  constructor(sources: MetricsSources) {
    this.#gauges(sources);
  }

  onHop({ hop, at, facts }: Hop): void {
    const service = `${facts['service']}`;
    if (hop === 'claim.submitted' || hop === 'proof.submitted') this.#submitted.inc({ kind: hop.split('.')[0]! });
    if (hop === 'relay.served') this.#relays.inc({ service, outcome: facts['cut'] === 1 ? 'cut' : 'served' });
    const request = facts['request'];
    if (request === undefined) return;
    const [before, phase] = [this.#lastHop.get(`${request}`), PHASES[hop]];
    if (before !== undefined && phase !== undefined) this.#seconds.observe({ service, phase }, (at - before) / 1_000);
    if (hop === 'relay.mined') this.#lastHop.delete(`${request}`);
    else this.#lastHop.set(`${request}`, at);
  }

  onRefusal({ code }: MinerRefusal, service: string, relay?: ReceivedRelay): void {
    this.#relays.inc({ service, outcome: code });
    if (relay !== undefined) this.#lastHop.delete(toHex(relay.requestHash));
  }

  onConcluded(kind: Conclusion, { relay, paid }: RelayTicket): void {
    const service = relay.header.serviceId;
    this.#mined.inc({ service, kind });
    if (!paid && kind !== 'unpayable') this.#unpaid.inc({ service });
    this.#lastHop.delete(toHex(relay.requestHash));
  }

  onState(record: SessionRecord): void {
    if (!FINAL_STATES.has(record.state)) return;
    const [claimed, settled] = [Number(record.claimedUpokt ?? 0), Number(record.settledUpokt ?? 0)];
    this.#settled.inc({ service: record.serviceId }, settled);
    if (claimed > settled) this.#lost.inc({ service: record.serviceId, state: record.state }, claimed - settled);
  }

  onTrouble(trouble: unknown): void {
    this.#troubles.inc({ code: isFault(trouble) ? trouble.code : 'UNKNOWN' });
  }

  #gauges({ backends, sessions, journal, records, height }: MetricsSources): void {
    const each = <Value>(read: (backend: Backend) => Value) =>
      [...backends.values()].map((backend) => {
        return [{ service: backend.serviceId }, read(backend)] as const;
      });
    const open = (): ReturnType<typeof sessionSums> => sessionSums(sessions);
    this.#gauge('rm_inflight', 'Requests at the backend', () => each(({ gate }) => gate.inflight));
    this.#gauge('rm_queued', 'Requests that wait for the backend', () => each(({ gate }) => gate.queued));
    this.#gauge('rm_backend_healthy', '1 while the backend works', () =>
      each(({ health }) => (health.isHealthy ? 1 : 0)),
    );
    this.#gauge('rm_meter_reserved', 'Compute units that running relays may charge', () => [[{}, open().reserved]]);
    this.#gauge('rm_meter_consumed', 'Compute units charged in open sessions', () => [[{}, open().consumed]]);
    this.#gauge('rm_journal_unsynced', 'Batches that wait for the disk', () => [[{}, journal.unsynced]]);
    this.#gauge('rm_sessions', 'Session trees by state', () => statesOf(records));
    this.#gauge('rm_height', 'Newest block', () => [[{}, height()]]);
    this.#gauge('rm_heap_bytes', 'Heap in use', () => [[{}, process.memoryUsage().heapUsed]]);
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** A gauge that is read when it is asked for. */
  #gauge(name: string, help: string, read: () => readonly (readonly [Record<string, string>, number])[]): void {
    new Gauge({
      name,
      help,
      labelNames: ['service', 'state'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.set(labels, value);
      },
    });
  }
}

function sessionSums(sessions: OpenSessions): { reserved: number; consumed: number } {
  let [reserved, consumed] = [0n, 0n];
  for (const { meter } of sessions.values()) {
    reserved += meter.reserved;
    consumed += meter.consumed;
  }
  return { reserved: Number(reserved), consumed: Number(consumed) };
}

function statesOf(records: SessionRecords): (readonly [{ state: string }, number])[] {
  const counts = new Map<string, number>();
  for (const { state } of records.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => [{ state }, count] as const);
}
