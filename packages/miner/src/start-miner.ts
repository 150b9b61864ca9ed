/**
 * A running miner, put together from its parts and a World: one process, one store, nothing else to install.
 *
 * The order matters twice: records and journal are read before the first block is heard of, and on the way out relays end
 * before the store closes.
 */
import type { LedgerTransport } from '@decai/client/ledger-transport';
import { createStop } from '@decai/client/stop-signal';
import { openNetworkView, type NetworkView } from '@decai/client/network-view';
import { createTransactionSender } from '@decai/client/transaction-sender';
import { Fault } from '@decai/protocol/fault';
import type { Hop, HopSink } from '@decai/protocol/hop';
import type { Key } from '@decai/protocol/keys';
import type { Listening, World } from '@decai/protocol/world';
import type { Admission } from './admit-relay.ts';
import { createBackend, type Backend } from './backend.ts';
import { probeBackend } from './backend-health.ts';
import { BlockPulse } from './block-pulse.ts';
import { createRingCheck } from './check-ring.ts';
import { earningsOf, type ServiceEarnings } from './earnings.ts';
import { GroupCommit } from './group-commit.ts';
import { HopLog } from './hop-log.ts';
import { resolveHeaders, type MinerConfig } from './miner-config.ts';
import { MinerMetrics } from './miner-metrics.ts';
import { withPages } from './miner-pages.ts';
import { OpenSessions } from './open-session.ts';
import { RelayJournal } from './relay-journal.ts';
import type { RelayService } from './relay-service.ts';
import { serveRelay } from './serve-relay.ts';
import { SessionLifecycle } from './session-lifecycle.ts';
import { SessionRecords, type SessionRecord } from './session-record.ts';
import { createTermsBook } from './session-terms.ts';
import { BatchSubmitter } from './submit-batch.ts';
import { SupplierStakes } from './supplier-stakes.ts';
import { TokenBucket } from './token-bucket.ts';

export type MinerOptions = {
  readonly world: World;
  readonly config: MinerConfig;
  readonly ledger: LedgerTransport;
  /** Operator keys of the suppliers that are served here. */
  readonly keys: readonly Key[];
  /** Where `env:NAME` in the configuration looks. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly onHop?: HopSink;
  /** Hears of each session tree that takes a step. */
  readonly onState?: (record: SessionRecord) => void;
  /** Hears of faults that were survived. */
  readonly onTrouble?: (trouble: unknown) => void;
};

export type Miner = {
  /** Where relays and pages are answered. */
  readonly url: string;
  /** All session trees that are kept. */
  records(): readonly SessionRecord[];
  earnings(): ServiceEarnings[];
  /** Takes no new relays, lets running ones end for at most `graceMs`, and closes the store. */
  close(graceMs?: number): Promise<void>;
};

export const MINER_VERSION = '0.1.0';

/**
 * Starts to serve relays, and goes on with the sessions that an earlier life has left.
 *
 * @throws MINER_WITHOUT_KEY when no key is given; MINER_CONFIG_INVALID for an unset environment variable; what the world
 * throws when a port is taken or the store cannot be opened.
 */
export async function startMiner(options: MinerOptions): Promise<Miner> {
  const { world, config, keys } = options;
  if (keys.length === 0) throw new Fault('MINER_WITHOUT_KEY', 'a miner needs the key of at least one supplier');
  const stopping = createStop();
  const backends = createBackends(options);
  const storage = openStorage(world, config);
  const { journal, records, sessions, hops } = storage;

  const pulse = new BlockPulse(world.now);
  const height = (): number => pulse.height;
  const metrics = new MinerMetrics({ backends, sessions, journal, records, height });
  const tell = (hop: Hop): void => {
    metrics.onHop(hop);
    hops?.record(hop);
    options.onHop?.(hop);
  };
  const onTrouble = (trouble: unknown): void => {
    if (stopping.signal.aborted) return;
    metrics.onTrouble(trouble);
    options.onTrouble?.(trouble);
  };

  const view = openNetworkView({ world, transport: options.ledger, onTrouble });
  const stakes = new SupplierStakes(
    view.ledger,
    view.clock,
    keys.map(({ address }) => address),
  );
  const terms = createTermsBook({
    ...view,
    now: world.now,
    unknownSessionsPerSecond: config.admission.unknownSessionsPerSecond,
  });
  const admission: Admission = {
    config,
    keys: new Map(keys.map((key) => [key.address, key])),
    stakedServices: (supplier) => stakes.servicesOf(supplier),
    height,
    clock: view.clock,
    terms,
    checkRing: createRingCheck(view.rings, height),
    sessions,
    journal,
  };
  const evidence = { journal, records };
  const service: RelayService = {
    world,
    admission,
    backends,
    evidence,
    signing: new TokenBucket(config.stream.signaturesPerSecond, world.now),
    isClosing: () => stopping.signal.aborted,
    tell: (hop, facts) => tell({ hop, at: world.now(), role: 'miner', facts }),
    onRefusal: (refusal, serviceId, relay) => metrics.onRefusal(refusal, serviceId, relay),
    onConcluded: (kind, ticket) => metrics.onConcluded(kind, ticket),
    onTrouble,
  };
  const lifecycle = new SessionLifecycle({
    world,
    config: config.claims,
    ledger: view.ledger,
    clock: view.clock,
    evidence,
    sessions,
    submitter: createSubmitter(options, view, stopping.signal),
    tell,
    onState(record) {
      metrics.onState(record);
      options.onState?.(record);
    },
    onTrouble,
  });
  view.blocks.onBlock((block) => {
    pulse.beat(block.height);
    terms.prune(block.height);
    stakes.refresh(block.height).catch(onTrouble);
    lifecycle.onBlock(block.height);
  });
  for (const backend of backends.values()) void watchBackend(world, backend, stopping.signal);

  const pages = withPages(
    {
      config,
      version: MINER_VERSION,
      pulse,
      backends,
      stakedSuppliers: () => keys.map(({ address }) => address).filter((address) => stakes.servicesOf(address)),
      journalWorks: () => !journal.isBroken,
      isClosing: service.isClosing,
      metrics: config.metrics ? metrics : undefined,
      hops,
      records: () => records.values(),
    },
    (exchange) => serveRelay(service, exchange),
  );
  let listening: Listening | undefined;
  let closing: Promise<void> | undefined;
  const close = async (graceMs?: number): Promise<void> => {
    stopping.abort(new Fault('MINER_CLOSED', 'the miner was closed'));
    await listening?.close(graceMs);
    await view.stop();
    await lifecycle.idle();
    await storage.close();
  };
  try {
    listening = await world.listen(pages, config.listen);
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return {
    url: listening.url,
    records: () => records.values(),
    earnings: () => earningsOf(records.values()),
    close: (graceMs) => (closing ??= close(graceMs)),
  };
}

type Storage = {
  readonly journal: RelayJournal;
  readonly records: SessionRecords;
  readonly sessions: OpenSessions;
  readonly hops: HopLog | undefined;
  close(): Promise<void>;
};

function openStorage(world: World, config: MinerConfig): Storage {
  const { trace: tracing, admission } = config;
  const store = world.openStore('miner');
  const trace = tracing.enabled ? world.openStore('trace') : undefined;
  const commit = new GroupCommit(store);
  const journal = new RelayJournal(store, commit, config.journal.unsyncedMax);
  return {
    journal,
    records: new SessionRecords(store, commit),
    sessions: new OpenSessions(journal, admission.overservice),
    hops: trace === undefined ? undefined : new HopLog(trace, tracing.relaysMax),
    async close() {
      await store.close();
      await trace?.close();
    },
  };
}

function createBackends({ world, config, environment = {} }: MinerOptions): ReadonlyMap<string, Backend> {
  return new Map(
    Object.entries(config.services).map(([serviceId, service]) => {
      return [serviceId, createBackend(serviceId, service, resolveHeaders(service.headers, environment), world)];
    }),
  );
}

function createSubmitter(
  { world, config, keys }: MinerOptions,
  { ledger }: NetworkView,
  signal: AbortSignal,
): BatchSubmitter {
  const { gasPriceUpokt, messagesPerTransactionMax } = config.claims;
  const senders = keys.map((key) => {
    return [key.address, createTransactionSender({ world, ledger, key, gasPriceUpokt })] as const;
  });
  return new BatchSubmitter(new Map(senders), messagesPerTransactionMax, signal);
}

/** Asks a backend how it is, again and again, until the signal. */
async function watchBackend(world: World, { config, headers, health }: Backend, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await probeBackend(world, config, headers, health, signal);
      await world.sleep(config.probe.everyMs, signal);
    }
  } catch {
    // Closed: nothing else ends it.
  }
}
