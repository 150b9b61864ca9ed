/** What the explorer's door takes and refuses: nothing that is sent is a fault. */
import { Fault } from '@decai/protocol/fault';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { askHandler, everyPath, explored, type Explored } from '../testing/explored.ts';
import { recordedChain } from '../testing/recorded-chain.ts';
import { FILTERS, LIMIT_DEFAULT } from './explorer-route.ts';
import { EXPLORER_ROOT, serveExplorer } from './serve-explorer.ts';

const chain = recordedChain('run-q');
let explorer: Explored;

beforeAll(async () => {
  explorer = await explored(chain);
});

describe('routes', () => {
  test('are listed by the index, and every one of them answers', async () => {
    const { json } = await explorer.ask('');
    expect(Object.keys(json)).toEqual(['indexedHeight', 'chainHeight', 'chainId', 'missingBlocks', 'routes']);
    for (const { path, summary } of json.routes) {
      expect(path.startsWith(EXPLORER_ROOT)).toBe(true);
      expect(summary).toMatch(/^[A-Z].*\.$/s);
    }
    const paths = await everyPath(explorer);
    const templates = json.routes.map(({ path }: { path: string }) => path.split('/').length);
    expect(templates.length).toBeGreaterThan(20);
    for (const path of paths) {
      const { status, json: answer } = await explorer.ask(path);
      expect([path, status, answer.indexedHeight]).toEqual([path, 200, chain.latestHeight()]);
    }
  });

  test('answer HEAD as GET, OPTIONS with what is allowed, and a slash at the end', async () => {
    const { indexer } = explorer;
    const handler = serveExplorer({ indexer, latestHeight: () => 1 });
    expect((await askHandler(handler, `${EXPLORER_ROOT}/totals`, 'HEAD')).status).toBe(200);
    expect((await askHandler(handler, `${EXPLORER_ROOT}/`)).status).toBe(200);
    expect(await askHandler(handler, '*', 'OPTIONS')).toMatchObject({ status: 204, text: '' });
  });
});

describe('a refusal has a code', () => {
  test.each([
    ['/totals', 'POST', 405, 'EXPLORER_METHOD_NOT_ALLOWED'],
    ['/nowhere', 'GET', 404, 'EXPLORER_ROUTE_UNKNOWN'],
    ['/services/a/b/c', 'GET', 404, 'EXPLORER_ROUTE_UNKNOWN'],
    ['/services/%', 'GET', 404, 'EXPLORER_ROUTE_UNKNOWN'],
    ['/services/a%00b', 'GET', 404, 'EXPLORER_ROUTE_UNKNOWN'],
    [`/services/${'x'.repeat(3000)}`, 'GET', 404, 'EXPLORER_ROUTE_UNKNOWN'],
    ['/totals?limit=1', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/claims?colour=red', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/claims?__proto__=1', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/claims?limit=1&limit=2', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/claims?limit=0', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/claims?limit=201', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/claims?limit=-1', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/claims?status=lost', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/claims?from=1e3', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/claims?order=random', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/claims?service=a%00', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/claims?cursor=abc', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/claims?cursor=1', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/claims?cursor=1:2:3', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/sessions?cursor=x:y', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/services?order=asc', 'GET', 400, 'EXPLORER_PARAMETER_INVALID'],
    ['/services/none', 'GET', 404, 'EXPLORER_NOT_FOUND'],
    ['/suppliers/none', 'GET', 404, 'EXPLORER_NOT_FOUND'],
    ['/applications/none', 'GET', 404, 'EXPLORER_NOT_FOUND'],
    ['/sources/none', 'GET', 404, 'EXPLORER_NOT_FOUND'],
    ['/accounts/none', 'GET', 404, 'EXPLORER_NOT_FOUND'],
    ['/sessions/none', 'GET', 404, 'EXPLORER_NOT_FOUND'],
    ['/blocks/none', 'GET', 404, 'EXPLORER_NOT_FOUND'],
    ['/blocks/99999999999999999999', 'GET', 404, 'EXPLORER_NOT_FOUND'],
  ])('%s', async (path, method, status, code) => {
    const answer = await explorer.ask(path, method);
    expect([answer.status, answer.json]).toEqual([status, { error: { code, message: expect.any(String) } }]);
  });

  test('also where the tables cannot be read, which the log hears of', async () => {
    const heard: unknown[] = [];
    const failing = (code: string) =>
      serveExplorer(
        { indexer: { read: () => Promise.reject(new Fault(code, 'secret path')) }, latestHeight: () => 1 },
        (route, thrown) => heard.push([route, thrown]),
      );
    const unavailable = await askHandler(failing('EXPLORER_UNAVAILABLE'), EXPLORER_ROOT);
    expect([unavailable.status, unavailable.json.error.code]).toEqual([503, 'EXPLORER_UNAVAILABLE']);
    const failed = await askHandler(failing('DATABASE_FAILED'), `${EXPLORER_ROOT}/totals`);
    expect([failed.status, failed.json.error.code]).toEqual([500, 'EXPLORER_FAILED']);
    expect(failed.text).not.toContain('secret');
    expect(heard).toEqual([['explorer /totals', expect.objectContaining({ code: 'DATABASE_FAILED' })]]);
  });
});

describe('pages', () => {
  const LISTS = [
    '/services',
    '/suppliers',
    '/applications',
    '/sources',
    '/sessions',
    '/claims',
    '/claims?order=asc',
    '/slashes',
    '/blocks',
    '/totals/sessions',
    '/services/svc-a/sessions',
    '/services/svc-a/earnings',
  ];

  test.each(LISTS)('of %s hold everything once, in one order', async (path) => {
    const whole = await explorer.list(path);
    expect(whole.length).toBeGreaterThan(1);
    expect(new Set(whole.map((item) => JSON.stringify(item))).size).toBe(whole.length);
    for (const limit of [1, 3]) expect(await explorer.list(path, limit)).toEqual(whole);
  });

  test('stay where they are while the chain grows', async () => {
    const latest = { height: 30 };
    const growing = await explored({ ...chain, latestHeight: () => latest.height });
    const before = (await growing.ask('/claims?limit=4')).json;
    const rest = await growing.list(`/claims`);
    growing.indexer.follow(chain.latestHeight());
    await growing.indexer.settled();
    const next = (await growing.ask(`/claims?limit=4&cursor=${before.nextCursor}`)).json;
    expect(next.items.map((claim: any) => [claim.sessionId, claim.supplierAddress])).toEqual(
      rest.slice(4, 8).map((claim) => [claim.sessionId, claim.supplierAddress]),
    );
  });

  test('are of fifty items unless asked otherwise, and end with null', async () => {
    const { json } = await explorer.ask('/claims');
    expect([json.items.length, typeof json.nextCursor]).toEqual([LIMIT_DEFAULT, 'string']);
    expect((await explorer.ask('/services')).json.nextCursor).toBeNull();
  });

  test('hold what the filters let through', async () => {
    const all = await explorer.list('/claims');
    const of = async (query: string): Promise<unknown[]> => explorer.list(`/claims?${query}`);
    const { serviceId, supplierAddress, applicationAddress, sessionId } = all[0];
    expect(await of('service=svc-b')).toEqual(all.filter((claim) => claim.serviceId === 'svc-b'));
    expect(await of(`supplier=${supplierAddress}&service=${serviceId}`)).toEqual(
      all.filter((claim) => claim.supplierAddress === supplierAddress && claim.serviceId === serviceId),
    );
    expect(await of(`application=${applicationAddress}&from=20&to=30`)).toEqual(
      all.filter(
        ({ applicationAddress: who, sessionEndHeight: end }) => who === applicationAddress && end >= 20 && end <= 30,
      ),
    );
    expect(await of(`session=${sessionId}`)).toEqual(all.filter((claim) => claim.sessionId === sessionId));
    expect(await of('status=expired&proof=invalid')).toEqual(
      all.filter(({ status, proofStatus }) => status === 'expired' && proofStatus === 'invalid'),
    );
    const { json } = await explorer.ask(`/sessions/${sessionId}`);
    expect(json.claims.toReversed()).toEqual(await of(`session=${sessionId}`));
    const [service] = await explorer.list('/services');
    expect(await explorer.list(`/services?source=${service.ownerAddress}`)).toContainEqual(service);
    expect(await explorer.list('/services?source=nobody')).toEqual([]);
  });
});

test('whatever is asked, the answer is JSON and no fault', async () => {
  const { routes } = (await explorer.ask('')).json;
  const path = fc.oneof(
    fc.constantFrom(...routes.map((route: { path: string }) => route.path)),
    fc.webPath().map((rest) => `${EXPLORER_ROOT}${rest}`),
    fc.string({ unit: 'binary' }),
  );
  const name = fc.oneof(fc.constantFrom('limit', 'cursor', 'order', ...Object.keys(FILTERS)), fc.string());
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.nat().map(String),
    fc.tuple(fc.nat(), fc.string()).map((two) => two.join(':')),
  );
  const query = fc.array(fc.tuple(name, value), { maxLength: 3 });
  const faults: unknown[] = [];
  const handler = serveExplorer({ indexer: explorer.indexer, latestHeight: () => 1 }, (_route, thrown) =>
    faults.push(thrown),
  );
  await fc.assert(
    fc.asyncProperty(path, fc.string({ unit: 'binary' }), query, async (at, field, pairs) => {
      const parameters = pairs.map(
        ([key, text]) => `${encodeURIComponent(key.toWellFormed())}=${encodeURIComponent(text.toWellFormed())}`,
      );
      const url = `${at.replace(/\{\w+\}/, encodeURIComponent(field.toWellFormed()))}?${parameters.join('&')}`;
      const { status, json } = await askHandler(handler, url);
      expect([200, 400, 404]).toContain(status);
      expect(status === 200 ? typeof json.indexedHeight : json.error.code).toMatch(
        status === 200 ? /number/ : /^EXPLORER_/,
      );
    }),
    { numRuns: 600 },
  );
  expect(faults).toEqual([]);
}, 60_000);
