/** An explorer over a chain, asked without a socket; and all that can be asked of it. */
import { fromUtf8 } from '@decai/protocol/bytes';
import type { HttpHandler } from '@decai/protocol/http';
import type { SqlDatabase } from '@decai/protocol/sql-database';
import { createMemoryDatabases } from '@decai/world/memory-databases';
import { Indexer, type IndexedChain } from '../explorer/follow-blocks.ts';
import { EXPLORER_ROOT, serveExplorer } from '../explorer/serve-explorer.ts';

export type ExplorerAnswer = { readonly status: number; readonly text: string; readonly json: any };

export type Explored = {
  readonly indexer: Indexer;
  readonly ask: (path: string, method?: string) => Promise<ExplorerAnswer>;
  /** The items of all pages of a list. */
  readonly list: (path: string, limit?: number) => Promise<any[]>;
};

/** An explorer that has read the whole chain. */
export async function explored(
  chain: IndexedChain,
  openDatabase: (name: string) => SqlDatabase = createMemoryDatabases().openDatabase,
): Promise<Explored> {
  const faults: unknown[] = [];
  const world = { openDatabase, sleep: async () => undefined };
  const indexer = new Indexer({ world, chain, onFault: (thrown) => faults.push(thrown) });
  indexer.follow(chain.latestHeight());
  await indexer.settled();
  if (faults.length > 0) throw faults[0];
  return asking(indexer, chain);
}

export function asking(indexer: Indexer, chain: Pick<IndexedChain, 'latestHeight'>): Explored {
  const handler = serveExplorer({ indexer, latestHeight: () => chain.latestHeight() }, (_route, thrown) => {
    throw thrown;
  });
  const ask = (path: string, method = 'GET'): Promise<ExplorerAnswer> =>
    askHandler(handler, `${EXPLORER_ROOT}${path}`, method);
  return { indexer, ask, list: (path, limit = 200) => listAll(ask, path, limit) };
}

export async function askHandler(handler: HttpHandler, url: string, method = 'GET'): Promise<ExplorerAnswer> {
  const { signal } = new AbortController();
  const { status, body } = await handler({ method, url, headers: {}, body: new Uint8Array(0), signal });
  const text = fromUtf8(body as Uint8Array);
  return { status, text, json: text === '' ? undefined : JSON.parse(text) };
}

async function listAll(ask: Explored['ask'], path: string, limit: number): Promise<any[]> {
  const items: any[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const parameters: string = `limit=${limit}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const { status, json } = await ask(`${path}${path.includes('?') ? '&' : '?'}${parameters}`);
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(json)}`);
    items.push(...json.items);
    cursor = json.nextCursor;
  }
  return items;
}

/** A path for every route and every thing that a list shows. */
export async function everyPath({ ask, list }: Explored): Promise<string[]> {
  const { routes } = (await ask('')).json as { routes: { path: string; parameters: string[] }[] };
  const names: Record<string, string[]> = {
    serviceId: (await list('/services')).map((one) => one.serviceId),
    supplierAddress: (await list('/suppliers')).map((one) => one.supplierAddress),
    applicationAddress: (await list('/applications')).map((one) => one.applicationAddress),
    sourceAddress: (await list('/sources')).map((one) => one.sourceAddress),
    address: [
      ...new Set((await list('/claims?status=settled')).flatMap((one) => one.payments.map((p: any) => p.recipient))),
    ],
    sessionId: (await list('/sessions')).map((one) => one.sessionId),
    height: (await list('/blocks')).map((one) => String(one.height)),
  };
  return routes.flatMap(({ path, parameters }) => {
    const below = path.slice(EXPLORER_ROOT.length);
    const field = /\{(\w+)\}/.exec(below)?.[1];
    const whole = parameters.includes('limit') ? '?limit=200' : '';
    if (field === undefined) return [`${below}${whole}`];
    return names[field]!.map((name) => `${below.replace(`{${field}}`, encodeURIComponent(name))}${whole}`);
  });
}
