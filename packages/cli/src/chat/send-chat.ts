/** The two ways into the network: a gateway's API, or the client's own code as a sovereign application. */
import { openNetworkView } from '@decai/client/network-view';
import { createRpcTransport } from '@decai/client/rpc-transport';
import { createSovereignApplication } from '@decai/client/sovereign-application';
import { Fault } from '@decai/protocol/fault';
import type { Key } from '@decai/protocol/keys';
import type { World } from '@decai/protocol/world';
import { UsageError } from '../command.ts';
import type { SendChat } from './conversation.ts';

const PATH = '/chat/completions';

export function throughGateway(
  world: Pick<World, 'request'>,
  { url, key }: { readonly url: string; readonly key: string },
): SendChat {
  return (body, signal) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    return world.request({ method: 'POST', url: url.replace(/\/+$/, '') + PATH, headers, body, signal });
  };
}

export type SovereignChat = {
  readonly send: SendChat;
  /** The one service that the application staked for. */
  readonly model: string;
  stop(): Promise<void>;
};

/** @throws UsageError when the key's account is no application. */
export async function asSovereignApplication(
  world: Pick<World, 'request' | 'connect' | 'sleep' | 'now' | 'randomBytes'>,
  rpc: string,
  key: Key,
): Promise<SovereignChat> {
  const network = openNetworkView({ world, transport: createRpcTransport(world, { url: rpc }) });
  const record = await network.ledger.application(key.address).catch(async (thrown: unknown) => {
    await network.stop();
    throw thrown;
  });
  const model = record?.serviceConfigs[0]?.serviceId;
  if (model === undefined) {
    await network.stop();
    throw new UsageError(`${key.address} is no application`, 'stake first: decai tx stake-application SERVICE AMOUNT');
  }
  const application = createSovereignApplication({ world, network, key });
  return {
    model,
    async send(body, signal) {
      const answer = await application.request(model, { path: `/v1${PATH}`, body, signal });
      if (answer.ok) return answer;
      const { code, message } = answer.failure;
      throw new Fault('NO_SUPPLIER_ANSWERED', `no supplier answered: ${message}`, { reason: code });
    },
    stop: () => network.stop(),
  };
}
