/** The two witnesses of a relay beside the ledger: the gateway that sold it and the miner that served it, asked over HTTP. */
import { Fault, isFault } from '@decai/protocol/fault';
import type { Hop } from '@decai/protocol/hop';
import type { HttpAnswer } from '@decai/protocol/http';
import type { World } from '@decai/protocol/world';
import { bodyJson } from '../body-text.ts';
import { UsageError } from '../command.ts';

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
  const answer = await get(world, url, headers, signal).catch((thrown: unknown) => {
    if (!isFault(thrown, 'HTTP_UNREACHABLE')) throw thrown;
    throw new UsageError(`no gateway answers at ${gateway.url}`, 'is it running? decai dev starts one');
  });
  const { status } = answer;
  if (status === 200) return (await bodyJson(answer)) as GatewayTrace;
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
    const answer = await get(world, new URL(`/hops?request=${requestHash}`, minerUrl).href, {}, signal);
    return answer.status === 200 ? ((await bodyJson(answer)) as readonly Hop[]) : [];
  } catch (thrown) {
    signal.throwIfAborted();
    if (isFault(thrown)) return [];
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
