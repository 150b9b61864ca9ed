/** A gateway: what it was given, what it remembers, and how it starts and stops. */
import { createBlockPace, type BlockPace } from './block-pace.ts';
import { Catalog } from './catalog.ts';
import { SupplierBook } from './choose-supplier.ts';
import { type GatewayLimits, LIMITS_DEFAULT } from './config.ts';
import { GatewayMetrics } from './metrics.ts';
import { serveGateway } from './serve.ts';
import { type KeyConfig, Tenants } from './tenants.ts';
import { TraceBook } from './trace-book.ts';
import type { BlockWatch } from '@decai/client/block-watch';
import type { LedgerTransport } from '@decai/client/ledger-transport';
import { openNetworkView } from '@decai/client/network-view';
import type { PublicKeyBook } from '@decai/client/public-key-book';
import type { SessionBook } from '@decai/client/session-book';
import { createStop } from '@decai/client/stop-signal';
import type { HttpHandler } from '@decai/protocol/http';
import type { HopSink } from '@decai/protocol/hop';
import type { Key } from '@decai/protocol/keys';
import type { World } from '@decai/protocol/world';

export type GatewayOptions = {
  readonly world: World;
  readonly ledger: LedgerTransport;
  /** The gateway's own key: applications delegate to its address, and it signs their relays. */
  readonly key: Key;
  readonly listen: { readonly host: string; readonly port: number };
  readonly keys: readonly KeyConfig[];
  readonly models?: readonly string[] | undefined;
  readonly limits?: Partial<GatewayLimits>;
  readonly onHop?: HopSink;
  /** Hears of faults and of trouble that was survived, never of prompts, answers or keys. */
  readonly onTrouble?: (thrown: unknown, requestId?: string) => void;
};

export type Gateway = {
  readonly world: World;
  readonly key: Key;
  readonly limits: GatewayLimits;
  readonly tenants: Tenants;
  readonly catalog: Catalog;
  readonly blocks: BlockWatch;
  readonly pace: BlockPace;
  readonly sessions: SessionBook;
  readonly publicKeys: PublicKeyBook;
  readonly suppliers: SupplierBook;
  readonly traces: TraceBook;
  readonly metrics: GatewayMetrics;
  readonly onTrouble: (thrown: unknown, requestId?: string) => void;
};

export type RunningGateway = {
  /** `http://host:port`; clients use it with `/v1`. */
  readonly url: string;
  readonly gateway: Gateway;
  readonly handler: HttpHandler;
  close(): Promise<void>;
};

const CATALOG_MS = 2_000;

/** Serves as soon as it listens; which models it sells it learns from the ledger a moment later. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { world, key, onTrouble = () => undefined } = options;
  const view = openNetworkView({ world, transport: options.ledger, onTrouble });
  const metrics = new GatewayMetrics();
  const store = world.openStore('traces');
  const gateway: Gateway = {
    world,
    key,
    limits: { ...LIMITS_DEFAULT, ...options.limits },
    tenants: new Tenants(options.keys),
    catalog: new Catalog(view.ledger, key.address, options.models),
    blocks: view.blocks,
    pace: createBlockPace(view.blocks, world),
    sessions: view.sessions,
    publicKeys: view.keys,
    suppliers: new SupplierBook(),
    traces: new TraceBook(
      store,
      () => world.now(),
      (hop) => {
        metrics.observe(hop);
        options.onHop?.(hop);
      },
    ),
    metrics,
    onTrouble,
  };
  const stopping = createStop();
  const refreshing = gateway.catalog.keepFresh(world, CATALOG_MS, stopping.signal, onTrouble);
  const handler = serveGateway(gateway);
  const listening = await world.listen(handler, options.listen);
  return {
    url: listening.url,
    gateway,
    handler,
    close: async () => {
      await listening.close();
      stopping.abort();
      await Promise.all([refreshing, view.stop()]);
      await store.close();
    },
  };
}
