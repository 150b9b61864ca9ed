/**
 * A network small enough to hold in the head: one session, some suppliers that sign for real and behave as told, and a
 * gateway in front of them. Nothing is mocked but the ledger's answers.
 */
import { create } from '@bufbuild/protobuf';
import type { NetworkSession } from '@decai/client/session-book';
import { writeStreamBatches } from '@decai/client/stream-v1-writer';
import { sha256 } from '@decai/protocol/hash';
import { toHex, utf8 } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import { Fault } from '@decai/protocol/fault';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import {
  RelayRequestSchema,
  RelayResponseSchema,
  type RelayRequest,
} from '@decai/protocol/gen/pocket/service/relay_pb';
import { SessionHeaderSchema } from '@decai/protocol/gen/pocket/session/types_pb';
import { SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import type { Hop } from '@decai/protocol/hop';
import type { HttpAnswer, HttpExchange } from '@decai/protocol/http';
import { decodeHttpRequest, encodeHttpResponse, type HttpRequestMessage } from '@decai/protocol/http-message';
import { inlineJudges } from '@decai/protocol/judge';
import { type Key, keyFromPrivateKey } from '@decai/protocol/keys';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { newRelayResponse, requestHash, responseHash } from '@decai/protocol/relay';
import { signResponseHash } from '@decai/protocol/signature';
import type { World } from '@decai/protocol/world';
import type { Catalog } from '../catalog.ts';
import { SupplierBook } from '../choose-supplier.ts';
import { type GatewayLimits, LIMITS_DEFAULT } from '../config.ts';
import type { Gateway } from '../gateway.ts';
import { GatewayMetrics } from '../metrics.ts';
import { serveGateway } from '../serve.ts';
import { hashOfKey, Tenants } from '../tenants.ts';
import { TraceBook } from '../trace-book.ts';

export const MODEL = 'small';
export const API_KEY = 'sk-test';

/** How a supplier answers a relay that it has read. */
export type Behaviour = (
  asked: HttpRequestMessage,
  relay: RelayRequest,
  supplier: Key,
) => Promise<HttpAnswer> | HttpAnswer;

export type SmallNetwork = {
  readonly gateway: Gateway;
  readonly hops: Hop[];
  readonly troubles: unknown[];
  /** What suppliers were asked, in order. */
  readonly asked: { readonly supplier: string; readonly http: HttpRequestMessage }[];
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<HttpAnswer>;
};

const key = (name: string): Key => keyFromPrivateKey(sha256(utf8(name)));

export function smallNetwork(behaviours: readonly Behaviour[], limits: Partial<GatewayLimits> = {}): SmallNetwork {
  const application = key('application');
  const gatewayKey = key('gateway');
  const suppliers = behaviours.map((behave, index) => ({
    key: key(`supplier ${index}`),
    behave,
    host: `10.0.0.${index}:80`,
  }));
  const asked: SmallNetwork['asked'] = [];
  let drawn = 0;

  const world: World = {
    now: () => 1_000_000,
    // Time stands still: only what was aborted wakes.
    sleep: (_ms, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
    randomBytes: (length) => sha256(utf8(`random ${(drawn += 1)}`)).subarray(0, Math.min(32, length)),
    async request(exchange: HttpExchange) {
      const supplier = suppliers.find(({ host }) => exchange.url.startsWith(`http://${host}`));
      if (supplier === undefined) throw new Fault('HTTP_UNREACHABLE', 'nobody there');
      const relay = decode(RelayRequestSchema, exchange.body as Uint8Array);
      const http = decodeHttpRequest(relay.payload);
      asked.push({ supplier: supplier.key.address, http });
      return supplier.behave(http, relay, supplier.key);
    },
    connect: async () => {
      throw new Fault('SOCKET_UNREACHABLE', 'no sockets here');
    },
    listen: async () => ({ url: 'http://10.0.0.9:80', close: async () => undefined }),
    openStore: () => createMemoryStore(),
    openDatabase: () => {
      throw new Fault('DATABASE_FAILED', 'no SQL here');
    },
    openJudges: inlineJudges,
  };
  const session = sessionOf(application.address, gatewayKey.address, suppliers);
  const publicKeys = new Map(
    [application, gatewayKey, ...suppliers.map((s) => s.key)].map((k) => [k.address, k.publicKey]),
  );
  const entry = {
    model: MODEL,
    applications: [application.address],
    source: key('source').address,
    computeUnitsPerRelay: 10n,
  };
  const hops: Hop[] = [];
  const troubles: unknown[] = [];
  const metrics = new GatewayMetrics();
  const gateway: Gateway = {
    world,
    key: gatewayKey,
    limits: { ...LIMITS_DEFAULT, ...limits },
    tenants: new Tenants([
      { label: 'tester', sha256: hashOfKey(API_KEY), inFlightMax: 4 },
      { label: 'other', sha256: hashOfKey('sk-other'), models: ['large'] },
    ]),
    catalog: { find: (model: string) => (model === MODEL ? entry : undefined), entries: [entry] } as unknown as Catalog,
    blocks: { latest: { height: 3 } } as Gateway['blocks'],
    pace: { secondsUntil: (height) => height },
    sessions: { sessionFor: async () => session, forget: async () => undefined },
    publicKeys: { publicKeyOf: async (address) => publicKeys.get(address), forget: () => undefined },
    suppliers: new SupplierBook(),
    traces: new TraceBook(createMemoryStore(), world.now, (hop) => {
      metrics.observe(hop);
      hops.push(hop);
    }),
    metrics,
    onTrouble: (thrown) => troubles.push(thrown),
  };
  const handler = serveGateway(gateway);
  return {
    gateway,
    hops,
    troubles,
    asked,
    call: (
      method,
      path,
      body,
      headers = { authorization: `Bearer ${API_KEY}` },
      signal = new AbortController().signal,
    ) =>
      handler({
        method,
        url: path,
        headers,
        body: body instanceof Uint8Array ? body : utf8(typeof body === 'string' ? body : (JSON.stringify(body) ?? '')),
        signal,
      }),
  };
}

function sessionOf(
  application: string,
  gateway: string,
  suppliers: readonly { readonly key: Key; readonly host: string }[],
): NetworkSession {
  const id = toHex(sha256(utf8('session')));
  return {
    header: create(SessionHeaderSchema, {
      applicationAddress: application,
      serviceId: MODEL,
      sessionId: id,
      sessionStartBlockHeight: 1n,
      sessionEndBlockHeight: 10n,
    }),
    id,
    number: 1,
    startHeight: 1,
    endHeight: 10,
    serviceId: MODEL,
    applicationAddress: application,
    application: create(ApplicationSchema, { address: application, delegateeGatewayAddresses: [gateway] }),
    suppliers: suppliers.map(({ key: { address }, host }) => ({
      operatorAddress: address,
      endpoint: { url: `http://${host}`, rpcType: 4 },
      record: create(SupplierSchema, { operatorAddress: address }),
    })),
  };
}

/** A signed RelayResponse that carries a backend's answer. */
export function signedBytes(
  relay: RelayRequest,
  supplier: Key,
  status: number,
  body: Uint8Array,
  type: string,
): Uint8Array {
  const headers = { 'content-type': type, 'pocket-request-hash': toHex(requestHash(relay)) };
  const response = newRelayResponse(relay.meta!.sessionHeader!, encodeHttpResponse({ status, headers, body }));
  response.meta!.supplierOperatorSignature = signResponseHash(responseHash(response), supplier.privateKey);
  return encode(RelayResponseSchema, response);
}

/** Answers with a JSON document. */
export function whole(document: unknown, status = 200): Behaviour {
  return (_asked, relay, supplier) => ({
    status: 200,
    headers: { 'content-type': 'application/x-protobuf' },
    body: signedBytes(relay, supplier, status, utf8(JSON.stringify(document)), 'application/json'),
  });
}

/** Streams events, one signed batch each; `between` is awaited before each but the first. */
export function stream(events: readonly string[], between: () => Promise<void> = async () => undefined): Behaviour {
  return (_asked, relay, supplier) => ({
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: (async function* () {
      for (const [index, event] of events.entries()) {
        if (index > 0) await between();
        const sign = (body: Uint8Array) => ({ bytes: signedBytes(relay, supplier, 200, body, 'text/event-stream') });
        for (const { wire } of writeStreamBatches(utf8(event), sign)) yield wire;
      }
    })(),
  });
}

export const unreachable: Behaviour = () => {
  throw new Fault('HTTP_UNREACHABLE', 'nobody there');
};
