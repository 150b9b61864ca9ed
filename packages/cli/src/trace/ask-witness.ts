/** The two witnesses of a relay beside the ledger: the gateway that sold it and the miner that served it, asked over HTTP. */
import { fromUtf8 } from '@decai/protocol/bytes';
import { Fault, isFault } from '@decai/protocol/fault';
import type { Hop } from '@decai/protocol/hop';
import { type HttpAnswer, readBody } from '@decai/protocol/http';
import type { World } from '@decai/protocol/world';
import { UsageError } from '../command.ts';

const BYTES_MAX = 4 * 1024 * 1024;

export type GatewayTrace = { readonly requestId: string; readonly hops: readonly Hop[] };

/**
 * What a gateway remembers of a request, by its id or that of its answer; undefined while it knows neither.
 *
 * @throws UsageError when the gateway is not there or does not accept the key.
 */
export async function askGateway(
  world: Pick<World, 'request'>,
  gateway: { readonly url: string; readonly key: string },
  id: string,
  signal: AbortSignal,
): Promise<GatewayTrace | undefined> {
  const url = `${gateway.url.replace(/\/+$/, '')}/traces/${encodeURIComponent(id)}`;
  const headers = { authorization: `Bearer ${gateway.key}` };
  const { status, body } = await get(world, url, headers, signal).catch((thrown: unknown) => {
    if (!isFault(thrown, 'HTTP_UNREACHABLE')) throw thrown;
    throw new UsageError(`no gateway answers at ${gateway.url}`, 'is it running? decai dev starts one');
  });
  if (status === 200) return (await readJson(body)) as GatewayTrace;
  if (status === 404) return undefined;
  if (status === 401) throw new UsageError('the gateway does not know this key', '--key KEY, or DECAI_API_KEY');
  throw new Fault('GATEWAY_ANSWER', `the gateway answered ${status} when asked for the trace`, { status });
}

/** What a miner remembers of a relay; nothing when it keeps no hops or is gone. */
export async function askMiner(
  world: Pick<World, 'request'>,
  minerUrl: string,
  requestHash: string,
  signal: AbortSignal,
): Promise<readonly Hop[]> {
  try {
    const { status, body } = await get(world, new URL(`/hops?request=${requestHash}`, minerUrl).href, {}, signal);
    if (status !== 200) return [];
    const answer = (await readJson(body)) as readonly Hop[] | { readonly hops: readonly Hop[] };
    return 'hops' in answer ? answer.hops : answer;
  } catch (thrown) {
    if (isFault(thrown) || thrown instanceof SyntaxError) return [];
    throw thrown;
  }
}

function get(
  world: Pick<World, 'request'>,
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return world.request({ method: 'GET', url, headers, body: new Uint8Array(0), signal });
}

async function readJson(body: HttpAnswer['body']): Promise<unknown> {
  const tooLarge = (bytes: number): Fault =>
    new Fault('TRACE_TOO_LARGE', 'an answer about a trace is too large', { bytes });
  return JSON.parse(fromUtf8(await readBody(body, BYTES_MAX, tooLarge))) as unknown;
}
