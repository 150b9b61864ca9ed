import { fromUtf8, toHex, utf8 } from '@decai/protocol/bytes';
import type { HttpHandler } from '@decai/protocol/http';
import { afterEach, expect, test } from 'vitest';
import { settle } from '@decai/client/testing/manual-clock';
import { openTown, supplier, type Town, type TownOptions } from './testing/test-town.ts';

const backend: HttpHandler = async ({ url }) => ({
  status: 200,
  headers: {},
  body: utf8(url === '/v1/models' ? '{"data":[{"id":"tiny"}]}' : '{}'),
});
const TRACED = { config: { trace: { enabled: true }, listen: { host: '127.0.0.1', port: 8545 } } };

let town: Town;
afterEach(() => town.stop());

const open = (options: TownOptions = {}): Promise<Town> => openTown(backend, options);

async function page(path: string): Promise<{ status: number; body: unknown }> {
  const { status, body } = await town.get(path);
  return { status, body: JSON.parse(fromUtf8(body as Uint8Array)) as unknown };
}

test('it is healthy while it lives, and ready when blocks come, a stake stands and a backend works', async () => {
  town = await open();
  expect(await page('/health')).toEqual({ status: 200, body: { status: 'healthy', block_height: 2 } });
  expect(await page('/healthz')).toMatchObject({ status: 200 });
  expect(await page('/ready')).toMatchObject({ status: 200, body: { ready: true, reasons: [] } });
  expect(await page('/ready/tiny')).toEqual({
    status: 200,
    body: {
      service_id: 'tiny',
      ready: true,
      block_height: 2,
      backends: { total: 1, healthy: 1 },
      models: ['tiny'],
      inflight: 0,
      inflight_max: 64,
      queue: 0,
      stream_versions: ['v1'],
    },
  });
  expect(await page('/ready/nowhere')).toMatchObject({ status: 404 });
});

test('it is not ready without fresh blocks, nor without a backend', async () => {
  town = await open({ service: { probe: { failuresMax: 1, everyMs: 60_000 } } });
  await town.net.clock.advance(20_000);
  expect(await page('/ready')).toMatchObject({ status: 503, body: { ready: false, reasons: ['no fresh block'] } });
  await town.tick();
  town.net.route('gpu:1', null);
  await town.net.clock.advance(60_000);
  await town.tick();
  expect(await page('/ready/tiny')).toMatchObject({ status: 503, body: { backends: { healthy: 0 } } });
  const { body } = await page('/ready');
  expect(body).toMatchObject({ reasons: ['no backend works'] });
});

test('it is not ready while its supplier is not staked', async () => {
  town = await open({
    wrapLedger: (transport) => ({
      ...transport,
      abciQuery: async (path, ...rest) => {
        if (!path.endsWith('/Supplier')) return await transport.abciQuery(path, ...rest);
        return { code: 22, codespace: 'sdk', log: 'not found', value: new Uint8Array(0), height: 1 };
      },
    }),
  });
  expect(await page('/ready')).toMatchObject({ body: { reasons: ['no supplier is staked'] } });
  const refused = await town.post((await town.sign()).bytes, { headers: { accept: 'application/json' } });
  expect(fromUtf8(refused.body as Uint8Array)).toContain('supplier_not_served');
});

test('it tells tools what it serves', async () => {
  town = await open();
  expect(await page('/.well-known/pocket-relay')).toMatchObject({
    status: 200,
    body: { stream_versions: ['v1'], services: [{ id: 'tiny' }, { id: 'rpc' }] },
  });
});

test('its numbers count relays by what became of them, and name nobody', async () => {
  town = await open();
  await town.post((await town.sign()).bytes);
  await town.post(utf8('garbage'));
  await settle();
  const text = fromUtf8((await town.get('/metrics')).body as Uint8Array);
  expect(text).toContain('rm_relays_total{service="tiny",outcome="served"} 1');
  expect(text).toContain('rm_relays_total{service="",outcome="RELAY_MALFORMED"} 1');
  expect(text).toContain('rm_mined_total{service="tiny",kind="mined"} 1');
  expect(text).toContain('rm_meter_consumed 1000');
  expect(text).toContain('rm_relay_seconds_count{service="tiny",phase="backend"} 1');
  expect(text).not.toContain('pokt1');
});

test('numbers can be switched off, and then the path is one of relays', async () => {
  town = await open({ config: { metrics: false } });
  expect((await town.get('/metrics')).status).toBe(400);
});

test('hops and earnings are nobody’s business unless the operator says so', async () => {
  town = await open();
  expect([(await town.get('/hops')).status, (await town.get('/earnings')).status]).toEqual([400, 400]);
});

test('the trace of a relay goes on after a restart, up to the proof', async () => {
  town = await openTown(backend, TRACED);
  const url = 'http://127.0.0.1:8545';
  const read = async (path: string): Promise<unknown> => {
    const { body } = await town.post(new Uint8Array(0), { method: 'GET', url: `${url}${path}` });
    return JSON.parse(fromUtf8(body as Uint8Array));
  };
  const sent = await town.sign();
  expect((await town.post(sent.bytes, { url })).status).toBe(200);
  await settle();
  await town.miner.close();
  await town.restart();
  await town.tickTo(20);
  const hops = (await read(`/hops?request=${toHex(sent.digest)}`)) as { hop: string; role: string; facts: object }[];
  expect(hops.map(({ hop }) => hop)).toEqual([
    'relay.received',
    'relay.admitted',
    'backend.called',
    'backend.answered',
    'relay.served',
    'relay.mined',
    'claim.submitted',
    'proof.submitted',
  ]);
  expect(hops.every(({ role }) => role === 'miner')).toBe(true);
  expect(hops[5]!.facts).toMatchObject({ leaf: expect.stringMatching(/^[0-9a-f]{64}$/), computeUnits: '1000' });
  expect(hops[6]!.facts).toMatchObject({ transaction: expect.stringMatching(/^[0-9A-F]{64}$/), relays: 1 });
  expect(hops[6]!.facts).toMatchObject({ supplier: supplier.address, service: 'tiny', claimedUpokt: '1000' });
  expect(await read(`/hops?request=${'00'.repeat(32)}`)).toEqual([]);
  expect(await read('/hops?request=nonsense')).toMatchObject({ error: expect.any(String) });
  expect(await read('/earnings')).toEqual([
    { serviceId: 'tiny', sessions: 1, pendingUpokt: '0', settledUpokt: '1000', lostUpokt: {} },
  ]);
});
