/**
 * What a miner answers besides relays: is it alive, is it ready, what does it serve, how is it doing.
 *
 * Pages are asked for with GET and no body; everything else is a relay, whatever its path, because some gateways send
 * relays with GET. The operator's pages are served only where the configuration says so.
 *
 * Source: pokt-network/pocket-relay-miner (`/health`, `/ready/{service}`); the rest is ours.
 */
import { utf8 } from '@decai/protocol/bytes';
import type { HttpAnswer, HttpExchange, HttpHandler } from '@decai/protocol/http';
import type { Backend } from './backend.ts';
import type { BlockPulse } from './block-pulse.ts';
import { earningsOf } from './earnings.ts';
import type { HopLog } from './hop-log.ts';
import type { MinerConfig } from './miner-config.ts';
import type { MinerMetrics } from './miner-metrics.ts';
import type { SessionRecord } from './session-record.ts';

export type PageSources = {
  readonly config: MinerConfig;
  readonly version: string;
  readonly pulse: BlockPulse;
  readonly backends: ReadonlyMap<string, Backend>;
  readonly stakedSuppliers: () => readonly string[];
  readonly journalWorks: () => boolean;
  readonly isClosing: () => boolean;
  readonly metrics: MinerMetrics | undefined;
  readonly hops: HopLog | undefined;
  readonly records: () => readonly SessionRecord[];
};

/** Answers pages, and hands everything else to `relays`. */
export function withPages(sources: PageSources, relays: HttpHandler): HttpHandler {
  return async (exchange) => {
    if (!isPageRequest(exchange)) return await relays(exchange);
    const { pathname, searchParams } = new URL(exchange.url, 'http://miner');
    return (await answerPage(sources, pathname, searchParams)) ?? (await relays(exchange));
  };
}

function isPageRequest({ method, headers, body }: HttpExchange): boolean {
  if (method !== 'GET') return false;
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0) return false;
  return !(body instanceof Uint8Array) || body.length === 0;
}

async function answerPage(sources: PageSources, path: string, query: URLSearchParams): Promise<HttpAnswer | undefined> {
  const { trace } = sources.config;
  if (path === '/health' || path === '/healthz') {
    return json(200, { status: 'healthy', block_height: sources.pulse.height });
  }
  if (path === '/ready') return readiness(sources);
  if (path.startsWith('/ready/')) return serviceReadiness(sources, path.slice('/ready/'.length));
  if (path === '/.well-known/pocket-relay') return json(200, selfDescription(sources));
  if (path === '/metrics' && sources.metrics !== undefined) return await metricsPage(sources.metrics);
  if (path === '/earnings' && trace.enabled) return json(200, earningsOf(sources.records()));
  if (path === '/hops' && sources.hops !== undefined) return hopsPage(sources.hops, query.get('request') ?? '');
  return undefined;
}

/** Why no relay would be served now; empty when one would. */
function obstacles(sources: PageSources): string[] {
  const found: string[] = [];
  if (sources.isClosing()) found.push('closing');
  if (!sources.pulse.isFresh) found.push('no fresh block');
  if (sources.stakedSuppliers().length === 0) found.push('no supplier is staked');
  if (!sources.journalWorks()) found.push('the journal cannot be written');
  if (![...sources.backends.values()].some(({ health }) => health.isHealthy)) found.push('no backend works');
  return found;
}

function readiness(sources: PageSources): HttpAnswer {
  const reasons = obstacles(sources);
  const ready = reasons.length === 0;
  return json(ready ? 200 : 503, { ready, block_height: sources.pulse.height, reasons });
}

function serviceReadiness(sources: PageSources, serviceId: string): HttpAnswer {
  const backend = sources.backends.get(serviceId);
  if (backend === undefined) return json(404, { error: `service ${serviceId} is not served here` });
  const { health, gate, config } = backend;
  const ready = health.isHealthy && obstacles(sources).length === 0;
  return json(ready ? 200 : 503, {
    service_id: serviceId,
    ready,
    block_height: sources.pulse.height,
    backends: { total: 1, healthy: health.isHealthy ? 1 : 0 },
    models: health.models,
    inflight: gate.inflight,
    inflight_max: config.inflightMax,
    queue: gate.queued,
    stream_versions: STREAM_VERSIONS,
  });
}

const STREAM_VERSIONS = ['v1'];

function selfDescription({ config, version }: PageSources): unknown {
  const services = Object.entries(config.services).map(([id, { bodyBytesMax, responseBytesMax }]) => {
    return { id, body_bytes_max: bodyBytesMax, response_bytes_max: responseBytesMax, rpc_types: [3, 4] };
  });
  return { software: `decai-miner/${version}`, stream_versions: STREAM_VERSIONS, services };
}

async function metricsPage({ registry }: MinerMetrics): Promise<HttpAnswer> {
  return { status: 200, headers: { 'content-type': registry.contentType }, body: utf8(await registry.metrics()) };
}

function hopsPage(hops: HopLog, request: string): HttpAnswer {
  if (!/^[0-9a-f]{64}$/.test(request)) {
    return json(400, { error: 'request is the digest of a relay request, 64 hexadecimal digits' });
  }
  return json(200, hops.hopsOf(request));
}

function json(status: number, value: unknown): HttpAnswer {
  const text = JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner));
  return { status, headers: { 'content-type': 'application/json' }, body: utf8(`${text}\n`) };
}
